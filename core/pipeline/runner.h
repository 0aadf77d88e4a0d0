#pragma once

#include "core/api/job_context.h"
#include "core/api/take.h"
#include "core/pipeline/guided_denoiser.h"
#include "core/pipeline/model_store.h"
#include "core/pipeline/resolve.h"
#include "core/pipeline/text_conditioning.h"
#include "core/sampling/noise.h"
#include "core/sampling/samplers.h"

#include <ATen/core/Tensor.h>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace studio::pipeline {

/// Runs a plan, stage by stage, and fills a take as it goes. Each stage reads the result of the stage its `input`
/// names; a result is let go when no later stage reads it. For one run, on one thread.
class Runner {
public:
    /// `take` must outlive the runner; its plan is what runs.
    Runner(Take& take, const Resolved& resolved, const JobContext& context);

    /// To the end of the plan. Throws Cancelled and Error; what was finished by then stands in the take.
    void run();

private:
    /// What a stage leaves for later ones; only some of it is set.
    struct Result {
        at::Tensor latent; // [1, 4, h, w] float32, scaled as the denoiser has it
        std::shared_ptr<const PictureF> picture;
        std::shared_ptr<const Picture8> rounded;      // the picture in 8 bits, if it was wanted or is a layer
        std::shared_ptr<sampling::NoiseStream> noise; // where the random numbers of this chain stand
        std::shared_ptr<EncodedPrompts> text;
    };

    void runStage(std::size_t index);
    Result execute(const PlannedStage& stage);
    Result encodeText(const PlannedStage& stage);
    Result loadPicture(const PlannedStage& stage);
    Result loadLatent(const PlannedStage& stage);
    Result denoise(const PlannedStage& stage);
    Result decode(const PlannedStage& stage);
    Result upscale(const PlannedStage& stage);
    Result encodeImage(const PlannedStage& stage);

    /// `attempt`: one after the first neither reads nor leaves answers, which are the first one's.
    at::Tensor sample(const PlannedStage& stage, const DevicePolicy& policy, const at::Tensor& start,
        sampling::NoiseStream& noise, int attempt);
    sampling::SamplerContext samplerContext(const PlannedStage& stage, sampling::NoiseStream& noise,
        std::optional<sampling::NoiseStream>& ownNoise) const;
    std::optional<GuidedAnswer> knownAnswer(int call, const at::Device& device) const;
    void keepAnswer(const GuidedAnswer& answer, int attempt);
    void noteTiles(const PlannedStage& stage, bool inTiles);
    const Result& input(const PlannedStage& stage) const;
    void keepLayer(const PlannedStage& stage, Result& result);
    void keepLatent(const PlannedStage& stage, const at::Tensor& latent);
    void keepFirstPass(const PlannedStage& stage, const Latent& latent);
    void letGo(std::size_t finished);
    void report(int step, int stepCount);

    Take& m_take;
    const Resolved& m_resolved;
    const JobContext& m_context;
    nn::Checkpoint m_checkpoint;
    std::vector<Result> m_results;
    std::vector<double> m_work; // of each stage, in predicted seconds
    double m_totalWork = 0.0;
    double m_workBefore = 0.0; // of the stages finished
    double m_knownWork = 0.0;  // done by an earlier run, and no measure of this one's pace
    std::size_t m_current = 0;
    int m_evaluations = 0; // of the UNet in the stage that runs
    std::chrono::steady_clock::time_point m_start;
};

} // namespace studio::pipeline
