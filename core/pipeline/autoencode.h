#pragma once

#include "core/models/vae.h"
#include "core/pipeline/device_policy.h"

#include <cstdint>

namespace studio::pipeline {

/// Tiles of an autoencoder pass, in latent cells. Neighbours overlap and are blended across the overlap.
struct TileGrid {
    std::int64_t tile = 96;    ///< side of a tile; 96 cells are 768 pixels
    std::int64_t overlap = 24; ///< cells shared by neighbours

    bool operator==(const TileGrid&) const = default;
};

/// Where tiles begin along one side: they cover it, the last ends with it, and neighbours share at least `overlap`.
std::vector<std::int64_t> tileStarts(std::int64_t length, const TileGrid& grid);

/// latent: [1, 4, h, w], scaled as the denoiser has it -> picture [1, 3, 8h, 8w] float32 on the CPU, clamped to 0..1.
/// Memory decides between one piece and tiles, and `usedTiles` says how; `grid` forces tiles. Throws Error (Internal)
/// if the picture holds numbers that are not finite.
at::Tensor decodeLatent(const models::Vae& vae, const at::Tensor& latent, const DevicePolicy& policy,
    const nn::Checkpoint& checkpoint, const TileGrid* grid = nullptr, bool* usedTiles = nullptr);

/// picture: [1, 3, H, W] in 0..1 -> mean and log variance, float32 on the CPU, not scaled.
models::LatentDistribution encodePictureTensor(const models::Vae& vae, const at::Tensor& picture,
    const DevicePolicy& policy, const nn::Checkpoint& checkpoint, const TileGrid* grid = nullptr,
    bool* usedTiles = nullptr);

/// Bytes that decoding (or encoding) a picture of this size in one piece takes at its peak, roughly.
std::int64_t autoencoderPeakBytes(const VaeConfig& config, const Extent& size, at::ScalarType dtype);

/// Whether that much memory is there, with room to spare.
bool fitsInOnePiece(const VaeConfig& config, const Extent& size, const DevicePolicy& policy);

} // namespace studio::pipeline
