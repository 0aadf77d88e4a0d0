#pragma once

#include "core/api/take.h"
#include "core/api/take_store.h"
#include "ui/models/take_mime.h"

#include <QAbstractListModel>
#include <QImage>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace studio::ui {

/// A take as lists show it.
struct TakeRow {
    TakeSummary summary;              ///< its id names the row, stored or not
    bool stored = false;              ///< false: made in this session and kept in memory alone
    std::shared_ptr<const Take> take; ///< with its pictures; null: they lie on the disk
    QImage thumbnail;                 ///< of a take that was made in this session
};

/// Takes, the newest first: those of a store and those that this session made. Lives on the thread of the window.
class TakeList : public QAbstractListModel {
    Q_OBJECT

public:
    /// The picture pixels that are kept in memory; the oldest takes go first. The newest always stays.
    static constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;

    explicit TakeList(QObject* parent = nullptr);

    /// What this session made. `id`: of the take in the store that it is, or is a part of; empty: it was not kept.
    /// Nothing happens if it has no picture. Answers the row's id.
    std::string add(std::shared_ptr<const Take> take, const std::string& id = {});

    /// What the store holds now, newest first. Rows that stay keep their place in the views.
    void setStored(std::vector<TakeSummary> stored);

    /// Remembers a take that was read from the disk, as long as there is room.
    void setLoaded(const std::string& id, std::shared_ptr<const Take> take);

    /// What pictures carry that are dragged out of the list.
    void setDragged(Recipe recipe) { m_dragged = recipe; }

    const TakeRow& row(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    std::shared_ptr<const Take> take(int row) const; ///< null outside the list and for takes on the disk
    int rowOf(const std::string& id) const;          ///< -1: not in the list
    int rowOf(const Take* take) const;               ///< -1: not in the list, or on the disk

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;

private:
    /// Where another list of rows is not the same as this one.
    struct Difference {
        std::ptrdiff_t begin = 0;
        std::ptrdiff_t sameAtEnd = 0;
    };

    void dropOldest();
    void takeOver(std::vector<TakeRow>& target) const;
    Difference differenceTo(const std::vector<TakeRow>& target) const;
    bool canMerge(const std::vector<TakeRow>& target) const;
    void merge(std::vector<TakeRow> target);
    void removeMissing(const std::vector<TakeRow>& target);
    void insertNew(const std::vector<TakeRow>& target);

    std::vector<TakeRow> m_rows;
    Recipe m_dragged = Recipe::With;
    int m_unstored = 0; ///< takes that were never kept, so far
};

/// "Hires fix, 512 × 512, seed 7, starred": one take in a few words.
QString takeInWords(const TakeSummary& take);

/// How a run ended that did not end well, in one word; empty: it did.
QString stateInWords(TakeState state);

} // namespace studio::ui
