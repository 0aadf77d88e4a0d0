#include "core/pipeline/runner.h"

#include "core/api/log.h"
#include "core/api/picture_file.h"
#include "core/base/error.h"
#include "core/base/system_memory.h"
#include "core/image/rounding.h"
#include "core/pipeline/autoencode.h"
#include "core/pipeline/guided_denoiser.h"
#include "core/pipeline/picture_tensor.h"
#include "core/pipeline/preview.h"
#include "core/pipeline/timings.h"
#include "core/sampling/samplers.h"
#include "core/upscale/upscalers.h"

#include <algorithm>
#include <limits>

namespace studio::pipeline {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// How many of `evaluations` make `done` finished steps of `steps`.
int stepOf(int done, int steps, int evaluations)
{
    return evaluations == 0 ? 0 : std::min(steps, done * steps / evaluations);
}

bool isFinite(const at::Tensor& values)
{
    return at::isfinite(values).all().item<bool>();
}

} // namespace

Runner::Runner(Take& take, const Resolved& resolved, const JobContext& context)
    : m_take(take)
    , m_resolved(resolved)
    , m_context(context)
    , m_checkpoint([this] { m_context.checkpoint(); })
    , m_results(take.plan.stages.size())
    , m_start(Clock::now())
{
    // Seconds where every stage is known from earlier runs, the networks' operations where not.
    const bool known = take.plan.predictedSeconds > 0.0;
    for (const PlannedStage& stage : take.plan.stages) {
        m_work.push_back(known ? std::max(1e-3, stage.predictedSeconds) : stageWork(stage));
        m_totalWork += m_work.back();
    }
}

void Runner::run()
{
    for (m_current = 0; m_current < m_take.plan.stages.size(); ++m_current) {
        m_context.checkpoint();
        runStage(m_current);
        letGo(m_current);
    }
}

void Runner::runStage(std::size_t index)
{
    const PlannedStage& stage = m_take.plan.stages[index];
    logDebug(stage.label + ".");
    m_evaluations = 0;
    // The steps of a stored first pass are those of the run that made it.
    const int steps = stage.kind == StageKind::LoadLatent ? 0 : stage.steps;
    report(0, steps);
    resetPeakMemory();
    const Clock::time_point start = Clock::now();
    m_results[index] = execute(stage);
    const std::int64_t peak = peakMemory();
    m_take.stages.push_back({stage.kind, stage.label, secondsSince(start), steps, m_evaluations, peak});
    m_take.peakMemoryBytes = std::max(m_take.peakMemoryBytes, peak);
    if (stage.layer)
        keepLayer(stage, m_results[index]);
    m_workBefore += m_work[index];
    m_work[index] = 0.0; // counted: the last report of the stage stands at its end
    report(steps, steps);
}

Runner::Result Runner::execute(const PlannedStage& stage)
{
    switch (stage.kind) {
    case StageKind::EncodeText:
        return encodeText(stage);
    case StageKind::LoadPicture:
        return loadPicture(stage);
    case StageKind::LoadLatent:
        return loadLatent(stage);
    case StageKind::Denoise:
        return denoise(stage);
    case StageKind::Decode:
        return decode(stage);
    case StageKind::Upscale:
        return upscale(stage);
    case StageKind::EncodeImage:
        return encodeImage(stage);
    case StageKind::RestoreFaces:
        break;
    }
    throw Error(
        ErrorKind::Internal, "The plan holds a stage that this version cannot run: " + stage.label + ".");
}

Runner::Result Runner::encodeText(const PlannedStage& stage)
{
    Result result;
    result.text = std::make_shared<EncodedPrompts>(
        encodePrompts(modelOf(stage), stage, m_take.plan.request.prompts, m_resolved.policy, m_checkpoint));
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
    result.latent = at::tensor(at::ArrayRef<float>(stored.values), at::kFloat)
                        .reshape({1, stored.shape[0], stored.shape[1], stored.shape[2]});
    keepFirstPass(stage, stored);
    return result;
}

