#include "core/models/clip_text.h"

#include "core/base/error.h"

namespace studio::models {

/// Pre-norm transformer layer with causal attention.   x: [B, L, hidden]
struct ClipText::Layer : nn::Module {
    explicit Layer(const TextEncoderConfig& config)
        : m_heads(config.heads)
        , m_activation(config.activation)
        , m_norm1(config.hidden, config.normEpsilon)
        , m_query(config.hidden, config.hidden)
        , m_key(config.hidden, config.hidden)
        , m_value(config.hidden, config.hidden)
        , m_out(config.hidden, config.hidden)
        , m_norm2(config.hidden, config.normEpsilon)
        , m_widen(config.hidden, config.intermediate)
        , m_narrow(config.intermediate, config.hidden)
    {
        own("self_attn.k_proj", m_key);
        own("self_attn.v_proj", m_value);
        own("self_attn.q_proj", m_query);
        own("self_attn.out_proj", m_out);
        own("layer_norm1", m_norm1);
        own("mlp.fc1", m_widen);
        own("mlp.fc2", m_narrow);
        own("layer_norm2", m_norm2);
    }

    at::Tensor operator()(at::Tensor x) const
    {
        x = attend(m_norm1(x)).add_(x);
        return m_narrow(activate(m_widen(m_norm2(x)))).add_(x);
    }

private:
    at::Tensor split(const at::Tensor& x) const
    {
        return x.view({x.size(0), x.size(1), m_heads, x.size(2) / m_heads}).transpose(1, 2);
    }

    at::Tensor attend(const at::Tensor& x) const
    {
        const at::Tensor heads
            = nn::attention(split(m_query(x)), split(m_key(x)), split(m_value(x)), /*causal=*/true);
        return m_out(heads.transpose(1, 2).reshape(x.sizes()));
    }

    /// GELU, or its sigmoid approximation (Hendrycks & Gimpel 2016), which ViT-L was trained with.
    at::Tensor activate(const at::Tensor& x) const
    {
        return m_activation == Activation::QuickGelu ? at::sigmoid(x * 1.702).mul_(x) : at::gelu(x);
    }

    std::int64_t m_heads;
    Activation m_activation;
    nn::LayerNorm m_norm1;
    nn::Linear m_query, m_key, m_value, m_out;
    nn::LayerNorm m_norm2;
    nn::Linear m_widen, m_narrow;
};

ClipText::ClipText(const TextEncoderConfig& config)
    : m_config(config)
    , m_tokens(config.vocabulary, config.hidden)
    , m_positions(config.positions, config.hidden)
    , m_finalNorm(config.hidden, config.normEpsilon)
{
    own("text_model.embeddings.token_embedding", m_tokens);
    own("text_model.embeddings.position_embedding", m_positions);
    for (std::int64_t i = 0; i < config.layers; ++i) {
        m_layers.push_back(std::make_unique<Layer>(config));
        own("text_model.encoder.layers." + std::to_string(i), *m_layers.back());
    }
    own("text_model.final_layer_norm", m_finalNorm);
    if (config.projection > 0) {
        m_projection = std::make_unique<nn::Linear>(config.hidden, config.projection, /*withBias=*/false);
        own("text_projection", *m_projection);
    }
}

ClipText::~ClipText() = default;

at::Tensor ClipText::endPositions(const at::Tensor& ids) const
{
    // Configurations older than 2023 say 2 for the end token and mean "the largest id", which the end token is.
    return m_config.endToken == 2 ? ids.argmax(-1) : ids.eq(m_config.endToken).to(at::kInt).argmax(-1);
}

at::Tensor ClipText::embed(
    const at::Tensor& ids, at::ScalarType dtype, std::span<const TokenVectors> replaced) const
{
    at::Tensor x = m_tokens(ids).to(dtype);
    for (const auto& [position, vectors] : replaced)
        x[0].narrow(0, position, vectors.size(0)).copy_(vectors);
    return x + m_positions(at::arange(ids.size(1), ids.options())).to(dtype).unsqueeze(0);
}

TextEncoding ClipText::operator()(const at::Tensor& ids, at::ScalarType dtype,
    const nn::Checkpoint& checkpoint, int skip, std::span<const TokenVectors> replaced) const
{
    if (ids.min().item<std::int64_t>() < 0 || ids.max().item<std::int64_t>() >= m_config.vocabulary)
        throw Error(ErrorKind::BadInput,
            "The tokenizer names a token that this text encoder does not have; tokenizer and model do not "
            "belong "
            "together.");
    if (skip < 1 || skip > int(m_layers.size()))
        throw Error(ErrorKind::BadInput,
            "A clip skip of " + std::to_string(skip)
                + " asks for more layers than a text "
                  "encoder of this model has; it has "
                + std::to_string(m_layers.size()) + ".");
    const std::size_t wanted = m_layers.size() + 1 - std::size_t(skip); // layers that have run by then
    at::Tensor x = embed(ids, dtype, replaced);
    TextEncoding out;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (i == wanted)
            out.penultimate = x;
        // Without a projection nobody reads what the last layers make.
        if (i == wanted && !m_projection)
            return out;
        x = (*m_layers[i])(x);
        nn::pass(checkpoint);
    }
    if (wanted == m_layers.size())
        out.penultimate = x;
    if (!m_projection)
        return out;
    const at::Tensor rows = at::arange(ids.size(0), ids.options());
    const at::Tensor ends = m_finalNorm(x).index({rows, endPositions(ids)});
    out.pooled = (*m_projection)(ends);
    return out;
}

} // namespace studio::models
