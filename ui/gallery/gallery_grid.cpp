#include "ui/gallery/gallery_grid.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/gallery/take_tile.h"
#include "ui/jobs/take_archive.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kMargin = 8; ///< around a picture, within its cell
constexpr int kLines = 40; ///< two lines of words below it
constexpr int kCellWidth = GalleryGrid::kPicture + 2 * kMargin;
constexpr int kCellHeight = GalleryGrid::kPicture + 2 * kMargin + kLines + 4;

/// "14:32" today, "Nov 21, 14:32" this year, else with the year.
QString whenInWords(std::int64_t created)
{
    const QDateTime made = QDateTime::fromMSecsSinceEpoch(created);
    const QLocale locale;
    const QString time = locale.toString(made.time(), GalleryGrid::tr("HH:mm"));
    const QDate today = QDate::currentDate();
    if (made.date() == today)
        return time;
    if (made.date().year() == today.year())
        return GalleryGrid::tr("%1, %2").arg(locale.toString(made.date(), GalleryGrid::tr("d MMM")), time);
    return locale.toString(made.date(), GalleryGrid::tr("d MMM yyyy"));
}

class GridDelegate : public QStyledItemDelegate {
public:
    GridDelegate(TakeArchive& archive, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_archive(archive)
    { }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        // The whole of its part of the row, so that pictures stand in the middle of it.
        const auto* grid = qobject_cast<const QListView*>(option.widget);
        return grid && grid->gridSize().isValid() ? grid->gridSize() : QSize(kCellWidth, kCellHeight);
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& t = tokensOf(option.palette);
        const TakeRow& row = m_archive.found().row(index.row());
        const QRect cell(option.rect.center().x() - kCellWidth / 2 + 1, option.rect.top() + 2, kCellWidth,
            option.rect.height() - 4);
        const bool selected = option.state & QStyle::State_Selected;
        painter->save();
        painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
        if (selected)
            drawBox(*painter, cell, t.selection, t.accent, spacing::kRadius);
        else if (option.state & QStyle::State_MouseOver)
            drawBox(*painter, cell, t.hover, t.hover, spacing::kRadius);
        const QRect frame(
            cell.left() + kMargin, cell.top() + kMargin, GalleryGrid::kPicture, GalleryGrid::kPicture);
        const TakeTile tile{row, m_archive.thumbnails(), t};
        tile.drawPicture(*painter, frame);
        tile.drawMarks(*painter, frame);
        if (selected)
            drawCheck(*painter, frame, t);
        drawWords(*painter, frame, row.summary, t);
        painter->restore();
        if (option.state & QStyle::State_HasFocus)
            drawFocusRing(*painter, cell, t, spacing::kRadius);
    }

private:
    /// Selection is more than a ground of another colour.
    static void drawCheck(QPainter& painter, const QRect& frame, const Tokens& t)
    {
        constexpr int kDisc = spacing::kLargeIcon;
        const QRect disc(frame.right() - kDisc - 3, frame.bottom() - kDisc - 3, kDisc, kDisc);
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.accent);
        painter.drawEllipse(disc);
        painter.drawPixmap(disc.topLeft() + QPoint(4, 4),
            iconPixmap(QStringLiteral("check"), 12, t.onAccent, painter.device()->devicePixelRatioF()));
    }

    static void drawWords(QPainter& painter, const QRect& frame, const TakeSummary& take, const Tokens& t)
    {
        const QRect words(frame.left(), frame.bottom() + 5, frame.width(), kLines - 6);
        const auto line = [&](int number, const QFont& font, const QColor& colour, const QString& text) {
            painter.setFont(font);
            painter.setPen(colour);
            const QRect area(words.left(), words.top() + number * 17, words.width(), 17);
            painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter,
                painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
        };
        const QString prompt = toQt(take.prompt).simplified();
        const bool isKnown = take.state != TakeState::Damaged;
        line(0, fontFor(TextRole::Body), t.text,
            !isKnown               ? GalleryGrid::tr("Its settings cannot be read")
                : prompt.isEmpty() ? GalleryGrid::tr("Without a prompt")
                                   : prompt);
        const QString when = whenInWords(take.created);
        line(1, fontFor(TextRole::Caption), t.secondary,
            isKnown ? QStringLiteral("%1 · %2").arg(modeName(take.mode), when) : when);
    }

    TakeArchive& m_archive;
};

} // namespace

GalleryGrid::GalleryGrid(TakeArchive& archive, QWidget* parent)
    : QListView(parent)
    , m_archive(archive)
{
    setModel(&archive.found());
    setItemDelegate(new GridDelegate(archive, this));
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Window);
    setAccessibleName(tr("Takes"));
    verticalScrollBar()->setSingleStep(kCellHeight / 3);
    connect(&archive.thumbnails(), &ThumbnailLoader::arrived, viewport(), qOverload<>(&QWidget::update));
    connect(&archive.found(), &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_resetting = true; });
    connect(&archive.found(), &QAbstractItemModel::modelReset, this, &GalleryGrid::selectAgain);
    connect(this, &QListView::doubleClicked, this, [this](const QModelIndex& index) {
        if (opened)
            opened(m_archive.found().row(index.row()).summary.id);
    });
}

std::vector<TakeSummary> GalleryGrid::selected() const
{
    QModelIndexList indexes = selectedIndexes();
    std::sort(indexes.begin(), indexes.end(),
        [](const QModelIndex& a, const QModelIndex& b) { return a.row() < b.row(); });
    std::vector<TakeSummary> takes;
    for (const QModelIndex& index : indexes)
        takes.push_back(m_archive.found().row(index.row()).summary);
    return takes;
}

void GalleryGrid::select(const std::string& id)
{
    const int row = m_archive.found().rowOf(id);
    if (row < 0)
        return;
    setCurrentIndex(m_archive.found().index(row));
    scrollTo(currentIndex());
}

void GalleryGrid::selectAgain()
{
    m_resetting = false;
    QItemSelection again;
    const TakeList& found = m_archive.found();
    for (int row = 0; row < found.rowCount() && !m_selected.empty(); ++row) {
        if (m_selected.contains(found.row(row).summary.id))
            again.select(found.index(row), found.index(row));
    }
    if (const int row = found.rowOf(m_current); row >= 0)
        selectionModel()->setCurrentIndex(found.index(row), QItemSelectionModel::NoUpdate);
    selectionModel()->select(again, QItemSelectionModel::ClearAndSelect);
}

void GalleryGrid::resizeEvent(QResizeEvent* event)
{
    fitColumns();
    QListView::resizeEvent(event);
}

/// The columns share the width evenly.
void GalleryGrid::fitColumns()
{
    const int width = viewport()->width() - 1;
    const int columns = std::max(1, width / kCellWidth);
    setGridSize({std::max(kCellWidth, width / columns), kCellHeight});
}

void GalleryGrid::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!enter || event->modifiers() & ~Qt::KeypadModifier || !currentIndex().isValid())
        return QListView::keyPressEvent(event);
    if (opened)
        opened(m_archive.found().row(currentIndex().row()).summary.id);
}

void GalleryGrid::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QListView::selectionChanged(selected, deselected);
    if (m_resetting)
        return;
    m_selected.clear();
    for (const QModelIndex& index : selectedIndexes())
        m_selected.insert(m_archive.found().row(index.row()).summary.id);
    m_current
        = currentIndex().isValid() ? m_archive.found().row(currentIndex().row()).summary.id : std::string();
    if (selectionMoved)
        selectionMoved();
}

} // namespace studio::ui
