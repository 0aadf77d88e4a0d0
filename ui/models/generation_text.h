#pragma once

#include "core/api/outcome.h"
#include "core/api/request.h"
#include "ui/models/model_library.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace studio::ui {

/// Whether a text is what A1111, Civitai and this program copy: prompts, and a line that begins with "Steps:".
bool isGenerationText(const QString& text);

struct TextSettings {
    Request request;
    QStringList notTaken; ///< a sentence for each thing that could not be taken over
};

/// The settings of such a text. Models are named in it, not found: of those in `models` the one of that name is used,
/// else what `present` has stays. What machine they run on stays as well.
Outcome<TextSettings> settingsFromText(
    const QString& text, const Request& present, const std::vector<ModelEntry>& models);

} // namespace studio::ui
