#pragma once

#include "core/api/outcome.h"
#include "core/api/picture.h"
#include "core/api/request.h"

#include <QAbstractListModel>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace studio::ui {

enum class QueueState { Waiting, Running, Failed };

/// What the engine says about an entry before it runs.
struct QueueForecast {
    Extent size;                   ///< of the picture it is made for
    double seconds = 0.0;          ///< 0: nothing like it has run on this machine yet
    double firstPassSeconds = 0.0; ///< the part of them that a stored first pass saves

    bool operator==(const QueueForecast&) const = default;
};

/// One picture to be made.
struct QueueEntry {
    std::uint64_t id = 0; ///< given by the list, for the life of the program
    Request request;      ///< with its seed: what it will show is settled
    /// Entries of one group share a first pass: the one that runs first makes it, the others go on from its stored
    /// latent. Empty: none.
    std::string group;
    /// The take it has become a run of, once it has begun: cut off or cancelled, it goes on from there. Empty: it has
    /// not begun, or is not kept.
    std::string take;
    /// A cell of a sheet: its picture is kept in its take, and not saved beside the others.
    bool takeOnly = false;
    std::optional<Request> planned; ///< `request` with every default settled, once the engine has planned it
    QueueState state = QueueState::Waiting;
    std::optional<Failure> failure; ///< set if it failed
    std::optional<QueueForecast> forecast;
    double fraction = 0.0;     ///< of the running one
    double secondsLeft = -1.0; ///< of the running one; negative: not known

    bool operator==(const QueueEntry&) const = default;
};

/// What waits to be made, in its order; the running one and those that failed stand among it. Lives on the thread of
/// the window.
class QueueList : public QAbstractListModel {
    Q_OBJECT

public:
    explicit QueueList(QObject* parent = nullptr);

    const std::vector<QueueEntry>& entries() const { return m_entries; }
    int rowOf(std::uint64_t id) const;              ///< -1: not in the list
    const QueueEntry* find(std::uint64_t id) const; ///< null: not in the list
    const QueueEntry* running() const;              ///< null: none
    const QueueEntry* firstWaiting() const;         ///< null: none
    int count(QueueState state) const;

    /// At the end, in their order. Answers the ids they got.
    std::vector<std::uint64_t> add(std::vector<QueueEntry> entries);
    void remove(std::uint64_t id);
    /// All but the running one.
    void clear();
    /// To before the entry that stands in row `before` now; the number of rows: to the end.
    void move(std::uint64_t id, int before);

    void setRunning(std::uint64_t id);
    void setProgress(std::uint64_t id, double fraction, double secondsLeft);
    void setWaiting(std::uint64_t id); ///< again
    void setFailed(std::uint64_t id, Failure failure);
    void setForecast(std::uint64_t id, const QueueForecast& forecast);
    void setPlanned(std::uint64_t id, const Request& planned);
    void setTake(std::uint64_t id, const std::string& take);
    void setRequest(std::uint64_t id, const Request& request);
    void setGroup(std::uint64_t id, const std::string& group);
    /// All that wait in a group go on from this first pass.
    void setFirstPass(const std::string& group, const std::string& path);
    /// Several changes are told as one, when `changes` has made them.
    template <class Changes> void together(Changes&& changes)
    {
        const bool outermost = !std::exchange(m_together, true);
        changes();
        if (outermost)
            tellTogether();
    }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
        const QModelIndex& parent) override;

Q_SIGNALS:
    /// Something that a restart must know: entries, their order, their requests or failures.
    void changed();
    /// How far the running one is, or what is predicted.
    void progressed();

private:
    template <class Change> bool change(std::uint64_t id, Change&& change);
    void tellChanged();
    void tellProgressed();
    void tellTogether();

    std::vector<QueueEntry> m_entries;
    std::uint64_t m_lastId = 0;
    bool m_together = false; ///< signals wait
    bool m_untoldChange = false;
    bool m_untoldProgress = false;
};

/// "Hires fix · 512 × 512": what an entry makes. The size is there once it is known.
QString entryTitle(const QueueEntry& entry);
/// "waits, about 14 s", "running, 43 %", "failed: ...": how it stands, for those who cannot see it.
QString entryStateInWords(const QueueEntry& entry);
/// The seconds it will still take; nothing: not known. `leads`: it is the one of its group that makes the first pass.
std::optional<double> secondsFor(const QueueEntry& entry, bool leads);

} // namespace studio::ui
