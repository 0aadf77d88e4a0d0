#pragma once

#include <QColor>
#include <QPalette>

#include <vector>

namespace studio::ui {

enum class Scheme { Dark, Light };

/// Every colour of the window, by what it is for. Widgets name a token, never a colour.
struct Tokens {
    Scheme scheme = Scheme::Dark;
    QColor canvas; ///< behind pictures: neutral grey, so that it tints no judgement
    QColor window; ///< the frame around panels
    QColor panel;
    QColor raised; ///< buttons, menus, floating bars
    QColor hover;  ///< a raised thing under the pointer
    QColor field;  ///< where one types
    QColor border;
    QColor strongBorder;
    QColor outline; ///< the only mark of a control (check box, slider groove): 3:1 on every ground
    QColor text;
    QColor secondary;
    QColor disabled;
    QColor accent;
    QColor accentHover;
    QColor onAccent;
    QColor selection; ///< ground of selected text and rows; `text` stands on it
    QColor good;
    QColor warning;
    QColor bad;
};

const Tokens& tokens(Scheme scheme);

/// The tokens a palette was made from: widgets ask their own palette, so that a change of theme reaches them
/// by itself and no global state is needed.
const Tokens& tokensOf(const QPalette& palette);

/// All roles of all groups, so that no style falls back on a colour of its own.
QPalette makePalette(const Tokens& tokens);

/// Contrast of two opaque colours, 1..21. WCAG 2.2, "contrast ratio".
double contrastRatio(const QColor& first, const QColor& second);

/// One promise about legibility. `minimum` is 4.5 for text, 3 for icons, large text and marks of controls.
struct ContrastPair {
    const char* name = "";
    QColor Tokens::*foreground = nullptr;
    QColor Tokens::*ground = nullptr;
    double minimum = 0.0;
};

/// Every pair of tokens the window puts on one another.
const std::vector<ContrastPair>& contrastPairs();

/// Distances in device-independent pixels: a grid of 4.
namespace spacing {
constexpr int kUnit = 4;
constexpr int kInGroup = 8;
constexpr int kBetweenGroups = 16;
constexpr int kPanel = 12;
constexpr int kControlHeight = 28;
constexpr int kPrimaryHeight = 40;
constexpr int kRadius = 6;
constexpr int kSmallRadius = 4;
constexpr int kFocusRing = 2;
constexpr int kIcon = 16;
constexpr int kLargeIcon = 20;
constexpr int kLeftColumn = 344;
constexpr int kRightColumn = 300;
constexpr int kPlanStrip = 36;
constexpr int kFilmstrip = 104;
constexpr int kStatusBar = 24;
} // namespace spacing

/// Longest animation, in milliseconds.
constexpr int kMotionMs = 150;

} // namespace studio::ui
