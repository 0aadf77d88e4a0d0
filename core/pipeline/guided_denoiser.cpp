#include "core/pipeline/guided_denoiser.h"

#include <cmath>

namespace studio::pipeline {

namespace {

/// sqrt(sigma^2 + 1): the norm of clean data of unit variance under this much noise. Rounded to float32 at each step,
/// as the reference does; together with the order of operations below, that makes the latents equal to the bit.
double noisyNorm(double sigma)
{
    const float level = static_cast<float>(sigma);
    return std::sqrt(level * level + 1.0f);
}

/// The UNet's answer with guidance applied, float32.
at::Tensor predict(const DenoiserSetup& setup, const at::Tensor& x, double sigma, double timestep)
{
    at::Tensor input = (x / noisyNorm(sigma)).to(setup.policy.compute);
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
        const float level = static_cast<float>(sigma);
        const at::Tensor denoised = setup.scheduler.prediction == PredictionType::VPrediction
            ? prediction * (-level / static_cast<float>(noisyNorm(sigma))) + x / (level * level + 1.0f)
            : x - prediction * sigma;
        if (setup.evaluated)
            setup.evaluated(denoised);
        return denoised;
    };
}

} // namespace studio::pipeline
