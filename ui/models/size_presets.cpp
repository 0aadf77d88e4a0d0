#include "ui/models/size_presets.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace studio::ui {

namespace {

constexpr int kLargeGrid = 64; // what SDXL was trained on
constexpr int kSmallGrid = 32; // for models of small pictures
constexpr int kLargeSide = 512;

constexpr int kTrainedSide = 1024;
constexpr std::array kTrainedSizes{Extent{1024, 1024}, Extent{1152, 896}, Extent{1216, 832},
    Extent{1344, 768}, Extent{1536, 640}, Extent{896, 1152}, Extent{832, 1216}, Extent{768, 1344},
    Extent{640, 1536}};

Extent shaped(Extent square, Shape shape)
{
    const double side = std::sqrt(static_cast<double>(square.width) * square.height);
    const double stretch = std::sqrt(static_cast<double>(shape.width) / shape.height);
    const int grid = side >= kLargeSide ? kLargeGrid : kSmallGrid;
    const auto rounded = [grid](double length) {
        return std::max(grid, static_cast<int>(std::lround(length / grid)) * grid);
    };
    // A trained size is met exactly where there are as many pixels; its sides are no more than near its ratio's.
    if (isTrainedSize({shape.width, shape.height}))
        return {rounded(side * shape.width / kTrainedSide), rounded(side * shape.height / kTrainedSide)};
    return {rounded(side * stretch), rounded(side / stretch)};
}

Extent squareOf(int side)
{
    return {side, side};
}

/// The first pass as it is asked for.
Extent baseOf(const Request& request, const Request& defaults)
{
    return request.hires.base.value_or(defaults.hires.base.value_or(squareOf(768)));
}

Extent usualStandard(const Request& defaults)
{
    return defaults.standard.size.value_or(squareOf(kTrainedSide));
}

/// Whether a first pass of this size is one that the shape leads to, at one of the usual numbers of pixels.
bool leadsTo(Shape shape, Extent base, const Request& defaults)
{
    if (shaped(defaults.hires.base.value_or(squareOf(768)), shape) == base)
        return true;
    return std::any_of(hiresPresets().begin(), hiresPresets().end(), [&](const HiresPreset& preset) {
        return preset.base > 0 && shaped(squareOf(preset.base), shape) == base;
    });
}

/// The shape of the table that a first pass has; {0, 0}: none. `standard` decides between shapes that a smaller first
/// pass has in common.
Shape shapeOfBase(Extent base, Extent standard, const Request& defaults)
{
    Shape found;
    for (const Shape& shape : shapes()) {
        if (!leadsTo(shape, base, defaults))
            continue;
        if (shaped(usualStandard(defaults), shape) == standard)
            return shape;
        if (found == Shape{})
            found = shape;
    }
    return found;
}

/// The same, or its ratio.
Shape ratioOfBase(Extent base, Extent standard, const Request& defaults)
{
    const Shape known = shapeOfBase(base, standard, defaults);
    if (known != Shape{})
        return known;
    return base.width == base.height ? Shape{1, 1} : Shape{base.width, base.height};
}

/// As far as sides that are multiples of 8 can have one ratio.
bool haveOneRatio(Extent base, Extent target)
{
    const double wide = static_cast<double>(target.width) / base.width;
    const double high = static_cast<double>(target.height) / base.height;
    return std::abs(wide - high) * std::min(base.width, base.height) <= 8.0;
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
    static const std::vector<Shape> table{{1, 1}, {4, 3}, {1216, 832}, {3, 2}, {16, 9}, {1536, 640}, {3, 4},
        {832, 1216}, {2, 3}, {9, 16}, {640, 1536}};
    return table;
}

QString shapeName(Shape shape)
{
    if (shape.width == 0)
        return StudioState::tr("Own shape");
    if (shape.width == shape.height)
        return StudioState::tr("Square 1 : 1");
    if (isTrainedSize({shape.width, shape.height}))
        return shape.width > shape.height ? StudioState::tr("Wide") : StudioState::tr("Tall");
    return (shape.width > shape.height ? StudioState::tr("Wide %1 : %2") : StudioState::tr("Tall %1 : %2"))
        .arg(shape.width)
        .arg(shape.height);
}

bool isTrainedSize(Extent size)
{
    return std::find(kTrainedSizes.begin(), kTrainedSizes.end(), size) != kTrainedSizes.end();
}

Shape shapeOf(const StudioState& state)
{
    const Mode mode = state.request().mode;
    const Request& defaults = state.defaults();
    const Extent standard = state.standardSize();
    const Extent base = state.firstPassSize();
    const bool climbs = mode == Mode::Hires || mode == Mode::Compare;
    if (climbs && !haveOneRatio(base, state.targetSize()))
        return {};
    if (mode != Mode::Standard && mode != Mode::Compare)
        return shapeOfBase(base, standard, defaults);
    for (const Shape& shape : shapes()) {
        const bool isStandard = shaped(usualStandard(defaults), shape) == standard;
        if (isStandard && (mode == Mode::Standard || leadsTo(shape, base, defaults)))
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

void setHiresPreset(Request& request, const Request& defaults, HiresPreset preset)
{
    const Extent standard = request.standard.size.value_or(usualStandard(defaults));
    const Shape shape = ratioOfBase(baseOf(request, defaults), standard, defaults);
    const bool isSquare = shape.width == shape.height;
    request.hires.rungs.resize(1);
    Rung& rung = request.hires.rungs.front();
    rung.scale.reset();
    rung.target.reset();
    request.hires.base.reset();
    if (preset.base == 0 && isSquare)
        return;
    Extent square = squareOf(preset.base);
    Extent target = squareOf(preset.target);
    if (preset.base == 0) {
        square = defaults.hires.base.value_or(squareOf(768));
        target = defaults.hires.rungs.back().target.value_or(Extent{2 * square.width, 2 * square.height});
    }
    Extent base = shaped(square, shape);
    for (int i = 0; i < 3; ++i) // rounded sides have a ratio of their own, which the preset is known by again
        base = shaped(square, ratioOfBase(base, standard, defaults));
    const double scale = static_cast<double>(target.width) / square.width;
    request.hires.base = base;
    rung.target = Extent{scaledSide(base.width, scale), scaledSide(base.height, scale)};
}

int hiresPresetOf(const Request& request, const Request& defaults)
{
    int sameSizes = -1; // asked for in another way, such as by a picture's settings
    for (std::size_t i = 0; i < hiresPresets().size(); ++i) {
        Request candidate = request;
        setHiresPreset(candidate, defaults, hiresPresets()[i]);
        if (candidate == request)
            return static_cast<int>(i);
        const bool isSame = request.hires.rungs.size() == 1
            && baseOf(candidate, defaults) == baseOf(request, defaults)
            && hiresTarget(candidate, defaults) == hiresTarget(request, defaults);
        if (isSame && sameSizes < 0)
            sameSizes = static_cast<int>(i);
    }
    return sameSizes;
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
