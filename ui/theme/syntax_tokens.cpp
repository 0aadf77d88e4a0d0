#include "ui/theme/syntax_tokens.h"

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

const SyntaxTokens kDark{
    .more = QColor(0xF0, 0xB6, 0x6C),
    .less = QColor(0x9C, 0xC0, 0xF2),
    .change = QColor(0xD0, 0xAE, 0xF8),
    .name = QColor(0x7C, 0xD6, 0xCC),
    .choice = QColor(0xA2, 0xD9, 0x8C),
    .join = QColor(0xF4, 0xA6, 0xC2),
    .comment = QColor(0xA9, 0xA9, 0xB2),
};

const SyntaxTokens kLight{
    .more = QColor(0x85, 0x4E, 0x00),
    .less = QColor(0x1B, 0x55, 0x9C),
    .change = QColor(0x6D, 0x34, 0xA3),
    .name = QColor(0x07, 0x60, 0x5C),
    .choice = QColor(0x2F, 0x60, 0x0E),
    .join = QColor(0x9A, 0x1F, 0x55),
    .comment = QColor(0x55, 0x55, 0x5E),
};

/// How much of the bracket's colour the ground takes at most. More would cost legibility.
constexpr double kStrongest = 0.22;
/// The weight, or its inverse, at which the ground is as strong as it gets.
constexpr double kFarthest = 1.6;

} // namespace

const SyntaxTokens& syntaxTokens(Scheme scheme)
{
    return scheme == Scheme::Dark ? kDark : kLight;
}

QColor emphasisGround(Scheme scheme, double weight)
{
    const QColor field = tokens(scheme).field;
    if (weight == 1.0)
        return field;
    // A weight of 0 or below takes the text away, or turns it round.
    const double distance = weight > 0.0 ? std::abs(std::log(weight)) / std::log(kFarthest) : 1.0;
    const double part = kStrongest * std::clamp(distance, 0.0, 1.0);
    const QColor colour = weight > 1.0 ? syntaxTokens(scheme).more : syntaxTokens(scheme).less;
    const auto mix = [part](int from, int to) { return int(std::lround(from + (to - from) * part)); };
    return {
        mix(field.red(), colour.red()), mix(field.green(), colour.green()), mix(field.blue(), colour.blue())};
}

} // namespace studio::ui
