#pragma once

#include "core/models/rrdbnet.h"
#include "core/upscale/upscaler.h"

#include <optional>

namespace studio::upscale {

/// Enlarges by an ESRGAN network, as often as it takes to reach the target (three times at most, as in A1111), then
/// by Lanczos to the target itself. Works in float32, in tiles, so that memory does not grow with the picture;
/// the checkpoint is passed between the tiles and within them.
class NetworkUpscaler : public Upscaler {
public:
    /// Opened already; weights are read by the first call that enlarges. Throws Error (FileCorrupt) if they do not fit.
    explicit NetworkUpscaler(UpscalerFile file);

    PictureF enlarge(const PictureF& picture, Extent target, const Workplace& workplace) override;
    Picture8 enlarge8(const Picture8& picture, Extent target, const Workplace& workplace) override;
    double operations(const Extent& source, const Extent& target) const override;
    std::filesystem::path file() const override { return m_file.path; }

    int scale() const { return m_file.config.scale(); }

    /// One pass through the network, in tiles of `side` pixels that see `overlap` more around them. Colours in 0..1.
    PictureF enlargeOnce(const PictureF& picture, int side, int overlap, const Workplace& workplace);

private:
    int sideOfTiles() const;
    void load(const at::Device& device);

    UpscalerFile m_file;
    models::RrdbNet m_network;
    double m_operationsPerPixel = 0.0; ///< of what comes in
    std::optional<at::Device> m_loadedOn;
};

} // namespace studio::upscale
