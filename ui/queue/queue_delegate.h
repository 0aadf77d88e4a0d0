#pragma once

#include "core/api/catalog.h"
#include "ui/models/queue_list.h"

#include <QStyledItemDelegate>

namespace studio::ui {

/// Draws one entry of the queue: what it makes, its prompt, how it stands; a failed one with the reason and a way to
/// try again.
class QueueDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// Both must outlive this object.
    QueueDelegate(const QueueList& list, const Catalog& catalog, QObject* parent = nullptr);

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    /// Where the pointer acts, in the coordinates of the row's rectangle.
    QRect removeArea(const QRect& row) const;
    QRect tryAgainArea(const QRect& row, const QueueEntry& entry, const QFont& font) const;

private:
    struct Lines;
    static Lines linesOf(const QRect& row, const QueueEntry& entry, const QFont& font);

    const QueueList& m_list;
    const Catalog& m_catalog;
};

} // namespace studio::ui