at::Tensor Runner::sample(const PlannedStage& stage, const DevicePolicy& policy, const at::Tensor& start,
    sampling::NoiseStream& noise)
{
    LoadedModel& model = modelOf(stage);
    const Request& request = m_take.plan.request;
    const sampling::SamplerInfo& sampler = sampling::samplerById(stage.sampler);
    const models::Unet& unet = model.unet(policy);
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
    setup.evaluated = [&](const at::Tensor& denoised) {
        const int step = stepOf(++m_evaluations, stage.steps, stage.evaluations);
        report(step, stage.steps);
        if (m_context.preview)
            m_context.preview({int(m_current), step, previewOf(denoised, model.files().defaults)});
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
    const std::int64_t factor = std::int64_t(1) << (modelOf(stage).files().vae.channels.size() - 1);
    const at::Tensor drawn = noise->draw(
        {1, modelOf(stage).files().unet.inChannels, stage.size.height / factor, stage.size.width / factor});
    const at::Tensor start = from ? from->latent + drawn * stage.initialScale : drawn * stage.initialScale;
    Result result;
    result.latent = sample(stage, m_resolved.policy, start, *noise);
    if (!isFinite(result.latent) && m_resolved.policy.compute != at::kFloat) {
        const std::string sentence = stage.label + ": the numbers overflowed in "
            + m_resolved.policy.precisionName() + "; the pass was run again in float32.";
        logWarning(sentence);
        m_take.notes.push_back(sentence);
        m_evaluations = 0;
        result.latent = sample(stage, m_resolved.policy.inFloat32(), start, *noise);
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
    LoadedModel& model = modelOf(stage);
    const at::Tensor& latent = input(stage).latent;
    const DevicePolicy& policy = m_resolved.policy;
    at::Tensor picture;
    try {
        picture = decodeLatent(model.vae(policy), latent, policy, m_checkpoint);
    } catch (const Error& error) {
        if (policy.vae == at::kFloat)
            throw;
        const std::string sentence = std::string(error.what()) + " It was decoded again in float32.";
        logWarning(sentence);
        m_take.notes.push_back(sentence);
        const DevicePolicy exact = policy.inFloat32();
        picture = decodeLatent(model.vae(exact), latent, exact, m_checkpoint);
    }
    Result result;
    result.picture = std::make_shared<PictureF>(toPicture(picture));
    result.noise = input(stage).noise;
    return result;
}

Runner::Result Runner::upscale(const PlannedStage& stage)
{
    const upscale::UpscalerInfo& upscaler = upscale::upscalerById(stage.upscaler);
    const Result& from = input(stage);
    Result result;
    if (m_take.plan.request.handover == Handover::EightBit) {
        const Picture8 rounded = from.rounded ? *from.rounded : toEightBit(*from.picture);
        result.rounded = std::make_shared<Picture8>(upscaler.enlarge8(rounded, stage.size, m_checkpoint));
        result.picture = std::make_shared<PictureF>(toFloat(*result.rounded));
    } else {
        PictureF enlarged = upscaler.enlarge(*from.picture, stage.size, m_checkpoint);
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
    LoadedModel& model = modelOf(stage);
    const Result& from = input(stage);
    const bool eightBits = request.handover == Handover::EightBit;
    const at::Tensor picture = toTensor(eightBits ? toFloat(toEightBit(*from.picture)) : *from.picture);
    // Encoding in half precision costs detail that no later stage brings back: float32 everywhere.
    DevicePolicy policy = m_resolved.policy;
    policy.vae = at::kFloat;
    const models::LatentDistribution found
        = encodePictureTensor(model.vae(policy), picture, policy, m_checkpoint);
    Result result;
    // First the sample of the latent, then the noise of the steps. A hires rung applies the seed again; a refiner over
    // a picture of the same size goes on with the stream of the pass before, as one generator through two pipelines.
    const bool goesOn = stage.rung < 0 && from.noise;
    result.noise
        = goesOn ? from.noise : std::make_shared<sampling::NoiseStream>(request.noise, *request.seed);
    const at::Tensor deviation = at::exp(found.logVariance * 0.5);
    const VaeConfig& config = model.files().vae;
    const at::Tensor sampled = found.mean + deviation * result.noise->draw(found.mean.sizes());
    result.latent = (sampled - config.shiftFactor) * config.scalingFactor;
    return result;
}

LoadedModel& Runner::modelOf(const PlannedStage& stage) const
{
    const Request& request = m_take.plan.request;
    if (stage.rung >= 0)
        return *m_resolved.rungModels[std::size_t(stage.rung)];
    return stage.model == request.models.refiner && m_resolved.refiner ? *m_resolved.refiner
                                                                       : *m_resolved.base;
}

const Runner::Result& Runner::input(const PlannedStage& stage) const
{
    return m_results[std::size_t(stage.input)];
}

void Runner::keepLayer(const PlannedStage& stage, Result& result)
{
    if (!result.rounded)
        result.rounded = std::make_shared<Picture8>(toEightBit(*result.picture));
    m_take.layers.push_back(
        {*stage.layer, result.rounded->size, result.rounded, result.picture, secondsSince(m_start)});
    if (m_context.layerFinished)
        m_context.layerFinished(m_take.layers.back());
}

void Runner::keepLatent(const PlannedStage& stage, const at::Tensor& latent)
{
    const at::Tensor values = latent[0].contiguous();
    const float* data = values.data_ptr<float>();
    m_take.finalLatent
        = {{values.size(0), values.size(1), values.size(2)}, std::vector<float>(data, data + values.numel())};
    if (stage.input < 0)
        keepFirstPass(stage, m_take.finalLatent);
}

void Runner::keepFirstPass(const PlannedStage& stage, const Latent& latent)
{
    // Compare begins several times from noise: what counts is the pass that the rungs stand on.
    const Request& request = m_take.plan.request;
    const bool hasRungs = request.mode == Mode::Hires || request.mode == Mode::Compare;
    const bool belowRungs = !hasRungs || stage.size == *request.hires.base;
    if (belowRungs || m_take.firstPassLatent.values.empty())
        m_take.firstPassLatent = latent;
    if (belowRungs && m_context.firstPassFinished)
        m_context.firstPassFinished(latent);
}

void Runner::letGo(std::size_t finished)
{
    const auto& stages = m_take.plan.stages;
    const auto later = stages.begin() + std::ptrdiff_t(finished) + 1;
    for (std::size_t i = 0; i <= finished; ++i) {
        const bool wanted = std::any_of(later, stages.end(),
            [&](const PlannedStage& stage) { return stage.input == int(i) || stage.text == int(i); });
        if (!wanted)
            m_results[i] = {};
    }
    // Networks leave as soon as no later stage of this run needs them and another large one is about to come.
    const PlannedStage& stage = stages[finished];
    const auto usedLater = [&](StageKind kind) {
        return std::any_of(later, stages.end(),
            [&](const PlannedStage& other) { return other.kind == kind && other.model == stage.model; });
    };
    const bool denoiseLater = std::any_of(
        later, stages.end(), [](const PlannedStage& other) { return other.kind == StageKind::Denoise; });
    LoadedModel* model = stage.model.empty() ? nullptr : &modelOf(stage);
    if (model && stage.kind == StageKind::EncodeText && !usedLater(StageKind::EncodeText)) {
        model->makeRoom(Component::TextEncoder);
        model->makeRoom(Component::TextEncoder2);
    }
    if (model && stage.kind == StageKind::Denoise && !usedLater(StageKind::Denoise)) {
        // After the last pass it stays for the next picture, but its pages need not lie beside the autoencoder's work.
        if (denoiseLater)
            model->makeRoom(Component::Unet);
        else
            model->rest(Component::Unet);
    }
}

void Runner::report(int step, int stepCount)
{
    if (!m_context.report)
        return;
    const double part = stepCount > 0 ? double(step) / stepCount : 0.0;
    const double done = m_workBefore + m_work[m_current] * part;
    Progress progress{int(m_current), step, stepCount, m_totalWork > 0.0 ? done / m_totalWork : 0.0};
    const double elapsed = secondsSince(m_start);
    if (m_take.plan.predictedSeconds > 0.0)
        progress.secondsLeft = m_totalWork - done;
    else if (progress.fraction > 0.02)
        progress.secondsLeft = elapsed * (1.0 - progress.fraction) / progress.fraction;
    m_context.report(progress);
}

} // namespace studio::pipeline
