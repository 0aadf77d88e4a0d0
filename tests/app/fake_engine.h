#pragma once

#include "core/api/engine.h"
#include "core/api/plan.h"

#include <atomic>
#include <chrono>
#include <thread>

namespace studio::test {

/// Stands for the engine in tests of the fronts: it steps through two stages, sleeps at each step, obeys
/// cancellation, and paints pictures whose one colour is the seed's. It knows no checkpoint.
class FakeEngine : public Engine {
public:
    std::chrono::milliseconds step{1};
    int steps = 4;
    bool hasRefiner = false;
    ErrorKind failKind = ErrorKind::OutOfMemory;
    std::atomic<bool> failSecondStage{false};
    std::atomic<int> runs{0};
    std::atomic<int> running{0};
    std::atomic<int> mostRunning{0};
    std::atomic<int> cancelled{0};

    FakeEngine()
    {
        m_catalog.samplers = {{"euler", "Euler", ""}, {"dpmpp_2m", "DPM++ 2M", ""}};
        m_catalog.schedules = {{"model", "As the model asks", ""}, {"karras", "Karras", ""}};
        m_catalog.upscalers = {{"lanczos", "Lanczos", ""}};
        m_catalog.devices = {{"cpu", "Test processor", ""}};
    }

    const Catalog& catalog() const noexcept override { return m_catalog; }
    EngineReport report() const noexcept override { return {"0.0", "cpu", 1, 1 << 30, 1 << 29}; }
    void releaseModels() noexcept override { }
    Outcome<int> countTokens(const std::string&, const std::string& prompt) noexcept override
    {
        return static_cast<int>(prompt.size());
    }

    Outcome<Plan> plan(const Request& request) noexcept override
    {
        if (request.sampling.sampler != "euler" && request.sampling.sampler != "dpmpp_2m")
            return Failure{ErrorKind::BadInput, "There is no sampler " + request.sampling.sampler + "."};
        Plan plan;
        plan.request = request;
        plan.request.seed = request.seed.value_or(7);
        plan.request.models.base = "/models/test.safetensors";
        if (hasRefiner)
            plan.request.models.refiner = "/models/refiner.safetensors";
        resolveSizes(plan.request);
        plan.stages = stagesOf(plan.request);
        plan.device = "cpu";
        plan.precision = "float32";
        return plan;
    }

    Take run(const Request& request, const JobContext& context) noexcept override
    {
        ++runs;
        const int now = ++running;
        if (now > mostRunning)
            mostRunning = now;
        Take take;
        Outcome<Plan> planned = plan(request);
        if (const Failure* failure = failureOf(planned)) {
            --running;
            take.plan.request = request;
            take.ending = Ending::Failed;
            take.failure = *failure;
            return take;
        }
        take.plan = std::get<Plan>(std::move(planned));
        take.device = "cpu";
        take.precision = "float32";
        take.peakMemoryBytes = 1 << 20;
        if (context.planned)
            context.planned(take.plan);
        try {
            for (std::size_t i = 0; i < take.plan.stages.size(); ++i)
                runStage(static_cast<int>(i), take, context);
        } catch (const Cancelled&) {
            take.ending = Ending::Cancelled;
            ++cancelled;
        } catch (const Failure& failure) {
            take.ending = Ending::Failed;
            take.failure = failure;
        }
        --running;
        return take;
    }

private:
    static void resolveSizes(Request& request)
    {
        request.standard.size = request.standard.size.value_or(Extent{96, 96});
        request.simple.base = request.simple.base.value_or(Extent{64, 64});
        request.hires.base = request.hires.base.value_or(Extent{64, 64});
        Rung& rung = request.hires.rungs.back();
        const double scale = rung.scale.value_or(2.0);
        if (!rung.target)
            rung.target
                = Extent{int(request.hires.base->width * scale), int(request.hires.base->height * scale)};
    }

    PlannedStage stage(const std::string& label, const Extent& size, LayerKind layer) const
    {
        PlannedStage stage;
        stage.label = label;
        stage.size = size;
        stage.steps = steps;
        stage.layer = layer;
        return stage;
    }

    std::vector<PlannedStage> stagesOf(const Request& request) const
    {
        const Extent standard = *request.standard.size;
        const Extent simple = *request.simple.base;
        const Extent larger{
            int(simple.width * request.simple.scale), int(simple.height * request.simple.scale)};
        const Extent hires = *request.hires.rungs.back().target;
        switch (request.mode) {
        case Mode::Standard:
            return {stage("Base", standard, LayerKind::Standard)};
        case Mode::Simple:
            return {stage("Base", simple, LayerKind::FirstPass), stage("Lanczos", larger, LayerKind::Simple)};
        case Mode::Hires:
            return {stage("Base", *request.hires.base, LayerKind::FirstPass),
                stage("Second pass", hires, LayerKind::Hires)};
        case Mode::Compare:
            break;
        }
        return {stage("Base", standard, LayerKind::Standard), stage("Lanczos", larger, LayerKind::Simple),
            stage("Second pass", hires, LayerKind::Hires)};
    }

    void runStage(int index, Take& take, const JobContext& context) const
    {
        const PlannedStage& planned = take.plan.stages[static_cast<std::size_t>(index)];
        if (index == 1 && failSecondStage)
            throw Failure{failKind, "Memory ran out in the second stage."};
        const double count = double(take.plan.stages.size());
        for (int i = 1; i <= planned.steps; ++i) {
            std::this_thread::sleep_for(step);
            context.checkpoint();
            if (context.report)
                context.report({index, i, planned.steps, (index + double(i) / planned.steps) / count, 1.0});
            if (context.preview)
                context.preview({index, i, painted({8, 8}, take)});
        }
        Layer layer{*planned.layer, planned.size};
        layer.picture = std::make_shared<const Picture8>(painted(planned.size, take));
        layer.seconds = 0.25 * (index + 1);
        take.layers.push_back(layer);
        take.stages.push_back({planned.kind, planned.label, 0.25, planned.steps, planned.steps, 1 << 20});
        take.seconds = layer.seconds;
        if (context.layerFinished)
            context.layerFinished(take.layers.back());
    }

    static Picture8 painted(const Extent& size, const Take& take)
    {
        Picture8 picture{
            size, std::vector<std::uint8_t>(3 * std::size_t(size.width) * std::size_t(size.height))};
        const auto seed = static_cast<std::uint8_t>(*take.plan.request.seed);
        for (std::size_t i = 0; i < picture.values.size(); ++i)
            picture.values[i] = static_cast<std::uint8_t>(seed + i);
        return picture;
    }

    Catalog m_catalog;
};

} // namespace studio::test
