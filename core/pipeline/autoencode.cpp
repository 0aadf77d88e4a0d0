#include "core/pipeline/autoencode.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/base/system_memory.h"
#include "core/pipeline/torch_errors.h"

#include <algorithm>

namespace studio::pipeline {

namespace {

using Piece = std::function<at::Tensor(const at::Tensor&)>;

/// Weight of each cell of a tile: rises over the overlap where a neighbour shares it, 1 elsewhere.
at::Tensor ramp(std::int64_t length, std::int64_t overlap, bool first, bool last)
{
    at::Tensor weight = at::ones({length});
    const at::Tensor rise = (at::arange(overlap, at::kFloat) + 0.5) / double(overlap);
    if (!first)
        weight.narrow(0, 0, overlap).mul_(rise);
    if (!last)
        weight.narrow(0, length - overlap, overlap).mul_(rise.flip(0));
    return weight;
}

/// Runs `piece` over overlapping tiles of `input` and blends what comes out. A length of `input` times `grow`, over
/// `shrink`, is the length of the output.
at::Tensor inTiles(const at::Tensor& input, std::int64_t tile, std::int64_t overlap,
    const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& columns, std::int64_t grow,
    std::int64_t shrink, const Piece& piece)
{
    const auto scaled = [&](std::int64_t length) { return length * grow / shrink; };
    const std::int64_t height = std::min(tile, input.size(2));
    const std::int64_t width = std::min(tile, input.size(3));
    at::Tensor sum, weights;
    for (const std::int64_t top : rows)
        for (const std::int64_t left : columns) {
            const at::Tensor out = piece(input.narrow(2, top, height).narrow(3, left, width));
            if (!sum.defined()) {
                sum = at::zeros(
                    {1, out.size(1), scaled(input.size(2)), scaled(input.size(3))}, out.options());
                weights = at::zeros({1, 1, sum.size(2), sum.size(3)});
            }
            const std::int64_t shared = scaled(overlap);
            const at::Tensor weight
                = ramp(out.size(2), shared, top == rows.front(), top == rows.back()).unsqueeze(1)
                * ramp(out.size(3), shared, left == columns.front(), left == columns.back()).unsqueeze(0);
            const auto place = [&](at::Tensor& whole) {
                return whole.narrow(2, scaled(top), out.size(2)).narrow(3, scaled(left), out.size(3));
            };
            place(sum).add_(out * weight);
            place(weights).add_(weight);
        }
    return sum.div_(weights);
}

void requireFinite(const at::Tensor& values, const char* what)
{
    if (!at::isfinite(values).all().item<bool>())
        throw Error(ErrorKind::Internal,
            std::string(what)
                + " came out with numbers that are not finite; the model may be damaged, or its "
                  "autoencoder overflows in half precision.");
}

bool saysThatMemoryRanOut(std::exception_ptr exception)
{
    return describeTorch(std::move(exception)).kind == ErrorKind::OutOfMemory;
}

/// Runs `work` over the grid that is asked for, else over the whole (null) where that fits, else over tiles. What was
/// thought to fit and does not is done again in tiles. `usedTiles`: set to whether memory asked for tiles; may be null.
at::Tensor inOnePieceOrTiles(
    const TileGrid* asked, bool fits, bool* usedTiles, const std::function<at::Tensor(const TileGrid*)>& work)
{
    if (asked)
        return work(asked);
    if (usedTiles)
        *usedTiles = false;
    if (fits) {
        try {
            return work(nullptr);
        } catch (...) {
            if (!saysThatMemoryRanOut(std::current_exception()))
                throw;
        }
        logDebug("Memory ran out in the autoencoder; it goes through the picture in tiles.");
    }
    if (usedTiles)
        *usedTiles = true;
    const TileGrid automatic;
    return work(&automatic);
}

} // namespace

std::vector<std::int64_t> tileStarts(std::int64_t length, const TileGrid& grid)
{
    if (length <= grid.tile)
        return {0};
    const std::int64_t stride = grid.tile - grid.overlap;
    const std::int64_t count = (length - grid.overlap + stride - 1) / stride;
    std::vector<std::int64_t> starts;
    for (std::int64_t i = 0; i < count; ++i)
        starts.push_back((length - grid.tile) * i / (count - 1));
    return starts;
}

std::int64_t autoencoderPeakBytes(const VaeConfig& config, const Extent& size, at::ScalarType dtype)
{
    // Counted at the outermost level, where the feature maps are largest: input, two halves of a ResNet block, what
    // a convolution keeps for itself, and the wider maps that arrive from the level below.
    constexpr std::int64_t kMapsAlive = 6;
    const std::int64_t bytesPerValue = dtype == at::kFloat ? 4 : 2;
    return std::int64_t(size.width) * size.height * config.channels.front() * bytesPerValue * kMapsAlive;
}

bool fitsInOnePiece(const VaeConfig& config, const Extent& size, const DevicePolicy& policy)
{
    // A GPU that runs out says so, and tiles take over.
    return !policy.isCpu() || autoencoderPeakBytes(config, size, policy.vae) < availableMemory() * 7 / 10;
}

at::Tensor decodeLatent(const models::Vae& vae, const at::Tensor& latent, const DevicePolicy& policy,
    const nn::Checkpoint& checkpoint, const TileGrid* grid, bool* usedTiles)
{
    const VaeConfig& config = vae.config();
    const at::Tensor input = latent.to(at::kFloat) / config.scalingFactor + config.shiftFactor;
    const Piece decode = [&](const at::Tensor& part) {
        const at::Tensor out = vae.decode(part.contiguous().to(policy.device, policy.vae), checkpoint);
        return out.to(at::kCPU, at::kFloat);
    };
    const std::int64_t factor = vae.factor();
    const Extent size{int(latent.size(3) * factor), int(latent.size(2) * factor)};
    at::Tensor out = inOnePieceOrTiles(
        grid, fitsInOnePiece(config, size, policy), usedTiles, [&](const TileGrid* tiles) {
            return tiles ? inTiles(input, tiles->tile, tiles->overlap, tileStarts(input.size(2), *tiles),
                       tileStarts(input.size(3), *tiles), factor, 1, decode)
                         : decode(input);
        });
    requireFinite(out, "The decoded picture");
    return out.mul_(0.5).add_(0.5).clamp_(0.0, 1.0);
}

models::LatentDistribution encodePictureTensor(const models::Vae& vae, const at::Tensor& picture,
    const DevicePolicy& policy, const nn::Checkpoint& checkpoint, const TileGrid* grid, bool* usedTiles)
{
    const at::Tensor input = picture.to(at::kFloat) * 2.0 - 1.0;
    const Piece encode = [&](const at::Tensor& part) {
        const auto out = vae.encode(part.contiguous().to(policy.device, policy.vae), checkpoint);
        return at::cat({out.mean, out.logVariance}, 1).to(at::kCPU, at::kFloat);
    };
    const std::int64_t factor = vae.factor();
    const Extent size{int(picture.size(3)), int(picture.size(2))};
    const auto starts = [&](std::int64_t pixels, const TileGrid& tiles) {
        std::vector<std::int64_t> cells = tileStarts(pixels / factor, tiles);
        for (std::int64_t& cell : cells)
            cell *= factor;
        return cells;
    };
    const at::Tensor out = inOnePieceOrTiles(
        grid, fitsInOnePiece(vae.config(), size, policy), usedTiles, [&](const TileGrid* tiles) {
            return tiles ? inTiles(input, tiles->tile * factor, tiles->overlap * factor,
                       starts(input.size(2), *tiles), starts(input.size(3), *tiles), 1, factor, encode)
                         : encode(input);
        });
    requireFinite(out, "The encoded picture");
    const std::vector<at::Tensor> halves = out.chunk(2, 1);
    return {halves[0], halves[1]};
}

} // namespace studio::pipeline
