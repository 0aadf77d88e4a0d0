#pragma once

#include "core/api/take.h"
#include "ui/jobs/latest_task.h"
#include "ui/jobs/queue_planner.h"
#include "ui/jobs/queue_turn.h"
#include "ui/models/queue_file.h"
#include "ui/models/queue_list.h"

#include <QTimer>

#include <map>
#include <memory>
#include <optional>

namespace studio::ui {

class StudioController;

/// Which seeds the pictures of one order get.
enum class SeedSeries { Next, Random };

/// How far the queue is, counted since it was empty last.
struct QueueTally {
    int done = 0;             ///< made or failed
    int total = 0;            ///< done, running and waiting
    double secondsLeft = 0.0; ///< as far as it is known
    bool all = true;          ///< of every picture; false: it takes longer than `secondsLeft`
};

/// Runs the queue through the controller, one picture after another, whenever nothing else runs. Keeps it in a file
/// from the moment something is added: after a restart it is there, and waits to be told to go on. Lives on the thread
/// of the window.
class QueueRunner : public QObject {
    Q_OBJECT

public:
    /// Empty file: the queue ends with the program.
    QueueRunner(StudioController& controller, const QString& file, QObject* parent = nullptr);
    ~QueueRunner() override;

    QueueList& list() { return m_list; }

    /// An entry is on its way: what it stands on is being looked up.
    bool isAboutToBegin() const
    {
        return !m_paused && m_list.firstWaiting() && (m_turning.isBusy() || m_finding.isBusy());
    }

    /// Puts `count` pictures of a request at the end. Seeds are settled here: the first gets the request's own if it
    /// has one.
    void add(const Request& request, int count, SeedSeries series);
    /// The same for the request in the controls, as many as the settings say. False if it cannot run.
    bool addFromControls();
    /// Puts entries at the end and answers their ids.
    std::vector<std::uint64_t> add(std::vector<QueueEntry> entries);

    /// Out of the list; a running one is stopped, and the next begins.
    void remove(std::uint64_t id);
    /// All but the running one.
    void clear();
    void tryAgain(std::uint64_t id);
    /// Out of the list and into the controls. Not for a running one.
    void edit(std::uint64_t id);

    bool isPaused() const { return m_paused; }
    /// A running picture is finished first.
    void setPaused(bool paused);
    /// Why it is paused, if nobody asked for it; empty: somebody did, or it is not paused.
    const QString& whyPaused() const { return m_whyPaused; }
    /// Whether what waits is there again after a restart.
    bool isKept() const { return m_file.isKept(); }
    /// What is kept lies on the disk from here on. Otherwise it does a moment after each change, and when a picture is
    /// begun.
    void flush();
    /// What became of a queue file that could not be read; empty: nothing.
    const QString& trouble() const { return m_trouble; }

    /// True while a picture of the queue is being made.
    bool isRunning() const { return m_list.running() != nullptr; }
    QueueTally tally() const;

Q_SIGNALS:
    /// Entries, order, pause or forecasts.
    void changed();
    /// An entry left the list, as a take. `keptAs`: of the take on the disk; empty: it was not kept.
    void made(std::uint64_t id, std::shared_ptr<const studio::Take> take, const std::string& keptAs);
    /// The stored first pass an entry was to go on from is not kept any more: both passes run.
    void firstPassMissed(std::uint64_t id);
    /// An entry failed; it stays in the list.
    void failed(std::uint64_t id, const studio::Failure& failure);

private:
    void restore();
    void connectController();
    void write();
    void startNext();
    void take(const QueueTurn& turn);
    void begin(std::uint64_t id, const Request& request);
    void missFirstPass(std::uint64_t id, const Request& whole);
    void settleMade(std::uint64_t id, const std::shared_ptr<const Take>& take, const std::string& keptAs);
    void finishElsewhere(const std::shared_ptr<const Take>& take);
    void finish(const std::shared_ptr<const Take>& take);
    void settleFailure(const QueueEntry& entry, const Failure& failure);
    void settleCancelled(const QueueEntry& entry);
    void shareFirstPass(const std::string& group, const std::string& takeId);
    void pauseBecause(const QString& why);

    StudioController& m_controller;
    QueueList m_list;
    QueueFile m_file;
    QueuePlanner m_planner;
    QTimer m_writing; ///< runs while changes are not on the disk yet
    bool m_paused = false;
    bool m_notWritten = false;
    bool m_discard = false; ///< the running entry was removed
    int m_done = 0;
    std::string m_lastFailure;                        ///< of the entry before, if it failed
    std::map<std::string, std::string> m_firstPasses; ///< of the groups of this session that have one
    QString m_whyPaused;
    QString m_trouble;
    QThreadPool m_lane;
    struct FirstPass {
        std::string group;
        std::string path; ///< empty: there is none
    };
    LatestTask<FirstPass> m_finding; ///< of a take's first pass; nothing starts before it is there
    LatestTask<QueueTurn> m_turning; ///< the same of what an entry has come to
};

/// `count` seeds after a request's own, or after a random one.
std::vector<std::uint64_t> seedSeries(std::optional<std::uint64_t> first, int count, SeedSeries series);

} // namespace studio::ui
