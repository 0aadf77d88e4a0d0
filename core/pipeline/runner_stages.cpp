#include "core/api/picture_file.h"
#include "core/base/error.h"
#include "core/image/rounding.h"
#include "core/pipeline/autoencode.h"
#include "core/pipeline/picture_tensor.h"
#include "core/pipeline/preview.h"
#include "core/pipeline/runner.h"

#include <algorithm>
#include <limits>

// What each kind of stage does; runner.cpp says when.

namespace studio::pipeline {

namespace {

/// How many of `evaluations` make `done` finished steps of `steps`.
int stepOf(int done, int steps, int evaluations)
{
    return evaluations == 0 ? 0 : std::min(steps, done * steps / evaluations);
}

bool isFinite(const at::Tensor& values)
{
    return at::isfinite(values).all().item<bool>();
}

/// Every pass of a run works on latents of one autoencoder, so the base's map to colours holds for a second pass whose
/// model brings none; SDXL's own would show another autoencoder's latents in false colours.
const ModelDefaults& previewMap(const LoadedModel& model, const LoadedModel& base)
{
    const ModelDefaults& own = model.files().defaults;
    return own.latentToRgb ? own : base.files().defaults;
}

} // namespace

Runner::Result Runner::encodeText(const PlannedStage& stage)
{
    LoadedModel& model = modelOf(m_resolved, stage);
    const auto first = model.apply(Component::TextEncoder, stage.adapters, m_resolved.policy);
    const auto second = model.apply(Component::TextEncoder2, stage.adapters, m_resolved.policy);
    Result result;
    result.text = std::make_shared<EncodedPrompts>(
        encodePrompts(model, stage, m_take.plan.request.prompts, m_resolved.policy, m_checkpoint));
    return result;
}

Runner::Result Runner::loadPicture(const PlannedStage& stage)
{
    const Outcome<LoadedPicture> loaded = studio::loadPicture(m_take.plan.request.initPicture);
    if (const Failure* failure = failureOf(loaded))
        throw Error(failure->kind, failure->detail);
    Result result;
    result.rounded = std::make_shared<Picture8>(cropped(std::get<LoadedPicture>(loaded).picture, stage.size));
    result.picture = std::make_shared<PictureF>(toFloat(*result.rounded));
    return result;
}

Runner::Result Runner::loadLatent(const PlannedStage& stage)
{
    const Latent& stored = m_resolved.firstPass->latent;
    Result result;
    result.latent = toTensor(stored);
    keepFirstPass(stage, stored);
    return result;
}

at::Tensor Runner::sample(const PlannedStage& stage, const DevicePolicy& policy, const at::Tensor& start,
    sampling::NoiseStream& noise, int attempt)
{
    LoadedModel& model = modelOf(m_resolved, stage);
    const Request& request = m_take.plan.request;
    const sampling::SamplerInfo& sampler = sampling::samplerById(stage.sampler);
    const models::Unet& unet = model.unet(policy);
    const auto adapters = model.apply(Component::Unet, stage.adapters, policy);
    DenoiserSetup setup;
    setup.unet = &unet;
    const bool isRefiner = model.files().pipeline.isRefiner;
    const auto sizes = [&](bool ofNegativePrompt) {
        return sizeNumbers(request.conditioning, stage.size, isRefiner, ofNegativePrompt);
    };
    setup.conditioning = std::make_shared<PassConditioning>(
        unet, *m_results[std::size_t(stage.text)].text, sizes(false), sizes(true), policy);
    setup.guided = stage.guided;
    setup.guidance = stage.guidance;
    setup.shape = request.sampling.guidanceShape;
    setup.calls = stage.steps * sampler.evaluationsPerStep;
    if (sampler.readsUnconditional)
        setup.unconditional = std::make_shared<at::Tensor>();
    setup.scheduler = model.files().scheduler;
    setup.levels = {stage.sigmas, stage.timesteps, stage.initialScale};
    setup.policy = policy;
    setup.checkpoint = m_checkpoint;
    if (m_context.knownAnswer && attempt == 0)
        setup.known = [&](int call) { return knownAnswer(call, policy.device); };
    setup.answered = [&](const GuidedAnswer& answer) {
        keepAnswer(answer, attempt);
        const int step = stepOf(answer.call + 1, stage.steps, stage.evaluations);
        report(step, stage.steps);
        if (m_context.preview)
            m_context.preview(
                {int(m_current), step, previewOf(answer.denoised, previewMap(model, *m_resolved.base))});
    };
    const sampling::TrainingSchedule training(setup.scheduler);
    std::optional<sampling::NoiseStream> ownNoise;
    sampling::SamplerContext context = samplerContext(stage, noise, ownNoise);
    context.training = &training;
    if (setup.unconditional)
        context.unconditional = [answer = setup.unconditional] { return *answer; };
    return sampler.function(guidedDenoiser(std::move(setup)), start.to(policy.device), stage.sigmas, context)
        .to(at::kCPU);
}

std::optional<GuidedAnswer> Runner::knownAnswer(int call, const at::Device& device) const
{
    m_context.checkpoint();
    const std::optional<DenoiserAnswer> found = m_context.knownAnswer(int(m_current), call);
    if (!found)
        return std::nullopt;
    GuidedAnswer answer{call, toTensor(found->denoised).to(device), {}, true};
    if (!found->unconditional.values.empty())
        answer.unconditional = toTensor(found->unconditional).to(device);
    return answer;
}

void Runner::keepAnswer(const GuidedAnswer& answer, int attempt)
{
    if (answer.known) {
        m_knownWork += m_work[m_current] / m_take.plan.stages[m_current].evaluations;
        return;
    }
    ++m_evaluations;
    if (m_context.answered && attempt == 0 && isFinite(answer.denoised))
        m_context.answered({int(m_current), answer.call, toLatent(answer.denoised),
            answer.unconditional.defined() ? toLatent(answer.unconditional) : Latent{}});
}

/// What is turned on a sampler. Draws on the way go on with the pass's stream, or come from one of their own, made in
/// `ownNoise`, if the request shifts their seed; Brownian paths keep to the picture's seed, as in A1111.
sampling::SamplerContext Runner::samplerContext(const PlannedStage& stage, sampling::NoiseStream& noise,
    std::optional<sampling::NoiseStream>& ownNoise) const
{
    const Request& request = m_take.plan.request;
    const SamplerSettings& tuning = request.sampling.tuning;
    if (tuning.noiseSeedDelta != 0)
        ownNoise.emplace(request.noise, *request.seed + tuning.noiseSeedDelta);
    sampling::SamplerContext context{ownNoise ? *ownNoise : noise};
    context.options = {.eta = tuning.eta,
        .noiseScale = tuning.noiseScale,
        .churn = tuning.churn,
        .churnFrom = tuning.churnFrom,
        .churnTo = tuning.churnTo.value_or(std::numeric_limits<double>::infinity())};
    context.brownianSeed = noise.seed();
    context.brownianMax = stage.largestSigma;
    context.brownianMin = stage.smallestSigma;
    return context;
}

Runner::Result Runner::denoise(const PlannedStage& stage)
{
    const Request& request = m_take.plan.request;
    const Result* from = stage.input >= 0 ? &m_results[std::size_t(stage.input)] : nullptr;
    auto noise = from ? from->noise : std::make_shared<sampling::NoiseStream>(request.noise, *request.seed);
    const std::int64_t factor = std::int64_t(1)
        << (modelOf(m_resolved, stage).files().vae.channels.size() - 1);
    const at::Tensor drawn = noise->draw({1, modelOf(m_resolved, stage).files().unet.inChannels,
        stage.size.height / factor, stage.size.width / factor});
    const at::Tensor start = from ? from->latent + drawn * stage.initialScale : drawn * stage.initialScale;
    Result result;
    const auto asDrawn = std::make_shared<sampling::NoiseStream>(noise->copy());
    result.latent = sample(stage, m_resolved.policy, start, *noise, 0);
    if (!isFinite(result.latent) && m_resolved.policy.compute != at::kFloat) {
        m_take.notes.push_back(stage.label + ": the numbers overflowed in "
            + m_resolved.policy.precisionName() + "; the pass was run again in float32.");
        m_evaluations = 0;
        noise = asDrawn; // the same numbers again
        result.latent = sample(stage, m_resolved.policy.inFloat32(), start, *noise, 1);
    }
    if (!isFinite(result.latent))
        throw Error(ErrorKind::Internal,
            stage.label
                + " came out with numbers that are not finite. The checkpoint may be damaged; inspect it, or "
                  "try another.");
    result.noise = std::move(noise);
    keepLatent(stage, result.latent);
    return result;
}

Runner::Result Runner::decode(const PlannedStage& stage)
{
    LoadedModel& model = modelOf(m_resolved, stage);
    const at::Tensor& latent = input(stage).latent;
    const DevicePolicy& policy = m_resolved.policy;
    at::Tensor picture;
    bool inTiles = false;
    try {
        picture = decodeLatent(model.vae(policy), latent, policy, m_checkpoint, nullptr, &inTiles);
    } catch (const Error& error) {
        if (policy.vae == at::kFloat)
            throw;
        m_take.notes.push_back(std::string(error.what()) + " It was decoded again in float32.");
        const DevicePolicy exact = policy.inFloat32();
        picture = decodeLatent(model.vae(exact), latent, exact, m_checkpoint, nullptr, &inTiles);
    }
    noteTiles(stage, inTiles);
    Result result;
    result.picture = std::make_shared<PictureF>(toPicture(picture));
    result.noise = input(stage).noise;
    return result;
}

Runner::Result Runner::upscale(const PlannedStage& stage)
{
    upscale::Upscaler& upscaler = *m_resolved.upscalers.at(stage.upscaler);
    const upscale::Workplace workplace{m_resolved.policy.device, m_checkpoint};
    const Result& from = input(stage);
    Result result;
    if (m_take.plan.request.handover == Handover::EightBit) {
        const Picture8 rounded = from.rounded ? *from.rounded : toEightBit(*from.picture);
        result.rounded = std::make_shared<Picture8>(upscaler.enlarge8(rounded, stage.size, workplace));
        result.picture = std::make_shared<PictureF>(toFloat(*result.rounded));
    } else {
        PictureF enlarged = upscaler.enlarge(*from.picture, stage.size, workplace);
        // Kernels with negative lobes overshoot at edges: outside 0..1 there is no colour to hand over.
        for (float& value : enlarged.values)
            value = std::clamp(value, 0.0f, 1.0f);
        result.picture = std::make_shared<PictureF>(std::move(enlarged));
    }
    return result;
}

Runner::Result Runner::encodeImage(const PlannedStage& stage)
{
    const Request& request = m_take.plan.request;
    LoadedModel& model = modelOf(m_resolved, stage);
    const Result& from = input(stage);
    const bool eightBits = request.handover == Handover::EightBit;
    const at::Tensor picture = toTensor(eightBits ? toFloat(toEightBit(*from.picture)) : *from.picture);
    // Encoding in half precision costs detail that no later stage brings back: float32 everywhere.
    DevicePolicy policy = m_resolved.policy;
    policy.vae = at::kFloat;
    bool inTiles = false;
    const models::LatentDistribution found
        = encodePictureTensor(model.vae(policy), picture, policy, m_checkpoint, nullptr, &inTiles);
    noteTiles(stage, inTiles);
    Result result;
    // First the sample of the latent, then the noise of the steps. A hires rung applies the seed again; a refiner over
    // a picture of the same size goes on with the stream of the pass before, as one generator through two pipelines.
    const bool goesOn = stage.rung < 0 && from.noise;
    result.noise
        = goesOn ? from.noise : std::make_shared<sampling::NoiseStream>(request.noise, *request.seed);
    const at::Tensor deviation = at::exp(found.logVariance * 0.5);
    const VaeConfig& config = model.files().vae;
    // A1111 begins a rung with the noise of its steps: the autoencoder's sample comes from elsewhere.
    std::optional<sampling::NoiseStream> apart;
    if (stage.rung >= 0 && request.noise == NoiseSource::Philox)
        apart.emplace(NoiseSource::Torch, *request.seed);
    const at::Tensor sampled
        = found.mean + deviation * (apart ? *apart : *result.noise).draw(found.mean.sizes());
    result.latent = (sampled - config.shiftFactor) * config.scalingFactor;
    return result;
}

/// Tiles depend on the memory that is free, and so, a little, does the picture: it is not kept quiet.
void Runner::noteTiles(const PlannedStage& stage, bool inTiles)
{
    if (inTiles)
        m_take.notes.push_back(stage.label + " of " + std::to_string(stage.size.width) + " × "
            + std::to_string(stage.size.height)
            + ": memory did not suffice for one piece, so it went in tiles; fine detail may differ.");
}

} // namespace studio::pipeline
