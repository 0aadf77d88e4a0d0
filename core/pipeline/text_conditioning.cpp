#include "core/pipeline/text_conditioning.h"

#include "core/text/emphasis.h"
#include "core/text/prompt_chunks.h"

#include <algorithm>
#include <optional>

namespace studio::pipeline {

namespace {

/// What one encoder makes of one chunk.
struct EncodedChunk {
    at::Tensor states; ///< [1, 77, hidden]
    at::Tensor pooled; ///< [1, P], of encoders that have it
};

/// The embeddings that prompts may name, as one encoder has them.
struct EmbeddingVectors {
    std::vector<text::EmbeddingWord> words;
    std::vector<at::Tensor> vectors; ///< of each word: [n, hidden]
};

EmbeddingVectors embeddingsOf(LoadedModel& model, const std::vector<PlannedEmbedding>& planned, bool second)
{
    EmbeddingVectors out;
    for (const PlannedEmbedding& one : planned) {
        const auto embedding = model.embedding(one.file);
        out.words.push_back({one.name, std::size_t(embedding->vectors())});
        out.vectors.push_back(second ? embedding->second : embedding->first);
    }
    return out;
}

/// One text encoder with its tokenizer.
class Encoder {
public:
    Encoder(const models::ClipText& network, const text::Tokenizer& tokenizer, EmbeddingVectors embeddings,
        const PromptSettings& settings, const DevicePolicy& policy, const nn::Checkpoint& checkpoint)
        : m_network(network)
        , m_tokenizer(tokenizer)
        , m_words(tokenizer, embeddings.words)
        , m_vectors(std::move(embeddings.vectors))
        , m_settings(settings)
        , m_policy(policy)
        , m_checkpoint(checkpoint)
    { }

    std::vector<text::WeightedChunk> chunksOf(const std::string& prompt) const
    {
        if (m_settings.syntax == PromptSyntax::Plain)
            return {text::plainChunk(m_tokenizer, prompt)};
        return text::chunksOf(m_tokenizer, text::readEmphasis(prompt).parts, m_words);
    }

    text::WeightedChunk emptyChunk() const { return text::plainChunk(m_tokenizer, {}); }

    EncodedChunk encode(const text::WeightedChunk& chunk) const
    {
        const at::Tensor ids
            = at::tensor(at::ArrayRef<std::int64_t>(chunk.ids), at::kLong).unsqueeze(0).to(m_policy.device);
        std::vector<models::TokenVectors> replaced;
        for (const text::ChunkEmbedding& embedding : chunk.embeddings)
            replaced.push_back({embedding.position, m_vectors[embedding.word]});
        const models::TextEncoding encoding
            = m_network(ids, m_policy.compute, m_checkpoint, m_settings.clipSkip, replaced);
        return {encoding.penultimate, encoding.pooled};
    }

    /// Weighs the same chunk of texts that belong together. Equal texts may be given once, with how often they count.
    void emphasize(std::vector<EncodedChunk>& encoded, const std::vector<text::WeightedChunk>& chunks,
        const std::vector<int>& counts) const
    {
        const bool plain = std::ranges::all_of(chunks, [](const text::WeightedChunk& chunk) {
            return std::ranges::all_of(chunk.weights, [](double weight) { return weight == 1.0; });
        });
        if (plain)
            return;
        const double before = meanOf(encoded, counts);
        const at::Tensor empty = m_settings.emphasis == Emphasis::Comfy
            ? encode(emptyChunk()).states.to(at::kFloat)
            : at::Tensor();
        for (std::size_t i = 0; i < encoded.size(); ++i) {
            const at::Tensor weights = at::tensor(at::ArrayRef<double>(chunks[i].weights), at::kDouble)
                                           .to(m_policy.device, at::kFloat);
            at::Tensor states = encoded[i].states.to(at::kFloat);
            const at::Tensor column = weights.view({1, -1, 1});
            states = empty.defined() ? empty + (states - empty) * column : states * column;
            encoded[i].states = states.to(m_policy.compute);
        }
        if (m_settings.emphasis == Emphasis::Original)
            restoreMean(encoded, before, meanOf(encoded, counts));
    }

private:
    static double meanOf(const std::vector<EncodedChunk>& encoded, const std::vector<int>& counts)
    {
        double sum = 0.0;
        int all = 0;
        for (std::size_t i = 0; i < encoded.size(); ++i) {
            sum += encoded[i].states.to(at::kDouble).mean().item<double>() * counts[i];
            all += counts[i];
        }
        return sum / all;
    }

