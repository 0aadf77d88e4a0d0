#include "core/pipeline/stage_cost.h"

#include "core/pipeline/autoencode.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>

namespace studio::pipeline {

namespace {

/// The program with libtorch and no network.
constexpr std::int64_t kProcess = 350'000'000;

/// Rooms for converting weights and the text's keys and values, for each byte of a UNet's weights.
constexpr double kRoomsPerByte = 0.13;

/// Feature maps of the outermost width that are there at once: input, skips, halves of a block, the wider maps inside.
constexpr std::int64_t kMapsAlive = 20;

double cellsOf(const Extent& size)
{
    return double(size.width) / 8.0 * (double(size.height) / 8.0);
}

double pixelsOf(const Extent& size)
{
    return double(size.width) * double(size.height);
}

/// Texts that one evaluation is told: those that AND puts together, and the negative prompt.
double textsOf(const PlannedStage& text)
{
    return double(std::max<std::size_t>(1, text.parts.size())) + (text.guided ? 1.0 : 0.0);
}

std::int64_t autoencoderBytes(const LoadedModel& model, const Extent& size, const DevicePolicy& policy)
{
    const VaeConfig& config = model.files().vae;
    const TileGrid grid;
    const int side = int(grid.tile) << (config.channels.size() - 1);
    const Extent tile{std::min(side, size.width), std::min(side, size.height)};
    return model.residentBytes(Component::Vae)
        + autoencoderPeakBytes(config, fitsInOnePiece(config, size, policy) ? size : tile, policy.vae);
}

std::int64_t denoiserBytes(const LoadedModel& model, const Extent& size, double texts)
{
    const double maps = cellsOf(size) * texts * double(model.files().unet.channels.front()) * kMapsAlive;
    return model.residentBytes(Component::Unet) + std::int64_t(maps * sizeof(float))
        + std::int64_t(kRoomsPerByte * double(model.files().storedBytes(Component::Unet)));
}

/// On a CPU, beyond what the process takes anyway.
StageCost costOf(const Plan& plan, const PlannedStage& stage, const Resolved& resolved)
{
    const auto model = [&]() -> const LoadedModel& { return modelOf(resolved, stage); };
    switch (stage.kind) {
    case StageKind::EncodeText: {
        const double once = model().operations().text;
        return {once * textsOf(stage), once,
            std::max(model().residentBytes(Component::TextEncoder),
                model().residentBytes(Component::TextEncoder2))};
    }
    case StageKind::Denoise: {
        const models::OperationCount& unet = model().operations().unet;
        const double texts = textsOf(plan.stages[std::size_t(stage.text)]);
        return {unet.at(cellsOf(stage.size)) * texts * stage.evaluations, unet.perCell,
            denoiserBytes(model(), stage.size, texts)};
    }
    case StageKind::Decode: {
        const models::OperationCount& decoder = model().operations().decoder;
        return {decoder.at(cellsOf(stage.size)), decoder.perCell,
            autoencoderBytes(model(), stage.size, resolved.policy)};
    }
    case StageKind::EncodeImage: {
        const models::OperationCount& encoder = model().operations().encoder;
        return {encoder.at(cellsOf(stage.size)), encoder.perCell,
            autoencoderBytes(model(), stage.size, resolved.policy)};
    }
    case StageKind::Upscale: {
        const Extent& source = plan.stages[std::size_t(stage.input)].size;
        const double operations = resolved.upscalers.at(stage.upscaler)->operations(source, stage.size);
        constexpr std::int64_t kTile = 768'000'000; // what a network's tiles take
        return {operations, operations / pixelsOf(source),
            std::int64_t(pixelsOf(stage.size)) * 3 * 4 * 4 + (stage.model.empty() ? 0 : kTile)};
    }
    case StageKind::LoadLatent:
        break;
    case StageKind::LoadPicture:
    case StageKind::RestoreFaces:
        return {100.0 * pixelsOf(stage.size), 100.0, std::int64_t(pixelsOf(stage.size)) * 3 * 4 * 2};
    }
    return {};
}

} // namespace

std::vector<StageCost> costsOf(const Plan& plan, const Resolved& resolved)
{
    std::vector<StageCost> costs;
    for (const PlannedStage& stage : plan.stages) {
        costs.push_back(costOf(plan, stage, resolved));
        // What lies on a GPU is not this process's.
        costs.back().bytes = resolved.policy.isCpu() ? costs.back().bytes + kProcess : 0;
    }
    return costs;
}

double measuredRate(const DevicePolicy& policy)
{
    constexpr int kRuns = 4; // the first wakes the threads and is the slowest
    const std::int64_t side = policy.isCpu() ? 768 : 4096;
    const at::Tensor a = at::ones({side, side}, at::device(policy.device).dtype(policy.compute));
    const at::Tensor b = at::ones_like(a);
    double least = 0.0;
    for (int run = 0; run < kRuns; ++run) {
        const auto start = std::chrono::steady_clock::now();
        at::mm(a, b).flatten()[0].item<float>(); // reading a value waits for the device
        const double seconds
            = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        least = run == 0 ? seconds : std::min(least, seconds);
    }
    const auto length = double(side);
    return 2.0 * length * length * length / std::max(1e-9, least);
}

double shareOfRate(StageKind kind, bool isCpu)
{
    // A GPU works on SDXL's small products at less than its best. On a CPU, Winograd's convolutions (Lavin and Gray
    // 2016, arXiv:1509.09308) need a fraction of the operations counted.
    switch (kind) {
    case StageKind::EncodeText:
        return isCpu ? 0.7 : 0.1; // weights come from the disk meanwhile
    case StageKind::Denoise:
        return isCpu ? 1.3 : 0.3;
    case StageKind::Decode:
    case StageKind::EncodeImage:
        return isCpu ? 2.3 : 0.3;
    default:
        return isCpu ? 0.7 : 0.3;
    }
}

} // namespace studio::pipeline
