#include "app/take_services.h"

#include "app/recording_engine.h"

namespace studio {

namespace {

std::shared_ptr<RecordingEngine> recordingEngine(
    std::shared_ptr<Engine> engine, const TakeStoreSettings& place, ui::TakeListener listener)
{
    return std::make_shared<RecordingEngine>(
        std::move(engine), [place] { return openTakeStore(place); },
        RecordingEngine::Listener{
            std::move(listener.notKept), std::move(listener.kept), std::move(listener.begun)});
}

} // namespace

std::shared_ptr<Engine> keepTakes(
    std::shared_ptr<Engine> engine, const TakeStoreSettings& place, ui::TakeListener listener)
{
    return recordingEngine(std::move(engine), place, std::move(listener));
}

Outcome<ui::Continuation> goOnWithTake(std::shared_ptr<Engine> engine, const TakeStoreSettings& place,
    const std::string& id, ui::TakeListener listener)
{
    const auto recording = recordingEngine(std::move(engine), place, std::move(listener));
    const Outcome<Request> found = recording->goOnWith(id);
    if (const Failure* failure = failureOf(found))
        return *failure;
    return ui::Continuation{recording, std::get<Request>(found)};
}

} // namespace studio
