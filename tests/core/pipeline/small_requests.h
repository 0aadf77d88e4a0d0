#pragma once

#include "core/api/engine.h"
#include "tests/support/oracle.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>
#include <vector>

extern "C" studio::Engine* studioMakeEngine(const studio::EngineOptions* options);

namespace studio::testing {

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

inline bool says(const std::vector<std::string>& sentences, const std::string& part)
{
    return std::ranges::any_of(
        sentences, [&](const std::string& sentence) { return sentence.find(part) != std::string::npos; });
}

} // namespace studio::testing
