#include "ui/panels/typing_steps.h"

#include <QTextDocument>

namespace studio::ui {

TypingSteps::TypingSteps(QTextDocument& document)
    : m_document(document)
{ }

void TypingSteps::type(const QString& typed)
{
    if (!m_sinceTyped.isValid() || m_sinceTyped.hasExpired(kPause) || endsBefore(typed))
        begin();
    m_sinceTyped.start();
    m_length += typed.size();
    const QChar last = typed.isEmpty() ? QChar() : typed.back();
    m_wordEnded = last.isSpace();
    m_phraseEnded = last == u',' || last == u'\r' || last == u'\n' || (m_phraseEnded && m_wordEnded);
}

void TypingSteps::begin()
{
    // A document joins what is typed to its last step only while that step is a change since it was last kept.
    m_document.setModified(false);
    m_length = 0;
}

/// Spaces go with the comma or the word before them, so that a step begins with a word.
bool TypingSteps::endsBefore(const QString& typed) const
{
    const bool beginsAWord = !typed.isEmpty() && !typed.front().isSpace();
    return beginsAWord && (m_phraseEnded || (m_wordEnded && m_length >= kLong));
}

} // namespace studio::ui
