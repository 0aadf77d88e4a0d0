#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace studio {

/// What stands for bytes that are no text.
inline constexpr char32_t kReplacementCharacter = 0xFFFD;

/// The character at `position`, which moves past it. Overlong, surrogate, cut or stray bytes (RFC 3629) give
/// kReplacementCharacter and move by one byte. `position` must be below the size.
char32_t nextCharacter(std::string_view utf8, std::size_t& position);

void appendUtf8(std::string& out, char32_t character);

bool isUtf8(std::string_view bytes);

std::string latin1ToUtf8(std::string_view latin1);

/// Nothing if a character has no place in Latin-1, or the text is not UTF-8.
std::optional<std::string> utf8ToLatin1(std::string_view utf8);

/// UTF-16 with the high byte first, no byte order mark.
std::string utf8ToUtf16BigEndian(std::string_view utf8);

/// Half a surrogate pair, or half a unit at the end, becomes kReplacementCharacter.
std::string utf16ToUtf8(std::string_view bytes, bool bigEndian);

} // namespace studio
