#include "ui/widgets/empty_note.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QEvent>
#include <QPushButton>
#include <QVBoxLayout>

namespace studio::ui {

namespace {

constexpr int kSign = 40;
constexpr int kWidth = 400;

} // namespace

EmptyNote::EmptyNote(QWidget* parent)
    : QWidget(parent)
    , m_sign(new QLabel(this))
    , m_title(new QLabel(this))
    , m_sentence(new QLabel(this))
    , m_remedy(new QPushButton(this))
{
    setTextRole(*m_title, TextRole::Empty);
    setTextRole(*m_sentence, TextRole::Secondary);
    for (QLabel* label : {m_sign, m_title, m_sentence})
        label->setAlignment(Qt::AlignCenter);
    for (QLabel* label : {m_title, m_sentence}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setFixedWidth(kWidth);
    }
    // Wrapped text is as high as its width asks for only where the layout may choose its height.
    auto* column = new QVBoxLayout;
    column->setSpacing(spacing::kInGroup);
    column->addStretch();
    for (QLabel* part : {m_sign, m_title, m_sentence})
        column->addWidget(part);
    column->addSpacing(spacing::kInGroup);
    column->addWidget(m_remedy, 0, Qt::AlignHCenter);
    column->addStretch();
    auto* row = new QHBoxLayout(this);
    row->addStretch();
    row->addLayout(column);
    row->addStretch();
    connect(m_remedy, &QPushButton::clicked, this, [this] {
        if (m_act)
            m_act();
    });
}

void EmptyNote::say(const QString& icon, const QString& title, const QString& sentence, const QString& remedy,
    std::function<void()> act)
{
    m_icon = icon;
    m_title->setText(title);
    m_sentence->setText(sentence);
    m_remedy->setText(remedy);
    m_remedy->setVisible(!remedy.isEmpty());
    m_act = std::move(act);
    drawSign();
}

QString EmptyNote::title() const
{
    return m_title->text();
}

void EmptyNote::drawSign()
{
    m_sign->setPixmap(iconPixmap(m_icon, kSign, tokensOf(palette()).disabled, devicePixelRatioF()));
}

void EmptyNote::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_icon.isEmpty())
        drawSign();
}

} // namespace studio::ui
