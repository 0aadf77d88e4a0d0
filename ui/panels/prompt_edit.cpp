#include "ui/panels/prompt_edit.h"

#include "ui/models/prompt_weight.h"
#include "ui/panels/prompt_highlighter.h"
#include "ui/theme/theme.h"
#include "ui/widgets/completion_popup.h"
#include "ui/widgets/tool_tip_text.h"

#include <QAbstractTextDocumentLayout>
#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QTextBlock>
#include <QTextLayout>
#include <QToolTip>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

constexpr int kInset = 5; // above and below the text
constexpr double kWeightStep = 0.05;
constexpr double kGrowth = 2.5;     // of the lines it has at least
constexpr double kOfWindow = 0.055; // of its height, for each of these lines

} // namespace

PromptEdit::PromptEdit(int lines, Purpose purpose, QWidget* parent)
    : QPlainTextEdit(parent)
    , m_steps(*document())
    , m_lines(lines)
    , m_purpose(purpose)
{
    m_popup = new CompletionPopup(this); // here: its coming is an event that asks for it
    setTabChangesFocus(true);
    // The room around the text belongs to the frame, not to the document: a long text is cut between two lines.
    document()->setDocumentMargin(0);
    setViewportMargins(spacing::kInGroup, kInset, spacing::kUnit + 2, kInset);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // lines are broken instead
    m_highlighter = new PromptHighlighter(document(), [this](const QString& text) {
        return m_syntax ? PromptReading(text, m_purpose == Purpose::Negative, m_names, m_clock)
                        : PromptReading();
    });
    m_highlighter->setPalette(palette());
    connect(m_popup, &CompletionPopup::accepted, this, &PromptEdit::accept);
    connect(m_popup, &CompletionPopup::moved, this, &PromptEdit::sayChoice);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
        [this] { fitLines(); });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, [this] {
        if (m_popup->isVisible())
            offer();
    });
}

void PromptEdit::replaceText(const QString& text)
{
    const QString now = toPlainText();
    if (text == now)
        return;
    const qsizetype most = std::min(text.size(), now.size());
    qsizetype front = 0;
    while (front < most && text.at(front) == now.at(front))
        ++front;
    qsizetype back = 0;
    while (back < most - front && text.at(text.size() - 1 - back) == now.at(now.size() - 1 - back))
        ++back;
    replace(front, now.size() - back, text.mid(front, text.size() - back - front));
}

/// One step for undo.
void PromptEdit::replace(qsizetype begin, qsizetype end, const QString& text)
{
    QTextCursor cursor(document());
    cursor.setPosition(int(begin));
    cursor.setPosition(int(end), QTextCursor::KeepAnchor);
    m_steps.begin();
    cursor.insertText(text);
    m_steps.begin();
}

void PromptEdit::setSyntax(bool on)
{
    if (on == m_syntax)
        return;
    m_syntax = on;
    m_highlighter->refresh();
}

void PromptEdit::setNames(const PromptNames& names)
{
    if (names == m_names)
        return;
    m_names = names;
    m_highlighter->refresh();
}

void PromptEdit::setClock(const PromptClock& clock)
{
    if (clock == m_clock)
        return;
    m_clock = clock;
    m_highlighter->refresh();
}

QString PromptEdit::wordsAt(int position) const
{
    return m_highlighter->reading().wordsAt(position);
}

void PromptEdit::insertFromMimeData(const QMimeData* source)
{
    const QList<QUrl> urls = source->urls();
    if (fileDropped && urls.size() == 1 && urls.front().isLocalFile())
        return fileDropped(urls.front().toLocalFile());
    if (picturePasted && source->hasImage() && !source->hasText())
        return picturePasted();
    m_steps.begin();
    QPlainTextEdit::insertFromMimeData(source);
    m_steps.begin();
    if (pasted && source->hasText())
        pasted(source->text());
}

