#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace studio {

/// Width and height in pixels. {0, 0} means "not set" where a header says so.
struct Extent {
    int width = 0;
    int height = 0;

    bool operator==(const Extent&) const = default;
    bool isSet() const { return width > 0 && height > 0; }
};

/// sRGB, 8 bits, interleaved RGBRGB..., rows top to bottom without padding: values.size() == 3 * width * height.
struct Picture8 {
    Extent size;
    std::vector<std::uint8_t> values;

    bool operator==(const Picture8&) const = default;
};

/// sRGB as floats, planar [3, H, W], nominal range 0..1 (values a little outside are kept until they are written).
struct PictureF {
    Extent size;
    std::vector<float> values;

    bool operator==(const PictureF&) const = default;
};

/// A latent of one picture: [4, H/8, W/8], float32, in the space the denoiser works in (already scaled).
struct Latent {
    std::array<std::int64_t, 3> shape{0, 0, 0};
    std::vector<float> values;

    bool operator==(const Latent&) const = default;
};

} // namespace studio