    void restoreMean(std::vector<EncodedChunk>& encoded, double before, double after) const
    {
        // Weights of 0 leave nothing to bring back.
        if (after == 0.0)
            return;
        for (EncodedChunk& chunk : encoded)
            chunk.states = (chunk.states.to(at::kFloat) * (before / after)).to(m_policy.compute);
    }

    const models::ClipText& m_network;
    const text::Tokenizer& m_tokenizer;
    text::EmbeddingWords m_words;
    std::vector<at::Tensor> m_vectors; // of each word
    const PromptSettings& m_settings;
    const DevicePolicy& m_policy;
    const nn::Checkpoint& m_checkpoint;
};

/// Texts that belong together, each once, and how often it counts.
struct TextGroup {
    std::vector<std::string> texts;
    std::vector<int> counts;

    explicit TextGroup(const PromptPart& part)
    {
        for (const TimedPrompt& timed : part.texts) {
            const std::size_t index = indexOf(timed.text);
            if (index < texts.size()) {
                ++counts[index];
            } else {
                texts.push_back(timed.text);
                counts.push_back(1);
            }
        }
    }

    std::size_t indexOf(const std::string& text) const
    {
        return static_cast<std::size_t>(std::ranges::find(texts, text) - texts.begin());
    }
};

/// The texts of one group through one encoder: contexts of equal length, and what is pooled of their first chunks.
class GroupEncoding {
public:
    GroupEncoding(const Encoder& encoder, const TextGroup& group)
        : m_encoder(encoder)
        , m_group(group)
    {
        for (const std::string& prompt : group.texts)
            m_chunks.push_back(encoder.chunksOf(prompt));
    }

    std::size_t length() const
    {
        return std::ranges::max(m_chunks, {}, &std::vector<text::WeightedChunk>::size).size();
    }

    std::vector<EncodedChunk> run(std::size_t length) const
    {
        std::vector<std::vector<at::Tensor>> states(m_chunks.size());
        std::vector<EncodedChunk> out(m_chunks.size());
        for (std::size_t position = 0; position < length; ++position) {
            std::vector<text::WeightedChunk> chunks;
            std::vector<EncodedChunk> encoded;
            for (const auto& ofText : m_chunks) {
                chunks.push_back(position < ofText.size() ? ofText[position] : m_encoder.emptyChunk());
                encoded.push_back(m_encoder.encode(chunks.back()));
            }
            m_encoder.emphasize(encoded, chunks, m_group.counts);
            for (std::size_t i = 0; i < encoded.size(); ++i) {
                states[i].push_back(encoded[i].states);
                if (position == 0)
                    out[i].pooled = encoded[i].pooled;
            }
        }
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i].states = states[i].size() == 1 ? states[i][0] : at::cat(states[i], 1);
        return out;
    }

private:
    const Encoder& m_encoder;
    const TextGroup& m_group;
    std::vector<std::vector<text::WeightedChunk>> m_chunks; // of each text
};

/// The texts of one part through all encoders. The tokenizers may cut at different places: the longer one decides.
std::vector<EncodedText> encodeGroup(LoadedModel& model, const TextGroup& group,
    const std::vector<PlannedEmbedding>& embeddings, const PromptSettings& settings,
    const DevicePolicy& policy, const nn::Checkpoint& checkpoint)
{
    std::optional<Encoder> first;
    std::optional<GroupEncoding> firstTexts;
    if (model.files().textEncoder) {
        first.emplace(model.textEncoder(policy), model.tokenizer(), embeddingsOf(model, embeddings, false),
            settings, policy, checkpoint);
        firstTexts.emplace(*first, group);
    }
    const Encoder second(model.textEncoder2(policy), model.tokenizer2(),
        embeddingsOf(model, embeddings, true), settings, policy, checkpoint);
    const GroupEncoding secondTexts(second, group);
    const std::size_t length = std::max(firstTexts ? firstTexts->length() : 1, secondTexts.length());
    const std::vector<EncodedChunk> ofFirst
        = firstTexts ? firstTexts->run(length) : std::vector<EncodedChunk>();
    const std::vector<EncodedChunk> ofSecond = secondTexts.run(length);
    std::vector<EncodedText> out;
    for (std::size_t i = 0; i < group.texts.size(); ++i)
        out.push_back(
            {ofFirst.empty() ? ofSecond[i].states : at::cat({ofFirst[i].states, ofSecond[i].states}, -1),
                ofSecond[i].pooled});
    return out;
}

/// A1111's rule where the prompts of a composition differ in length: the shorter end in repetitions of their last row.
void makeEqualLong(std::vector<EncodedText>& texts)
{
    std::int64_t longest = 0;
    for (const EncodedText& text : texts)
        longest = std::max(longest, text.context.size(1));
    for (EncodedText& text : texts) {
        const std::int64_t missing = longest - text.context.size(1);
        if (missing > 0)
            text.context = at::cat(
                {text.context, text.context.narrow(1, text.context.size(1) - 1, 1).expand({1, missing, -1})},
                1);
    }
}

bool isEmpty(const PromptPart& part)
{
    return std::ranges::all_of(part.texts, [](const TimedPrompt& timed) { return timed.text.empty(); });
}

} // namespace

