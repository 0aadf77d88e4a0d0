#pragma once

#include "ui/models/studio_state.h"

#include <QString>

#include <vector>

namespace studio::ui {

/// A shape of pictures: a ratio, or one of the sizes that SDXL was trained at. 0: not one of the table.
struct Shape {
    int width = 0;
    int height = 0;
    bool operator==(const Shape&) const = default;
};

/// Ratios, and the sizes of SDXL's training that no ratio leads to (Podell et al. 2023, appendix I: those that its
/// checkpoints are mostly made for).
const std::vector<Shape>& shapes();
QString shapeName(Shape shape); ///< "Square", "Wide 3 : 2", "Tall"

/// Whether a picture of this size is one that SDXL was mostly trained at.
bool isTrainedSize(Extent size);

/// The shape of what the state's mode makes, of the table or {0, 0}.
Shape shapeOf(const StudioState& state);

/// Gives every size of the request a shape, with as many pixels as the model's own sizes have. Square: those sizes.
void setShape(Request& request, const Request& defaults, Shape shape);

/// A pair of sizes for the hires fix, with the pixels of squares of these sides.
struct HiresPreset {
    int base = 0; ///< side of the first pass; 0: the model's own sizes
    int target = 0;
};
const std::vector<HiresPreset>& hiresPresets();
QString hiresPresetName(HiresPreset preset);
/// Keeps the shape of the first pass.
void setHiresPreset(Request& request, const Request& defaults, HiresPreset preset);
/// Index into the table, -1: none of it.
int hiresPresetOf(const Request& request, const Request& defaults);

/// Sets the size that the hires fix ends at; rungs below it are spread evenly (by ratio).
void setTarget(Request& request, Extent base, Extent target);

/// As many second passes, ending at the same size.
void setPasses(Request& request, Extent base, Extent target, int passes);

} // namespace studio::ui
