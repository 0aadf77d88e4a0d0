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

class StripDelegate : public QStyledItemDelegate {
public:
    StripDelegate(TakeArchive& archive, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_archive(archive)
    { }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {Filmstrip::kTile + Filmstrip::kGap, Filmstrip::kTile + Filmstrip::kGap};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& t = tokensOf(option.palette);
        const QRect frame = Filmstrip::frameIn(option.rect);
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
    setViewportMargins(0, 0, kGap, 0);
    viewport()->setBackgroundRole(QPalette::Window); // one ground with the margins
    setAccessibleName(tr("Takes"));
    connect(&archive.thumbnails(), &ThumbnailLoader::arrived, viewport(), qOverload<>(&QWidget::update));
    connect(&archive.takes(), &QAbstractItemModel::modelReset, this, [this] { select(m_selected); });
    connect(&archive.takes(), &QAbstractItemModel::modelReset, this, &Filmstrip::hideRows);
    connect(&archive.takes(), &QAbstractItemModel::rowsInserted, this, &Filmstrip::hideRows);
    connect(&archive.takes(), &QAbstractItemModel::dataChanged, this, &Filmstrip::hideRows);
}

QRect Filmstrip::frameIn(const QRect& cell)
{
    return QRect(0, 0, kTile, kTile).translated(cell.center() - QPoint(kTile / 2, kTile / 2));
}

void Filmstrip::setRunHidden(bool hidden)
{
    m_runHidden = hidden;
    hideRows();
}

void Filmstrip::hideRows()
{
    const TakeList& takes = m_archive.takes();
    for (int row = 0; row < takes.rowCount(); ++row) {
        const bool hidden = m_runHidden && takes.row(row).summary.state == TakeState::Running;
        if (hidden != isRowHidden(row))
            setRowHidden(row, hidden);
    }
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
    const int count = m_archive.takes().rowCount();
    int row = currentIndex().row() + rows;
    while (row >= 0 && row < count && isRowHidden(row))
        row += rows > 0 ? 1 : -1;
    if (row < 0 && currentIndex().isValid() && wentBeforeFirst)
        return wentBeforeFirst();
    if (row < count)
        setCurrentIndex(m_archive.takes().index(std::max(row, 0)));
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
