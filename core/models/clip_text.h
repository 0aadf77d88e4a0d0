#pragma once

#include "core/nn/attention.h"
#include "core/weights/format/model_config.h"

#include <memory>
#include <span>
#include <vector>

namespace studio::models {

/// Vectors in the place of tokens (textual inversion), of a batch of one.
struct TokenVectors {
    std::int64_t position = 0; ///< of the first
    at::Tensor vectors;        ///< [n, hidden]
};

struct TextEncoding {
    /// [B, 77, hidden]: the hidden states before the last layer, as SDXL reads them, or those asked for.
    at::Tensor penultimate;
    at::Tensor pooled; ///< [B, projection] at the first end token; undefined if the encoder has no projection
};

/// The text half of CLIP (Radford et al. 2021): ViT-L's and OpenCLIP bigG's. Parameter names are transformers'
/// CLIPTextModel / CLIPTextModelWithProjection's.
class ClipText : public nn::Module {
public:
    explicit ClipText(const TextEncoderConfig& config);
    ~ClipText() override;

    /// ids: [B, 77] int64, with start, end and padding. The arithmetic is in `dtype`. `skip`: which hidden states are
    /// wanted, from the end (1: what the last layer makes, 2: what goes into it).
    /// `replaced`: vectors that stand for tokens. Throws Error (BadInput) if an id lies outside the vocabulary, or if
    /// there are not so many layers.
    TextEncoding operator()(const at::Tensor& ids, at::ScalarType dtype, const nn::Checkpoint& checkpoint,
        int skip = 2, std::span<const TokenVectors> replaced = {}) const;

    const TextEncoderConfig& config() const { return m_config; }

private:
    struct Layer;

    at::Tensor embed(
        const at::Tensor& ids, at::ScalarType dtype, std::span<const TokenVectors> replaced) const;
    at::Tensor endPositions(const at::Tensor& ids) const;

    TextEncoderConfig m_config;
    nn::Embedding m_tokens;
    nn::Embedding m_positions;
    std::vector<std::unique_ptr<Layer>> m_layers;
    nn::LayerNorm m_finalNorm;
    std::unique_ptr<nn::Linear> m_projection;
};

} // namespace studio::models
