#include "ui/jobs/queue_runner.h"

#include "core/api/log.h"
#include "core/api/take_store.h"
#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"

#include <QRandomGenerator>
#include <QTimer>

#include <algorithm>
#include <set>

namespace studio::ui {

std::vector<std::uint64_t> seedSeries(std::optional<std::uint64_t> first, int count, SeedSeries series)
{
    // 32 bits: what other programs read, too.
    const auto draw = [] { return std::uint64_t{QRandomGenerator::global()->generate()}; };
    std::vector<std::uint64_t> seeds{first ? *first : draw()};
    while (static_cast<int>(seeds.size()) < count)
        seeds.push_back(series == SeedSeries::Next ? seeds.back() + 1 : draw());
    return seeds;
}

namespace {

/// Many changes at once are written once; a crash loses no more than the last of them.
constexpr std::chrono::milliseconds kWritingPatience{200};

Saving savingOf(const QueueEntry& entry)
{
    return entry.takeOnly ? Saving::TakeOnly : Saving::AsSettings;
}

} // namespace

QueueRunner::QueueRunner(StudioController& controller, const QString& file, QObject* parent)
    : QObject(parent)
    , m_controller(controller)
    , m_file(file)
    , m_planner(m_list, [this] { return m_controller.takesFolder(); })
    , m_finding(m_lane, std::chrono::milliseconds(0),
          [this](const FirstPass& found) {
              if (!found.path.empty()) {
                  m_firstPasses[found.group] = found.path;
                  m_list.setFirstPass(found.group, found.path);
              }
              startNext();
          })
    , m_turning(m_lane, std::chrono::milliseconds(0), [this](const QueueTurn& turn) { take(turn); })
{
    m_lane.setMaxThreadCount(1);
    restore();
    m_writing.setSingleShot(true);
    m_writing.setInterval(kWritingPatience);
    connect(&m_writing, &QTimer::timeout, this, &QueueRunner::write);
    connect(&m_list, &QueueList::changed, this, [this] {
        if (!m_writing.isActive())
            m_writing.start();
    });
    connect(&m_list, &QueueList::changed, this, &QueueRunner::changed);
    connect(&m_list, &QueueList::progressed, this, &QueueRunner::changed);
    connectController();
}

void QueueRunner::connectController()
{
    connect(&m_controller, &StudioController::engineOpened, this, [this] {
        m_planner.setEngine(m_controller.engine());
        startNext();
    });
    connect(&m_controller, &StudioController::progressed, this, [this](const Progress& progress) {
        if (const QueueEntry* entry = m_list.running())
            m_list.setProgress(entry->id, progress.fraction, progress.secondsLeft);
    });
    connect(&m_controller, &StudioController::runPlanned, this, [this](const Plan& plan) {
        if (const QueueEntry* entry = m_list.running()) {
            m_list.setForecast(entry->id, forecastOf(plan));
            m_list.setPlanned(entry->id, plan.request);
        }
    });
    connect(&m_controller, &StudioController::runStarted, this, [this] {
        flush();
        if (m_discard)
            m_controller.cancel(); // taken out while its take was being looked up
    });
    connect(&m_controller, &StudioController::takeBegun, this, [this](const std::string& takeId) {
        if (const QueueEntry* entry = m_list.running())
            m_list.setTake(entry->id, takeId);
        flush(); // whatever ends the program now, it goes on from there
    });
    connect(&m_controller, &StudioController::takeFinished, this, &QueueRunner::finish);
}

QueueRunner::~QueueRunner()
{
    flush();
}

void QueueRunner::restore()
{
    StoredQueue stored = m_file.read();
    m_trouble = std::move(stored.trouble);
    if (!m_trouble.isEmpty())
        logWarning(toStd(m_trouble));
    if (stored.entries.empty())
        return;
    m_list.add(std::move(stored.entries));
    if (!m_trouble.isEmpty())
        write(); // what could be read has no file any more
    if (m_list.firstWaiting())
        pauseBecause(tr("Left over from the last session."));
}

void QueueRunner::flush()
{
    if (!m_writing.isActive())
        return;
    m_writing.stop();
    write();
}

void QueueRunner::write()
{
    const bool written = m_file.write(m_list.entries());
    if (!written && !m_notWritten)
        logWarning("The queue could not be written to " + toStd(m_file.path()) + ".");
    m_notWritten = !written;
}

void QueueRunner::add(const Request& request, int count, SeedSeries series)
{
    std::vector<QueueEntry> entries;
    for (const std::uint64_t seed : seedSeries(request.seed, count, series)) {
        QueueEntry entry;
        entry.request = request;
        entry.request.seed = seed;
        entries.push_back(std::move(entry));
    }
    add(std::move(entries));
}

bool QueueRunner::addFromControls()
{
    const StudioState& state = m_controller.state();
    if (state.planFailure() && !state.plan())
        return false;
    const Settings& settings = m_controller.settings();
    add(state.request(), settings.queueCount,
        settings.queueRandomSeeds ? SeedSeries::Random : SeedSeries::Next);
    return true;
}

std::vector<std::uint64_t> QueueRunner::add(std::vector<QueueEntry> entries)
{
    if (m_list.count(QueueState::Waiting) + m_list.count(QueueState::Running) == 0)
        m_done = 0;
    for (QueueEntry& entry : entries) {
        const auto known = m_firstPasses.find(entry.group);
        if (known != m_firstPasses.end() && entry.request.firstPass.empty())
            entry.request.firstPass = known->second;
    }
    std::vector<std::uint64_t> ids = m_list.add(std::move(entries));
    startNext();
    return ids;
}

void QueueRunner::remove(std::uint64_t id)
{
    const QueueEntry* entry = m_list.find(id);
    if (!entry)
        return;
    if (entry->state != QueueState::Running)
        return m_list.remove(id);
    m_discard = true;
    m_controller.cancel();
}

void QueueRunner::clear()
{
    m_list.clear();
    if (m_list.entries().empty())
        setPaused(false); // there is nothing left to hold back
}

void QueueRunner::tryAgain(std::uint64_t id)
{
    const QueueEntry* entry = m_list.find(id);
    if (!entry || entry->state != QueueState::Failed)
        return;
    m_lastFailure.clear();
    m_list.setWaiting(id);
    m_planner.refresh();
    startNext();
}

void QueueRunner::edit(std::uint64_t id)
{
    const QueueEntry* entry = m_list.find(id);
    if (!entry || entry->state == QueueState::Running)
        return;
    m_controller.state().replaceRequest(m_controller.portable(entry->request), tr("a picture of the queue"));
    m_list.remove(id);
}

void QueueRunner::setPaused(bool paused)
{
    m_whyPaused.clear();
    m_paused = paused;
    Q_EMIT changed();
    startNext();
}

void QueueRunner::pauseBecause(const QString& why)
{
    m_paused = true;
    m_whyPaused = why;
    Q_EMIT changed();
}

void QueueRunner::startNext()
{
    const QueueEntry* next = m_list.firstWaiting();
    if (!next || m_paused || !m_controller.canGenerate() || m_finding.isBusy() || m_turning.isBusy())
        return;
    if (next->take.empty() && next->request.firstPass.empty())
        return begin(next->id, next->request);
    m_turning.ask([entry = *next, folder = m_controller.takesFolder()] { return turnOf(entry, folder); });
}

void QueueRunner::take(const QueueTurn& turn)
{
    const QueueEntry* next = m_list.firstWaiting();
    if (!next || next->id != turn.id || m_paused || !m_controller.canGenerate())
        return startNext(); // the list was changed meanwhile
    switch (turn.kind) {
    case QueueTurn::Kind::Run:
        return begin(turn.id, turn.request);
    case QueueTurn::Kind::GoOn:
        if (!m_controller.services().goOn)
            return begin(turn.id, turn.request);
        m_list.setRunning(turn.id);
        return m_controller.goOnWith(
            next->take,
            [this, turn](const Failure& failure) {
                logWarning("A picture of the queue is made from the start: " + failure.detail);
                begin(turn.id, turn.request);
            },
            savingOf(*next));
    case QueueTurn::Kind::Made:
        settleMade(turn.id, turn.take, std::string(next->take));
        break;
    case QueueTurn::Kind::Wait:
        settleFailure(QueueEntry(*next), *turn.failure);
        break;
    }
    startNext();
}

void QueueRunner::begin(std::uint64_t id, const Request& request)
{
    if (const QueueEntry* entry = m_list.find(id); entry->request.firstPass != request.firstPass) {
        if (request.firstPass.empty())
            missFirstPass(id, request);
        else
            m_list.setRequest(id, request);
    }
    m_list.setTake(id, {});
    m_list.setRunning(id);
    m_controller.run(request, savingOf(*m_list.find(id)));
}

/// The others on the same first pass go on from the one that this entry makes again.
void QueueRunner::missFirstPass(std::uint64_t id, const Request& whole)
{
    const QueueEntry missing = *m_list.find(id);
    const std::string group
        = missing.group.empty() ? "first pass " + missing.request.firstPass : missing.group;
    std::vector<std::uint64_t> together;
    for (const QueueEntry& entry : m_list.entries()) {
        if (entry.group.empty() && entry.request.firstPass == missing.request.firstPass)
            together.push_back(entry.id);
    }
    m_list.together([&] {
        for (const std::uint64_t each : together)
            m_list.setGroup(each, group);
        m_list.setRequest(id, whole);
    });
    m_firstPasses.erase(group);
    Q_EMIT firstPassMissed(id);
}

void QueueRunner::settleMade(
    std::uint64_t id, const std::shared_ptr<const Take>& take, const std::string& keptAs)
{
    ++m_done;
    m_list.remove(id);
    Q_EMIT made(id, take, keptAs);
}

/// A take of the queue may be finished without it: by who was offered to finish what a crash had cut off.
void QueueRunner::finishElsewhere(const std::shared_ptr<const Take>& take)
{
    const std::string keptAs = m_controller.keptAs();
    if (keptAs.empty() || take->ending != Ending::Finished)
        return;
    const auto& entries = m_list.entries();
    const auto found = std::find_if(entries.begin(), entries.end(),
        [&](const QueueEntry& entry) { return entry.take == keptAs && isRunOf(entry, take->plan.request); });
    if (found != entries.end())
        settleMade(std::uint64_t(found->id), take, keptAs);
}

void QueueRunner::finish(const std::shared_ptr<const Take>& take)
{
    if (const QueueEntry* running = m_list.running()) {
        const QueueEntry entry = *running;
        const std::string keptAs = m_controller.keptAs();
        if (!entry.group.empty() && entry.request.firstPass.empty() && !keptAs.empty())
            shareFirstPass(entry.group, keptAs);
        if (take->ending == Ending::Finished) {
            m_lastFailure.clear();
            settleMade(entry.id, take, keptAs);
        } else if (take->ending == Ending::Failed) {
            settleFailure(entry, take->failure.value_or(Failure{}));
        } else {
            settleCancelled(entry);
        }
        m_discard = false;
    } else {
        finishElsewhere(take);
    }
    m_planner.refresh();
    // After everybody has heard of this end.
    QTimer::singleShot(0, this, &QueueRunner::startNext);
}

void QueueRunner::settleFailure(const QueueEntry& entry, const Failure& failure)
{
    ++m_done;
    if (m_discard)
        return m_list.remove(entry.id);
    m_list.setFailed(entry.id, failure);
    Q_EMIT failed(entry.id, failure);
    if (failure.detail == m_lastFailure && m_list.firstWaiting())
        pauseBecause(tr("Two pictures in a row failed for one reason."));
    m_lastFailure = failure.detail;
}

void QueueRunner::settleCancelled(const QueueEntry& entry)
{
    if (m_discard)
        return m_list.remove(entry.id);
    // Who stops a picture wants quiet, not the next one. It can be made again, taken out, or changed.
    m_list.setWaiting(entry.id);
    pauseBecause(tr("The picture was cancelled; it is first in the queue again."));
}

void QueueRunner::shareFirstPass(const std::string& group, const std::string& takeId)
{
    const auto& entries = m_list.entries();
    const bool wanted = std::any_of(entries.begin(), entries.end(),
        [&](const QueueEntry& entry) { return entry.group == group && entry.state != QueueState::Running; });
    if (!wanted)
        return;
    m_finding.ask([group, takeId, folder = m_controller.takesFolder()] {
        FirstPass found{group, {}};
        const auto opened = openTakeStore({folder});
        if (const auto* store = std::get_if<std::shared_ptr<TakeStore>>(&opened)) {
            const Outcome<StoredTake> read = (*store)->read(takeId);
            if (const StoredTake* take = std::get_if<StoredTake>(&read))
                found.path = toStd(pathToQt(take->firstPass));
        }
        return found;
    });
}

QueueTally QueueRunner::tally() const
{
    QueueTally tally{m_done, m_done, 0.0, true};
    std::set<std::string> led;
    for (const QueueEntry& entry : m_list.entries()) {
        if (entry.state == QueueState::Failed)
            continue;
        ++tally.total;
        const bool leads
            = entry.group.empty() || (entry.request.firstPass.empty() && led.insert(entry.group).second);
        const std::optional<double> seconds = secondsFor(entry, leads);
        tally.secondsLeft += seconds.value_or(0.0);
        tally.all = tally.all && seconds.has_value();
    }
    return tally;
}

} // namespace studio::ui
