#pragma once

#include <string>
#include <string_view>

/// Unicode as CLIP's reference tokenizer sees it (Hugging Face's `tokenizers`), whose parts follow three versions of
/// the standard. All functions are pure and accept any code point.
namespace studio::text {

/// Code points of UTF-8. Bytes that are no UTF-8 become U+FFFD, one for each longest valid beginning of a sequence
/// (Unicode 15, section 3.9, "Substitution of Maximal Subparts").
std::u32string decodeUtf8(std::string_view bytes);

std::string encodeUtf8(std::u32string_view codePoints);

/// Normalization form C, as of Unicode 9: marks and pairs that came later stay where they stand. Linear but for the
/// sorting of runs of marks.
std::u32string composed(std::u32string_view text);

/// Each code point folded by itself: no rule looks at its neighbours, so every capital sigma becomes the same letter.
std::u32string lowerCase(std::u32string_view text);

bool isLetter(char32_t codePoint); ///< \p{L}, Unicode 16
bool isNumber(char32_t codePoint); ///< \p{N}, Unicode 16
bool isSpace(char32_t codePoint);  ///< \s, White_Space

} // namespace studio::text
