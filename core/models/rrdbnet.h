#pragma once

#include "core/nn/attention.h"
#include "core/weights/format/upscaler_file.h"

#include <memory>
#include <vector>

namespace studio::models {

class ResidualDenseTrunk;

/// ESRGAN's generator (Wang et al. 2018, arXiv:1809.00219, section 3.1), with Real-ESRGAN's pixel unshuffle before it
/// (Wang et al. 2021, arXiv:2107.10833, section 3.4). Parameter names are Real-ESRGAN's.
class RrdbNet : public nn::Module {
public:
    explicit RrdbNet(const RrdbConfig& config);
    ~RrdbNet() override;

    /// picture: [B, 3, H, W], colours in 0..1 -> [B, 3, scale * H, scale * W], nominally 0..1. What does not fill the
    /// squares of the unshuffle is mirrored at the right and at the bottom. The checkpoint is passed between blocks.
    at::Tensor operator()(const at::Tensor& picture, const nn::Checkpoint& checkpoint) const;

    const RrdbConfig& config() const { return m_config; }

private:
    at::Tensor unshuffled(const at::Tensor& picture) const;

    RrdbConfig m_config;
    std::unique_ptr<nn::Conv2d> m_first;
    std::unique_ptr<ResidualDenseTrunk> m_trunk;
    std::unique_ptr<nn::Conv2d> m_body;
    std::vector<std::unique_ptr<nn::Conv2d>> m_up;
    std::unique_ptr<nn::Conv2d> m_high;
    std::unique_ptr<nn::Conv2d> m_last;
};

} // namespace studio::models
