#include "ui/models/applicability.h"

#include <QCoreApplication>

namespace studio::ui {

namespace {

QString say(const char* text)
{
    return QCoreApplication::translate("studio::ui::Applicability", text);
}

QString standardSize(Mode mode)
{
    if (mode == Mode::Hires)
        return say("Hires fix starts from the first-pass size and ends at the target size.");
    return mode == Mode::Simple ? say("Simple starts from the first-pass size and enlarges it.") : QString();
}

QString refiner(Mode mode)
{
    if (mode == Mode::Hires)
        return say(
            "Hires fix denoises a second time by itself; the refiner runs that pass if one is chosen.");
    return mode == Mode::Simple ? say("Simple enlarges the picture and denoises nothing again.") : QString();
}

} // namespace

QString whyUnused(const Request& request, Setting setting)
{
    const Mode mode = request.mode;
    const bool isSize = setting == Setting::StandardSize || setting == Setting::FirstPassSize;
    if (isSize && !request.initPicture.empty() && mode != Mode::Compare)
        return say("The first picture brings its own size.");
    switch (setting) {
    case Setting::StandardSize:
        return standardSize(mode);
    case Setting::FirstPassSize:
        return mode == Mode::Standard ? say("Standard makes the picture in one pass, at its own size.")
                                      : QString();
    case Setting::SecondPass:
        if (mode == Mode::Standard)
            return say("Standard has one pass. Choose Hires fix or Compare for a second one.");
        return mode == Mode::Simple ? say("Simple has no second pass. Choose Hires fix or Compare.")
                                    : QString();
    case Setting::Enlargement:
        if (mode == Mode::Standard)
            return say("Standard does not enlarge. Choose Simple or Compare.");
        return mode == Mode::Hires ? say("Hires fix enlarges to the second pass's target size.") : QString();
    case Setting::Refiner:
        return refiner(mode);
    case Setting::RefinerStrength:
        if (const QString why = refiner(mode); !why.isEmpty())
            return why;
        return request.standard.useRefiner ? QString() : say("The refiner is switched off.");
    case Setting::FirstPicture:
        return mode == Mode::Compare
            ? say("Compare starts from the prompt. Choose Simple or Hires fix to start from "
                  "a picture.")
            : QString();
    case Setting::Seed:
        return request.seed ? QString() : say("Every picture gets a new seed. Lock it to keep one.");
    }
    return {};
}

} // namespace studio::ui
