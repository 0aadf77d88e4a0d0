#include "app/recording_engine.h"

namespace studio {

namespace {

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

Take RecordingEngine::run(const Request& request, const JobContext& context) noexcept
{
    const std::unique_ptr<TakeRecorder> recorder = m_store->record();
    JobContext recorded = context;
    recorded.planned = both<Plan>(*recorder, &TakeRecorder::planned, context.planned);
    recorded.layerFinished = both<Layer>(*recorder, &TakeRecorder::layerFinished, context.layerFinished);
    recorded.firstPassFinished
        = both<Latent>(*recorder, &TakeRecorder::firstPassFinished, context.firstPassFinished);
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
