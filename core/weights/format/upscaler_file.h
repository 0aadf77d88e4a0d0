#pragma once

#include "core/weights/format/stored_tensor.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace studio {

/// The shape of an ESRGAN network (RRDBNet), read off its weights.
struct RrdbConfig {
    std::int64_t features = 64;   ///< channels of the trunk
    std::int64_t growth = 32;     ///< channels that each convolution of a dense block adds
    std::int64_t blocks = 23;     ///< residual-in-residual dense blocks
    std::int64_t upsamplings = 2; ///< each doubles the size
    std::int64_t unshuffle
        = 1; ///< pixels of a square that the first convolution reads as channels: 1, 2 or 4

    /// Output pixels per input pixel, in each direction: 1, 2, 4 or 8.
    int scale() const { return int((std::int64_t(1) << upsamplings) / unshuffle); }

    bool operator==(const RrdbConfig&) const = default;
};

/// A key of an ESRGAN file under Real-ESRGAN's name. Three generations are known: `model.1.sub.0.RDB1.conv1.0.weight`
/// (Wang et al.'s first files), `RRDB_trunk.0.RDB1.conv1.weight` (their later code) and `body.0.rdb1.conv1.weight`
/// (Real-ESRGAN), the last two also within `params_ema.`, `params.` or `module.`. Of the first, `blocks` and
/// `upsamplings` tell which numbers stand for which layer. A key of no known generation is answered unchanged.
std::string modernUpscalerKey(std::string_view key, std::int64_t blocks, std::int64_t upsamplings);

/// `weights`: under Real-ESRGAN's names. Throws Error (FileCorrupt, UnsupportedModel) naming what is wrong; `what` names
/// the file in the sentence.
RrdbConfig rrdbFromWeights(const TensorMap& weights, std::string_view what);

/// An upscaling network's file, opened: reads its header only. Copies share the mapped file.
struct UpscalerFile {
    /// Throws Error: FileMissing; FileCorrupt; UnsupportedModel for pickles and for any other kind of file or network,
    /// saying what it is and what is needed.
    static UpscalerFile open(const std::filesystem::path& path);

    std::filesystem::path path;
    RrdbConfig config;
    TensorMap tensors; ///< under Real-ESRGAN's names
};

} // namespace studio
