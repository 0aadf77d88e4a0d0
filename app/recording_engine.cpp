#include "app/recording_engine.h"

namespace studio {

namespace {

/// Whether two plans come to the same picture, step by step.
bool runsTheSame(Plan a, Plan b)
{
    for (Plan* plan : {&a, &b})
        for (PlannedStage& stage : plan->stages) {
            stage.predictedSeconds = 0.0;
            stage.predictedPeakBytes = 0;
            stage.label.clear();
        }
    return a.stages == b.stages && a.device == b.device && a.precision == b.precision;
}

/// The caller's function after the recorder's: what is shown lies on the disk already.
template <class Value>
std::function<void(const Value&)> both(
    TakeRecorder& recorder, void (TakeRecorder::*keep)(const Value&), std::function<void(const Value&)> then)
{
    return [&recorder, keep, then = std::move(then)](const Value& value) {
        (recorder.*keep)(value);
        if (then)
            then(value);
    };
}

} // namespace

RecordingEngine::RecordingEngine(std::shared_ptr<Engine> engine, std::shared_ptr<TakeStore> store)
    : m_engine(std::move(engine))
    , m_store(std::move(store))
{ }

Outcome<Request> RecordingEngine::goOnWith(const std::string& takeId)
{
    Outcome<UnfinishedRun> found = m_store->goOn(takeId);
    if (const Failure* failure = failureOf(found))
        return *failure;
    auto& unfinished = std::get<UnfinishedRun>(found);
    const Outcome<Plan> plan = m_engine->plan(unfinished.plan.request);
    if (const Failure* failure = failureOf(plan))
        return *failure;
    if (!runsTheSame(std::get<Plan>(plan), unfinished.plan))
        return Failure{ErrorKind::BadInput,
            "Take " + takeId
                + " would not be made as it was begun: a model, the device or the program has changed since. "
                  "Run "
                  "its request again."};
    m_unfinished = std::move(unfinished);
    return m_unfinished->plan.request;
}

Take RecordingEngine::run(const Request& request, const JobContext& context) noexcept
{
    JobContext recorded = context;
    std::unique_ptr<TakeRecorder> recorder;
    if (m_unfinished && m_unfinished->plan.request == request) {
        recorder = std::move(m_unfinished->recorder);
        recorded.knownAnswer = std::move(m_unfinished->knownAnswer);
        m_unfinished.reset();
    } else {
        recorder = m_store->record();
    }
    recorded.planned = both<Plan>(*recorder, &TakeRecorder::planned, context.planned);
    recorded.layerFinished = both<Layer>(*recorder, &TakeRecorder::layerFinished, context.layerFinished);
    recorded.firstPassFinished
        = both<Latent>(*recorder, &TakeRecorder::firstPassFinished, context.firstPassFinished);
    recorded.answered = both<DenoiserAnswer>(*recorder, &TakeRecorder::answered, context.answered);
    Take take = m_engine->run(request, recorded);
    recorder->finish(take);
    if (recorder->failure()) {
        m_keptEverything = false;
        take.notes.push_back("The take is not complete on the disk: " + recorder->failure()->detail);
    } else if (!recorder->id().empty()) {
        take.notes.push_back("Kept as take " + recorder->id() + ".");
    }
    return take;
}

} // namespace studio
