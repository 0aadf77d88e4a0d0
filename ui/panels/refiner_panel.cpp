#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/panels/choices.h"
#include "ui/panels/panel_table.h"
#include "ui/panels/upscaler_field.h"

namespace studio::ui {

namespace {

SwitchRow useRow()
{
    SwitchRow row;
    row.label = FieldForm::tr("Use refiner");
    row.hint = FieldForm::tr("Runs the refiner over the finished picture, at its own size");
    row.setting = Setting::Refiner;
    row.reset = [](Request& r, const Request&) { r.standard.useRefiner = false; };
    row.isChanged = [](const StudioState& s) { return s.request().standard.useRefiner; };
    row.read = [](const StudioState& s) { return s.request().standard.useRefiner; };
    row.write = [](Request& r, bool on) { r.standard.useRefiner = on; };
    return row;
}

NumberRow strengthRow()
{
    NumberRow row;
    row.label = FieldForm::tr("Strength");
    row.hint = FieldForm::tr("0 keeps the picture, 1 ignores it");
    row.setting = Setting::RefinerStrength;
    row.step = 0.05;
    row.decimals = 2;
    row.reset
        = [](Request& r, const Request&) { r.standard.refinerStrength = StandardSettings{}.refinerStrength; };
    row.isChanged = [](const StudioState& s) {
        return s.request().standard.refinerStrength != StandardSettings{}.refinerStrength;
    };
    row.read = [](const StudioState& s) { return s.request().standard.refinerStrength; };
    row.write = [](Request& r, double value) { r.standard.refinerStrength = value; };
    return row;
}

ChoiceRow meaningRow()
{
    ChoiceRow row;
    row.label = FieldForm::tr("Strength means");
    row.setting = Setting::RefinerStrength;
    row.reset = [](Request& r, const Request&) { r.standard.meaning = StrengthMeaning::Diffusers; };
    row.isChanged
        = [](const StudioState& s) { return s.request().standard.meaning != StrengthMeaning::Diffusers; };
    row.choices = [](const StudioState&) {
        std::vector<Choice> choices = strengthMeanings();
        choices.pop_back(); // a noise level has no place in a range of 0..1
        return choices;
    };
    row.read = [](const StudioState& s) { return strengthMeaningId(s.request().standard.meaning); };
    row.write = [](Request& r, const QString& id) { r.standard.meaning = strengthMeaningOf(id); };
    return row;
}

NumberRow scaleRow()
{
    NumberRow row;
    row.label = FieldForm::tr("Scale");
    row.hint = FieldForm::tr("How much larger the picture becomes");
    row.setting = Setting::Enlargement;
    row.least = 1;
    row.most = 8;
    row.step = 0.25;
    row.decimals = 2;
    row.reset = [](Request& r, const Request& defaults) { r.simple.scale = defaults.simple.scale; };
    row.isChanged
        = [](const StudioState& s) { return s.request().simple.scale != s.defaults().simple.scale; };
    row.read = [](const StudioState& s) { return s.request().simple.scale; };
    row.write = [](Request& r, double value) { r.simple.scale = value; };
    return row;
}

} // namespace

QWidget* makeRefinerPanel(StudioController& controller, QWidget* parent)
{
    auto* form = new FieldForm(controller.state(), parent);
    form->add(useRow());
    form->add(strengthRow());
    form->add(meaningRow());
    form->refresh();
    return form;
}

QWidget* makeEnlargementPanel(StudioController& controller, QWidget* parent)
{
    auto* form = new FieldForm(controller.state(), parent);
    form->add(scaleRow());
    ChoiceRow upscaler;
    upscaler.label = FieldForm::tr("Upscaler");
    upscaler.setting = Setting::Enlargement;
    upscaler.read = [](const StudioState& s) { return QString::fromStdString(s.request().simple.upscaler); };
    upscaler.write = [](Request& r, const QString& id) { r.simple.upscaler = id.toStdString(); };
    describeUpscalers(upscaler, controller);
    form->add(upscaler);
    form->refresh();
    return form;
}

} // namespace studio::ui
