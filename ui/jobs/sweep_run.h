#pragma once

#include "core/api/take.h"
#include "ui/models/queue_list.h"
#include "ui/models/sweep.h"
#include "ui/models/sweep_file.h"

#include <QObject>

#include <memory>
#include <vector>

namespace studio::ui {

class StudioController;

enum class SweepState { Waiting, Running, Done, Failed, Removed };

/// One picture of a sweep.
struct SweepCell {
    Request request; ///< as it was asked for
    SweepState state = SweepState::Waiting;
    std::uint64_t entry = 0;                 ///< in the queue
    double fraction = 0.0;                   ///< of a running one
    std::shared_ptr<const Picture8> picture; ///< of a finished one
    QString why;                             ///< of a failed one: a sentence
};

/// A sweep on its way through the queue: its cells fill as their entries are made. The entries share one first pass,
/// and so the first pass runs once, or not at all if it is stored already. Lives on the thread of the window.
class SweepRun : public QObject {
    Q_OBJECT

public:
    /// Puts the cells into the queue.
    SweepRun(SweepSetup setup, StudioController& controller, QObject* parent = nullptr);
    /// A sweep of an earlier session. What still waits in the queue is found there; finished pictures are to be added.
    SweepRun(StoredSweep stored, StudioController& controller, QObject* parent = nullptr);
    /// `picture`: of a finished cell, from the disk.
    void addFinished(int cell, std::shared_ptr<const Picture8> picture);
    /// Cells that are still to be made go on from this latent.
    void setFirstPass(const std::string& path);

    const SweepSetup& setup() const { return m_stored.setup; }
    const std::vector<SweepCell>& cells() const { return m_cells; }
    int count(SweepState state) const;
    /// Size of the pictures; not set before the first is planned.
    Extent size() const { return m_size; }

    const StoredSweep& stored() const { return m_stored; }
    void tryAgain(int cell); ///< of one that failed or was taken out

Q_SIGNALS:
    void cellChanged(int cell);
    void kept(); ///< `stored` has changed

private:
    void follow();
    int cellOf(std::uint64_t entry) const;
    void listen();
    void findEntries();
    void finish(std::uint64_t entry, const Take& take, const std::string& keptAs);
    template <class Change> void change(int cell, Change&& change);

    StoredSweep m_stored;
    StudioController& m_controller;
    std::vector<SweepCell> m_cells;
    Extent m_size;
};

} // namespace studio::ui
