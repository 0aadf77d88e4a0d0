#pragma once

#include "core/api/catalog.h"
#include "core/api/outcome.h"
#include "core/api/request.h"
#include "ui/models/model_library.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace studio::ui {

/// Whether a text is what A1111, Civitai and this program copy: prompts, and a line that begins with "Steps:".
bool isGenerationText(const QString& text);

/// What such a text can name.
struct NamedFiles {
    std::vector<ModelEntry> models;
    std::vector<CatalogEntry> upscalers;
};

/// The checkpoint of the name that such a text gives; null: it gives none, or none of `models` has it.
const ModelEntry* modelNamedIn(const QString& text, const std::vector<ModelEntry>& models);

struct TextSettings {
    Request request;
    QStringList notTaken; ///< a sentence for each thing that could not be taken over
};

/// The settings of such a text. Models and upscaling networks are named in it, not found: what is in `here` by that
/// name is used; else the model of `present` stays, and an upscaler gives way to Lanczos. What machine they run on stays
/// as well.
Outcome<TextSettings> settingsFromText(const QString& text, const Request& present, const NamedFiles& here);

} // namespace studio::ui
