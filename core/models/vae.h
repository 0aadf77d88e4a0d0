#pragma once

#include "core/nn/attention.h"
#include "core/nn/resnet.h"
#include "core/weights/format/model_config.h"

#include <memory>
#include <vector>

namespace studio::models {

/// Mean and logarithm of the variance of the latent of a picture, in the autoencoder's own space (not scaled).
struct LatentDistribution {
    at::Tensor mean;        ///< [B, 4, H/8, W/8]
    at::Tensor logVariance; ///< [B, 4, H/8, W/8], clamped to -30..20
};

class VaeEncoder;
class VaeDecoder;

/// The KL autoencoder (Rombach et al. 2022, section 3.1). Parameter names are diffusers' AutoencoderKL's.
class Vae : public nn::Module {
public:
    explicit Vae(const VaeConfig& config);
    ~Vae() override;

    /// picture: [B, 3, H, W] in -1..1, H and W multiples of the factor
    LatentDistribution encode(const at::Tensor& picture, const nn::Checkpoint& checkpoint) const;

    /// latent: [B, 4, h, w] in the autoencoder's own space -> [B, 3, 8h, 8w], nominally -1..1
    at::Tensor decode(const at::Tensor& latent, const nn::Checkpoint& checkpoint) const;

    /// Pixels per latent cell, in each direction: 8 with four levels.
    std::int64_t factor() const { return std::int64_t(1) << (m_config.channels.size() - 1); }

    const VaeConfig& config() const { return m_config; }

private:
    VaeConfig m_config;
    std::unique_ptr<VaeEncoder> m_encoder;
    std::unique_ptr<VaeDecoder> m_decoder;
    std::unique_ptr<nn::Conv2d> m_quant;
    std::unique_ptr<nn::Conv2d> m_postQuant;
};

} // namespace studio::models
