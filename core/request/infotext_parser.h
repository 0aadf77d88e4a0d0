#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace studio {

/// An infotext taken apart, without a meaning yet.
struct InfotextParts {
    std::string prompt;
    std::string negativePrompt;
    std::vector<std::pair<std::string, std::string>>
        settings; ///< in their order, values unquoted and trimmed
};

/// Cuts as A1111 cuts: the settings are the last line if it holds three or more "Key: value"; what follows a line
/// that begins with "Negative prompt:" is the negative prompt. Takes time linear in the text's length.
InfotextParts parseInfotext(std::string_view text);

/// A value as A1111 writes it: as JSON if it holds a comma, a colon or a line break.
std::string quoteForInfotext(const std::string& value);

} // namespace studio
