#include "ui/panels/second_pass_prompts.h"

#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/models/adapter_library.h"
#include "ui/models/prompt_clock.h"

namespace studio::ui {

namespace {

constexpr int kLines = 2;

} // namespace

void addOwnPrompt(FieldForm& form, StudioController& controller, const OwnPrompt& own)
{
    StudioState& state = controller.state();
    auto* edit = new PromptEdit(kLines, own.purpose, &form);
    edit->setPlaceholderText(FieldForm::tr("As the first pass"));
    edit->setAccessibleName(own.name);
    QObject::connect(edit, &QPlainTextEdit::textChanged, &form, [edit, own] {
        const QString text = edit->toPlainText();
        const auto said = text.trimmed().isEmpty() ? std::nullopt : std::optional<std::string>(toStd(text));
        if (said != own.read())
            own.write(said);
    });
    form.addField(own.label, edit, Setting::SecondPass);
    form.addUpdate([edit, own, &state] {
        const QString text = toQt(own.read().value_or(std::string()));
        // What is blank counts as nothing, but it is not taken from whoever types.
        if (!(edit->hasFocus() && text.isEmpty() && edit->toPlainText().trimmed().isEmpty()))
            edit->replaceText(text);
        edit->setSyntax(state.request().prompts.syntax == PromptSyntax::A1111);
    });
    const AdapterLibrary& library = controller.adapters();
    const auto showNames = [edit, &library] {
        edit->setNames(library.isKnown() ? namesFrom(library.found()) : PromptNames{});
    };
    QObject::connect(&library, &AdapterLibrary::changed, edit, showNames);
    QObject::connect(&state, &StudioState::planChanged, edit, [edit, own, &state] {
        if (const auto clock = state.plan() ? clockOf(*state.plan(), own.rung()) : std::nullopt)
            edit->setClock(*clock);
    });
    QObject::connect(&controller, &StudioController::runStarted, edit, &PromptEdit::beginUndoStep);
    showNames();
}

} // namespace studio::ui
