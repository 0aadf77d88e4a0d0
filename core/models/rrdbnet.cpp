#include "core/models/rrdbnet.h"

#include "core/nn/bands.h"

#include <array>

namespace studio::models {

namespace {

constexpr std::int64_t kColours = 3;
constexpr double kSlope = 0.2;         // of the leaky rectifier
constexpr double kResidualScale = 0.2; // "residual scaling", section 3.1
constexpr int kJoined = 4; // convolutions of a dense block whose outputs are joined to what it has seen

std::unique_ptr<nn::Conv2d> convolution(std::int64_t in, std::int64_t out)
{
    return std::make_unique<nn::Conv2d>(in, out, /*kernel=*/3, /*stride=*/1, /*padding=*/1);
}

/// Five convolutions, each of which sees the input and the outputs of those before it.
struct DenseBlock : nn::Module {
    explicit DenseBlock(const RrdbConfig& config)
        : m_features(config.features)
        , m_growth(config.growth)
    {
        for (int k = 0; k <= kJoined; ++k) {
            const std::int64_t seen = m_features + k * m_growth;
            m_convolutions.push_back(convolution(seen, k < kJoined ? m_growth : m_features));
            own("conv" + std::to_string(k + 1), *m_convolutions.back());
        }
    }

    /// seen: room for what the convolutions see, [B, features + 4 growth, H, W]; its content does not matter.
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& seen) const
    {
        seen.narrow(1, 0, m_features).copy_(x);
        for (int k = 0; k < kJoined; ++k) {
            const std::int64_t width = m_features + k * m_growth;
            at::Tensor added = (*m_convolutions[std::size_t(k)])(seen.narrow(1, 0, width));
            seen.narrow(1, width, m_growth).copy_(at::leaky_relu_(added, kSlope));
        }
        return (*m_convolutions.back())(seen).mul_(kResidualScale).add_(x);
    }

private:
    std::int64_t m_features;
    std::int64_t m_growth;
    std::vector<std::unique_ptr<nn::Conv2d>> m_convolutions;
};

/// Three dense blocks with a residual around them ("residual in residual").
struct ResidualBlock : nn::Module {
    explicit ResidualBlock(const RrdbConfig& config)
        : m_blocks{{DenseBlock(config), DenseBlock(config), DenseBlock(config)}}
    {
        for (std::size_t k = 0; k < m_blocks.size(); ++k)
            own("rdb" + std::to_string(k + 1), m_blocks[k]);
    }

    at::Tensor operator()(const at::Tensor& x, const at::Tensor& seen) const
    {
        at::Tensor h = x;
        for (const DenseBlock& block : m_blocks)
            h = block(h, seen);
        return h.mul_(kResidualScale).add_(x);
    }

private:
    std::array<DenseBlock, 3> m_blocks;
};

} // namespace

class ResidualDenseTrunk : public nn::Module {
public:
    explicit ResidualDenseTrunk(const RrdbConfig& config)
        : m_width(config.features + kJoined * config.growth)
    {
        for (std::int64_t i = 0; i < config.blocks; ++i) {
            m_blocks.push_back(std::make_unique<ResidualBlock>(config));
            own(std::to_string(i), *m_blocks.back());
        }
    }

    at::Tensor operator()(const at::Tensor& x, const nn::Checkpoint& checkpoint) const
    {
        const at::Tensor seen = at::empty({x.size(0), m_width, x.size(2), x.size(3)}, x.options());
        at::Tensor h = x;
        for (const auto& block : m_blocks) {
            nn::pass(checkpoint);
            h = (*block)(h, seen);
        }
        return h;
    }

private:
    std::int64_t m_width;
    std::vector<std::unique_ptr<ResidualBlock>> m_blocks;
};

RrdbNet::RrdbNet(const RrdbConfig& config)
    : m_config(config)
    , m_first(convolution(kColours * config.unshuffle * config.unshuffle, config.features))
    , m_trunk(std::make_unique<ResidualDenseTrunk>(config))
    , m_body(convolution(config.features, config.features))
    , m_high(convolution(config.features, config.features))
    , m_last(convolution(config.features, kColours))
{
    own("conv_first", *m_first);
    own("body", *m_trunk);
    own("conv_body", *m_body);
    for (std::int64_t k = 1; k <= config.upsamplings; ++k) {
        m_up.push_back(convolution(config.features, config.features));
        own("conv_up" + std::to_string(k), *m_up.back());
    }
    own("conv_hr", *m_high);
    own("conv_last", *m_last);
}

RrdbNet::~RrdbNet() = default;

at::Tensor RrdbNet::unshuffled(const at::Tensor& picture) const
{
    if (m_config.unshuffle == 1)
        return picture;
    const auto missing = [&](int dimension) {
        const std::int64_t beyond = picture.size(dimension) % m_config.unshuffle;
        return beyond == 0 ? 0 : m_config.unshuffle - beyond;
    };
    return at::pixel_unshuffle(
        at::reflection_pad2d(picture, {0, missing(3), 0, missing(2)}), m_config.unshuffle);
}

at::Tensor RrdbNet::operator()(const at::Tensor& picture, const nn::Checkpoint& checkpoint) const
{
    at::Tensor h = (*m_first)(unshuffled(picture));
    h = (*m_body)((*m_trunk)(h, checkpoint)).add_(h);
    for (const auto& up : m_up) {
        nn::pass(checkpoint);
        h = nn::enlargeAndConvolve(*up, h, 2 * h.size(2), 2 * h.size(3), checkpoint);
        at::leaky_relu_(h, kSlope);
    }
    nn::pass(checkpoint);
    h = (*m_high)(h);
    h = (*m_last)(at::leaky_relu_(h, kSlope));
    return h.narrow(2, 0, m_config.scale() * picture.size(2))
        .narrow(3, 0, m_config.scale() * picture.size(3));
}

} // namespace studio::models
