#include "core/text/embedding_words.h"

#include <algorithm>

namespace studio::text {

namespace {

constexpr std::string_view kComfyPrefix = "embedding:";

std::string lowerAscii(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

} // namespace

bool mentions(std::string_view prompt, std::string_view name)
{
    return !name.empty() && lowerAscii(prompt).find(lowerAscii(name)) != std::string::npos;
}

EmbeddingWords::EmbeddingWords(const Tokenizer& tokenizer, std::span<const EmbeddingWord> words)
{
    for (std::size_t i = 0; i < words.size(); ++i)
        for (const std::string& name : {words[i].name, std::string(kComfyPrefix) + words[i].name})
            if (std::vector<int> tokens = tokenizer.encode(name); !tokens.empty())
                m_names.push_back({std::move(tokens), i, words[i].vectors});
    std::ranges::stable_sort(
        m_names, std::ranges::greater(), [](const Name& name) { return name.tokens.size(); });
}

std::optional<EmbeddingWords::Match> EmbeddingWords::at(
    std::span<const int> tokens, std::size_t position) const
{
    const std::span<const int> rest = tokens.subspan(position);
    for (const Name& name : m_names)
        if (rest.size() >= name.tokens.size()
            && std::ranges::equal(name.tokens, rest.first(name.tokens.size())))
            return Match{name.word, name.tokens.size(), name.vectors};
    return std::nullopt;
}

} // namespace studio::text
