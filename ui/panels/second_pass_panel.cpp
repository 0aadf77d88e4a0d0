#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/models/model_library.h"
#include "ui/models/size_presets.h"
#include "ui/panels/choices.h"
#include "ui/panels/panel_table.h"
#include "ui/panels/second_pass_prompts.h"
#include "ui/panels/upscaler_field.h"
#include "ui/theme/typography.h"
#include "ui/widgets/fold_group.h"

#include <QLabel>

#include <memory>

namespace studio::ui {

namespace {

/// Which rungs of the ladder the rows show and write: one of them, or all (and then the last is shown).
struct Scope {
    int pass = -1;
    std::vector<FieldForm*> forms; ///< that show it

    bool isOne(const Request& request) const
    {
        const int count = static_cast<int>(request.hires.rungs.size());
        return pass >= 0 && pass < count && count > 1;
    }
};
using SharedScope = std::shared_ptr<Scope>;

const Rung& shown(const StudioState& state, const Scope& scope)
{
    const Request& request = state.request();
    return scope.isOne(request) ? request.hires.rungs[static_cast<std::size_t>(scope.pass)]
                                : request.hires.rungs.back();
}

template <class Change> void eachRung(Request& request, const Scope& scope, Change&& change)
{
    if (scope.isOne(request))
        return change(request.hires.rungs[static_cast<std::size_t>(scope.pass)]);
    for (Rung& rung : request.hires.rungs)
        change(rung);
}

template <class T>
FieldRow field(const SharedScope& scope, const QString& label, const QString& hint, T Rung::*member)
{
    FieldRow row;
    row.label = label;
    row.hint = hint;
    row.setting = Setting::SecondPass;
    row.reset = [scope, member](Request& r, const Request&) {
        eachRung(r, *scope, [&](Rung& rung) { rung.*member = Rung{}.*member; });
    };
    row.isChanged
        = [scope, member](const StudioState& s) { return shown(s, *scope).*member != Rung{}.*member; };
    return row;
}

ChoiceRow presetRow(StudioState& state)
{
    ChoiceRow row;
    row.label = FieldForm::tr("Sizes");
    row.hint = FieldForm::tr("First pass and target in one go, in the shape they have");
    row.setting = Setting::SecondPass;
    row.choices = [](const StudioState& s) {
        std::vector<Choice> choices;
        for (std::size_t i = 0; i < hiresPresets().size(); ++i) {
            Request made = s.request();
            setHiresPreset(made, s.defaults(), hiresPresets()[i]);
            const auto& target = made.hires.rungs.front().target;
            choices.push_back({QString::number(i), hiresPresetName(hiresPresets()[i]),
                made.hires.base && target
                    ? QStringLiteral("%1 → %2").arg(sizeWords(*made.hires.base), sizeWords(*target))
                    : QString()});
        }
        if (hiresPresetOf(s.request(), s.defaults()) < 0)
            choices.push_back({QStringLiteral("-1"), FieldForm::tr("Own sizes"), QString()});
        return choices;
    };
    row.read = [](const StudioState& s) { return QString::number(hiresPresetOf(s.request(), s.defaults())); };
    row.write = [&state](Request& r, const QString& id) {
        if (const int index = id.toInt(); index >= 0)
            setHiresPreset(r, state.defaults(), hiresPresets()[static_cast<std::size_t>(index)]);
    };
    return row;
}

Extent hiresBase(const StudioState& s)
{
    return s.request().hires.base.value_or(s.defaults().hires.base.value_or(Extent{768, 768}));
}

SizeRow targetRow(StudioState& state)
{
    SizeRow row;
    row.label = FieldForm::tr("Target");
    row.hint = FieldForm::tr("The size of the finished picture");
    row.setting = Setting::SecondPass;
    row.reset
        = [](Request& r, const Request&) { setPasses(r, {}, {}, static_cast<int>(r.hires.rungs.size())); };
    row.isChanged = [](const StudioState& s) {
        const Rung& last = s.request().hires.rungs.back();
        return last.target.has_value() || last.scale.has_value();
    };
    row.read = [](const StudioState& s) { return s.targetSize(); };
    row.write = [&state](Request& r, Extent size) { setTarget(r, hiresBase(state), size); };
    return row;
}

NumberRow scaleRow(StudioState& state)
{
    NumberRow row;
    row.label = FieldForm::tr("Scale");
    row.hint = FieldForm::tr("The target's width over the first pass's");
    row.setting = Setting::SecondPass;
    row.least = 1;
    row.most = 8;
    row.step = 0.25;
    row.decimals = 2;
    row.read = [](const StudioState& s) {
        return static_cast<double>(s.targetSize().width) / std::max(1, hiresBase(s).width);
    };
    row.write = [&state](Request& r, double scale) {
        const Extent base = hiresBase(state);
        setTarget(r, base, {scaledSide(base.width, scale), scaledSide(base.height, scale)});
    };
    return row;
}

NumberRow passesRow(StudioState& state)
{
    NumberRow row;
    row.label = FieldForm::tr("Passes");
    row.hint
        = FieldForm::tr("Climbs to the target in this many equal steps, each enlarged and denoised again");
    row.setting = Setting::SecondPass;
    row.least = 1;
    row.most = 4;
    row.reset
        = [&state](Request& r, const Request&) { setPasses(r, hiresBase(state), state.targetSize(), 1); };
    row.isChanged = [](const StudioState& s) { return s.request().hires.rungs.size() != 1; };
    row.read = [](const StudioState& s) { return static_cast<double>(s.request().hires.rungs.size()); };
    row.write = [&state](Request& r, double passes) {
        setPasses(r, hiresBase(state), state.targetSize(), static_cast<int>(passes));
    };
    return row;
}

/// One pass of several, or all of them at once.
void addScope(FieldForm* form, StudioState& state, const SharedScope& scope)
{
    auto* box = new CalmComboBox(form);
    box->setAccessibleName(FieldForm::tr("Settings of"));
    box->setToolTip(FieldForm::tr("With several passes, each can have a strength and settings of its own"));
    QObject::connect(box, &QComboBox::activated, form, [scope, box] {
        scope->pass = box->chosen().toInt();
        for (FieldForm* shownBy : scope->forms)
            shownBy->refresh();
    });
    form->addField(FieldForm::tr("Settings of"), box, Setting::SecondPass);
    form->addUpdate([box, scope, &state] {
        const std::size_t count = state.request().hires.rungs.size();
        std::vector<Choice> choices{{QStringLiteral("-1"), FieldForm::tr("All passes")}};
        for (std::size_t i = 0; count > 1 && i < count; ++i)
            choices.push_back({QString::number(i), FieldForm::tr("Pass %1 of %2").arg(i + 1).arg(count)});
        box->setChoices(std::move(choices));
        box->choose(QString::number(scope->isOne(state.request()) ? scope->pass : -1));
    });
}

NumberRow strengthRow(const SharedScope& scope)
{
    NumberRow row{field(scope, FieldForm::tr("Strength"),
        FieldForm::tr("How much of the picture is made anew: 0 keeps it, 1 ignores it"), &Rung::strength)};
    row.most = 20; // a noise level may be chosen instead
    row.step = 0.05;
    row.decimals = 2;
    row.read = [scope](const StudioState& s) { return shown(s, *scope).strength; };
    row.write = [scope](Request& r, double value) {
        eachRung(r, *scope, [value](Rung& rung) {
            rung.strength = rung.meaning == StrengthMeaning::Sigma ? value : std::min(value, 1.0);
        });
    };
    return row;
}

ChoiceRow meaningRow(const SharedScope& scope)
{
    ChoiceRow row{field(scope, FieldForm::tr("Strength means"), QString(), &Rung::meaning)};
    row.choices = [](const StudioState&) { return strengthMeanings(); };
    row.read = [scope](const StudioState& s) { return strengthMeaningId(shown(s, *scope).meaning); };
    row.write = [scope](Request& r, const QString& id) {
        eachRung(r, *scope, [&](Rung& rung) {
            rung.meaning = strengthMeaningOf(id);
            if (rung.meaning != StrengthMeaning::Sigma)
                rung.strength = std::min(rung.strength, 1.0);
        });
    };
    return row;
}

NumberRow stepsRow(const SharedScope& scope)
{
    NumberRow row{
        field(scope, FieldForm::tr("Steps"), FieldForm::tr("Steps of the second pass"), &Rung::steps)};
    row.least = 1;
    row.most = 1000;
    row.read = [scope](const StudioState& s) { return shown(s, *scope).steps; };
    row.write = [scope](Request& r, double value) {
        eachRung(r, *scope, [value](Rung& rung) { rung.steps = static_cast<int>(value); });
    };
    return row;
}

NumberRow guidanceRow(const SharedScope& scope)
{
    NumberRow row{field(scope, FieldForm::tr("Guidance"),
        FieldForm::tr("As the first pass, unless changed here"), &Rung::guidance)};
    row.most = 100;
    row.step = 0.5;
    row.decimals = 2;
    row.read = [scope](const StudioState& s) {
        return shown(s, *scope).guidance.value_or(s.request().sampling.guidance);
    };
    row.write = [scope](Request& r, double value) {
        eachRung(r, *scope, [value](Rung& rung) { rung.guidance = value; });
    };
    return row;
}

ChoiceRow tableRow(const SharedScope& scope, const QString& label, std::optional<std::string> Rung::*member,
    std::function<std::vector<Choice>(const Catalog&, std::vector<Choice> first)> choices)
{
    ChoiceRow row{field(scope, label, QString(), member)};
    row.choices = [choices = std::move(choices)](const StudioState& s) {
        return choices(s.catalog(), {{QString(), FieldForm::tr("As the first pass")}});
    };
    row.read = [scope, member](
                   const StudioState& s) { return toQt((shown(s, *scope).*member).value_or(std::string())); };
    row.write = [scope, member](Request& r, const QString& id) {
        eachRung(r, *scope, [&](Rung& rung) {
            rung.*member = id.isEmpty() ? std::nullopt : std::optional<std::string>(toStd(id));
        });
    };
    return row;
}

ChoiceRow upscalerRow(const SharedScope& scope, StudioController& controller)
{
    ChoiceRow row{field(scope, FieldForm::tr("Upscaler"), QString(), &Rung::upscaler)};
    row.read = [scope](const StudioState& s) { return toQt(shown(s, *scope).upscaler); };
    row.write = [scope](Request& r, const QString& id) {
        eachRung(r, *scope, [&](Rung& rung) { rung.upscaler = toStd(id); });
    };
    describeUpscalers(row, controller);
    return row;
}

ChoiceRow modelRow(const SharedScope& scope, StudioController& controller)
{
    ChoiceRow row{
        field(scope, FieldForm::tr("Model"), FieldForm::tr("What denoises the second pass"), &Rung::model)};
    row.choices = [&controller](const StudioState& s) {
        std::vector<Choice> choices{{QString(), FieldForm::tr("Refiner, else model"),
            FieldForm::tr("The refiner if there is one, or else the model of the first pass")}};
        if (const QString base = toQt(s.request().models.base); !base.isEmpty())
            choices.push_back({base, modelName(base), base});
        for (const ModelEntry& entry : controller.library().entries()) {
            if (!fits(ModelSlot::Vae, entry.kind) && entry.path != toQt(s.request().models.base))
                choices.push_back({entry.path, entry.name, entry.path});
        }
        return choices;
    };
    row.read = [scope](const StudioState& s) { return toQt(shown(s, *scope).model); };
    row.write = [scope](Request& r, const QString& id) {
        eachRung(r, *scope, [&](Rung& rung) { rung.model = toStd(id); });
    };
    return row;
}

/// "8 of 25 steps, starts at σ 0.78" for each pass, as the engine will run it.
QString passesInWords(const StudioState& state)
{
    QStringList lines;
    const auto& rungs = state.request().hires.rungs;
    if (!state.plan())
        return {};
    for (const PlannedStage& stage : state.plan()->stages) {
        if (stage.kind != StageKind::Denoise || stage.rung < 0
            || stage.rung >= static_cast<int>(rungs.size()))
            continue;
        const QString words = stepsWords(stage, rungs[static_cast<std::size_t>(stage.rung)].steps);
        lines << (rungs.size() == 1
                ? words
                : FieldForm::tr("Pass %1, %2: %3").arg(stage.rung + 1).arg(sizeWords(stage.size), words));
    }
    return lines.join(u'\n');
}

void addLiveWords(FieldForm* form, StudioState& state)
{
    auto* words = new QLabel(form);
    words->setAccessibleName(FieldForm::tr("What the strength does"));
    words->setWordWrap(true);
    setTextRole(*words, TextRole::Caption);
    form->addUnder(words);
    form->addUpdate([words, &state] {
        const QString text = passesInWords(state);
        words->setVisible(!text.isEmpty());
        words->setText(text);
    });
}

/// A text of the second pass's own.
OwnPrompt ownPrompt(StudioState& state, const SharedScope& scope, const QString& label, const QString& name,
    PromptEdit::Purpose purpose, std::optional<std::string> Rung::*member)
{
    OwnPrompt own{label, name, purpose, {}, {}, {}};
    own.rung = [&state, scope] {
        return scope->isOne(state.request()) ? scope->pass
                                             : static_cast<int>(state.request().hires.rungs.size()) - 1;
    };
    own.read = [&state, scope, member] { return shown(state, *scope).*member; };
    own.write = [&state, scope, member](const std::optional<std::string>& text) {
        state.change([&](Request& r) { eachRung(r, *scope, [&](Rung& rung) { rung.*member = text; }); });
    };
    return own;
}

/// What is left as it is most of the time.
QWidget* makeMore(StudioController& controller, const SharedScope& scope, QWidget* parent)
{
    StudioState& state = controller.state();
    auto* form = new FieldForm(state, parent);
    form->add(passesRow(state));
    addScope(form, state, scope);
    scope->forms.push_back(form);
    form->add(modelRow(scope, controller));
    form->add(guidanceRow(scope));
    form->add(tableRow(
        scope, FieldForm::tr("Sampler"), &Rung::sampler, [](const Catalog& c, std::vector<Choice> first) {
            return samplerChoices(c.samplers, std::move(first));
        }));
    form->add(tableRow(
        scope, FieldForm::tr("Schedule"), &Rung::schedule, [](const Catalog& c, std::vector<Choice> first) {
            return scheduleChoices(c.schedules, std::move(first));
        }));
    using enum PromptEdit::Purpose;
    addOwnPrompt(*form, controller,
        ownPrompt(state, scope, FieldForm::tr("Prompt"), FieldForm::tr("Prompt of the second pass"), Prompt,
            &Rung::prompt));
    addOwnPrompt(*form, controller,
        ownPrompt(state, scope, FieldForm::tr("Negative prompt"),
            FieldForm::tr("Negative prompt of the second pass"), Negative, &Rung::negativePrompt));
    QObject::connect(&controller.library(), &ModelLibrary::changed, form, &FieldForm::refresh);
    form->refresh();
    return form;
}

} // namespace

QWidget* makeSecondPassPanel(StudioController& controller, QWidget* parent)
{
    StudioState& state = controller.state();
    const auto scope = std::make_shared<Scope>();
    auto* form = new FieldForm(state, parent);
    scope->forms.push_back(form);
    form->add(presetRow(state));
    form->add(targetRow(state));
    form->add(scaleRow(state));
    form->add(strengthRow(scope));
    form->add(meaningRow(scope));
    form->add(stepsRow(scope));
    addLiveWords(form, state);
    form->add(upscalerRow(scope, controller));
    auto* more = new FoldGroup(
        FieldForm::tr("More"), makeMore(controller, scope, form), form, FoldGroup::Level::Inner);
    more->setOpen(false);
    form->addWide(more);
    form->refresh();
    return form;
}

} // namespace studio::ui
