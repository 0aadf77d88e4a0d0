#include "ui/models/size_presets.h"

#include <cmath>

namespace studio::ui {

namespace {

constexpr int kLargeGrid = 64; // what SDXL was trained on
constexpr int kSmallGrid = 32; // for models of small pictures
constexpr int kLargeSide = 512;

Extent shaped(Extent square, Shape shape)
{
    const double side = std::sqrt(static_cast<double>(square.width) * square.height);
    const double stretch = std::sqrt(static_cast<double>(shape.width) / shape.height);
    const int grid = side >= kLargeSide ? kLargeGrid : kSmallGrid;
    const auto rounded = [grid](double length) {
        return std::max(grid, static_cast<int>(std::lround(length / grid)) * grid);
    };
    return {rounded(side * stretch), rounded(side / stretch)};
}

Extent between(Extent base, Extent target, double share)
{
    const auto side = [share](int from, int to) {
        return scaledSide(from, std::pow(static_cast<double>(to) / from, share));
    };
    return {side(base.width, target.width), side(base.height, target.height)};
}

} // namespace

const std::vector<Shape>& shapes()
{
    static const std::vector<Shape> table{{1, 1}, {4, 3}, {3, 2}, {16, 9}, {3, 4}, {2, 3}, {9, 16}};
    return table;
}

QString shapeName(Shape shape)
{
    if (shape.width == 0)
        return StudioState::tr("Own shape");
    if (shape.width == shape.height)
        return StudioState::tr("Square 1 : 1");
    return (shape.width > shape.height ? StudioState::tr("Wide %1 : %2") : StudioState::tr("Tall %1 : %2"))
        .arg(shape.width)
        .arg(shape.height);
}

Shape shapeOf(const StudioState& state)
{
    for (const Shape& shape : shapes()) {
        Request candidate = state.request();
        setShape(candidate, state.defaults(), shape);
        if (candidate == state.request())
            return shape;
    }
    return {};
}

void setShape(Request& request, const Request& defaults, Shape shape)
{
    Rung& rung = request.hires.rungs.back();
    if (shape.width == shape.height) {
        request.standard.size.reset();
        request.simple.base.reset();
        request.hires.base.reset();
        rung.target.reset();
        rung.scale.reset();
        return setPasses(request, {}, {}, static_cast<int>(request.hires.rungs.size()));
    }
    const Extent base = defaults.hires.base.value_or(Extent{768, 768});
    const Extent target
        = defaults.hires.rungs.back().target.value_or(Extent{2 * base.width, 2 * base.height});
    const double scale = static_cast<double>(target.width) / base.width;
    request.standard.size = shaped(defaults.standard.size.value_or(Extent{1024, 1024}), shape);
    request.simple.base = shaped(defaults.simple.base.value_or(Extent{768, 768}), shape);
    request.hires.base = shaped(base, shape);
    const Extent first = *request.hires.base;
    setTarget(request, first, {scaledSide(first.width, scale), scaledSide(first.height, scale)});
}

const std::vector<HiresPreset>& hiresPresets()
{
    static const std::vector<HiresPreset> table{{0, 0}, {768, 1536}, {1024, 1536}, {1024, 2048}};
    return table;
}

QString hiresPresetName(HiresPreset preset)
{
    return preset.base == 0 ? StudioState::tr("The model's own sizes")
                            : QStringLiteral("%1 → %2").arg(preset.base).arg(preset.target);
}

void setHiresPreset(Request& request, HiresPreset preset)
{
    request.hires.rungs.resize(1);
    Rung& rung = request.hires.rungs.front();
    rung.scale.reset();
    rung.target.reset();
    request.hires.base.reset();
    if (preset.base == 0)
        return;
    request.hires.base = Extent{preset.base, preset.base};
    rung.target = Extent{preset.target, preset.target};
}

int hiresPresetOf(const Request& request)
{
    for (std::size_t i = 0; i < hiresPresets().size(); ++i) {
        Request candidate = request;
        setHiresPreset(candidate, hiresPresets()[i]);
        if (candidate == request)
            return static_cast<int>(i);
    }
    return -1;
}

void setTarget(Request& request, Extent base, Extent target)
{
    const std::size_t count = request.hires.rungs.size();
    for (std::size_t i = 0; i < count; ++i) {
        Rung& rung = request.hires.rungs[i];
        rung.scale.reset();
        rung.target = i + 1 == count
            ? target
            : between(base, target, static_cast<double>(i + 1) / static_cast<double>(count));
    }
}

void setPasses(Request& request, Extent base, Extent target, int passes)
{
    // Passes that stay keep what is their own; new ones are like the last.
    const Rung pattern = request.hires.rungs.back();
    request.hires.rungs.resize(static_cast<std::size_t>(std::max(1, passes)), pattern);
    for (Rung& rung : request.hires.rungs)
        rung.target.reset();
    if (passes > 1 && base.isSet() && target.isSet())
        setTarget(request, base, target);
    else if (passes <= 1 && target.isSet())
        request.hires.rungs.front().target = target;
}

} // namespace studio::ui
