#include "ui/widgets/word_chip.h"

#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"

namespace studio::ui {

namespace {

constexpr int kHeight = 22;
constexpr int kSign = 12;

} // namespace

WordChip::WordChip(const QString& words, QWidget* parent)
    : QAbstractButton(parent)
{
    setText(words);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setFont(fontFor(TextRole::Caption));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize WordChip::sizeHint() const
{
    const int room = fontMetrics().horizontalAdvance(text()) + 2;
    return {room + 2 * spacing::kInGroup + kSign + spacing::kUnit, kHeight};
}

QSize WordChip::minimumSizeHint() const
{
    return {2 * spacing::kInGroup + kSign + spacing::kBetweenGroups, kHeight};
}

void WordChip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    const bool lit = underMouse() && isEnabled();
    drawBox(painter, rect(), lit ? t.hover : t.raised, isChecked() ? t.accent : t.strongBorder, kHeight / 2);
    const QColor colour = isChecked() ? t.accent : t.secondary;
    painter.drawPixmap(spacing::kInGroup, (height() - kSign) / 2,
        iconPixmap(isChecked() ? QStringLiteral("check") : QStringLiteral("plus"), kSign, colour,
            devicePixelRatioF()));
    const int left = spacing::kInGroup + kSign + spacing::kUnit;
    const QRect place(left, 0, width() - left - spacing::kInGroup + 2, height());
    painter.setPen(isEnabled() ? t.text : t.disabled);
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
        fontMetrics().elidedText(text(), Qt::ElideRight, place.width()));
    QStyleOption option;
    option.initFrom(this);
    if (showsFocus(option))
        drawFocusRing(painter, rect(), t, kHeight / 2);
}

} // namespace studio::ui
