// How long a run takes to end after Cancel, as a share of one step. Every cancel comes at another point of a step.
//
//   bench_cancel [MODEL [SIZE [CANCELS]]]      (the built-in model, 512, 12)

#include "core/api/engine.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

using namespace studio;
using Clock = std::chrono::steady_clock;

namespace {

double since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

Request requestFor(const std::string& model, int size)
{
    Request request;
    request.prompt = "a beautiful sunset over mountains";
    request.seed = 1;
    request.sampling.steps = 2;
    request.standard.size = Extent{size, size};
    request.models.base = model;
    request.execution.device = "cpu";
    return request;
}

/// Seconds of the second step of an undisturbed run; the first pays for what is made once.
double secondsOfAStep(Engine& engine, const Request& request)
{
    std::vector<Clock::time_point> steps;
    JobContext context;
    context.report = [&](const Progress& progress) {
        if (progress.stepCount == 2 && progress.step == static_cast<int>(steps.size()))
            steps.push_back(Clock::now());
    };
    const Take take = engine.run(request, context);
    if (take.failure || steps.size() != 3) {
        std::cerr << (take.failure ? take.failure->detail : "The run reported other steps than two.") << '\n';
        std::exit(1);
    }
    return std::chrono::duration<double>(steps[2] - steps[1]).count();
}

/// Cancels `delay` seconds after the denoiser began, and measures from there to the end of the run.
double secondsToCancel(Engine& engine, const Request& request, double delay)
{
    std::mutex lock;
    std::condition_variable changed;
    bool started = false;
    std::stop_source stop;
    JobContext context;
    context.stop = stop.get_token();
    context.report = [&](const Progress& progress) {
        if (progress.stepCount != 2)
            return;
        const std::lock_guard guard(lock);
        started = true;
        changed.notify_one();
    };
    Clock::time_point asked, ended;
    std::thread worker([&] {
        const Take take = engine.run(request, context);
        ended = Clock::now();
        if (take.ending != Ending::Cancelled)
            std::cerr << "The run had ended before it was cancelled.\n";
    });
    {
        std::unique_lock guard(lock);
        changed.wait(guard, [&] { return started; });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(delay));
    asked = Clock::now();
    stop.request_stop();
    worker.join();
    return std::chrono::duration<double>(ended - asked).count();
}

} // namespace

int main(int argc, char** argv)
{
    const std::string model = argc > 1 ? argv[1] : STUDIO_SOURCE_DIR "/resources/demo_model";
    const int size = argc > 2 ? std::atoi(argv[2]) : 512;
    const int cancels = argc > 3 ? std::atoi(argv[3]) : 12;

    EngineOptions options;
    options.demoModel = STUDIO_SOURCE_DIR "/resources/demo_model";
    options.vocabulary = STUDIO_VOCABULARY;
    const auto opened = openEngine(options);
    if (const Failure* failure = failureOf(opened)) {
        std::cerr << failure->detail << '\n';
        return 1;
    }
    const auto engine = std::get<std::shared_ptr<Engine>>(opened);
    const Request request = requestFor(model, size);
    const auto begun = Clock::now();
    const double step = secondsOfAStep(*engine, request);
    std::cout << "a whole run " << since(begun) << " s, one step " << step << " s\n";
    std::vector<double> shares;
    for (int n = 0; n < cancels; ++n) {
        const double phase = (n + 0.5) / cancels;
        const double seconds = secondsToCancel(*engine, request, phase * step);
        shares.push_back(seconds / step);
        std::cout << "cancelled at " << phase << " of a step: " << seconds * 1000 << " ms, 1/"
                  << step / seconds << " of a step" << std::endl;
    }
    std::sort(shares.begin(), shares.end());
    std::cout << "median 1/" << 1 / shares[shares.size() / 2] << ", longest 1/" << 1 / shares.back()
              << " of a step\n";
    return 0;
}
