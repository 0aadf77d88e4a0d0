#include "core/pipeline/runner.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/base/system_memory.h"
#include "core/image/rounding.h"
#include "core/pipeline/picture_tensor.h"

#include <algorithm>

namespace studio::pipeline {

namespace {

using Clock = std::chrono::steady_clock;

/// The part of a run that its prediction weighs as much as, against the pace so far.
constexpr double kTrusted = 0.05;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
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
    for (const PlannedStage& stage : take.plan.stages) {
        m_work.push_back(std::max(1e-3, stage.predictedSeconds));
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
    logDebug("Stage begins: " + stage.label + ".");
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
    m_take.finalLatent = toLatent(latent);
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
    LoadedModel* model = stage.model.empty() ? nullptr : &modelOf(m_resolved, stage);
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
    // What the stage's activations lay in is free, but still this process's: 4 GB after encoding 1536x1536.
    nn::releaseConversionRoom();
    returnFreeMemory();
}

void Runner::report(int step, int stepCount)
{
    if (!m_context.report)
        return;
    const double part = stepCount > 0 ? double(step) / stepCount : 0.0;
    const double done = m_workBefore + m_work[m_current] * part;
    Progress progress{int(m_current), step, stepCount, m_totalWork > 0.0 ? done / m_totalWork : 0.0};
    // What was predicted may have been estimated: the longer the run, the more its own pace counts.
    const double trust = kTrusted * m_totalWork;
    progress.secondsLeft
        = (m_totalWork - done) * (secondsSince(m_start) + trust) / (done - m_knownWork + trust);
    m_context.report(progress);
}

} // namespace studio::pipeline