/// As the text is laid out, which is not quite what the font says.
double PromptEdit::lineHeight() const
{
    const QTextBlock first = document()->firstBlock();
    const double height = blockBoundingRect(first).height() / std::max(1, first.layout()->lineCount());
    return height > 0 ? height : QFontMetricsF(font()).lineSpacing();
}

/// As many as the text has, up to what the window can spare.
int PromptEdit::shownLines() const
{
    const auto text = static_cast<int>(std::ceil(document()->size().height())); // counted in lines
    const double room = kOfWindow * m_lines * window()->height() / lineHeight();
    const int most = std::max(m_lines, static_cast<int>(std::min(kGrowth * m_lines, room)));
    return std::clamp(text, m_lines, most);
}

void PromptEdit::fitLines()
{
    const int lines = shownLines();
    if (lines == m_linesNow)
        return;
    m_linesNow = lines;
    updateGeometry();
}

QSize PromptEdit::sizeHint() const
{
    // Whole lines: a part of a line at the upper edge would look like a fault. Text that fills the last pixel is scrolled.
    const auto text = static_cast<int>(std::ceil(shownLines() * lineHeight())) + 1;
    return {200, text + 2 * (frameWidth() + kInset)};
}

QSize PromptEdit::minimumSizeHint() const
{
    return {80, sizeHint().height()};
}

void PromptEdit::showEvent(QShowEvent* event)
{
    QPlainTextEdit::showEvent(event);
    window()->installEventFilter(this);
}

bool PromptEdit::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == window() && event->type() == QEvent::Resize)
        fitLines(); // there is more room, or less
    return QPlainTextEdit::eventFilter(watched, event);
}

void PromptEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_highlighter)
        m_highlighter->setPalette(palette());
}

/// While the list is open, Esc closes it and Tab takes from it, and nothing else: the window's shortcuts wait.
bool PromptEdit::event(QEvent* event)
{
    const bool isOpen = m_popup && m_popup->isVisible();
    const bool isKey = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
    if (!isOpen || !isKey)
        return QPlainTextEdit::event(event);
    auto* key = static_cast<QKeyEvent*>(event);
    if (event->type() == QEvent::ShortcutOverride && key->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    // A field that Tab leaves never hears of it.
    if (event->type() == QEvent::KeyPress && key->key() == Qt::Key_Tab && completes(*key))
        return true;
    return QPlainTextEdit::event(event);
}

bool PromptEdit::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QPlainTextEdit::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QTextCursor cursor = cursorForPosition(help->pos());
    // The caret lies between letters: the letter under the pointer is before or behind it.
    int position = cursor.position();
    if (help->pos().x() < cursorRect(cursor).left())
        --position;
    const QString words = wordsAt(position);
    if (words.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), toolTipText(words), viewport());
    return true;
}

void PromptEdit::keyPressEvent(QKeyEvent* event)
{
    if (completes(*event) || commands(*event))
        return event->accept();
    if (!event->text().isEmpty() && !(event->modifiers() & Qt::ControlModifier))
        m_steps.type(event->text());
    QPlainTextEdit::keyPressEvent(event);
    // Moving the caret or deleting opens no list; only what is typed does.
    const QString typed = event->text();
    const bool isTyping = !typed.isEmpty() && typed.at(0).isPrint();
    if (isTyping || m_popup->isVisible())
        offer();
}

void PromptEdit::inputMethodEvent(QInputMethodEvent* event)
{
    if (!event->commitString().isEmpty())
        m_steps.type(event->commitString());
    QPlainTextEdit::inputMethodEvent(event);
}

bool PromptEdit::completes(const QKeyEvent& event)
{
    if (!m_popup->isVisible() || (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier)))
        return false;
    switch (event.key()) {
    case Qt::Key_Down:
        m_popup->move(1);
        return true;
    case Qt::Key_Up:
        m_popup->move(-1);
        return true;
    case Qt::Key_Escape:
        m_popup->hide();
        return true;
    case Qt::Key_Tab:
        accept(std::max(0, m_popup->chosen()));
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_popup->chosen() < 0)
            return false; // a word is being typed: the line ends
        accept(m_popup->chosen());
        return true;
    default:
        return false;
    }
}