std::size_t EncodedPart::textAt(int call) const
{
    const auto holds = [call](const Timed& timed) { return timed.until < 0 || call <= timed.until; };
    const auto found = std::ranges::find_if(texts, holds);
    return found == texts.end() ? texts.front().text : found->text;
}

EncodedPrompts encodePrompts(LoadedModel& model, const PlannedStage& stage, const PromptSettings& settings,
    const DevicePolicy& policy, const nn::Checkpoint& checkpoint)
{
    EncodedPrompts out;
    const auto encode = [&](const PromptPart& part) {
        const TextGroup group(part);
        EncodedPart encoded{part.weight, {}};
        for (const TimedPrompt& timed : part.texts)
            encoded.texts.push_back({timed.until, out.texts.size() + group.indexOf(timed.text)});
        for (EncodedText& text : encodeGroup(model, group, stage.embeddings, settings, policy, checkpoint))
            out.texts.push_back(std::move(text));
        return encoded;
    };
    for (const PromptPart& part : stage.parts)
        out.parts.push_back(encode(part));
    makeEqualLong(out.texts);
    if (!stage.guided)
        return out;
    if (isEmpty(stage.negativePart) && model.files().pipeline.forceZerosForEmptyPrompt) {
        // Attention to zeros is the same over any number of them: as long as the prompt, both fit into one batch.
        out.negative.texts.push_back({-1, out.texts.size()});
        const EncodedText& like = out.texts.front();
        out.texts.push_back({at::zeros_like(like.context), at::zeros_like(like.pooled)});
    } else {
        out.negative = encode(stage.negativePart);
    }
    return out;
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
    const SizeConditioning& conditioning, const Extent& size, bool isRefiner, bool ofNegativePrompt)
{
    const Extent original = conditioning.original.value_or(size);
    const Extent target = conditioning.target.value_or(size);
    std::vector<float> numbers{float(original.height), float(original.width), float(conditioning.cropTop),
        float(conditioning.cropLeft)};
    if (isRefiner)
        numbers.push_back(
            float(ofNegativePrompt ? conditioning.negativeAestheticScore : conditioning.aestheticScore));
    else
        numbers.insert(numbers.end(), {float(target.height), float(target.width)});
    return at::tensor(at::ArrayRef<float>(numbers)).unsqueeze(0);
}

} // namespace studio::pipeline
