#include "core/upscale/network_upscaler.h"

#include "core/image/lanczos.h"
#include "core/image/rounding.h"
#include "core/models/operations.h"
#include "core/upscale/tiles.h"
#include "core/weights/load_weights.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace studio::upscale {

namespace {

constexpr int kMostPasses = 3;

/// A tile's side after the network: its widest maps (64 channels) then take 256 MB each.
constexpr int kTileAfter = 1024;
constexpr int kMostTileBefore = 512;

/// What a network sees beyond its tile. ESRGAN's field is wider, but what lies further off hardly counts.
constexpr int kOverlap = 16;

std::string what(const UpscalerFile& file)
{
    return "The upscaler " + file.path.filename().string();
}

bool reaches(const Extent& size, const Extent& target)
{
    return size.width >= target.width && size.height >= target.height;
}

/// Runs `once` until the target is reached. A network that keeps the size runs one time.
template <class Picture, class Once>
Picture enlargedBy(const Picture& picture, const Extent& target, int scale, const Once& once)
{
    if (scale == 1)
        return once(picture);
    Picture current = picture;
    for (int pass = 0; pass < kMostPasses && !reaches(current.size, target); ++pass)
        current = once(current);
    return current;
}

at::Tensor planesOf(PictureF& picture)
{
    return at::from_blob(picture.values.data(), {1, 3, picture.size.height, picture.size.width}, at::kFloat);
}

at::Tensor part(const at::Tensor& planes, const Rectangle& where)
{
    return planes.narrow(2, where.top, where.size.height).narrow(3, where.left, where.size.width);
}

Rectangle enlarged(const Rectangle& where, int scale)
{
    return {where.left * scale, where.top * scale, {where.size.width * scale, where.size.height * scale}};
}

} // namespace

NetworkUpscaler::NetworkUpscaler(UpscalerFile file)
    : m_file(std::move(file))
    , m_network(m_file.config)
{
    checkFits(m_network, m_file.tensors, what(m_file));
    m_operationsPerPixel
        = models::upscalerOperations(m_network, int(m_file.config.unshuffle), int(m_file.config.upsamplings));
}

int NetworkUpscaler::sideOfTiles() const
{
    return std::min(kMostTileBefore, kTileAfter / scale());
}

double NetworkUpscaler::operations(const Extent& source, const Extent& target) const
{
    double sum = 0.0;
    enlargedBy(PictureF{source, {}}, target, scale(), [&](const PictureF& from) {
        sum += m_operationsPerPixel * from.size.width * from.size.height;
        return PictureF{{from.size.width * scale(), from.size.height * scale()}, {}};
    });
    return sum;
}

void NetworkUpscaler::load(const at::Device& device)
{
    if (m_loadedOn == device)
        return;
    const LoadPolicy policy{.device = device, .convertTo = at::kFloat, .copy = true};
    loadInto(m_network, m_file.tensors, policy, what(m_file));
    m_loadedOn = device;
}

PictureF NetworkUpscaler::enlargeOnce(
    const PictureF& picture, int side, int overlap, const Workplace& workplace)
{
    load(workplace.device);
    PictureF source = picture;
    PictureF out{{picture.size.width * scale(), picture.size.height * scale()}, {}};
    out.values.resize(std::size_t(3) * std::size_t(out.size.width) * std::size_t(out.size.height));
    const at::Tensor from = planesOf(source);
    const at::Tensor to = planesOf(out);
    const int step = int(m_file.config.unshuffle);
    for (const Tile& tile : tilesOf(picture.size, side, overlap, step)) {
        nn::pass(workplace.checkpoint);
        const at::Tensor seen = part(from, tile.seen).to(workplace.device).contiguous();
        const at::Tensor made = m_network(seen, workplace.checkpoint).clamp_(0.0, 1.0);
        Rectangle own = tile.kept;
        own.left -= tile.seen.left;
        own.top -= tile.seen.top;
        part(to, enlarged(tile.kept, scale())).copy_(part(made, enlarged(own, scale())));
    }
    return out;
}

PictureF NetworkUpscaler::enlarge(const PictureF& picture, Extent target, const Workplace& workplace)
{
    const PictureF made = enlargedBy(picture, target, scale(),
        [&](const PictureF& from) { return enlargeOnce(from, sideOfTiles(), kOverlap, workplace); });
    return made.size == target ? made : resizeLanczos(made, target, workplace.checkpoint);
}

Picture8 NetworkUpscaler::enlarge8(const Picture8& picture, Extent target, const Workplace& workplace)
{
    const Picture8 made = enlargedBy(picture, target, scale(), [&](const Picture8& from) {
        return toEightBit(enlargeOnce(toFloat(from), sideOfTiles(), kOverlap, workplace));
    });
    return made.size == target ? made : resizeLanczos(made, target, workplace.checkpoint);
}

} // namespace studio::upscale
