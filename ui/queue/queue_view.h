#pragma once

#include "ui/queue/queue_delegate.h"

#include <QListView>

#include <functional>
#include <optional>

namespace studio::ui {

class QueueRunner;

/// The entries of the queue. Drag one to change the order; everything else by its row's signs, its menu, or keys: Del
/// takes it out, Enter puts it back into the controls, Ctrl+Up and Ctrl+Down move it, R tries a failed one again.
class QueueView : public QListView {
    Q_OBJECT

public:
    /// Both must outlive this object.
    QueueView(QueueRunner& queue, const Catalog& catalog, QWidget* parent = nullptr);

    std::optional<std::uint64_t> current() const;
    void choose(std::uint64_t id);

    // What can be done with the current one.
    void moveCurrent(int rows);
    void removeCurrent();
    void editCurrent();
    void tryCurrentAgain();

Q_SIGNALS:
    void currentChosen();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QueueRunner& m_queue;
    QueueDelegate* m_delegate = nullptr;
};

} // namespace studio::ui
