#include "core/text/special_tokens.h"

namespace studio::text {

namespace {

const SpecialToken* longestAt(std::u32string_view text, std::span<const SpecialToken> tokens)
{
    const SpecialToken* longest = nullptr;
    for (const SpecialToken& token : tokens) {
        if (text.starts_with(token.content) && (!longest || token.content.size() > longest->content.size()))
            longest = &token;
    }
    return longest;
}

} // namespace

std::vector<Piece> splitAtSpecialTokens(std::u32string_view text, std::span<const SpecialToken> tokens)
{
    std::u32string beginnings;
    for (const SpecialToken& token : tokens)
        beginnings.push_back(token.content.front());

    std::vector<Piece> pieces;
    std::size_t begin = 0;
    std::size_t at = 0;
    while ((at = text.find_first_of(beginnings, at)) != std::u32string_view::npos) {
        const SpecialToken* token = longestAt(text.substr(at), tokens);
        if (!token) {
            ++at;
            continue;
        }
        if (at > begin)
            pieces.push_back({text.substr(begin, at - begin)});
        pieces.push_back({text.substr(at, token->content.size()), token->id});
        at += token->content.size();
        begin = at;
    }
    if (begin < text.size())
        pieces.push_back({text.substr(begin)});
    return pieces;
}

} // namespace studio::text
