#pragma once

#include "core/api/picture.h"
#include "ui/compare/colour_difference.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace studio::ui {

/// One channel of floats, rows top to bottom.
struct Plane {
    int width = 0;
    int height = 0;
    std::vector<float> values;
};

/// Luma of Rec. 601 on sRGB values, 0..255: what SSIM is defined on.
Plane lumaOf(const Picture8& picture);

/// The picture at another size. Smaller: the exact mean over each pixel's area, in linear light. Larger:
/// bilinear in sRGB values. The same size: unchanged. Each axis is treated by itself.
Picture8 resized(const Picture8& picture, Extent size);

/// Mean structural similarity, -1..1, 1 for equal pictures. Wang, Bovik, Sheikh, Simoncelli 2004: Gaussian
/// window of 11 × 11 with sigma 1.5, K1 0.01, K2 0.03, over all windows that lie wholly inside. Both planes
/// have one size, at least 11 × 11; smaller ones give no value.
std::optional<double> structuralSimilarity(const Plane& first, const Plane& second);

/// Mean of the squared 4-neighbour Laplacian of luma over all inner pixels: how much fine detail a picture
/// holds. Comparable between pictures of one size only. 0 below 3 × 3.
double laplacianEnergy(const Plane& luma);

/// Mean colour (averaged in linear light) of a picture.
Lab meanColour(const Picture8& picture);

/// Largest and mean difference over all channels, in 8-bit steps. Both pictures have one size.
struct PictureDifference {
    int largest = 0;
    double mean = 0.0;
};
PictureDifference difference(const Picture8& first, const Picture8& second);

/// The numbers beside a comparison.
struct CompareMetrics {
    std::optional<double> similarity; ///< SSIM of the composition: both at the smaller one's size
    double firstSharpness = 0.0;      ///< Laplacian energy at the larger one's size
    double secondSharpness = 0.0;
    Lab colourShift;              ///< mean colour of the second minus that of the first
    double colourDistance = 0.0;  ///< CIEDE2000 of the two mean colours
    PictureDifference difference; ///< at the larger one's size
    Extent compositionSize;
    Extent outputSize;
};

/// All of them; a second or so for 2048². Nothing if stopped on the way or if a picture is empty.
std::optional<CompareMetrics> measure(
    const Picture8& first, const Picture8& second, std::stop_token stop = {});

} // namespace studio::ui
