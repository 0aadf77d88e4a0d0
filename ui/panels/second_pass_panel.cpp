#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/models/model_library.h"
#include "ui/models/size_presets.h"
#include "ui/panels/choices.h"
#include "ui/panels/panel_table.h"
#include "ui/theme/typography.h"

#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>

namespace studio::ui {

namespace {

/// The panel shows one set of values for all rungs of the ladder; each row writes to all of them.
template <class Change> void eachRung(Request& request, Change&& change)
{
    for (Rung& rung : request.hires.rungs)
        change(rung);
}

const Rung& shown(const StudioState& state)
{
    return state.request().hires.rungs.back();
}

template <class T> FieldRow field(const QString& label, const QString& hint, T Rung::*member)
{
    FieldRow row;
    row.label = label;
    row.hint = hint;
    row.setting = Setting::SecondPass;
    row.reset = [member](Request& r, const Request&) {
        eachRung(r, [&](Rung& rung) { rung.*member = Rung{}.*member; });
    };
    row.isChanged = [member](const StudioState& s) { return shown(s).*member != Rung{}.*member; };
    return row;
}

ChoiceRow presetRow()
{
    ChoiceRow row;
    row.label = FieldForm::tr("Sizes");
    row.hint = FieldForm::tr("First pass and target in one go");
    row.setting = Setting::SecondPass;
    row.choices = [](const StudioState& s) {
        std::vector<Choice> choices;
        for (std::size_t i = 0; i < hiresPresets().size(); ++i)
            choices.push_back({QString::number(i), hiresPresetName(hiresPresets()[i]), QString()});
        if (hiresPresetOf(s.request()) < 0)
            choices.push_back({QStringLiteral("-1"), FieldForm::tr("Own sizes"), QString()});
        return choices;
    };
    row.read = [](const StudioState& s) { return QString::number(hiresPresetOf(s.request())); };
    row.write = [](Request& r, const QString& id) {
        if (const int index = id.toInt(); index >= 0)
            setHiresPreset(r, hiresPresets()[static_cast<std::size_t>(index)]);
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
    row.isChanged
        = [](const StudioState& s) { return shown(s).target.has_value() || shown(s).scale.has_value(); };
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

NumberRow strengthRow()
{
    NumberRow row{field(FieldForm::tr("Strength"),
        FieldForm::tr("How much of the picture is made anew: 0 keeps it, 1 ignores it"), &Rung::strength)};
    row.most = 20; // a noise level may be chosen instead
    row.step = 0.05;
    row.decimals = 2;
    row.read = [](const StudioState& s) { return shown(s).strength; };
    row.write = [](Request& r, double value) {
        eachRung(r, [value](Rung& rung) {
            rung.strength = rung.meaning == StrengthMeaning::Sigma ? value : std::min(value, 1.0);
        });
    };
    return row;
}

ChoiceRow meaningRow()
{
    ChoiceRow row{field(FieldForm::tr("Strength means"), QString(), &Rung::meaning)};
    row.choices = [](const StudioState&) { return strengthMeanings(); };
    row.read = [](const StudioState& s) { return strengthMeaningId(shown(s).meaning); };
    row.write = [](Request& r, const QString& id) {
        eachRung(r, [&](Rung& rung) {
            rung.meaning = strengthMeaningOf(id);
            if (rung.meaning != StrengthMeaning::Sigma)
                rung.strength = std::min(rung.strength, 1.0);
        });
    };
    return row;
}

NumberRow stepsRow()
{
    NumberRow row{field(FieldForm::tr("Steps"), FieldForm::tr("Steps of the second pass"), &Rung::steps)};
    row.least = 1;
    row.most = 1000;
    row.read = [](const StudioState& s) { return shown(s).steps; };
    row.write = [](Request& r, double value) {
        eachRung(r, [value](Rung& rung) { rung.steps = static_cast<int>(value); });
    };
    return row;
}

NumberRow guidanceRow()
{
    NumberRow row{field(
        FieldForm::tr("Guidance"), FieldForm::tr("As the first pass, unless changed here"), &Rung::guidance)};
    row.most = 100;
    row.step = 0.5;
    row.decimals = 2;
    row.read = [](const StudioState& s) { return shown(s).guidance.value_or(s.request().sampling.guidance); };
    row.write = [](Request& r, double value) { eachRung(r, [value](Rung& rung) { rung.guidance = value; }); };
    return row;
}

ChoiceRow tableRow(const QString& label, std::optional<std::string> Rung::*member,
    std::vector<CatalogEntry> Catalog::*entries)
{
    ChoiceRow row{field(label, QString(), member)};
    row.choices = [entries](const StudioState& s) {
        return choicesOf(s.catalog().*entries, {{QString(), FieldForm::tr("As the first pass"), QString()}});
    };
    row.read = [member](const StudioState& s) { return toQt((shown(s).*member).value_or(std::string())); };
    row.write = [member](Request& r, const QString& id) {
        eachRung(r, [&](Rung& rung) {
            rung.*member = id.isEmpty() ? std::nullopt : std::optional<std::string>(toStd(id));
        });
    };
    return row;
}

ChoiceRow upscalerRow()
{
    ChoiceRow row{
        field(FieldForm::tr("Upscaler"), FieldForm::tr("Enlarges the first pass"), &Rung::upscaler)};
    row.choices = [](const StudioState& s) { return choicesOf(s.catalog().upscalers); };
    row.read = [](const StudioState& s) { return toQt(shown(s).upscaler); };
    row.write
        = [](Request& r, const QString& id) { eachRung(r, [&](Rung& rung) { rung.upscaler = toStd(id); }); };
    return row;
}

ChoiceRow modelRow(StudioController& controller)
{
    ChoiceRow row{
        field(FieldForm::tr("Model"), FieldForm::tr("What denoises the second pass"), &Rung::model)};
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
    row.read = [](const StudioState& s) { return toQt(shown(s).model); };
    row.write
        = [](Request& r, const QString& id) { eachRung(r, [&](Rung& rung) { rung.model = toStd(id); }); };
    return row;
}

/// "8 of 25 steps, starts at σ 0.78", as the engine will run it.
void addLiveWords(FieldForm* form, StudioState& state)
{
    auto* words = new QLabel(form);
    words->setAccessibleName(FieldForm::tr("What the strength does"));
    words->setWordWrap(true);
    setTextRole(*words, TextRole::Caption);
    form->addWide(words);
    const auto update = [words, &state] {
        QStringList lines;
        if (state.plan()) {
            for (const PlannedStage& stage : state.plan()->stages) {
                if (stage.kind == StageKind::Denoise && stage.rung >= 0)
                    lines << stepsWords(stage, shown(state).steps);
            }
        }
        words->setVisible(!lines.isEmpty());
        words->setText(lines.join(u'\n'));
    };
    QObject::connect(&state, &StudioState::planChanged, words, update);
    form->addUpdate(update);
}

/// A prompt of its own for the second pass; empty: as the first pass.
void addPrompt(FieldForm* form, StudioState& state)
{
    auto* edit = new QLineEdit(form);
    edit->setPlaceholderText(FieldForm::tr("As the first pass"));
    edit->setAccessibleName(FieldForm::tr("Prompt of the second pass"));
    QObject::connect(edit, &QLineEdit::textEdited, form, [&state](const QString& text) {
        state.change([&](Request& r) {
            eachRung(r, [&](Rung& rung) {
                rung.prompt
                    = text.trimmed().isEmpty() ? std::nullopt : std::optional<std::string>(toStd(text));
            });
        });
    });
    form->addField(FieldForm::tr("Prompt"), edit, Setting::SecondPass);
    form->addUpdate([edit, &state] {
        const QString text = toQt(shown(state).prompt.value_or(std::string()));
        if (!edit->hasFocus() && edit->text() != text)
            edit->setText(text);
    });
}

} // namespace

QWidget* makeSecondPassPanel(StudioController& controller, QWidget* parent)
{
    StudioState& state = controller.state();
    auto* form = new FieldForm(state, parent);
    form->add(presetRow());
    form->add(targetRow(state));
    form->add(scaleRow(state));
    form->add(strengthRow());
    form->add(meaningRow());
    form->add(stepsRow());
    addLiveWords(form, state);
    form->add(upscalerRow());
    form->add(modelRow(controller));
    addPrompt(form, state);
    form->add(guidanceRow());
    form->add(tableRow(FieldForm::tr("Sampler"), &Rung::sampler, &Catalog::samplers));
    form->add(tableRow(FieldForm::tr("Schedule"), &Rung::schedule, &Catalog::schedules));
    form->add(passesRow(state));
    QObject::connect(&controller.library(), &ModelLibrary::changed, form, &FieldForm::refresh);
    form->refresh();
    return form;
}

} // namespace studio::ui
