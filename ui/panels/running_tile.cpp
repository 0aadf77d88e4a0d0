#include "ui/panels/running_tile.h"

#include "ui/convert/pictures.h"
#include "ui/gallery/take_tile.h"
#include "ui/panels/filmstrip.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>

#include <cmath>

namespace studio::ui {

namespace {

constexpr int kBar = 3; // as in the strip of stages

} // namespace

RunningTile::RunningTile(ThumbnailLoader& thumbnails, const Filmstrip& strip, QWidget* parent)
    : QAbstractButton(parent)
    , m_thumbnails(thumbnails)
    , m_strip(strip)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setFixedSize(sizeHint());
    setAccessibleName(tr("The picture that is being made"));
    setToolTip(tr("The picture that is being made: show it"));
    hide();
}

void RunningTile::begin()
{
    m_row.thumbnail = {};
    setFraction(0.0);
    show();
}

void RunningTile::end()
{
    setChecked(false);
    hide();
}

void RunningTile::setPicture(const std::shared_ptr<const Picture8>& picture)
{
    m_row.thumbnail = thumbnailOf(picture, 2 * Filmstrip::kTile);
    update();
}

void RunningTile::setFraction(double fraction)
{
    m_fraction = fraction;
    setAccessibleDescription(tr("%1 % done").arg(static_cast<int>(100 * fraction)));
    update();
}

QSize RunningTile::sizeHint() const
{
    return {Filmstrip::kTile + Filmstrip::kGap, spacing::kFilmstrip};
}

void RunningTile::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const Tokens& t = tokensOf(palette());
    const QRect line(0, 0, width(), m_strip.viewport()->height());
    const QRect frame = Filmstrip::frameIn(line);
    const TakeTile tile{m_row, m_thumbnails, t, TakeTile::Fill::Cover};
    QPainterPath rounded;
    rounded.addRoundedRect(frame, spacing::kSmallRadius, spacing::kSmallRadius);
    painter.save();
    painter.setClipPath(rounded);
    if (m_row.thumbnail.isNull()) {
        painter.fillRect(frame, t.raised);
        QRect sign(0, 0, spacing::kLargeIcon, spacing::kLargeIcon);
        sign.moveCenter(frame.center());
        painter.drawPixmap(
            sign, iconPixmap(QStringLiteral("clock"), spacing::kLargeIcon, t.secondary, devicePixelRatioF()));
    } else {
        tile.drawPicture(painter, frame);
    }
    tile.drawBadge(painter, frame, tr("%1 %").arg(static_cast<int>(100 * m_fraction)));
    painter.fillRect(
        QRectF(frame.left(), frame.bottom() + 1 - kBar, frame.width() * m_fraction, kBar), t.accent);
    painter.restore();
    QStyleOption option;
    option.initFrom(this);
    if (isChecked() || showsFocus(option))
        drawFocusRing(painter, frame.adjusted(-3, -3, 3, 3), t, spacing::kRadius);
}

} // namespace studio::ui
