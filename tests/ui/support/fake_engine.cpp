#include "fake_engine.h"

#include "test_pictures.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>
#include <thread>

namespace studio::test {

namespace {

constexpr Extent kStandard{320, 320};
constexpr Extent kBase{256, 256};
constexpr Extent kTarget{512, 512};

Extent times(Extent size, double scale)
{
    const auto side = [scale](int length) { return static_cast<int>(std::lround(length * scale / 8)) * 8; };
    return {side(size.width), side(size.height)};
}

PlannedStage stage(StageKind kind, std::string label, Extent size, int input)
{
    PlannedStage made;
    made.kind = kind;
    made.label = std::move(label);
    made.size = size;
    made.input = input;
    return made;
}

/// Appends the stages of a run from noise to a picture.
void addPass(Plan& plan, Extent size, LayerKind layer)
{
    const int steps = plan.request.sampling.steps;
    PlannedStage denoise = stage(StageKind::Denoise, "Base, " + std::to_string(steps) + " steps", size, -1);
    denoise.role = ModelRole::Base;
    denoise.steps = denoise.evaluations = steps;
    denoise.sigmas.assign(static_cast<std::size_t>(steps) + 1, 14.6);
    plan.stages.push_back(denoise);
    plan.stages.push_back(stage(StageKind::Decode, "Decode", size, static_cast<int>(plan.stages.size()) - 1));
    plan.stages.back().layer = layer;
}

void addEnlargement(Plan& plan, Extent size, LayerKind layer)
{
    plan.stages.push_back(
        stage(StageKind::Upscale, "Enlarge with Lanczos", size, static_cast<int>(plan.stages.size()) - 1));
    plan.stages.back().layer = layer;
}

void addRung(Plan& plan, const Rung& rung, int index, Extent size)
{
    addEnlargement(plan, size, LayerKind::Upscaled);
    plan.stages.push_back(
        stage(StageKind::EncodeImage, "Encode", size, static_cast<int>(plan.stages.size()) - 1));
    const int steps = rung.meaning == StrengthMeaning::Diffusers
        ? std::max(1, static_cast<int>(rung.steps * rung.strength))
        : rung.steps;
    PlannedStage denoise = stage(StageKind::Denoise, "Second pass, " + std::to_string(steps) + " steps", size,
        static_cast<int>(plan.stages.size()) - 1);
    denoise.role = ModelRole::Second;
    denoise.rung = index;
    denoise.steps = denoise.evaluations = steps;
    denoise.sigmas.assign(static_cast<std::size_t>(steps) + 1, 0.78);
    plan.stages.push_back(denoise);
    plan.stages.push_back(stage(StageKind::Decode, "Decode", size, -1));
    plan.stages.back().layer = LayerKind::Hires;
}

void resolve(Request& request)
{
    request.standard.size = request.standard.size.value_or(kStandard);
    request.simple.base = request.simple.base.value_or(kBase);
    request.hires.base = request.hires.base.value_or(kBase);
    Extent below = *request.hires.base;
    for (Rung& rung : request.hires.rungs) {
        if (!rung.target)
            rung.target
                = rung.scale ? times(below, *rung.scale) : (below == kBase ? kTarget : times(below, 2.0));
        below = *rung.target;
    }
    request.seed = request.seed.value_or(4711);
}

} // namespace

FakeEngine::FakeEngine(std::chrono::milliseconds perStep)
    : m_perStep(perStep)
{
    m_catalog.samplers = {{"euler", "Euler", "First order"}, {"dpmpp_2m", "DPM++ 2M", "Second order"}};
    m_catalog.schedules = {{"model", "The model's own", ""}, {"karras", "Karras", ""}};
    m_catalog.upscalers = {{"lanczos", "Lanczos", "Sharp, without new detail"}};
    m_catalog.devices = {{"cpu", "Two cores", ""}};
}

EngineReport FakeEngine::report() const noexcept
{
    const std::lock_guard lock(m_lock);
    return {"2.13.0", "CPU, 2 threads", 2, 24'000'000'000, m_free};
}

Outcome<Plan> FakeEngine::plan(const Request& request) noexcept
{
    if (const std::vector<Issue> issues = check(request); !issues.empty())
        return Failure{ErrorKind::BadInput, issues.front().message};
    {
        const std::lock_guard lock(m_lock);
        if (!m_lost.empty() && request.models.base == m_lost)
            return Failure{ErrorKind::FileMissing, "There is no file " + m_lost + "."};
    }
    if (!request.firstPass.empty() && !std::filesystem::exists(request.firstPass))
        return Failure{ErrorKind::FileMissing, "There is no file " + request.firstPass + "."};
    Plan plan;
    plan.request = request;
    resolve(plan.request);
    const Request& r = plan.request;
    plan.stages.push_back(stage(StageKind::EncodeText, "Text", {}, -1));
    if (r.mode == Mode::Standard || r.mode == Mode::Compare)
        addPass(plan, *r.standard.size, LayerKind::Standard);
    if (r.mode != Mode::Standard)
        addPass(plan, *r.hires.base, LayerKind::FirstPass);
    if (r.mode == Mode::Simple || r.mode == Mode::Compare)
        addEnlargement(plan, times(*r.simple.base, r.simple.scale), LayerKind::Simple);
    if (r.mode == Mode::Hires || r.mode == Mode::Compare) {
        for (std::size_t i = 0; i < r.hires.rungs.size(); ++i)
            addRung(plan, r.hires.rungs[i], static_cast<int>(i), *r.hires.rungs[i].target);
    }
    plan.device = "cpu";
    plan.precision = "float32";
    plan.predictedSeconds = 13.2;
    const std::lock_guard lock(m_lock);
    plan.predictedPeakBytes = m_needed;
    plan.warnings = m_warnings;
    return plan;
}

void FakeEngine::addLayer(Take& take, const PlannedStage& stage, const JobContext& context)
{
    const int octaves = *stage.layer == LayerKind::Hires ? 9 : 6;
    Layer layer;
    layer.kind = *stage.layer;
    layer.size = stage.size;
    layer.picture = shared(landscape(stage.size, octaves));
    auto precise = std::make_shared<PictureF>();
    precise->size = stage.size;
    precise->values.resize(layer.picture->values.size(), 0.5F);
    layer.precise = precise;
    layer.seconds = take.seconds;
    take.layers.push_back(layer);
    if (context.firstPassFinished && layer.kind == LayerKind::FirstPass) {
        Latent latent{{4, stage.size.height / 8, stage.size.width / 8}, {}};
        latent.values.assign(static_cast<std::size_t>(4 * latent.shape[1] * latent.shape[2]), 0.5F);
        context.firstPassFinished(latent);
    }
    if (context.layerFinished)
        context.layerFinished(layer);
}

void FakeEngine::runStage(Take& take, int index, const JobContext& context, double& done, double all)
{
    const PlannedStage& stage = take.plan.stages[static_cast<std::size_t>(index)];
    const int steps = std::max(1, stage.steps);
    for (int step = 1; step <= steps; ++step) {
        context.checkpoint();
        std::this_thread::sleep_for(m_perStep);
        done += 1;
        take.seconds += std::chrono::duration<double>(m_perStep).count();
        if (context.report)
            context.report({index, stage.steps > 0 ? step : 0, stage.steps, done / all, (all - done) * 0.1});
        if (context.preview && stage.kind == StageKind::Denoise)
            context.preview({index, step, landscape({stage.size.width / 8, stage.size.height / 8}, 4)});
    }
    take.stages.push_back({stage.kind, stage.label, steps * std::chrono::duration<double>(m_perStep).count(),
        stage.steps, stage.evaluations, 1'000'000'000});
    if (stage.layer)
        addLayer(take, stage, context);
}

void FakeEngine::work(Take& take, const JobContext& context, double& done, double all)
{
    for (std::size_t i = 0; i < take.plan.stages.size(); ++i) {
        runStage(take, static_cast<int>(i), context, done, all);
        const std::lock_guard lock(m_lock);
        if (m_failure && !take.layers.empty()) {
            take.ending = Ending::Failed;
            take.failure = std::exchange(m_failure, std::nullopt);
            return;
        }
    }
}

Take FakeEngine::run(const Request& request, const JobContext& context) noexcept
{
    ++m_runs;
    Take take;
    Outcome<Plan> planned = plan(request);
    if (const Failure* failure = failureOf(planned)) {
        take.plan.request = request;
        take.ending = Ending::Failed;
        take.failure = *failure;
        return take;
    }
    take.plan = std::get<Plan>(planned);
    take.device = take.plan.device;
    take.precision = take.plan.precision;
    take.peakMemoryBytes = 1'900'000'000;
    if (context.planned)
        context.planned(take.plan);
    double all = 0;
    for (const PlannedStage& stage : take.plan.stages)
        all += std::max(1, stage.steps);
    double done = 0;
    try {
        work(take, context, done, all);
    } catch (const Cancelled&) {
        take.ending = Ending::Cancelled;
    }
    return take;
}

Outcome<int> FakeEngine::countTokens(const std::string&, const std::string& prompt) noexcept
{
    std::istringstream words(prompt);
    int count = 0;
    for (std::string word; words >> word;)
        ++count;
    return count;
}

void FakeEngine::failNext(Failure failure)
{
    const std::lock_guard lock(m_lock);
    m_failure = std::move(failure);
}

void FakeEngine::loseModel(std::string path)
{
    const std::lock_guard lock(m_lock);
    m_lost = std::move(path);
}

void FakeEngine::setWarnings(std::vector<std::string> warnings)
{
    const std::lock_guard lock(m_lock);
    m_warnings = std::move(warnings);
}

void FakeEngine::setMemory(std::int64_t needed, std::int64_t free)
{
    const std::lock_guard lock(m_lock);
    m_needed = needed;
    m_free = free;
}

} // namespace studio::test
