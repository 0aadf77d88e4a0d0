#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio::text {

/// A token that is found in the text as it is written, before the text is cut into words.
struct SpecialToken {
    std::u32string content;
    int id = 0;
    bool normalized
        = true; ///< looked for in the normalized text, so that capitals match too; false: in the raw text
};

/// Text between special tokens, or one of them.
struct Piece {
    std::u32string_view text;
    int id = -1; ///< of the special token; -1: plain text
};

/// Leftmost first, of several at one place the longest. `tokens`: those to look for.
std::vector<Piece> splitAtSpecialTokens(std::u32string_view text, std::span<const SpecialToken> tokens);

} // namespace studio::text
