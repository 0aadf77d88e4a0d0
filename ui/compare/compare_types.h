#pragma once

#include "core/api/picture.h"

#include <QString>

#include <memory>

namespace studio::ui {

/// One picture of a comparison. Pictures of different sizes show the same field of view.
struct CompareLayer {
    QString label;   ///< short, on the chip: "First pass"
    QString caption; ///< longer, in tool tips and sheets: "768 × 768, 30 steps"
    std::shared_ptr<const Picture8> picture;
};

enum class CompareMode { Side, Wipe, Blink, Overlay, Difference, Loupe, Single };

/// Vertical: an upright line, A to its left. Horizontal: a level line, A above it.
enum class WipeAxis { Vertical, Horizontal };

enum class Sampling { Nearest, Smooth };

/// How the layers are shown. Indices are those of the layers that were set.
struct CompareSettings {
    CompareMode mode = CompareMode::Single;
    int first = 0;  ///< A
    int second = 0; ///< B
    WipeAxis wipeAxis = WipeAxis::Vertical;
    double wipePosition = 0.5; ///< 0..1 along the part of the picture that is in sight
    double opacity = 0.5;      ///< of B over A, 0..1
    int gain = 4;              ///< of the difference: 1, 2, 4, 8, 16
    int magnification = 4;     ///< of the loupe over the view: 2, 4, 8
    int panes = 2;             ///< side by side: 2 to kMaxPanes, as far as there are layers
    Sampling sampling = Sampling::Smooth;
    bool showSecond = false; ///< blink and single: B is in sight

    bool operator==(const CompareSettings&) const = default;
};

constexpr int kMaxPanes = 4;

} // namespace studio::ui
