#include "ui/panels/filmstrip.h"

#include "ui/gallery/take_tile.h"
#include "ui/jobs/take_archive.h"
#include "ui/theme/control_painter.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyledItemDelegate>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kSide = spacing::kFilmstrip - 24;
constexpr int kGap = 8;

class StripDelegate : public QStyledItemDelegate {
public:
    StripDelegate(TakeArchive& archive, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_archive(archive)
    { }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {kSide + kGap, kSide + kGap};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& t = tokensOf(option.palette);
        const QRect frame
            = QRect(0, 0, kSide, kSide).translated(option.rect.center() - QPoint(kSide / 2, kSide / 2));
        const TakeTile tile{
            m_archive.takes().row(index.row()), m_archive.thumbnails(), t, TakeTile::Fill::Cover};
        painter->save();
        painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
        QPainterPath rounded;
        rounded.addRoundedRect(frame, spacing::kSmallRadius, spacing::kSmallRadius);
        painter->setClipPath(rounded);
        tile.drawPicture(*painter, frame);
        tile.drawBadge(*painter, frame, index.data(Qt::DisplayRole).toString());
        tile.drawMarks(*painter, frame);
        painter->restore();
        if (option.state & QStyle::State_Selected)
            drawFocusRing(*painter, frame.adjusted(-3, -3, 3, 3), t, spacing::kRadius);
    }

private:
    TakeArchive& m_archive;
};

} // namespace

Filmstrip::Filmstrip(TakeArchive& archive, QWidget* parent)
    : QListView(parent)
    , m_archive(archive)
{
    setModel(&archive.takes());
    setItemDelegate(new StripDelegate(archive, this));
    setFlow(QListView::LeftToRight);
    setWrapping(false);
    setUniformItemSizes(true);
    setFixedHeight(spacing::kFilmstrip);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setFrameShape(QFrame::NoFrame);
    setViewportMargins(kGap, 0, kGap, 0);
    viewport()->setBackgroundRole(QPalette::Window); // one ground with the margins
    setAccessibleName(tr("Takes"));
    connect(&archive.thumbnails(), &ThumbnailLoader::arrived, viewport(), qOverload<>(&QWidget::update));
    connect(&archive.takes(), &QAbstractItemModel::modelReset, this, [this] { select(m_selected); });
}

void Filmstrip::select(const std::string& id)
{
    m_selected = id;
    const int row = m_archive.takes().rowOf(id);
    m_quiet = true;
    if (row < 0)
        clearSelection();
    setCurrentIndex(m_archive.takes().index(row));
    m_quiet = false;
    if (row >= 0)
        scrollTo(currentIndex());
}

void Filmstrip::step(int rows)
{
    const int most = m_archive.takes().rowCount() - 1;
    if (most < 0)
        return;
    setCurrentIndex(m_archive.takes().index(std::clamp(currentIndex().row() + rows, 0, most)));
}

void Filmstrip::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QListView::currentChanged(current, previous);
    if (!current.isValid() || m_quiet)
        return;
    m_selected = m_archive.takes().row(current.row()).summary.id;
    if (chosen)
        chosen(m_selected);
}

} // namespace studio::ui
