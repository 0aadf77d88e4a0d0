#pragma once

#include <QElapsedTimer>
#include <QString>

class QTextDocument;

namespace studio::ui {

/// Cuts what is typed into steps for undo. Left alone, a document takes all that is typed in a row as one step, so that
/// undoing a letter would take away the whole prompt. A step ends at a pause, behind a comma or a line, and between two
/// words once it is long.
class TypingSteps {
public:
    static constexpr int kPause = 1000; ///< milliseconds without a key
    static constexpr int kLong = 30;    ///< letters of a step that ends with its word

    explicit TypingSteps(QTextDocument& document);

    /// Before `typed` comes in, by a key or an input method.
    void type(const QString& typed);
    /// What comes now is a step of its own.
    void begin();

private:
    bool endsBefore(const QString& typed) const;

    QTextDocument& m_document;
    QElapsedTimer m_sinceTyped;
    qsizetype m_length = 0;     ///< of the step, in letters
    bool m_phraseEnded = false; ///< a comma or the end of a line was typed, and no word since
    bool m_wordEnded = false;   ///< a space was the last
};

} // namespace studio::ui
