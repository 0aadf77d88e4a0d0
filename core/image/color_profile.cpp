#include "core/image/color_profile.h"

#include "core/api/log.h"
#include "core/base/error.h"

#include <lcms2.h>

#include <array>
#include <cstdlib>
#include <new>

namespace studio {

namespace {

struct CloseProfile {
    void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
    void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;

constexpr int kProbeLevels = 9; ///< per channel, to see whether a profile is sRGB under another name
constexpr int kSameColour = 1;  ///< of 255: the rounding of an ICC table

/// The values as they stand.
class PlainConverter : public RowConverter {
public:
    explicit PlainConverter(const DecodedPicture& decoded)
        : m_decoded(decoded)
    { }

    void convert(const std::uint8_t* row, std::uint8_t* rgb, int pixels) override
    {
        const auto channels = static_cast<std::size_t>(m_decoded.channels());
        std::size_t first = 0;
        for (int x = 0; x < pixels; ++x, rgb += 3, first += channels) {
            switch (m_decoded.model) {
            case ColorModel::Grey:
                rgb[0] = rgb[1] = rgb[2] = m_decoded.value(row, first);
                break;
            case ColorModel::Rgb:
                for (std::size_t c = 0; c < 3; ++c)
                    rgb[c] = m_decoded.value(row, first + c);
                break;
            case ColorModel::Cmyk:
                for (std::size_t c = 0; c < 3; ++c)
                    rgb[c] = static_cast<std::uint8_t>(
                        ((255 - row[first + c]) * (255 - row[first + 3]) + 127) / 255);
                break;
            }
        }
    }

private:
    const DecodedPicture& m_decoded;
};

class ProfileConverter : public RowConverter {
public:
    explicit ProfileConverter(Transform transform)
        : m_transform(std::move(transform))
    { }
    void convert(const std::uint8_t* row, std::uint8_t* rgb, int pixels) override
    {
        cmsDoTransform(m_transform.get(), row, rgb, static_cast<cmsUInt32Number>(pixels));
    }

private:
    Transform m_transform;
};

/// `space`: a number, for a damaged profile may hold one that is no signature.
bool fits(cmsUInt32Number space, ColorModel model)
{
    switch (model) {
    case ColorModel::Grey:
        return space == cmsSigGrayData;
    case ColorModel::Rgb:
        return space == cmsSigRgbData;
    case ColorModel::Cmyk:
        break;
    }
    return space == cmsSigCmykData;
}

cmsUInt32Number layoutOf(const DecodedPicture& decoded)
{
    const int colours = decoded.channels() - (decoded.alpha ? 1 : 0);
    const int space = decoded.model == ColorModel::Grey ? PT_GRAY
        : decoded.model == ColorModel::Rgb              ? PT_RGB
                                                        : PT_CMYK;
    return static_cast<cmsUInt32Number>(COLORSPACE_SH(space) | EXTRA_SH(decoded.alpha ? 1 : 0)
        | CHANNELS_SH(colours) | BYTES_SH(decoded.depth / 8));
}

Transform makeTransform(const Profile& from, cmsUInt32Number layout, cmsUInt32Number flags)
{
    const Profile srgb(cmsCreate_sRGBProfile());
    return Transform(
        cmsCreateTransform(from.get(), layout, srgb.get(), TYPE_RGB_8, INTENT_PERCEPTUAL, flags));
}

/// Sends a grid of colours through an RGB profile: what comes back unchanged need not be converted, and is
/// then exact to the bit.
bool saysSrgb(const Profile& profile)
{
    const Transform transform = makeTransform(profile, TYPE_RGB_8, cmsFLAGS_NOOPTIMIZE);
    if (!transform)
        return false;
    std::vector<std::uint8_t> grid;
    const auto level = [](int i) { return static_cast<std::uint8_t>(i * 255 / (kProbeLevels - 1)); };
    for (int r = 0; r < kProbeLevels; ++r)
        for (int g = 0; g < kProbeLevels; ++g)
            for (int b = 0; b < kProbeLevels; ++b)
                grid.insert(grid.end(), {level(r), level(g), level(b)});
    std::vector<std::uint8_t> out(grid.size());
    cmsDoTransform(transform.get(), grid.data(), out.data(), static_cast<cmsUInt32Number>(grid.size() / 3));
    for (std::size_t i = 0; i < grid.size(); ++i)
        if (std::abs(grid[i] - out[i]) > kSameColour)
            return false;
    return true;
}

} // namespace

std::unique_ptr<RowConverter> makeRowConverter(const DecodedPicture& decoded)
{
    auto plain = std::make_unique<PlainConverter>(decoded);
    if (decoded.profile.empty())
        return plain;
    const Profile profile(
        cmsOpenProfileFromMem(decoded.profile.data(), static_cast<cmsUInt32Number>(decoded.profile.size())));
    if (!profile || !fits(static_cast<cmsUInt32Number>(cmsGetColorSpace(profile.get())), decoded.model)) {
        logWarning(
            "A picture's colour profile is damaged or does not fit its pixels; they are taken for sRGB.");
        return plain;
    }
    if (decoded.model == ColorModel::Rgb && saysSrgb(profile))
        return plain;
    Transform transform = makeTransform(profile, layoutOf(decoded), 0);
    if (!transform) {
        logWarning("A picture's colour profile cannot be used; its pixels are taken for sRGB.");
        return plain;
    }
    return std::make_unique<ProfileConverter>(std::move(transform));
}

} // namespace studio
