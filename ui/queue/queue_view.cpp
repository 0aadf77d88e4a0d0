#include "ui/queue/queue_view.h"

#include "ui/jobs/queue_runner.h"
#include "ui/theme/icons.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>

namespace studio::ui {

QueueView::QueueView(QueueRunner& queue, const Catalog& catalog, QWidget* parent)
    : QListView(parent)
    , m_queue(queue)
    , m_delegate(new QueueDelegate(queue.list(), catalog, this))
{
    setModel(&queue.list());
    setItemDelegate(m_delegate);
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setResizeMode(QListView::Adjust);
    setDragDropMode(QAbstractItemView::InternalMove);
    setDefaultDropAction(Qt::MoveAction);
    setDropIndicatorShown(true);
    viewport()->setBackgroundRole(QPalette::AlternateBase); // the column's ground
    setAccessibleName(tr("Queue"));
    setAccessibleDescription(tr("Del removes, Enter puts the settings back into the controls, Ctrl+Up and "
                                "Ctrl+Down change the order, R tries a failed one again."));
}

std::optional<std::uint64_t> QueueView::current() const
{
    const QModelIndex index = currentIndex();
    const auto& entries = m_queue.list().entries();
    if (!index.isValid() || index.row() >= static_cast<int>(entries.size()))
        return std::nullopt;
    return entries[static_cast<std::size_t>(index.row())].id;
}

void QueueView::choose(std::uint64_t id)
{
    setCurrentIndex(m_queue.list().index(m_queue.list().rowOf(id)));
}

void QueueView::moveCurrent(int rows)
{
    const auto id = current();
    if (!id || m_queue.list().find(*id)->state == QueueState::Running)
        return;
    const int row = m_queue.list().rowOf(*id);
    m_queue.list().move(*id, rows < 0 ? row + rows : row + rows + 1);
    choose(*id);
    scrollTo(currentIndex());
}

void QueueView::removeCurrent()
{
    if (const auto id = current())
        m_queue.remove(*id);
}

void QueueView::editCurrent()
{
    if (const auto id = current())
        m_queue.edit(*id);
}

void QueueView::tryCurrentAgain()
{
    if (const auto id = current())
        m_queue.tryAgain(*id);
}

void QueueView::keyPressEvent(QKeyEvent* event)
{
    const bool moves = event->modifiers().testFlag(Qt::ControlModifier);
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return removeCurrent();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (event->modifiers() & ~Qt::KeypadModifier)
            break; // Ctrl+Enter is the window's
        return editCurrent();
    case Qt::Key_R:
        if (event->modifiers() == Qt::NoModifier)
            return tryCurrentAgain();
        break;
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (moves)
            return moveCurrent(event->key() == Qt::Key_Up ? -1 : 1);
        break;
    default:
        break;
    }
    QListView::keyPressEvent(event);
}

void QueueView::mouseReleaseEvent(QMouseEvent* event)
{
    QListView::mouseReleaseEvent(event);
    const QModelIndex index = indexAt(event->pos());
    if (!index.isValid() || event->button() != Qt::LeftButton)
        return;
    const QueueEntry entry = m_queue.list().entries()[static_cast<std::size_t>(index.row())];
    const QRect row = visualRect(index);
    if (m_delegate->removeArea(row).contains(event->pos()))
        m_queue.remove(entry.id);
    else if (m_delegate->tryAgainArea(row, entry, font()).contains(event->pos()))
        m_queue.tryAgain(entry.id);
}

void QueueView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->pos());
    if (!index.isValid())
        return;
    // The sign's own clicks end where the row is gone; what then lies under the pointer was not meant.
    if (!m_delegate->removeArea(visualRect(index)).contains(event->pos()))
        editCurrent();
}

void QueueView::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKey ? currentIndex() : indexAt(event->pos());
    if (!index.isValid())
        return;
    setCurrentIndex(index);
    const QueueEntry entry = m_queue.list().entries()[static_cast<std::size_t>(index.row())];
    const bool running = entry.state == QueueState::Running;
    QMenu menu(this);
    const auto offer = [&](const char* sign, const QString& text, bool can, void (QueueView::*act)()) {
        menu.addAction(icon(QString::fromLatin1(sign)), text, this, act)->setEnabled(can);
    };
    offer("redo", tr("Try again"), entry.state == QueueState::Failed, &QueueView::tryCurrentAgain);
    offer("pencil", tr("Back into the controls"), !running, &QueueView::editCurrent);
    menu.addAction(icon(QStringLiteral("chevron-up")), tr("Up"), this, [this] { moveCurrent(-1); })
        ->setEnabled(!running);
    menu.addAction(icon(QStringLiteral("chevron-down")), tr("Down"), this, [this] { moveCurrent(1); })
        ->setEnabled(!running);
    offer("trash", running ? tr("Stop and remove") : tr("Remove"), true, &QueueView::removeCurrent);
    menu.exec(byKey ? viewport()->mapToGlobal(visualRect(index).center()) : event->globalPos());
}

void QueueView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QListView::currentChanged(current, previous);
    Q_EMIT currentChosen();
}

void QueueView::resizeEvent(QResizeEvent* event)
{
    QListView::resizeEvent(event);
    scheduleDelayedItemsLayout(); // the height of a reason depends on the width
}

} // namespace studio::ui
