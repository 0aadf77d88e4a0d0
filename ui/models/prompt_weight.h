#pragma once

#include <QString>

#include <optional>

namespace studio::ui {

/// A change of a text: [begin, end) becomes `text`; then [selectionBegin, selectionEnd) is selected.
struct TextChange {
    qsizetype begin = 0;
    qsizetype end = 0;
    QString text;
    qsizetype selectionBegin = 0;
    qsizetype selectionEnd = 0;

    bool operator==(const TextChange&) const = default;
};

/// Changes the weight of what is selected, as A1111's Ctrl+Up does: of the selection; without one of the tag or the
/// brackets around the caret, else of the word there. (x) becomes (x:1.15), nested brackets one; a word gets brackets, and
/// at a weight of 1 loses them again. Nothing: there is no word.
std::optional<TextChange> weigh(
    const QString& text, qsizetype selectionBegin, qsizetype selectionEnd, double delta);

} // namespace studio::ui
