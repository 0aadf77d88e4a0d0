#include "ui/gallery/take_tile.h"

#include "ui/jobs/thumbnail_loader.h"
#include "ui/models/take_list.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace studio::ui {

namespace {

/// What lies on pictures looks the same in both themes.
QColor shade()
{
    QColor colour = tokens(Scheme::Dark).window;
    colour.setAlpha(200);
    return colour;
}

QRect centred(const QSize& size, const QRect& frame)
{
    return {frame.center() - QPoint(size.width() / 2 - 1, size.height() / 2 - 1), size};
}

QSize inFrame(const QSize& image, const QRect& frame, double ratio)
{
    const QSize size = (QSizeF(image) / ratio).toSize();
    return size.width() <= frame.width() && size.height() <= frame.height()
        ? size
        : size.scaled(frame.size(), Qt::KeepAspectRatio);
}

} // namespace

void TakeTile::drawPicture(QPainter& painter, const QRect& frame) const
{
    const double ratio = painter.device()->devicePixelRatioF();
    // A strip crops to squares: what is twice as long is still sharp then.
    const int side = static_cast<int>(
        std::max(frame.width(), frame.height()) * ratio * (fill == Fill::Cover ? 2.0 : 1.0));
    const ThumbnailLoader::Thumbnail found = thumbnails.find(row.summary.picture, side);
    const QImage& image = found.image.isNull() ? row.thumbnail : found.image;
    if (image.isNull())
        return drawPlaceholder(painter, frame, found.failed || row.summary.picture.empty());
    if (fill == Fill::Fit) {
        painter.drawImage(centred(inFrame(image.size(), frame, ratio), frame), image);
        return;
    }
    const int shorter = std::min(image.width(), image.height());
    const QRect part((image.width() - shorter) / 2, (image.height() - shorter) / 2, shorter, shorter);
    painter.drawImage(frame, image, part);
}

void TakeTile::drawPlaceholder(QPainter& painter, const QRect& frame, bool failed) const
{
    painter.fillRect(frame, tokens.raised);
    const QString name = QLatin1String(failed ? "error" : "image");
    const QPixmap sign
        = iconPixmap(name, spacing::kLargeIcon, tokens.disabled, painter.device()->devicePixelRatioF());
    painter.drawPixmap(centred({spacing::kLargeIcon, spacing::kLargeIcon}, frame), sign);
}

void TakeTile::drawMarks(QPainter& painter, const QRect& frame) const
{
    const Tokens& dark = studio::ui::tokens(Scheme::Dark);
    const double ratio = painter.device()->devicePixelRatioF();
    constexpr int kMargin = spacing::kUnit;
    constexpr int kDisc = spacing::kIcon + 2 * kMargin;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    if (row.summary.starred) {
        const QRect disc(frame.right() - kMargin - kDisc + 1, frame.top() + kMargin, kDisc, kDisc);
        painter.setBrush(shade());
        painter.drawEllipse(disc);
        painter.drawPixmap(disc.topLeft() + QPoint(kMargin, kMargin),
            iconPixmap(QStringLiteral("star-filled"), spacing::kIcon, dark.accent, ratio));
    }
    const QString state = stateInWords(stateToShow(row.summary));
    if (state.isEmpty())
        return;
    painter.setFont(fontFor(TextRole::Caption));
    const int width = painter.fontMetrics().horizontalAdvance(state) + 3 * kMargin;
    const QRect pill(frame.left() + kMargin, frame.top() + kMargin, width, kDisc - kMargin);
    painter.setBrush(shade());
    painter.drawRoundedRect(pill, pill.height() / 2.0, pill.height() / 2.0);
    painter.setPen(dark.text);
    painter.drawText(pill, Qt::AlignCenter, state);
}

void TakeTile::drawBadge(QPainter& painter, const QRect& frame, const QString& text) const
{
    painter.setFont(fontFor(TextRole::Caption));
    const int height = painter.fontMetrics().height() + 2;
    const QRect ground(frame.left(), frame.bottom() - height + 1, frame.width(), height);
    painter.fillRect(ground, shade());
    painter.setPen(studio::ui::tokens(Scheme::Dark).text);
    painter.drawText(ground, Qt::AlignCenter, text);
}

} // namespace studio::ui
