#include "ui/panels/prompt_highlighter.h"

#include "ui/theme/syntax_tokens.h"

#include <QTextDocument>

namespace studio::ui {

namespace {

using Look = PromptRun::Look;

QColor colourOf(const PromptRun& run, const Tokens& t)
{
    const SyntaxTokens& syntax = syntaxTokens(t.scheme);
    switch (run.look) {
    case Look::Text:
        return t.text;
    case Look::Bracket:
        return run.weight < 1.0 ? syntax.less : syntax.more;
    case Look::Change:
        return syntax.change;
    case Look::Name:
        return syntax.name;
    case Look::Choice:
        return syntax.choice;
    case Look::Join:
        return syntax.join;
    case Look::Comment:
        break;
    }
    return syntax.comment;
}

QTextCharFormat formatOf(const PromptRun& run, const Tokens& t)
{
    QTextCharFormat format;
    format.setForeground(colourOf(run, t));
    if (run.weight != 1.0)
        format.setBackground(emphasisGround(t.scheme, run.weight));
    if (run.look == Look::Join || run.look == Look::Bracket)
        format.setFontWeight(QFont::DemiBold);
    if (run.look == Look::Comment)
        format.setFontItalic(true);
    if (run.isFault) {
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(t.bad);
    }
    return format;
}

} // namespace

PromptHighlighter::PromptHighlighter(
    QTextDocument* document, std::function<PromptReading(const QString& text)> read)
    : QSyntaxHighlighter(document)
    , m_read(std::move(read))
{
    connect(document, &QTextDocument::contentsChanged, this, &PromptHighlighter::follow);
}

void PromptHighlighter::setPalette(const QPalette& palette)
{
    m_palette = palette;
    rehighlight();
}

void PromptHighlighter::refresh()
{
    m_text.reset();
    rehighlight();
}

void PromptHighlighter::read()
{
    QString text = document()->toPlainText();
    if (m_text == text)
        return;
    m_text = std::move(text);
    m_reading = m_read(*m_text);
}

/// After a change only its own lines are drawn anew; the others may have another weight now.
void PromptHighlighter::follow()
{
    // Drawing anew counts as a change of the contents, too.
    const QString text = document()->toPlainText();
    if (text == m_followed)
        return;
    m_followed = text;
    if (document()->blockCount() > 1)
        rehighlight();
}

void PromptHighlighter::highlightBlock(const QString& text)
{
    read();
    const Tokens& t = tokensOf(m_palette);
    const qsizetype begin = currentBlock().position();
    const qsizetype end = begin + text.size();
    for (const PromptRun& run : m_reading.runs()) {
        const qsizetype from = std::max(run.begin, begin);
        const qsizetype to = std::min(run.end, end);
        if (from >= to)
            continue;
        QTextCharFormat under = format(int(from - begin));
        QTextCharFormat mine = formatOf(run, t);
        if (!mine.hasProperty(QTextFormat::BackgroundBrush)
            && under.hasProperty(QTextFormat::BackgroundBrush))
            mine.setBackground(under.background());
        setFormat(int(from - begin), int(to - from), mine);
    }
}

} // namespace studio::ui