bool PromptEdit::commands(const QKeyEvent& event)
{
    if (event.modifiers().setFlag(Qt::KeypadModifier, false) != Qt::ControlModifier)
        return false;
    switch (event.key()) {
    case Qt::Key_Up:
        weigh(kWeightStep);
        return true;
    case Qt::Key_Down:
        weigh(-kWeightStep);
        return true;
    case Qt::Key_I:
        sayWordsAtCaret();
        return true;
    default:
        return false;
    }
}

void PromptEdit::weigh(double delta)
{
    const QTextCursor now = textCursor();
    const auto change
        = m_syntax ? ui::weigh(toPlainText(), now.selectionStart(), now.selectionEnd(), delta) : std::nullopt;
    if (!change)
        return;
    replace(change->begin, change->end, change->text);
    QTextCursor cursor(document());
    cursor.setPosition(int(change->selectionBegin));
    cursor.setPosition(int(change->selectionEnd), QTextCursor::KeepAnchor);
    setTextCursor(cursor);
    m_popup->hide();
}

void PromptEdit::sayWordsAtCaret()
{
    const int position = textCursor().selectionStart();
    QString words = wordsAt(position);
    if (words.isEmpty() && position > 0)
        words = wordsAt(position - 1);
    if (words.isEmpty())
        words = tr("Plain text, of weight 1");
    QToolTip::showText(viewport()->mapToGlobal(cursorRect().bottomLeft()), toolTipText(words), viewport());
    setAccessibleDescription(words);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

void PromptEdit::offer()
{
    m_context = m_syntax && !textCursor().hasSelection() ? contextAt(toPlainText(), textCursor().position())
                                                         : std::nullopt;
    // Negative prompts name embeddings and wildcards, no adapters.
    if (m_context && m_purpose == Purpose::Negative && m_context->kind == CompletionContext::Kind::Adapter)
        m_context.reset();
    m_offered = m_context ? completionsFor(*m_context, m_names) : std::vector<Completion>();
    if (m_offered.empty())
        return m_popup->hide();
    std::vector<CompletionPopup::Row> rows;
    for (const Completion& one : m_offered)
        rows.push_back({one.label, one.detail});
    const bool isWord = m_context->kind == CompletionContext::Kind::Word;
    QTextCursor begin(document());
    begin.setPosition(int(m_context->begin));
    const QRect caret = cursorRect(begin);
    m_popup->open(rows, {viewport()->mapToGlobal(caret.topLeft()), caret.size()}, isWord ? -1 : 0);
    if (!isWord)
        sayChoice(0);
}

void PromptEdit::accept(int row)
{
    if (!m_context || row < 0 || row >= int(m_offered.size()))
        return;
    const int caret = textCursor().position();
    const QString insert = m_offered[std::size_t(row)].insert;
    const qsizetype end = caret + overwritten(toPlainText(), caret, m_context->kind);
    const qsizetype begin = m_context->begin;
    m_popup->hide();
    replace(begin, end, insert);
    QTextCursor cursor(document());
    cursor.setPosition(int(begin + insert.size()));
    setTextCursor(cursor);
}

void PromptEdit::sayChoice(int row)
{
    if (row < 0 || row >= int(m_offered.size()))
        return;
    const Completion& one = m_offered[std::size_t(row)];
    setAccessibleDescription(
        tr("Suggestion %1 of %2: %3. %4").arg(row + 1).arg(m_offered.size()).arg(one.label, one.detail));
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

void PromptEdit::focusOutEvent(QFocusEvent* event)
{
    m_popup->hide();
    QPlainTextEdit::focusOutEvent(event);
}

} // namespace studio::ui
