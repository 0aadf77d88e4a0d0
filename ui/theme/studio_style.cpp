#include "ui/theme/studio_style.h"

#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QSlider>
#include <QStyleFactory>
#include <QTabBar>
#include <QToolButton>

#include <algorithm>

namespace studio::ui {

namespace {

/// What a scroll bar lies on: the colour of the page it scrolls.
QColor groundOf(const QPalette& palette, const QWidget* scrollBar)
{
    const QWidget* container = scrollBar ? scrollBar->parentWidget() : nullptr;
    const auto* area
        = qobject_cast<const QAbstractScrollArea*>(container ? container->parentWidget() : nullptr);
    if (!area || !area->viewport())
        return palette.color(QPalette::Window);
    return area->viewport()->palette().color(area->viewport()->backgroundRole());
}

void drawMenuPanel(QPainter& painter, const QStyleOption& option)
{
    const Tokens& t = tokensOf(option.palette);
    painter.fillRect(option.rect, t.raised);
    painter.setPen(t.strongBorder);
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
}

void drawItemGround(QPainter& painter, const QStyleOption& option)
{
    const Tokens& t = tokensOf(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool hovered
        = option.state.testFlag(QStyle::State_MouseOver) && option.state.testFlag(QStyle::State_Enabled);
    if (selected || hovered)
        drawBox(painter, option.rect.adjusted(1, 0, -1, 0), selected ? t.selection : t.hover,
            selected ? t.selection : t.hover, spacing::kSmallRadius);
}

void drawMenuItem(QPainter& painter, const QStyleOptionMenuItem& option, const QStyle& style)
{
    const Tokens& t = tokensOf(option.palette);
    const QRect row = option.rect;
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        painter.fillRect(QRect(row.left() + 8, row.center().y(), row.width() - 16, 1), t.border);
        return;
    }
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    if (option.state.testFlag(QStyle::State_Selected) && enabled)
        drawBox(painter, row.adjusted(4, 0, -4, 0), t.selection, t.selection, spacing::kSmallRadius);
    const QColor ink = enabled ? t.text : t.disabled;
    const double ratio = painter.device()->devicePixelRatioF();
    const QRect sign(row.left() + 10, row.top(), spacing::kIcon, row.height());
    const auto place = [&sign, &painter](const QPixmap& pixmap) {
        painter.drawPixmap(sign.left(), sign.top() + (sign.height() - spacing::kIcon) / 2, pixmap);
    };
    if (option.checkType != QStyleOptionMenuItem::NotCheckable && option.checked)
        place(iconPixmap(QStringLiteral("check"), spacing::kIcon, ink, ratio));
    else if (!option.icon.isNull())
        place(option.icon.pixmap(
            QSize(spacing::kIcon, spacing::kIcon), ratio, enabled ? QIcon::Normal : QIcon::Disabled));
    const QRect words = row.adjusted(34, 0, -28, 0);
    const QStringList parts = option.text.split(u'\t');
    style.drawItemText(&painter, words, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextShowMnemonic,
        option.palette, enabled, parts.value(0), QPalette::Text);
    if (parts.size() > 1) {
        painter.setPen(enabled ? t.secondary : t.disabled);
        painter.drawText(words.adjusted(0, 0, 12, 0), Qt::AlignRight | Qt::AlignVCenter, parts[1]);
    }
    if (option.menuItemType == QStyleOptionMenuItem::SubMenu)
        painter.drawPixmap(row.right() - 22, row.center().y() - 7,
            iconPixmap(QStringLiteral("chevron-right"), 14, ink, ratio));
}

} // namespace

StudioStyle::StudioStyle()
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{ }

void StudioStyle::drawPrimitive(
    PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_PanelButtonTool:
        drawButton(*painter, *option, buttonRole(widget));
        return;
    case PE_FrameFocusRect:
        // Buttons, fields and sliders draw their ring themselves; what is left are rows and plain labels.
        if (qobject_cast<const QAbstractItemView*>(widget) && showsFocus(*option))
            drawFocusRing(*painter, option->rect, tokensOf(option->palette), spacing::kSmallRadius);
        return;
    case PE_FrameButtonTool:
    case PE_FrameDefaultButton:
        return;
    case PE_PanelLineEdit:
    case PE_FrameLineEdit:
        if (!isPartOfFramedControl(widget))
            drawField(*painter, *option);
        return;
    case PE_Frame:
        drawField(*painter, *option);
        return;
    case PE_IndicatorCheckBox:
        drawCheckBox(*painter, *option);
        return;
    case PE_IndicatorRadioButton:
        drawRadioButton(*painter, *option);
        return;
    case PE_PanelMenu:
        drawMenuPanel(*painter, *option);
        return;
    case PE_FrameMenu:
        return;
    case PE_PanelTipLabel:
        drawMenuPanel(*painter, *option);
        return;
    case PE_PanelItemViewItem:
        drawItemGround(*painter, *option);
        return;
    case PE_FrameTabBarBase:
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            tokensOf(option->palette).border);
        return;
    case PE_IndicatorArrowUp:
        return drawArrow(*painter, *option, Qt::UpArrow);
    case PE_IndicatorArrowDown:
        return drawArrow(*painter, *option, Qt::DownArrow);
    case PE_IndicatorArrowLeft:
        return drawArrow(*painter, *option, Qt::LeftArrow);
    case PE_IndicatorArrowRight:
        return drawArrow(*painter, *option, Qt::RightArrow);
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void StudioStyle::drawControl(
    ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    switch (element) {
    case CE_PushButtonLabel:
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
            button && buttonRole(widget) == ButtonRole::Primary) {
            QStyleOptionButton primary(*button);
            primary.palette.setColor(
                QPalette::Active, QPalette::ButtonText, tokensOf(option->palette).onAccent);
            primary.palette.setColor(
                QPalette::Inactive, QPalette::ButtonText, tokensOf(option->palette).onAccent);
            if (primary.state.testFlag(State_Enabled) && !primary.icon.isNull())
                primary.icon = QIcon(primary.icon.pixmap(
                    primary.iconSize, widget ? widget->devicePixelRatioF() : 1.0, QIcon::Selected));
            return QProxyStyle::drawControl(element, &primary, painter, widget);
        }
        break;
    case CE_ComboBoxLabel:
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            QStyleOptionComboBox fitting(*combo);
            const int room
                = proxy()->subControlRect(CC_ComboBox, combo, SC_ComboBoxEditField, widget).width() - 2;
            fitting.currentText = combo->fontMetrics.elidedText(combo->currentText, Qt::ElideRight, room);
            return QProxyStyle::drawControl(element, &fitting, painter, widget);
        }
        break;
    case CE_ProgressBarGroove:
        return;
    case CE_ProgressBarContents:
        if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option))
            return drawProgress(*painter, *bar);
        break;
    case CE_TabBarTabShape:
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option))
            return drawTab(*painter, *tab);
        break;
    case CE_MenuItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option))
            return drawMenuItem(*painter, *item, *this);
        break;
    case CE_Splitter:
        painter->fillRect(option->rect, tokensOf(option->palette).border);
        return;
    case CE_FocusFrame:
        return;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void StudioStyle::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto part
        = [&](SubControl which) { return proxy()->subControlRect(control, option, which, widget); };
    if (control == CC_ComboBox) {
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option))
            return drawComboBox(*painter, *combo);
    } else if (control == CC_SpinBox) {
        if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option))
            return drawSpinBox(*painter, *spin, part(SC_SpinBoxUp), part(SC_SpinBoxDown));
    } else if (control == CC_Slider) {
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option))
            return drawSlider(*painter, *slider, part(SC_SliderGroove), part(SC_SliderHandle));
    } else if (control == CC_ScrollBar) {
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            painter->fillRect(option->rect, groundOf(option->palette, widget));
            return drawScrollBar(*painter, *bar, part(SC_ScrollBarSlider));
        }
    } else if (control == CC_ToolButton) {
        // Fusion paints the panel only when the button is raised; ours knows its role.
        QStyleOptionToolButton button(*qstyleoption_cast<const QStyleOptionToolButton*>(option));
        proxy()->drawPrimitive(PE_PanelButtonTool, &button, painter, widget);
        if (button.features.testFlag(QStyleOptionToolButton::HasMenu)) {
            QStyleOption arrow(button);
            arrow.rect = QRect(button.rect.right() - 19, button.rect.top(), 16, button.rect.height());
            drawArrow(*painter, arrow, Qt::DownArrow);
            button.rect.adjust(4, 0, -16, 0);
        } else if (button.toolButtonStyle == Qt::ToolButtonTextBesideIcon) {
            // The label would begin at the left edge.
            const int label = button.iconSize.width() + 4
                + button.fontMetrics.size(Qt::TextShowMnemonic, button.text).width();
            button.rect.adjust(std::max(0, (button.rect.width() - label) / 2), 0, 0, 0);
        }
        button.state.setFlag(State_Sunken, false);
        return proxy()->drawControl(CE_ToolButtonLabel, &button, painter, widget);
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void StudioStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget)
        || qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QLineEdit*>(widget)
        || qobject_cast<QSlider*>(widget) || qobject_cast<QScrollBar*>(widget)
        || qobject_cast<QTabBar*>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

} // namespace studio::ui
