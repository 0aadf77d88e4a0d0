#pragma once

#include "ui/models/prompt_reading.h"

#include <optional>
#include <vector>

namespace studio::ui {

/// What is being typed that can be completed, up to the caret.
struct CompletionContext {
    enum class Kind {
        Adapter,  ///< behind < or <lora:
        Wildcard, ///< behind __
        Word,     ///< a word that may be an embedding's
    };
    Kind kind = Kind::Word;
    qsizetype begin = 0; ///< where what is completed begins
    QString typed;       ///< of the name

    bool operator==(const CompletionContext&) const = default;
};

/// Nothing: there is nothing to complete at the caret.
std::optional<CompletionContext> contextAt(const QString& text, qsizetype caret);

struct Completion {
    QString label;
    QString detail;
    QString insert; ///< takes the place of what was typed

    bool operator==(const Completion&) const = default;
};

/// The best first; `most` of them. Names that do not go with the model are not among them.
std::vector<Completion> completionsFor(
    const CompletionContext& context, const PromptNames& names, int most = 8);

/// Where the text behind the caret goes on with what the completion ends in, that is written over.
qsizetype overwritten(const QString& text, qsizetype caret, CompletionContext::Kind kind);

/// How well a name fits what was typed: with all of it in one place, or with its letters in their order at the beginnings
/// of words and side by side ("fg", "filgr": film_grain). Nothing: it does not.
std::optional<int> fuzzyScore(const QString& name, const QString& typed);

} // namespace studio::ui
