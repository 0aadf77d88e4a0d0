#include "ui/panels/filmstrip.h"

#include "ui/models/take_list.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"

#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kSide = spacing::kFilmstrip - 24;
constexpr int kGap = 8;

class TakeDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {kSide + kGap, kSide + kGap};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& t = tokensOf(option.palette);
        const QRect frame
            = QRect(0, 0, kSide, kSide).translated(option.rect.center() - QPoint(kSide / 2, kSide / 2));
        painter->save();
        painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
        QPainterPath rounded;
        rounded.addRoundedRect(frame, spacing::kSmallRadius, spacing::kSmallRadius);
        painter->setClipPath(rounded);
        drawCover(*painter, frame, index.data(Qt::DecorationRole).value<QImage>());
        drawBadge(*painter, frame, index.data(Qt::DisplayRole).toString());
        painter->restore();
        if (option.state & QStyle::State_Selected)
            drawFocusRing(*painter, frame.adjusted(-3, -3, 3, 3), t, spacing::kRadius);
    }

private:
    /// The middle of the picture, filling the frame.
    static void drawCover(QPainter& painter, const QRect& frame, const QImage& image)
    {
        const int side = std::min(image.width(), image.height());
        const QRect part((image.width() - side) / 2, (image.height() - side) / 2, side, side);
        painter.drawImage(frame, image, part);
    }

    static void drawBadge(QPainter& painter, const QRect& frame, const QString& text)
    {
        // The same on both themes: it lies on the picture.
        painter.setFont(fontFor(TextRole::Caption));
        const int height = painter.fontMetrics().height() + 2;
        const QRect ground(frame.left(), frame.bottom() - height + 1, frame.width(), height);
        const Tokens& dark = tokens(Scheme::Dark);
        QColor shade = dark.window;
        shade.setAlpha(200);
        painter.fillRect(ground, shade);
        painter.setPen(dark.text);
        painter.drawText(ground, Qt::AlignCenter, text);
    }
};

} // namespace

Filmstrip::Filmstrip(TakeList& takes, QWidget* parent)
    : QListView(parent)
    , m_takes(takes)
{
    setModel(&takes);
    setItemDelegate(new TakeDelegate(this));
    setFlow(QListView::LeftToRight);
    setWrapping(false);
    setFixedHeight(spacing::kFilmstrip);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setFrameShape(QFrame::NoFrame);
    setViewportMargins(kGap, 0, kGap, 0);
    viewport()->setBackgroundRole(QPalette::Window); // one ground with the margins
    setAccessibleName(tr("Takes of this session"));
}

void Filmstrip::showNewest()
{
    m_quiet = true;
    setCurrentIndex(m_takes.index(m_takes.rowCount() - 1));
    m_quiet = false;
    scrollTo(currentIndex());
}

void Filmstrip::step(int rows)
{
    const int row = std::clamp(currentIndex().row() + rows, 0, std::max(0, m_takes.rowCount() - 1));
    setCurrentIndex(m_takes.index(row));
}

void Filmstrip::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QListView::currentChanged(current, previous);
    if (current.isValid() && !m_quiet && chosen)
        chosen(m_takes.take(current.row()));
}

} // namespace studio::ui
