#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/panels/choices.h"
#include "ui/panels/panel_table.h"

namespace studio::ui {

namespace {

template <class T> FieldRow field(const QString& label, const QString& hint, T SamplingSettings::*member)
{
    FieldRow row;
    row.label = label;
    row.hint = hint;
    row.reset
        = [member](Request& r, const Request& defaults) { r.sampling.*member = defaults.sampling.*member; };
    row.isChanged = [member](const StudioState& s) {
        return s.request().sampling.*member != s.defaults().sampling.*member;
    };
    return row;
}

ChoiceRow table(const QString& label, const QString& hint, std::string SamplingSettings::*member,
    std::function<std::vector<Choice>(const StudioState&)> choices)
{
    ChoiceRow row{field(label, hint, member)};
    row.choices = std::move(choices);
    row.read = [member](const StudioState& s) { return toQt(s.request().sampling.*member); };
    row.write = [member](Request& r, const QString& id) { r.sampling.*member = toStd(id); };
    return row;
}

} // namespace

QWidget* makeSamplingPanel(StudioController& controller, QWidget* parent)
{
    auto* form = new FieldForm(controller.state(), parent);
    NumberRow steps{
        field(FieldForm::tr("Steps"), FieldForm::tr("Steps of the first pass"), &SamplingSettings::steps)};
    steps.least = 1;
    steps.most = 1000;
    steps.read = [](const StudioState& s) { return s.request().sampling.steps; };
    steps.write = [](Request& r, double value) { r.sampling.steps = static_cast<int>(value); };
    form->add(steps);

    NumberRow guidance{field(FieldForm::tr("Guidance"),
        FieldForm::tr(
            "How closely the picture follows the prompt. 1 or less runs without guidance, twice as fast."),
        &SamplingSettings::guidance)};
    guidance.most = 100;
    guidance.step = 0.5;
    guidance.decimals = 2;
    guidance.read = [](const StudioState& s) { return s.request().sampling.guidance; };
    guidance.write = [](Request& r, double value) { r.sampling.guidance = value; };
    form->add(guidance);

    form->add(table(FieldForm::tr("Sampler"), FieldForm::tr("The method that takes the noise away"),
        &SamplingSettings::sampler,
        [](const StudioState& s) { return samplerChoices(s.catalog().samplers); }));
    form->add(table(FieldForm::tr("Schedule"), FieldForm::tr("How the noise levels are spaced"),
        &SamplingSettings::schedule, [](const StudioState& s) {
            const auto& rows = s.catalog().schedules;
            const bool listed
                = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.id == "model"; });
            return scheduleChoices(rows,
                listed ? std::vector<Choice>{}
                       : std::vector<Choice>{
                           {QStringLiteral("model"), FieldForm::tr("The model's own"), QString()}});
        }));
    form->refresh();
    return form;
}

} // namespace studio::ui
