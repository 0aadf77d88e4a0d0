#include "core/pipeline/text_conditioning.h"

namespace studio::pipeline {

namespace {

at::Tensor tokenIds(const text::Tokenizer& tokenizer, const std::string& words, const DevicePolicy& policy)
{
    const text::TokenChunk chunk = tokenizer.chunk(tokenizer.encode(words));
    return at::tensor(at::ArrayRef<std::int64_t>(chunk.ids), at::kLong).unsqueeze(0).to(policy.device);
}

/// One text through all encoders: context [1, 77, C], pooled [1, P].
TextConditioning encodeOne(LoadedModel& model, const std::string& words, const DevicePolicy& policy,
    const nn::Checkpoint& checkpoint)
{
    std::vector<at::Tensor> contexts;
    if (model.files().textEncoder) {
        const at::Tensor ids = tokenIds(model.tokenizer(), words, policy);
        contexts.push_back(model.textEncoder(policy)(ids, policy.compute, checkpoint).penultimate);
    }
    const at::Tensor ids = tokenIds(model.tokenizer2(), words, policy);
    const models::TextEncoding second = model.textEncoder2(policy)(ids, policy.compute, checkpoint);
    contexts.push_back(second.penultimate);
    return {at::cat(contexts, -1), second.pooled};
}

} // namespace

TextConditioning encodeText(LoadedModel& model, const std::string& prompt, const std::string& negativePrompt,
    bool withGuidance, const DevicePolicy& policy, const nn::Checkpoint& checkpoint)
{
    TextConditioning out = encodeOne(model, prompt, policy, checkpoint);
    if (!withGuidance)
        return out;
    const bool zeros = negativePrompt.empty() && model.files().pipeline.forceZerosForEmptyPrompt;
    const TextConditioning negative = zeros
        ? TextConditioning{at::zeros_like(out.context), at::zeros_like(out.pooled)}
        : encodeOne(model, negativePrompt, policy, checkpoint);
    return {at::cat({negative.context, out.context}), at::cat({negative.pooled, out.pooled})};
}

std::vector<std::string> droppedText(
    LoadedModel& model, const std::string& prompt, const std::string& whichPrompt)
{
    const text::Tokenizer& tokenizer = model.files().textEncoder ? model.tokenizer() : model.tokenizer2();
    const text::TokenChunk chunk = tokenizer.chunk(tokenizer.encode(prompt));
    if (chunk.dropped.empty())
        return {};
    return {"The " + whichPrompt + " is " + std::to_string(chunk.dropped.size())
        + " tokens longer than the model reads; this part has no effect: \"" + chunk.droppedText + "\"."};
}

at::Tensor sizeNumbers(
    const SizeConditioning& conditioning, const Extent& size, bool isRefiner, bool withGuidance)
{
    const Extent original = conditioning.original.value_or(size);
    const Extent target = conditioning.target.value_or(size);
    std::vector<float> numbers{float(original.height), float(original.width), float(conditioning.cropTop),
        float(conditioning.cropLeft)};
    std::vector<float> negative = numbers;
    if (isRefiner) {
        numbers.push_back(float(conditioning.aestheticScore));
        negative.push_back(float(conditioning.negativeAestheticScore));
    } else {
        for (std::vector<float>* row : {&numbers, &negative})
            row->insert(row->end(), {float(target.height), float(target.width)});
    }
    const at::Tensor positive = at::tensor(at::ArrayRef<float>(numbers)).unsqueeze(0);
    return withGuidance ? at::cat({at::tensor(at::ArrayRef<float>(negative)).unsqueeze(0), positive})
                        : positive;
}

} // namespace studio::pipeline
