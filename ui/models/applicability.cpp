#include "ui/models/applicability.h"

#include <QCoreApplication>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::Applicability)
};

QString standardSize(Mode mode)
{
    if (mode == Mode::Hires)
        return Words::tr("Hires fix starts from the first-pass size and ends at the target size.");
    return mode == Mode::Simple ? Words::tr("Simple starts from the first-pass size and enlarges it.")
                                : QString();
}

QString refiner(Mode mode)
{
    if (mode == Mode::Hires)
        return Words::tr(
            "Hires fix denoises a second time by itself; the refiner runs that pass if one is chosen.");
    return mode == Mode::Simple ? Words::tr("Simple enlarges the picture and denoises nothing again.")
                                : QString();
}

} // namespace

QString whyUnused(const Request& request, Setting setting)
{
    const Mode mode = request.mode;
    const bool isSize = setting == Setting::StandardSize || setting == Setting::FirstPassSize;
    const bool oneFirstPass = mode == Mode::Hires || mode == Mode::Simple;
    if (isSize && !request.firstPass.empty() && oneFirstPass)
        return Words::tr("The kept first pass has its own size.");
    if (setting == Setting::Seed && !request.firstPass.empty() && oneFirstPass)
        return Words::tr("The kept first pass has its own seed.");
    if (isSize && !request.initPicture.empty() && mode != Mode::Compare)
        return Words::tr("The first picture brings its own size.");
    switch (setting) {
    case Setting::StandardSize:
        return standardSize(mode);
    case Setting::FirstPassSize:
        return mode == Mode::Standard ? Words::tr("Standard makes the picture in one pass, at its own size.")
                                      : QString();
    case Setting::SecondPass:
        if (mode == Mode::Standard)
            return Words::tr("Standard has one pass. Choose Hires fix or Compare for a second one.");
        return mode == Mode::Simple ? Words::tr("Simple has no second pass. Choose Hires fix or Compare.")
                                    : QString();
    case Setting::Enlargement:
        if (mode == Mode::Standard)
            return Words::tr("Standard does not enlarge. Choose Simple or Compare.");
        return mode == Mode::Hires ? Words::tr("Hires fix enlarges to the second pass's target size.")
                                   : QString();
    case Setting::Refiner:
        return refiner(mode);
    case Setting::RefinerStrength:
        if (const QString why = refiner(mode); !why.isEmpty())
            return why;
        return request.standard.useRefiner ? QString() : Words::tr("The refiner is switched off.");
    case Setting::FirstPicture:
        return mode == Mode::Compare
            ? Words::tr("Compare starts from the prompt. Choose Simple or Hires fix to start from "
                        "a picture.")
            : QString();
    case Setting::Seed:
        return request.seed ? QString() : Words::tr("Every picture gets a new seed. Lock it to keep one.");
    }
    return {};
}

} // namespace studio::ui
