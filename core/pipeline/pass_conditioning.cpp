#include "core/pipeline/pass_conditioning.h"

#include <algorithm>

namespace studio::pipeline {

namespace {

/// Keys and values of SDXL's prompt take some 50 MB in float32.
constexpr std::size_t kMostKnown = 8;

} // namespace

PassConditioning::PassConditioning(const models::Unet& unet, const EncodedPrompts& prompts, at::Tensor sizes,
    at::Tensor negativeSizes, const DevicePolicy& policy)
    : m_unet(unet)
    , m_prompts(prompts)
    , m_sizes(std::move(sizes))
    , m_negativeSizes(std::move(negativeSizes))
    , m_policy(policy)
{ }

const CallConditioning& PassConditioning::at(int call, bool withNegative)
{
    std::vector<std::size_t> texts;
    if (withNegative)
        texts.push_back(m_prompts.negative.textAt(call));
    for (const EncodedPart& part : m_prompts.parts)
        texts.push_back(part.textAt(call));
    const auto found = std::ranges::find_if(m_known, [&](const Known& known) {
        return known.texts == texts && known.conditioning.hasNegative == withNegative;
    });
    if (found != m_known.end()) {
        std::rotate(found, found + 1, m_known.end());
        return m_known.back().conditioning;
    }
    if (m_known.size() == kMostKnown)
        m_known.pop_front();
    m_known.push_back({texts, make(texts, withNegative)});
    return m_known.back().conditioning;
}

CallConditioning PassConditioning::make(const std::vector<std::size_t>& texts, bool withNegative) const
{
    CallConditioning out;
    out.hasNegative = withNegative;
    for (const EncodedPart& part : m_prompts.parts)
        out.weights.push_back(part.weight);
    const auto length = [&](std::size_t text) { return m_prompts.texts[text].context.size(1); };
    if (withNegative && length(texts[0]) != length(texts[1])) {
        out.batches.push_back(condition({texts[0]}, true));
        out.batches.push_back(condition({texts.begin() + 1, texts.end()}, false));
    } else {
        out.batches.push_back(condition(texts, withNegative));
    }
    return out;
}

models::UnetConditioning PassConditioning::condition(
    const std::vector<std::size_t>& texts, bool negativeFirst) const
{
    std::vector<at::Tensor> contexts;
    std::vector<at::Tensor> pooled;
    std::vector<at::Tensor> sizes;
    for (const std::size_t text : texts) {
        contexts.push_back(m_prompts.texts[text].context);
        pooled.push_back(m_prompts.texts[text].pooled);
        sizes.push_back(negativeFirst && sizes.empty() ? m_negativeSizes : m_sizes);
    }
    return m_unet.condition(at::cat(contexts).to(m_policy.device, m_policy.compute),
        at::cat(pooled).to(m_policy.device, m_policy.compute), at::cat(sizes).to(m_policy.device));
}

} // namespace studio::pipeline
