#pragma once

#include "ui/panels/field_form.h"
#include "ui/panels/prompt_edit.h"

#include <functional>
#include <optional>
#include <string>

namespace studio::ui {

class StudioController;

/// A text of a second pass's own; nothing: it is told what the first pass was told.
struct OwnPrompt {
    QString label;
    QString name; ///< for screen readers
    PromptEdit::Purpose purpose = PromptEdit::Purpose::Prompt;
    std::function<int()> rung; ///< whose pass it is read for
    std::function<std::optional<std::string>()> read;
    std::function<void(std::optional<std::string>)> write;
};

/// A row with a field that shows how the text is read, as the prompt's own does.
void addOwnPrompt(FieldForm& form, StudioController& controller, const OwnPrompt& own);

} // namespace studio::ui
