#pragma once

#include "core/api/engine.h"
#include "tests/support/oracle.h"

#include <ATen/ATen.h>
#include <QtGlobal>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

extern "C" studio::Engine* studioMakeEngine(const studio::EngineOptions* options);

namespace studio::testing {

/// As the reference was made: in one thread, for the networks are tiny.
inline EngineOptions smallOptions()
{
    EngineOptions options;
    options.vocabulary = STUDIO_VOCABULARY;
    options.threads = 1;
    return options;
}

inline std::unique_ptr<Engine> makeEngine(const EngineOptions& options = smallOptions())
{
    return std::unique_ptr<Engine>(studioMakeEngine(&options));
}

/// Throws if there is none.
inline Plan planOf(Engine& engine, const Request& request)
{
    const Outcome<Plan> plan = engine.plan(request);
    if (const Failure* failure = failureOf(plan))
        qWarning("%s", failure->detail.c_str());
    return std::get<Plan>(plan);
}

inline Take runBy(Engine& engine, const Request& request)
{
    Take take = engine.run(request, {});
    if (take.failure)
        qWarning("%s", take.failure->detail.c_str());
    return take;
}

/// [1, 4, H/8, W/8].
inline at::Tensor tensorOf(const Latent& latent)
{
    return at::tensor(at::ArrayRef<float>(latent.values))
        .reshape({1, latent.shape[0], latent.shape[1], latent.shape[2]});
}

/// A picture of 64x64 in 10 steps by a tiny model; the second pass makes it 96x96 in 10 steps.
inline Request smallRequest()
{
    Request request;
    request.prompt = "a lighthouse";
    request.seed = 5;
    request.sampling.steps = 10;
    request.standard.size = request.simple.base = request.hires.base = Extent{64, 64};
    request.hires.rungs[0].target = Extent{96, 96};
    request.hires.rungs[0].steps = 10;
    request.hires.rungs[0].meaning = StrengthMeaning::A1111;
    request.models.base = tinyModel("tiny_base").string();
    return request;
}

/// A picture of 64x64 in 4 steps by both tiny models; the second pass makes it 96x96 in 10 steps.
inline Request smallRequest(Mode mode)
{
    Request request = smallRequest();
    request.mode = mode;
    request.sampling.steps = 4;
    request.hires.rungs[0].meaning = Rung{}.meaning;
    request.models.refiner = tinyModel("tiny_refiner").string();
    return request;
}

/// The folder of the reference's adapters.
inline std::filesystem::path adapterFolder()
{
    return std::filesystem::path(STUDIO_SOURCE_DIR) / "tests/oracle/adapters";
}

inline AdapterChoice adapter(const std::string& name, double weight = 1.0)
{
    AdapterChoice choice;
    choice.name = name;
    choice.unet = choice.textEncoder = weight;
    return choice;
}

inline bool says(const std::vector<std::string>& sentences, const std::string& part)
{
    return std::ranges::any_of(
        sentences, [&](const std::string& sentence) { return sentence.find(part) != std::string::npos; });
}

} // namespace studio::testing
