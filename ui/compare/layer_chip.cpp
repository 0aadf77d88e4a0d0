#include "ui/compare/layer_chip.h"

#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"

#include <QActionGroup>
#include <QMenu>
#include <QPainter>
#include <QStyleOptionToolButton>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kHeight = 28;
constexpr int kBadge = 18;
constexpr int kEdge = 5;

} // namespace

LayerChip::LayerChip(QWidget* parent)
    : QToolButton(parent)
{
    setPopupMode(QToolButton::InstantPopup);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCursor(Qt::ArrowCursor);
    setFont(fontFor(TextRole::Body));
}

void LayerChip::setContent(const QString& letter, const QString& label, const QString& detail)
{
    if (letter == m_letter && label == m_label && detail == m_detail)
        return;
    m_letter = letter;
    m_label = label;
    m_detail = detail;
    setAccessibleName(letter.isEmpty() ? label : tr("Picture %1: %2").arg(letter, label));
    setAccessibleDescription(detail);
    updateGeometry();
    update();
}

void LayerChip::setChoices(const QStringList& labels, int current)
{
    if (labels == m_choices) {
        // The menu may be open: it is not made anew.
        if (menu())
            menu()->actions().at(current)->setChecked(true);
        return;
    }
    m_choices = labels;
    delete menu();
    const bool choice = labels.size() > 1;
    setFocusPolicy(choice ? Qt::TabFocus : Qt::NoFocus);
    setToolTip(choice ? tr("Choose the picture") : QString());
    updateGeometry();
    if (!choice)
        return;
    auto* choices = new QMenu(this);
    auto* group = new QActionGroup(choices);
    for (int i = 0; i < labels.size(); ++i) {
        QAction* action = choices->addAction(labels[i], this, [this, i] { Q_EMIT chosen(i); });
        action->setCheckable(true);
        action->setChecked(i == current);
        group->addAction(action);
    }
    setMenu(choices);
}

void LayerChip::setInSight(bool inSight)
{
    if (m_inSight == inSight)
        return;
    m_inSight = inSight;
    update();
}

void LayerChip::setRoom(int width)
{
    m_room = width;
    updateGeometry();
}

bool LayerChip::hasMenu() const
{
    return menu() != nullptr;
}

int LayerChip::fixedWidth() const
{
    return (m_letter.isEmpty() ? 10 : kEdge + kBadge + 8) + (hasMenu() ? 24 : 10);
}

QSize LayerChip::sizeHint() const
{
    const int label = fontMetrics().horizontalAdvance(m_label);
    const int detail = m_detail.isEmpty() ? 0 : 8 + tabularWidth(fontFor(TextRole::Caption), m_detail);
    const int full = fixedWidth() + label + detail;
    return {full <= m_room ? full : std::min(m_room, fixedWidth() + label), kHeight};
}

void LayerChip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    const Tokens& t = tokensOf(palette());
    const bool hovered = hasMenu() && option.state.testFlag(QStyle::State_MouseOver);
    drawBox(painter, rect(), hovered ? t.hover : t.raised, m_inSight ? t.accent : t.border, spacing::kRadius);
    int x = 10;
    if (!m_letter.isEmpty()) {
        const QRect badge(kEdge, (height() - kBadge) / 2, kBadge, kBadge);
        drawBox(
            painter, badge, m_inSight ? t.accent : t.strongBorder, m_inSight ? t.accent : t.strongBorder, 4);
        QFont bold = fontFor(TextRole::Caption);
        bold.setWeight(QFont::Bold);
        painter.setFont(bold);
        painter.setPen(m_inSight ? t.onAccent : t.text);
        painter.drawText(badge, Qt::AlignCenter, m_letter);
        x = badge.right() + 1 + 8;
    }
    const int right = width() - (hasMenu() ? 24 : 10);
    painter.setFont(font());
    painter.setPen(t.text);
    const QString label = fontMetrics().elidedText(m_label, Qt::ElideRight, right - x);
    painter.drawText(QRect(x, 0, right - x, height()), Qt::AlignLeft | Qt::AlignVCenter, label);
    x += fontMetrics().horizontalAdvance(label) + 8;
    painter.setFont(fontFor(TextRole::Caption));
    if (x + tabularWidth(painter.font(), m_detail) <= right) {
        painter.setPen(t.secondary);
        drawTabular(painter, QRect(x, 1, right - x, height()), Qt::AlignLeft | Qt::AlignVCenter, m_detail);
    }
    if (hasMenu())
        painter.drawPixmap(width() - 20, (height() - 12) / 2,
            iconPixmap(QStringLiteral("chevron-down"), 12, t.secondary, devicePixelRatioF()));
    if (showsFocus(option))
        drawFocusRing(painter, rect(), t, spacing::kRadius);
}

} // namespace studio::ui
