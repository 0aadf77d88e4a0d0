#include "ui/theme/tokens.h"

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

const Tokens kDark{
    .scheme = Scheme::Dark,
    .canvas = QColor(0x2A, 0x2A, 0x2A),
    .window = QColor(0x1B, 0x1B, 0x1D),
    .panel = QColor(0x22, 0x22, 0x25),
    .raised = QColor(0x2C, 0x2C, 0x30),
    .hover = QColor(0x36, 0x36, 0x3B),
    .field = QColor(0x18, 0x18, 0x1A),
    .border = QColor(0x38, 0x38, 0x3D),
    .strongBorder = QColor(0x4A, 0x4A, 0x51),
    .outline = QColor(0x85, 0x85, 0x8F),
    .text = QColor(0xEC, 0xEC, 0xEE),
    .secondary = QColor(0xA9, 0xA9, 0xB2),
    .disabled = QColor(0x75, 0x75, 0x80),
    .accent = QColor(0xE0, 0xA4, 0x58),
    .accentHover = QColor(0xEB, 0xB6, 0x74),
    .onAccent = QColor(0x1B, 0x14, 0x07),
    .selection = QColor(0x5A, 0x45, 0x28),
    .good = QColor(0x6F, 0xBF, 0x8B),
    .warning = QColor(0xE3, 0xB3, 0x41),
    .bad = QColor(0xE5, 0x74, 0x6B),
};

const Tokens kLight{
    .scheme = Scheme::Light,
    .canvas = QColor(0xC8, 0xC8, 0xC8),
    .window = QColor(0xF3, 0xF3, 0xF4),
    .panel = QColor(0xFF, 0xFF, 0xFF),
    .raised = QColor(0xFF, 0xFF, 0xFF),
    .hover = QColor(0xEC, 0xEC, 0xEF),
    .field = QColor(0xFF, 0xFF, 0xFF),
    .border = QColor(0xD9, 0xD9, 0xDD),
    .strongBorder = QColor(0xB9, 0xB9, 0xC0),
    .outline = QColor(0x77, 0x77, 0x80),
    .text = QColor(0x1A, 0x1A, 0x1C),
    .secondary = QColor(0x55, 0x55, 0x5E),
    .disabled = QColor(0x8C, 0x8C, 0x95),
    .accent = QColor(0x9A, 0x5B, 0x00),
    .accentHover = QColor(0xA9, 0x64, 0x00),
    .onAccent = QColor(0xFF, 0xFF, 0xFF),
    .selection = QColor(0xF6, 0xDF, 0xBD),
    .good = QColor(0x1E, 0x7F, 0x45),
    .warning = QColor(0x8A, 0x61, 0x00),
    .bad = QColor(0xB3, 0x26, 0x1E),
};

/// Relative luminance of WCAG 2.2.
double luminance(const QColor& colour)
{
    const auto linear
        = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF());
}

void setAll(QPalette& palette, QPalette::ColorRole role, const QColor& colour)
{
    palette.setColor(QPalette::All, role, colour);
}

} // namespace

const Tokens& tokens(Scheme scheme)
{
    return scheme == Scheme::Dark ? kDark : kLight;
}

const Tokens& tokensOf(const QPalette& palette)
{
    return palette.color(QPalette::Active, QPalette::WindowText).lightness() > 127 ? kDark : kLight;
}

QPalette makePalette(const Tokens& t)
{
    QPalette palette;
    setAll(palette, QPalette::Window, t.window);
    setAll(palette, QPalette::WindowText, t.text);
    setAll(palette, QPalette::Base, t.field);
    setAll(palette, QPalette::AlternateBase, t.panel);
    setAll(palette, QPalette::ToolTipBase, t.raised);
    setAll(palette, QPalette::ToolTipText, t.text);
    setAll(palette, QPalette::PlaceholderText, t.secondary);
    setAll(palette, QPalette::Text, t.text);
    setAll(palette, QPalette::Button, t.raised);
    setAll(palette, QPalette::ButtonText, t.text);
    setAll(palette, QPalette::BrightText, t.bad);
    setAll(palette, QPalette::Light, t.hover);
    setAll(palette, QPalette::Midlight, t.raised);
    setAll(palette, QPalette::Mid, t.border);
    setAll(palette, QPalette::Dark, t.strongBorder);
    setAll(palette, QPalette::Shadow, t.scheme == Scheme::Dark ? QColor(0, 0, 0) : t.outline);
    setAll(palette, QPalette::Highlight, t.selection);
    setAll(palette, QPalette::HighlightedText, t.text);
    setAll(palette, QPalette::Link, t.accent);
    setAll(palette, QPalette::LinkVisited, t.accent);
    setAll(palette, QPalette::NoRole, t.window);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
             QPalette::HighlightedText, QPalette::PlaceholderText, QPalette::Link, QPalette::LinkVisited})
        palette.setColor(QPalette::Disabled, role, t.disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, t.border);
    return palette;
}

double contrastRatio(const QColor& first, const QColor& second)
{
    const double one = luminance(first);
    const double two = luminance(second);
    return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

const std::vector<ContrastPair>& contrastPairs()
{
    static const std::vector<ContrastPair> kPairs = [] {
        struct Ground {
            const char* name;
            QColor Tokens::*colour;
        };
        std::vector<ContrastPair> pairs;
        const Ground grounds[]
            = {{"window", &Tokens::window}, {"panel", &Tokens::panel}, {"raised", &Tokens::raised},
                {"hover", &Tokens::hover}, {"field", &Tokens::field}, {"canvas", &Tokens::canvas}};
        for (const Ground& ground : grounds)
            pairs.push_back({ground.name, &Tokens::text, ground.colour, 4.5});
        for (const Ground& ground : grounds) {
            if (ground.colour == &Tokens::canvas)
                continue; // nothing but `text` stands on the canvas itself
            pairs.push_back({ground.name, &Tokens::secondary, ground.colour, 4.5});
            pairs.push_back({ground.name, &Tokens::accent, ground.colour, 4.5});
            pairs.push_back({ground.name, &Tokens::good, ground.colour, 3.0});
            pairs.push_back({ground.name, &Tokens::outline, ground.colour, 3.0});
            pairs.push_back({ground.name, &Tokens::disabled, ground.colour, 2.5});
        }
        for (const Ground& ground : {Ground{"panel", &Tokens::panel}, Ground{"raised", &Tokens::raised},
                 Ground{"window", &Tokens::window}}) {
            pairs.push_back({ground.name, &Tokens::good, ground.colour, 4.5});
            pairs.push_back({ground.name, &Tokens::warning, ground.colour, 4.5});
            pairs.push_back({ground.name, &Tokens::bad, ground.colour, 4.5});
        }
        pairs.push_back({"accent", &Tokens::onAccent, &Tokens::accent, 4.5});
        pairs.push_back({"accent, hovered", &Tokens::onAccent, &Tokens::accentHover, 4.5});
        pairs.push_back({"selection", &Tokens::text, &Tokens::selection, 4.5});
        return pairs;
    }();
    return kPairs;
}

} // namespace studio::ui
