#include "ui/panels/prompt_panel.h"

#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace studio::ui {

namespace {

constexpr int kTokensOfOneChunk = 75; // CLIP reads 77 at a time, with start and end
constexpr int kShownHistory = 20;
constexpr int kPromptLines = 4;
constexpr int kNegativeLines = 2;

QString countWords(int tokens)
{
    const int chunks = std::max(1, (tokens + kTokensOfOneChunk - 1) / kTokensOfOneChunk);
    return QStringLiteral("%1 / %2").arg(tokens).arg(chunks * kTokensOfOneChunk);
}

} // namespace

PromptEdit::PromptEdit(int lines, QWidget* parent)
    : QPlainTextEdit(parent)
    , m_lines(lines)
{
    setTabChangesFocus(true);
    setViewportMargins(spacing::kUnit, 1, 2, 1); // clear of the rounded corners
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
}

void PromptEdit::replaceText(const QString& text)
{
    if (text == toPlainText())
        return;
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
}

void PromptEdit::insertFromMimeData(const QMimeData* source)
{
    const QList<QUrl> urls = source->urls();
    if (fileDropped && urls.size() == 1 && urls.front().isLocalFile())
        return fileDropped(urls.front().toLocalFile());
    QPlainTextEdit::insertFromMimeData(source);
}

QSize PromptEdit::sizeHint() const
{
    const int margins = 2 * (frameWidth() + static_cast<int>(document()->documentMargin()));
    return {200, m_lines * fontMetrics().lineSpacing() + margins + 2};
}

QSize PromptEdit::minimumSizeHint() const
{
    return {80, sizeHint().height()};
}

PromptPanel::PromptPanel(StudioController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_prompt(new PromptEdit(kPromptLines, this))
    , m_negative(new PromptEdit(kNegativeLines, this))
{
    m_prompt->setAccessibleName(tr("Prompt"));
    m_prompt->setPlaceholderText(tr("What the picture shows"));
    m_negative->setAccessibleName(tr("Negative prompt"));
    m_negative->setPlaceholderText(tr("What it must not show"));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kUnit);
    column->addWidget(head(tr("Prompt"), m_prompt, m_promptCount, true));
    column->addWidget(m_prompt);
    column->addSpacing(spacing::kUnit);
    column->addWidget(head(tr("Negative prompt"), m_negative, m_negativeCount, false));
    column->addWidget(m_negative);

    StudioState& state = controller.state();
    connect(m_prompt, &QPlainTextEdit::textChanged, this,
        [this, &state] { state.change([this](Request& r) { r.prompt = toStd(m_prompt->toPlainText()); }); });
    connect(m_negative, &QPlainTextEdit::textChanged, this, [this, &state] {
        state.change([this](Request& r) { r.negativePrompt = toStd(m_negative->toPlainText()); });
    });
    connect(&state, &StudioState::requestChanged, this, &PromptPanel::showRequest);
    connect(&controller.planner(), &PlanWatcher::answered, this, &PromptPanel::showCounts);
    showRequest();
}

QWidget* PromptPanel::head(const QString& title, QWidget* buddy, NumberLabel*& count, bool history)
{
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::kUnit);
    auto* label = new QLabel(title, line);
    label->setBuddy(buddy);
    row->addWidget(label);
    row->addStretch();
    count = new NumberLabel(line);
    count->setFont(fontFor(TextRole::Caption));
    count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    count->reserve(QStringLiteral("888 / 888"));
    count->setToolTip(
        tr("Tokens the text encoder reads, and the room they take. Beyond 75, the text is read in parts."));
    row->addWidget(count);
    if (history) {
        auto* button = new QToolButton(line);
        button->setIcon(icon(QStringLiteral("clock")));
        button->setAccessibleName(tr("Prompts used before"));
        button->setToolTip(tr("Prompts used before"));
        button->setFocusPolicy(Qt::StrongFocus);
        setButtonRole(*button, ButtonRole::Quiet);
        connect(button, &QToolButton::clicked, this, [this, button] { showHistory(button); });
        row->addWidget(button);
    }
    return line;
}

void PromptPanel::showRequest()
{
    const Request& request = m_controller.state().request();
    m_prompt->replaceText(toQt(request.prompt));
    m_negative->replaceText(toQt(request.negativePrompt));
}

void PromptPanel::showCounts()
{
    const auto show = [](NumberLabel* label, std::optional<int> tokens) {
        label->setText(tokens ? countWords(*tokens) : QString());
        label->setAccessibleName(tokens ? tr("%n token(s)", nullptr, *tokens) : QString());
    };
    show(m_promptCount, m_controller.planner().promptTokens());
    show(m_negativeCount, m_controller.planner().negativeTokens());
}

void PromptPanel::showHistory(QWidget* below)
{
    QMenu menu(this);
    const QStringList entries = m_controller.prompts().entries().mid(0, kShownHistory);
    for (const QString& entry : entries) {
        QString line = menu.fontMetrics().elidedText(entry.simplified(), Qt::ElideRight, 2 * width());
        QAction* action = menu.addAction(line.replace(u'&', QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, entry] {
            m_prompt->replaceText(entry);
            m_prompt->setFocus();
        });
    }
    if (entries.isEmpty())
        menu.addAction(tr("Prompts appear here once they were used"))->setEnabled(false);
    menu.exec(below->mapToGlobal(QPoint(0, below->height())));
}

} // namespace studio::ui
