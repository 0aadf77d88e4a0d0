#include "app/recording_engine.h"

namespace studio {

namespace {

/// Whether two plans come to the same picture, step by step. Hashes are known of plans that ran only; whether the files
/// are the same is the store's to say.
bool runsTheSame(Plan a, Plan b)
{
    for (Plan* plan : {&a, &b})
        for (PlannedStage& stage : plan->stages) {
            stage.predictedSeconds = 0.0;
            stage.predictedPeakBytes = 0;
            stage.label.clear();
            stage.modelHash.clear();
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
    : RecordingEngine(std::move(engine), [store = std::move(store)] { return store; }, {})
{ }

RecordingEngine::RecordingEngine(std::shared_ptr<Engine> engine, OpenStore openStore, Listener listener)
    : m_engine(std::move(engine))
    , m_openStore(std::move(openStore))
    , m_listener(std::move(listener))
{ }

Outcome<Request> RecordingEngine::goOnWith(const std::string& takeId)
{
    const Outcome<std::shared_ptr<TakeStore>> opened = m_openStore();
    if (const Failure* failure = failureOf(opened))
        return *failure;
    const auto store = std::get<std::shared_ptr<TakeStore>>(opened);
    Outcome<UnfinishedRun> found = store->goOn(takeId);
    if (const Failure* failure = failureOf(found))
        return *failure;
    auto& unfinished = std::get<UnfinishedRun>(found);
    const Outcome<Plan> plan = m_engine->plan(unfinished.plan.request);
    if (const Failure* failure = failureOf(plan))
        return *failure;
    if (!runsTheSame(std::get<Plan>(plan), unfinished.plan))
        return Failure{ErrorKind::BadInput,
            "Take " + takeId
                + " would not be made as it was begun: the device, a folder of models or the program has "
                  "changed since. Run its request again."};
    m_unfinished.reset(); // before its store
    m_storeOfUnfinished = store;
    m_unfinished = std::move(unfinished);
    return m_unfinished->plan.request;
}

Take RecordingEngine::run(const Request& request, const JobContext& context) noexcept
{
    const Outcome<std::shared_ptr<TakeStore>> opened = m_openStore();
    if (const auto* store = std::get_if<std::shared_ptr<TakeStore>>(&opened))
        return recorded(**store, request, context);
    Take take = m_engine->run(request, context);
    if (const Failure* failure = failureOf(opened))
        sayNotKept(take, *failure);
    return take;
}

Take RecordingEngine::recorded(TakeStore& store, const Request& request, const JobContext& context)
{
    JobContext recorded = context;
    std::unique_ptr<TakeRecorder> recorder;
    if (m_unfinished && m_unfinished->plan.request == request) {
        recorder = std::move(m_unfinished->recorder);
        recorded.knownAnswer = std::move(m_unfinished->knownAnswer);
        recorded.threads = m_unfinished->plan.threads;
        m_unfinished.reset();
    } else {
        recorder = store.record();
    }
    recorded.planned
        = [&, show = both<Plan>(*recorder, &TakeRecorder::planned, context.planned)](const Plan& plan) {
              show(plan);
              if (m_listener.begun && !recorder->id().empty())
                  m_listener.begun(recorder->id());
          };
    recorded.layerFinished = both<Layer>(*recorder, &TakeRecorder::layerFinished, context.layerFinished);
    recorded.firstPassFinished
        = both<Latent>(*recorder, &TakeRecorder::firstPassFinished, context.firstPassFinished);
    recorded.answered = both<DenoiserAnswer>(*recorder, &TakeRecorder::answered, context.answered);
    Take take = m_engine->run(request, recorded);
    recorder->finish(take);
    if (recorder->failure())
        sayNotKept(take, *recorder->failure());
    else if (!recorder->id().empty())
        take.notes.push_back("Kept as take " + recorder->id() + ".");
    if (m_listener.kept && !recorder->id().empty())
        m_listener.kept(recorder->id());
    return take;
}

void RecordingEngine::sayNotKept(Take& take, const Failure& failure)
{
    m_keptEverything = false;
    take.notes.push_back("The take is not complete on the disk: " + failure.detail);
    if (m_listener.notKept)
        m_listener.notKept(failure);
}

} // namespace studio
