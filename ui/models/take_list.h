#pragma once

#include "core/api/take.h"

#include <QAbstractListModel>
#include <QImage>

#include <memory>
#include <vector>

namespace studio::ui {

/// The takes of this session, the oldest first: what the filmstrip shows. Lives on the thread of the window.
class TakeList : public QAbstractListModel {
    Q_OBJECT

public:
    /// The picture pixels that are kept; the oldest takes go first. The newest always stays.
    static constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;

    explicit TakeList(QObject* parent = nullptr);

    void add(std::shared_ptr<const Take> take);
    std::shared_ptr<const Take> take(int row) const; ///< null outside the list
    int rowOf(const Take* take) const;               ///< -1: not in the list

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;

private:
    struct Entry {
        std::shared_ptr<const Take> take;
        QImage thumbnail;
    };
    void dropOldest();

    std::vector<Entry> m_entries;
};

/// "Hires fix, 512 × 512, seed 7": one take in a few words.
QString takeInWords(const Take& take);

} // namespace studio::ui
