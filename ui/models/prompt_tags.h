#pragma once

#include "core/api/prompt_marks.h"

#include <QString>

#include <vector>

namespace studio::ui {

/// An adapter that a prompt names with a tag.
struct PromptAdapter {
    AdapterChoice choice; ///< as it acts in every pass whose prompt this is
    QString text;         ///< the tag as it stands there

    bool operator==(const PromptAdapter&) const = default;
};

/// Those of the first prompt, in its order; none where prompts are plain text.
std::vector<PromptAdapter> adaptersIn(const Request& request);

/// Takes the tag number `index` out of the prompt, with the space that only stood around it.
void removeAdapter(Request& request, std::size_t index);

/// Writes another weight into it. The text encoder's goes along unless the tag has one of its own.
void weighAdapter(Request& request, std::size_t index, double weight);

/// Whether a prompt holds these words, small and capital letters alike, and not as a part of longer ones.
bool hasWords(const QString& prompt, const QString& words);
/// The prompt with them behind it, after a comma.
QString withWords(const QString& prompt, const QString& words);
/// The prompt without them and the comma that set them off.
QString withoutWords(const QString& prompt, const QString& words);

/// "0.8", "-1", "1.25": as prompts write weights.
QString weightText(double weight);

} // namespace studio::ui
