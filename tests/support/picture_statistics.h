#pragma once

#include "core/api/picture.h"

namespace studio::testing {

/// Which rows of a picture a statistic reads: all, the upper 42 %, the lower 36 %.
enum class Part { Whole, Upper, Lower };

/// Means over the pixels of a part; colours are 0..1.
double brightness(const Picture8& picture, Part part = Part::Whole);
double warmth(const Picture8& picture, Part part = Part::Whole);     ///< red less blue
double greenness(const Picture8& picture, Part part = Part::Whole);  ///< green less the mean of red and blue
double whiteness(const Picture8& picture, Part part = Part::Whole);  ///< the weakest of the three colours
double saturation(const Picture8& picture, Part part = Part::Whole); ///< the strongest less the weakest

/// Share of a part's pixels where a colour clearly leads.
double redShare(const Picture8& picture, Part part = Part::Whole);
double purpleShare(const Picture8& picture, Part part = Part::Whole);

/// Mean square of the grey picture's Laplacian (four neighbours): how much fine detail there is.
double laplacianEnergy(const Picture8& picture);

/// Mean structural similarity of the grey pictures over windows of 8 x 8 (Wang et al. 2004). Equal sizes.
double similarity(const Picture8& a, const Picture8& b);

/// The picture at half its size: means of 2 x 2 pixels.
Picture8 halved(const Picture8& picture);

} // namespace studio::testing
