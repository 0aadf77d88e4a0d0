#include "ui/jobs/sweep_run.h"

#include "ui/convert/strings.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"

#include <QUuid>

#include <algorithm>

namespace studio::ui {

SweepRun::SweepRun(SweepSetup setup, StudioController& controller, QObject* parent)
    : QObject(parent)
    , m_stored{std::move(setup), toStd(QUuid::createUuid().toString(QUuid::WithoutBraces)), {}}
    , m_controller(controller)
{
    std::vector<QueueEntry> entries;
    for (Request& request : sweepRequests(m_stored.setup)) {
        QueueEntry entry;
        entry.request = request;
        entry.group = m_stored.group;
        entry.takeOnly = true;
        entries.push_back(std::move(entry));
        m_cells.push_back({std::move(request)});
    }
    listen();
    const std::vector<std::uint64_t> ids = controller.queue().add(std::move(entries));
    for (std::size_t i = 0; i < ids.size(); ++i)
        m_cells[i].entry = ids[i];
    follow();
}

SweepRun::SweepRun(StoredSweep stored, StudioController& controller, QObject* parent)
    : QObject(parent)
    , m_stored(std::move(stored))
    , m_controller(controller)
{
    for (Request& request : sweepRequests(m_stored.setup))
        m_cells.push_back({std::move(request)});
    findEntries();
    listen();
    follow();
}

void SweepRun::listen()
{
    QueueRunner& queue = m_controller.queue();
    connect(&queue, &QueueRunner::made, this,
        [this](std::uint64_t entry, const std::shared_ptr<const Take>& take, const std::string& keptAs) {
            finish(entry, *take, keptAs);
        });
    connect(&queue, &QueueRunner::failed, this, [this](std::uint64_t entry, const Failure& failure) {
        change(cellOf(entry), [&](SweepCell& cell) {
            cell.state = SweepState::Failed;
            cell.why = toQt(failure.detail);
        });
    });
    connect(&queue, &QueueRunner::changed, this, &SweepRun::follow);
}

/// The entries of this sweep that an earlier session left in the queue.
void SweepRun::findEntries()
{
    for (const QueueEntry& entry : m_controller.queue().list().entries()) {
        if (entry.group != m_stored.group)
            continue;
        if (const int cell = sweepCellOf(m_stored.setup, entry.request); cell >= 0)
            m_cells[static_cast<std::size_t>(cell)].entry = entry.id;
    }
}

void SweepRun::addFinished(int index, std::shared_ptr<const Picture8> picture)
{
    m_size = picture->size;
    change(index, [&](SweepCell& cell) {
        cell.state = SweepState::Done;
        cell.picture = std::move(picture);
    });
}

void SweepRun::setFirstPass(const std::string& path)
{
    for (SweepCell& cell : m_cells)
        cell.request.firstPass = path;
}

int SweepRun::count(SweepState state) const
{
    return static_cast<int>(std::count_if(
        m_cells.begin(), m_cells.end(), [state](const SweepCell& cell) { return cell.state == state; }));
}

int SweepRun::cellOf(std::uint64_t entry) const
{
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        if (m_cells[i].entry == entry)
            return static_cast<int>(i);
    }
    return -1;
}

template <class Change> void SweepRun::change(int cell, Change&& change)
{
    if (cell < 0 || cell >= static_cast<int>(m_cells.size()))
        return;
    change(m_cells[static_cast<std::size_t>(cell)]);
    Q_EMIT cellChanged(cell);
}

/// What became of entries that wait, run, or were taken out.
void SweepRun::follow()
{
    const QueueList& list = m_controller.queue().list();
    const Extent before = m_size;
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        SweepCell& cell = m_cells[i];
        if (cell.state == SweepState::Done)
            continue;
        const QueueEntry* entry = list.find(cell.entry);
        const SweepState state = !entry           ? SweepState::Removed
            : entry->state == QueueState::Running ? SweepState::Running
            : entry->state == QueueState::Failed  ? SweepState::Failed
                                                  : SweepState::Waiting;
        if (entry && entry->forecast && entry->forecast->size.isSet())
            m_size = entry->forecast->size;
        const double fraction = entry ? entry->fraction : 0.0;
        const QString why = entry && entry->failure ? toQt(entry->failure->detail) : QString();
        if (state == cell.state && fraction == cell.fraction && why == cell.why)
            continue;
        cell.state = state;
        cell.fraction = fraction;
        cell.why = why;
        Q_EMIT cellChanged(static_cast<int>(i));
    }
    if (!(m_size == before))
        Q_EMIT cellChanged(0); // all of them have a shape now
}

void SweepRun::finish(std::uint64_t entry, const Take& take, const std::string& keptAs)
{
    const int index = cellOf(entry);
    const Layer* layer = take.mainLayer();
    if (index < 0 || !layer)
        return;
    addFinished(index, layer->picture);
    if (!keptAs.empty() && m_stored.takes.insert(keptAs).second)
        Q_EMIT kept();
}

void SweepRun::tryAgain(int index)
{
    SweepCell& cell = m_cells.at(static_cast<std::size_t>(index));
    QueueRunner& queue = m_controller.queue();
    if (cell.state == SweepState::Failed)
        return queue.tryAgain(cell.entry);
    if (cell.state != SweepState::Removed)
        return;
    QueueEntry entry;
    entry.request = cell.request;
    entry.group = m_stored.group;
    entry.takeOnly = true;
    // Its id is known before the queue speaks of it.
    cell.state = SweepState::Waiting;
    cell.entry = 0;
    cell.entry = queue.add({entry}).front();
    follow();
}

} // namespace studio::ui
