#include "core/pipeline/guided_denoiser.h"

#include <cmath>

namespace studio::pipeline {

namespace {

/// The UNet's answer with guidance applied, float32.
at::Tensor predict(const DenoiserSetup& setup, const at::Tensor& x, double sigma, double timestep)
{
    at::Tensor input = (x / std::sqrt(sigma * sigma + 1.0)).to(setup.policy.compute);
    const bool guided = setup.guidance > 1.0;
    if (guided)
        input = at::cat({input, input});
    const at::Tensor output
        = (*setup.unet)(input, timestep, setup.conditioning, setup.checkpoint).to(at::kFloat);
    if (!guided)
        return output;
    const std::vector<at::Tensor> halves = output.chunk(2);
    return halves[0] + setup.guidance * (halves[1] - halves[0]);
}

} // namespace

sampling::Denoiser guidedDenoiser(DenoiserSetup setup)
{
    const sampling::TrainingSchedule training(setup.scheduler);
    return [setup = std::move(setup), training](const at::Tensor& x, double sigma) {
        const double timestep = sampling::timestepFor(setup.levels, training, sigma);
        const at::Tensor prediction = predict(setup, x, sigma, timestep);
        const double variance = sigma * sigma + 1.0;
        const at::Tensor denoised = setup.scheduler.prediction == PredictionType::VPrediction
            ? x / variance - prediction * (sigma / std::sqrt(variance))
            : x - prediction * sigma;
        if (setup.evaluated)
            setup.evaluated(denoised);
        return denoised;
    };
}

} // namespace studio::pipeline
