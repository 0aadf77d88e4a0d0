// Sizes, places and manners of the controls; their drawing is in studio_style.cpp.
#include "ui/theme/studio_style.h"

#include "ui/theme/theme.h"

#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QStyleOption>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kStepperWidth = 20;

} // namespace

bool StudioStyle::isPartOfFramedControl(const QWidget* widget)
{
    return widget && widget->parentWidget()
        && (qobject_cast<const QAbstractSpinBox*>(widget->parentWidget())
            || qobject_cast<const QComboBox*>(widget->parentWidget()));
}

QRect StudioStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    if (element == SE_LineEditContents && !isPartOfFramedControl(widget))
        return option->rect.adjusted(8, 1, -8, -1);
    if (element == SE_ProgressBarContents || element == SE_ProgressBarGroove)
        return option->rect;
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect StudioStyle::subControlRect(
    ComplexControl control, const QStyleOptionComplex* option, SubControl part, const QWidget* widget) const
{
    const QRect all = option->rect;
    if (control == CC_SpinBox) {
        const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        const bool steppers = !spin || spin->buttonSymbols != QAbstractSpinBox::NoButtons;
        const int left = all.right() - kStepperWidth - 1;
        const int half = (all.height() - 4) / 2;
        if (part == SC_SpinBoxUp)
            return steppers ? QRect(left, all.top() + 2, kStepperWidth, half) : QRect();
        if (part == SC_SpinBoxDown)
            return steppers ? QRect(left, all.top() + 2 + half, kStepperWidth, half) : QRect();
        if (part == SC_SpinBoxEditField)
            return all.adjusted(7, 2, steppers ? -kStepperWidth - 2 : -7, -2);
    }
    if (control == CC_ComboBox && part == SC_ComboBoxEditField)
        return all.adjusted(9, 2, -26, -2);
    if (control == CC_ScrollBar) {
        // No arrow buttons: the groove is the whole bar.
        if (part == SC_ScrollBarAddLine || part == SC_ScrollBarSubLine)
            return {};
        if (part == SC_ScrollBarGroove)
            return all;
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
            part == SC_ScrollBarSlider && bar) {
            const bool flat = bar->orientation == Qt::Horizontal;
            const int length = flat ? all.width() : all.height();
            const int range = bar->maximum - bar->minimum;
            const int handle = range > 0
                ? std::max(32,
                    static_cast<int>(qint64(length) * bar->pageStep / (range + std::max(1, bar->pageStep))))
                : length;
            const int start = sliderPositionFromValue(
                bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
            return flat ? QRect(all.left() + start, all.top(), handle, all.height())
                        : QRect(all.left(), all.top() + start, all.width(), handle);
        }
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QSize StudioStyle::sizeFromContents(
    ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton:
        result.setWidth(std::max(result.width(), size.width() + 24));
        result.setHeight(
            buttonRole(widget) == ButtonRole::Primary ? spacing::kPrimaryHeight : spacing::kControlHeight);
        break;
    case CT_ToolButton:
        if (const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
            button && button->toolButtonStyle != Qt::ToolButtonIconOnly)
            result.setWidth(
                size.width() + 16 + (button->features.testFlag(QStyleOptionToolButton::HasMenu) ? 16 : 0));
        result.setHeight(std::max(result.height(), spacing::kControlHeight));
        result.setWidth(std::max(result.width(), spacing::kControlHeight));
        break;
    case CT_LineEdit:
        if (!isPartOfFramedControl(widget))
            result.setHeight(spacing::kControlHeight);
        break;
    case CT_ComboBox:
        result = QSize(size.width() + 44, spacing::kControlHeight);
        break;
    case CT_SpinBox:
        result.setHeight(spacing::kControlHeight);
        break;
    case CT_MenuItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) {
            if (item->menuItemType == QStyleOptionMenuItem::Separator)
                return {result.width(), 9};
            return {size.width() + 34 + 40 + (item->text.contains(u'\t') ? 24 : 0), spacing::kControlHeight};
        }
        break;
    case CT_ItemViewItem:
        result.setHeight(std::max(result.height(), spacing::kControlHeight));
        break;
    default:
        break;
    }
    return result;
}

int StudioStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_DefaultFrameWidth:
        // Room for the focus ring, which the page would otherwise paint over.
        return qobject_cast<const QAbstractScrollArea*>(widget)
            ? 3
            : QProxyStyle::pixelMetric(metric, option, widget);
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return 32;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_TabBarIconSize:
        return spacing::kIcon;
    case PM_ToolBarIconSize:
        return spacing::kLargeIcon;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_SliderThickness:
    case PM_SliderControlThickness:
    case PM_SliderLength:
        return 20;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return spacing::kInGroup;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return spacing::kPanel;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return spacing::kInGroup;
    case PM_FocusFrameHMargin:
        return spacing::kInGroup - 1; // a row's text begins one pixel further in, under its list's headings
    case PM_SplitterWidth:
        return 1;
    case PM_MenuVMargin:
        return 4;
    case PM_MenuPanelWidth:
        return 1;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_ToolTipLabelFrameWidth:
        return 6;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int StudioStyle::styleHint(
    StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* returnData) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ComboBox_Popup:
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    case SH_ToolTip_WakeUpDelay:
        return 500;
    case SH_Slider_AbsoluteSetButtons:
        return Qt::LeftButton;
    default:
        return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

} // namespace studio::ui
