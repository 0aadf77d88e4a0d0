#include "ui/main_window/empty_page.h"

#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QAbstractButton>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QPushButton>
#include <QStyleOption>
#include <QVBoxLayout>

namespace studio::ui {

namespace {

constexpr int kExamples = 3;
constexpr int kWidth = 440;
constexpr int kPromptHeight = 40;

/// A prompt to try: reads like a line of text, answers like a button.
class ExampleButton : public QAbstractButton {
public:
    ExampleButton(const QString& prompt, QWidget* parent)
        : QAbstractButton(parent)
    {
        setText(prompt);
        setFixedHeight(kPromptHeight);
        setFocusPolicy(Qt::StrongFocus);
        setCursor(Qt::PointingHandCursor);
    }

    QSize sizeHint() const override { return {kWidth, kPromptHeight}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const Tokens& t = tokensOf(palette());
        QStyleOption option;
        option.initFrom(this);
        const bool hovered = underMouse();
        drawBox(painter, rect(),
            isDown()      ? t.field
                : hovered ? t.hover
                          : t.raised,
            hovered ? t.strongBorder : t.border, spacing::kRadius);
        const auto sign = [&](const QString& name, int x, const QColor& colour) {
            painter.drawPixmap(x, (height() - spacing::kIcon) / 2,
                iconPixmap(name, spacing::kIcon, colour, devicePixelRatioF()));
        };
        sign(QStringLiteral("generate"), spacing::kPanel, t.accent);
        sign(QStringLiteral("chevron-right"), width() - spacing::kPanel - spacing::kIcon,
            hovered ? t.text : t.secondary);
        painter.setPen(t.text);
        const int left = spacing::kPanel + spacing::kIcon + spacing::kInGroup;
        const QRect place = rect().adjusted(left, 0, -left, 0);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
            fontMetrics().elidedText(text(), Qt::ElideRight, place.width()));
        if (showsFocus(option))
            drawFocusRing(painter, rect(), t, spacing::kRadius);
    }

    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }
};

} // namespace

QStringList examplePrompts(const QString& modelFolder)
{
    QStringList prompts;
    QFile file(modelFolder + QStringLiteral("/hires_studio.json"));
    if (!modelFolder.isEmpty() && file.open(QIODevice::ReadOnly)) {
        const QJsonDocument json = QJsonDocument::fromJson(file.readAll());
        for (const QJsonValue& prompt : json.object().value(QStringLiteral("example_prompts")).toArray())
            prompts << prompt.toString();
    }
    if (prompts.isEmpty())
        prompts = {QStringLiteral("a beautiful sunset over mountains"),
            QStringLiteral("portrait of a lighthouse keeper, oil painting, warm light"),
            QStringLiteral("a glass house in a pine forest, morning mist, photograph")};
    return prompts.mid(0, kExamples);
}

EmptyPage::EmptyPage(QWidget* parent)
    : QWidget(parent)
{
    m_column = new QVBoxLayout(this);
    m_column->setAlignment(Qt::AlignCenter);
}

void EmptyPage::setExamples(const QStringList& prompts, bool builtInModel)
{
    m_prompts = prompts;
    m_builtInModel = builtInModel;
    if (m_work.isEmpty())
        rebuild();
}

void EmptyPage::setWaiting(const QString& work)
{
    const bool another = work.isEmpty() != m_work.isEmpty();
    m_work = work;
    if (another)
        rebuild();
    else if (m_workWords)
        m_workWords->setText(m_work);
}

void EmptyPage::rebuild()
{
    if (m_content) {
        // A click on one of the examples may be what brings us here.
        m_content->hide();
        m_content->deleteLater();
        m_column->removeWidget(m_content);
    }
    m_workWords = nullptr;
    m_content = new QWidget(this);
    m_content->setFixedWidth(kWidth);
    m_column->addWidget(m_content);
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kInGroup);
    if (m_work.isEmpty())
        addExamples(*column);
    else
        addWaiting(*column);
    m_content->show();
}

void EmptyPage::addWaiting(QVBoxLayout& column)
{
    auto* title = new QLabel(tr("The picture is being made"), m_content);
    setTextRole(*title, TextRole::Empty);
    title->setAlignment(Qt::AlignCenter);
    column.addWidget(title);
    m_workWords = new QLabel(m_work, m_content);
    m_workWords->setAlignment(Qt::AlignCenter);
    column.addWidget(m_workWords);
    auto* hint = new QLabel(tr("It appears here with the first step. Esc stops the run."), m_content);
    setTextRole(*hint, TextRole::Secondary);
    hint->setAlignment(Qt::AlignCenter);
    column.addWidget(hint);
}

void EmptyPage::addExamples(QVBoxLayout& column)
{
    auto* title = new QLabel(tr("What would you like to see?"), m_content);
    setTextRole(*title, TextRole::Empty);
    column.addWidget(title);
    auto* hint = new QLabel(tr("Write a prompt on the left, or try one of these:"), m_content);
    setTextRole(*hint, TextRole::Secondary);
    column.addWidget(hint);
    column.addSpacing(spacing::kUnit);
    for (const QString& prompt : m_prompts) {
        auto* button = new ExampleButton(prompt, m_content);
        button->setAccessibleName(tr("Generate: %1").arg(prompt));
        connect(button, &QAbstractButton::clicked, this, [this, prompt] { promptChosen(prompt); });
        column.addWidget(button);
    }
    column.addSpacing(spacing::kBetweenGroups);
    auto* note = new QLabel(
        m_builtInModel ? tr(
            "The built-in model is small and paints landscapes, so that everything can be tried at once. For "
            "real work, open a checkpoint of Stable Diffusion XL.")
                       : tr("The pictures come from your own checkpoint."),
        m_content);
    note->setWordWrap(true);
    setTextRole(*note, TextRole::Secondary);
    column.addWidget(note);
    auto* open = new QPushButton(
        m_builtInModel ? tr("Open a checkpoint…") : tr("Open another checkpoint…"), m_content);
    open->setIcon(icon(QStringLiteral("model")));
    connect(open, &QPushButton::clicked, this, [this] { checkpointWanted(); });
    column.addWidget(open, 0, Qt::AlignLeft);
}

} // namespace studio::ui
