#include "ui/jobs/queue_planner.h"

#include "ui/jobs/queue_turn.h"

namespace studio::ui {

namespace {

constexpr std::chrono::milliseconds kPatience{50};

} // namespace

QueueForecast forecastOf(const Plan& plan)
{
    QueueForecast forecast;
    forecast.seconds = plan.predictedSeconds;
    for (const PlannedStage& stage : plan.stages) {
        if (stage.layer)
            forecast.size = stage.size; // the last one is what the run is for
        if (stage.kind == StageKind::Denoise && stage.rung < 0)
            forecast.firstPassSeconds += stage.predictedSeconds;
    }
    return forecast;
}

QueuePlanner::QueuePlanner(
    QueueList& list, std::function<std::filesystem::path()> takesFolder, QObject* parent)
    : QObject(parent)
    , m_list(list)
    , m_takesFolder(std::move(takesFolder))
    , m_task(m_lane, kPatience, [this](const Answers& answers) { take(answers); })
{
    m_lane.setMaxThreadCount(1);
    connect(&list, &QueueList::rowsInserted, this, &QueuePlanner::refresh);
}

void QueuePlanner::setEngine(std::shared_ptr<Engine> engine)
{
    m_engine = std::move(engine);
    refresh();
}

void QueuePlanner::refresh()
{
    if (!m_engine)
        return;
    Answers questions;
    for (const QueueEntry& entry : m_list.entries()) {
        if (entry.state == QueueState::Waiting)
            questions.push_back({entry, {}, {}, {}, {}});
    }
    if (!questions.empty())
        m_task.ask([engine = m_engine, questions, folder = m_takesFolder()] {
            return work(*engine, questions, folder);
        });
}

QueuePlanner::Answers QueuePlanner::work(
    Engine& engine, Answers questions, const std::filesystem::path& takesFolder)
{
    for (Answer& each : questions) {
        each.request = onKeptFirstPass(each.entry, takesFolder);
        const Outcome<Plan> outcome = engine.plan(each.request);
        if (const Plan* plan = std::get_if<Plan>(&outcome)) {
            each.forecast = forecastOf(*plan);
            each.planned = plan->request;
        } else if (const Failure* failure = failureOf(outcome)) {
            each.failure = *failure;
        }
    }
    return questions;
}

void QueuePlanner::take(const Answers& answers)
{
    m_list.together([&] {
        for (const Answer& answer : answers)
            take(answer);
    });
}

void QueuePlanner::take(const Answer& answer)
{
    const std::uint64_t id = answer.entry.id;
    const QueueEntry* entry = m_list.find(id);
    if (!entry || entry->state != QueueState::Waiting || !(entry->request == answer.entry.request))
        return;
    if (answer.failure)
        return m_list.setFailed(id, *answer.failure);
    // What has begun is compared with what was planned then.
    if (entry->take.empty())
        m_list.setPlanned(id, answer.planned);
    m_list.setForecast(id, answer.forecast);
}

} // namespace studio::ui
