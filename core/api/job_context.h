#pragma once

#include "core/api/take.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace studio {

struct Progress {
    int stage = 0;           ///< index into Plan::stages
    int step = 0;            ///< finished steps of this stage, 0..stepCount
    int stepCount = 0;       ///< 0: the stage has no steps
    double fraction = 0.0;   ///< of the whole plan, 0..1, never falls
    double secondsLeft = -1; ///< of the whole plan; negative: not known yet
};

/// A rough look at the latent after a step: 1/8 of the picture's size, sRGB.
struct Preview {
    int stage = 0;
    int step = 0;
    Picture8 picture;
};

/// What the denoiser answered in one call. With all of them a run that was cut off can go on: its sampler is walked
/// through the same calls again, without the network, and comes to where it stood, to the bit.
struct DenoiserAnswer {
    int stage = 0; ///< index into Plan::stages
    int call = 0;  ///< within the stage, from 0
    Latent denoised;
    Latent unconditional; ///< the answer without the prompt; empty unless the sampler asks for it

    bool operator==(const DenoiserAnswer&) const = default;
};

/// The two ends of a running job, with std only. The functions are called on the thread that runs the job; each may
/// be empty. A caller in another thread asks for the end through `stop`.
struct JobContext {
    std::stop_token stop;
    int threads = 0; ///< of the processor, for this run; 0: as many as the engine was opened with
    std::function<void(const Progress&)> report;
    std::function<void(const Preview&)> preview;
    std::function<void(const Layer&)> layerFinished;
    std::function<void(const Plan&)> planned;
    /// The latent that hires rungs start from, as soon as its pass is over. Not called if the run has none.
    std::function<void(const Latent&)> firstPassFinished;
    /// After each call of the denoiser that the network answered.
    std::function<void(const DenoiserAnswer&)> answered;
    /// The answer of a call from an earlier run of the very same plan; nothing: ask the network.
    std::function<std::optional<DenoiserAnswer>(int stage, int call)> knownAnswer;

    /// Throws Cancelled if the end was asked for. Called between the blocks of every network and between tiles.
    void checkpoint() const
    {
        if (stop.stop_requested())
            throw Cancelled{};
    }
};

} // namespace studio
