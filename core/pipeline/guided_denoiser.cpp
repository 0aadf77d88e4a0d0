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

/// Whether the negative prompt is asked in this call. A1111's rules: "Skip Early CFG" up to and with its fraction, NGMS
/// in every second call.
bool asksNegative(const DenoiserSetup& setup, int call, double sigma)
{
    const GuidanceSettings& shape = setup.shape;
    const double part = static_cast<double>(call) / setup.calls;
    const bool early = shape.start > 0.0 && part <= shape.start;
    const bool late = shape.end < 1.0 && part >= shape.end;
    const bool low = sigma < shape.skipNegativeBelow && (call % 2 == 1 || shape.skipNegativeInAll);
    return setup.guided && !early && !late && !low;
}

/// The UNet's answers of one call, float32: the prompts' and, if it was asked, the negative prompt's.
struct Answers {
    std::vector<at::Tensor> prompts;
    at::Tensor negative;
};

Answers ask(const DenoiserSetup& setup, const CallConditioning& told, const at::Tensor& x, double sigma,
    double timestep)
{
    const at::Tensor input = (x / noisyNorm(sigma)).to(setup.policy.compute);
    Answers out;
    for (const models::UnetConditioning& batch : told.batches) {
        const std::int64_t rows = batch.addition.size(0);
        const at::Tensor repeated
            = rows == 1 ? input : at::cat(std::vector<at::Tensor>(std::size_t(rows), input));
        const at::Tensor answer = (*setup.unet)(repeated, timestep, batch, setup.checkpoint).to(at::kFloat);
        for (const at::Tensor& row : answer.chunk(rows))
            out.prompts.push_back(row);
    }
    if (told.hasNegative) {
        out.negative = out.prompts.front();
        out.prompts.erase(out.prompts.begin());
    }
    return out;
}

/// Without the negative prompt the first prompt takes its place, and guidance is 1, as in A1111.
at::Tensor combine(const Answers& answers, const std::vector<double>& weights, double guidance)
{
    if (!answers.negative.defined() && answers.prompts.size() == 1)
        return answers.prompts.front();
    const bool guided = answers.negative.defined();
    const at::Tensor& from = guided ? answers.negative : answers.prompts.front();
    at::Tensor sum = from;
    for (std::size_t i = 0; i < answers.prompts.size(); ++i)
        sum = sum + (guided ? guidance : 1.0) * weights[i] * (answers.prompts[i] - from);
    return sum;
}

at::Tensor withoutGuidance(const Answers& answers, const std::vector<double>& weights)
{
    return weights.size() == 1 && weights[0] == 1.0 ? answers.prompts.front()
                                                    : combine(answers, weights, 1.0);
}

/// Lin et al. 2023 (arXiv:2305.08891), equations 14 to 16: guidance's answer with the spread it has without.
at::Tensor rescaled(const at::Tensor& guided, const at::Tensor& unguided, double part)
{
    const at::Tensor same = guided * (unguided.std() / guided.std());
    return part * same + (1.0 - part) * guided;
}

/// From the UNet's answer to the denoised latent.
at::Tensor denoisedFrom(const at::Tensor& prediction, PredictionType type, const at::Tensor& x, double sigma)
{
    if (type != PredictionType::VPrediction)
        return x - prediction * sigma;
    const float level = static_cast<float>(sigma);
    return prediction * (-level / static_cast<float>(noisyNorm(sigma))) + x / (level * level + 1.0f);
}

/// One call of the UNet and what guidance makes of it.
GuidedAnswer evaluate(const DenoiserSetup& setup, const sampling::TrainingSchedule& training, int call,
    const at::Tensor& x, double sigma)
{
    const double timestep = sampling::timestepFor(setup.levels, training, sigma);
    const CallConditioning& told = setup.conditioning->at(call, asksNegative(setup, call, sigma));
    const Answers answers = ask(setup, told, x, sigma, timestep);
    at::Tensor prediction = combine(answers, told.weights, setup.guidance);
    if (setup.shape.rescale > 0.0 && answers.negative.defined())
        prediction = rescaled(prediction, withoutGuidance(answers, told.weights), setup.shape.rescale);
    const PredictionType type = setup.scheduler.prediction;
    GuidedAnswer out{call, denoisedFrom(prediction, type, x, sigma), {}, false};
    if (setup.unconditional)
        out.unconditional
            = answers.negative.defined() ? denoisedFrom(answers.negative, type, x, sigma) : out.denoised;
    return out;
}

} // namespace

sampling::Denoiser guidedDenoiser(DenoiserSetup setup)
{
    const sampling::TrainingSchedule training(setup.scheduler);
    return [setup = std::move(setup), training, count = std::make_shared<int>(0)](
               const at::Tensor& x, double sigma) {
        const int call = (*count)++;
        std::optional<GuidedAnswer> known = setup.known ? setup.known(call) : std::nullopt;
        const GuidedAnswer answer = known ? std::move(*known) : evaluate(setup, training, call, x, sigma);
        if (setup.unconditional)
            *setup.unconditional = answer.unconditional;
        if (setup.answered)
            setup.answered(answer);
        return answer.denoised;
    };
}

} // namespace studio::pipeline
