#include "stored_takes.h"

#include "app/take_services.h"
#include "fake_engine.h"

namespace studio::test {

Request smallRequest(const std::string& prompt, std::uint64_t seed, Mode mode)
{
    Request request;
    request.prompt = prompt;
    request.seed = seed;
    request.mode = mode;
    request.sampling.steps = 4;
    request.standard.size = Extent{96, 96};
    request.simple.base = Extent{64, 64};
    request.hires.base = Extent{64, 64};
    request.hires.rungs.front().target = Extent{128, 128};
    request.hires.rungs.front().strength = 0.5;
    request.hires.rungs.front().steps = 8;
    return request;
}

std::string storeTake(const std::filesystem::path& folder, const Request& request)
{
    std::string id;
    const auto engine = keepTakes(std::make_shared<FakeEngine>(std::chrono::milliseconds(0)), {folder},
        {{}, [&id](const std::string& kept) { id = kept; }});
    engine->run(request, {});
    return id;
}

std::string storeCutOffTake(const std::filesystem::path& folder, const Request& request, int answers)
{
    TakeStoreSettings settings{folder};
    settings.answersEvery = std::chrono::milliseconds(0); // each at once
    const auto store = std::get<std::shared_ptr<TakeStore>>(openTakeStore(settings));
    const std::unique_ptr<TakeRecorder> recorder = store->record();
    FakeEngine engine(std::chrono::milliseconds(0));
    std::stop_source stop;
    JobContext context;
    context.stop = stop.get_token();
    context.planned = [&](const Plan& plan) {
        recorder->planned(plan);
        int left = answers;
        for (std::size_t i = 0; i < plan.stages.size(); ++i) {
            const int calls = std::min(plan.stages[i].evaluations, left);
            for (int call = 0; call < calls; ++call)
                recorder->answered({static_cast<int>(i), call, {{4, 1, 1}, {1, 2, 3, 4}}, {}});
            left -= calls;
        }
    };
    context.firstPassFinished = [&](const Latent& latent) { recorder->firstPassFinished(latent); };
    context.layerFinished = [&](const Layer& layer) {
        recorder->layerFinished(layer);
        stop.request_stop();
    };
    engine.run(request, context);
    return recorder->id(); // and nobody calls finish()
}

std::shared_ptr<TakeStore> openStore(const std::filesystem::path& folder)
{
    return std::get<std::shared_ptr<TakeStore>>(openTakeStore({folder}));
}

} // namespace studio::test
