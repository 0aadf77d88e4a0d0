#pragma once

#include "core/nn/resnet.h"
#include "core/nn/transformer.h"
#include "core/weights/format/model_config.h"

#include <memory>
#include <vector>

namespace studio::models {

/// Everything about a prompt and a size that stays the same over the steps of a pass, computed once.
struct UnetConditioning {
    std::vector<nn::KeysValues> text; ///< one entry per transformer block, in the order of the forward pass
    at::Tensor addition;              ///< [B, timeChannels]: pooled text and size numbers, embedded
};

/// The denoising network of SDXL, its refiner, and every smaller member of the family (Podell et al. 2023, 2.1).
/// Parameter names are diffusers' UNet2DConditionModel's.
class Unet : public nn::Module {
public:
    explicit Unet(const UnetConfig& config);
    ~Unet() override;

    /// context: [B, L, crossAttentionDim]   pooled: [B, P]   sizes: [B, n], with
    /// P + n * additionTimeEmbedDim == projectionInputDim
    UnetConditioning condition(
        const at::Tensor& context, const at::Tensor& pooled, const at::Tensor& sizes) const;

    /// sample: [B, in, H/8, W/8] (already scaled for its noise level)   timestep: 0..999, may be fractional
    /// -> [B, out, H/8, W/8]: the predicted noise, or v
    at::Tensor operator()(const at::Tensor& sample, double timestep, const UnetConditioning& conditioning,
        const nn::Checkpoint& checkpoint) const;

    const UnetConfig& config() const { return m_config; }

private:
    struct DownLevel;
    struct Middle;
    struct UpLevel;

    at::Tensor embedTime(
        const at::Tensor& sample, double timestep, const UnetConditioning& conditioning) const;

    UnetConfig m_config;
    nn::EmbeddingMlp m_timeEmbedding;
    nn::EmbeddingMlp m_addEmbedding;
    nn::Conv2d m_convIn;
    std::vector<std::unique_ptr<DownLevel>> m_down;
    std::unique_ptr<Middle> m_middle;
    std::vector<std::unique_ptr<UpLevel>> m_up;
    nn::GroupNorm m_normOut;
    nn::Conv2d m_convOut;
};

} // namespace studio::models
