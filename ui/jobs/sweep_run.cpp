#include "ui/jobs/sweep_run.h"

#include "ui/convert/strings.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"

#include <QUuid>

#include <algorithm>

namespace studio::ui {

namespace {

/// Without what a sheet does not show: a sweep has many pictures, and their float ones are five times as large.
std::shared_ptr<const Take> lightened(const Take& take)
{
    auto light = std::make_shared<Take>(take);
    for (Layer& layer : light->layers)
        layer.precise.reset();
    light->finalLatent = {};
    light->firstPassLatent = {};
    return light;
}

} // namespace

SweepRun::SweepRun(SweepSetup setup, StudioController& controller, QObject* parent)
    : QObject(parent)
    , m_setup(std::move(setup))
    , m_controller(controller)
    , m_group(toStd(QUuid::createUuid().toString(QUuid::WithoutBraces)))
{
    std::vector<QueueEntry> entries;
    for (Request& request : sweepRequests(m_setup)) {
        QueueEntry entry;
        entry.request = request;
        entry.group = m_group;
        entries.push_back(std::move(entry));
        m_cells.push_back({std::move(request)});
    }
    QueueRunner& queue = controller.queue();
    connect(&queue, &QueueRunner::made, this,
        [this](std::uint64_t entry, const std::shared_ptr<const Take>& take) { finish(entry, take); });
    connect(&queue, &QueueRunner::failed, this, [this](std::uint64_t entry, const Failure& failure) {
        change(cellOf(entry), [&](SweepCell& cell) {
            cell.state = SweepState::Failed;
            cell.why = toQt(failure.detail);
        });
    });
    const std::vector<std::uint64_t> ids = queue.add(std::move(entries));
    for (std::size_t i = 0; i < ids.size(); ++i)
        m_cells[i].entry = ids[i];
    connect(&queue, &QueueRunner::changed, this, &SweepRun::follow);
    follow();
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
}

void SweepRun::finish(std::uint64_t entry, const std::shared_ptr<const Take>& take)
{
    const Layer* layer = take->mainLayer();
    change(cellOf(entry), [&](SweepCell& cell) {
        cell.state = SweepState::Done;
        cell.take = lightened(*take);
        cell.picture = layer ? layer->picture : nullptr;
        if (layer)
            m_size = layer->size;
    });
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
    entry.group = m_group;
    // Its id is known before the queue speaks of it.
    cell.state = SweepState::Waiting;
    cell.entry = 0;
    cell.entry = queue.add({entry}).front();
    follow();
}

} // namespace studio::ui
