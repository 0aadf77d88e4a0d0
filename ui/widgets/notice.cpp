#include "ui/widgets/notice.h"

#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace studio::ui {

namespace {

QColor colourOf(Notice::Kind kind, const Tokens& t)
{
    switch (kind) {
    case Notice::Kind::Good:
        return t.good;
    case Notice::Kind::Warning:
        return t.warning;
    case Notice::Kind::Bad:
        break;
    }
    return t.bad;
}

QString signOf(Notice::Kind kind)
{
    switch (kind) {
    case Notice::Kind::Good:
        return QStringLiteral("check");
    case Notice::Kind::Warning:
        return QStringLiteral("warning");
    case Notice::Kind::Bad:
        break;
    }
    return QStringLiteral("error");
}

QLabel* textLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

Notice::Notice(QWidget* parent)
    : QFrame(parent)
    , m_sign(new QLabel(this))
    , m_title(textLabel(this))
    , m_sentence(textLabel(this))
    , m_details(textLabel(this))
{
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    setTextRole(*m_details, TextRole::Caption);
    m_details->hide();

    auto* text = new QVBoxLayout;
    text->setSpacing(spacing::kUnit);
    text->addWidget(m_title);
    text->addWidget(m_sentence);
    text->addWidget(m_details);
    m_remedies = new QHBoxLayout;
    m_remedies->setSpacing(spacing::kInGroup);
    text->addLayout(m_remedies);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::kPanel, spacing::kInGroup, spacing::kInGroup, spacing::kInGroup);
    row->setSpacing(spacing::kInGroup);
    row->addWidget(m_sign, 0, Qt::AlignTop);
    row->addLayout(text, 1);
    m_unfold = addTool(QStringLiteral("chevron-down"), tr("Show the details"),
        [this] { m_details->setVisible(!m_details->isVisible()); });
    addTool(QStringLiteral("copy"), tr("Copy the message"), [this] {
        QApplication::clipboard()->setText(
            QStringList{m_title->text(), m_sentence->text(), m_details->text()}.join(u'\n').trimmed());
    });
    addTool(QStringLiteral("close"), tr("Dismiss"), [this] { hide(); });
    setAccessibleName(tr("Message"));
    hide();
}

QToolButton* Notice::addTool(const QString& iconName, const QString& name, std::function<void()> act)
{
    auto* button = new QToolButton(this);
    button->setIcon(icon(iconName));
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    connect(button, &QToolButton::clicked, this, std::move(act));
    static_cast<QHBoxLayout*>(layout())->addWidget(button, 0, Qt::AlignTop);
    return button;
}

void Notice::say(Kind kind, const QString& title, const QString& sentence, const QString& details,
    std::vector<Remedy> remedies)
{
    m_kind = kind;
    m_sign->setPixmap(iconPixmap(
        signOf(kind), spacing::kLargeIcon, colourOf(kind, tokensOf(palette())), devicePixelRatioF()));
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    m_details->setText(details);
    m_details->hide();
    m_unfold->setVisible(!details.isEmpty());
    while (QLayoutItem* old = m_remedies->takeAt(0)) {
        if (QWidget* button = old->widget()) {
            button->hide(); // it may be the one that is being pressed
            button->deleteLater();
        }
        delete old;
    }
    for (Remedy& remedy : remedies) {
        auto* button = new QPushButton(remedy.label, this);
        connect(button, &QPushButton::clicked, this, [this, act = std::move(remedy.act)] {
            hide();
            act();
        });
        m_remedies->addWidget(button);
    }
    m_remedies->addStretch();
    show();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    update();
}

QString Notice::title() const
{
    return m_title->text();
}

QString Notice::sentence() const
{
    return m_sentence->text();
}

void Notice::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    const QColor colour = colourOf(m_kind, t);
    drawBox(painter, rect(), t.raised, t.strongBorder, spacing::kRadius);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(1, 1, 3, height() - 2), 1.5, 1.5);
}

} // namespace studio::ui
