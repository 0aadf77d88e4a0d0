#include "core/weights/format/sentences.h"

#include "core/base/unicode.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace studio {

std::string oneLine(std::string_view text, std::size_t most)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t begin = i;
        const bool damaged = nextCharacter(text, i) == kReplacementCharacter && i - begin == 1;
        const std::string_view next = damaged ? std::string_view("?") : text.substr(begin, i - begin);
        if (out.size() + next.size() > most)
            return out + "...";
        const bool control
            = next.size() == 1 && (static_cast<unsigned char>(next[0]) < 0x20 || next[0] == 0x7F);
        out += control ? std::string_view(" ") : next;
    }
    return out;
}

std::string fileName(const std::filesystem::path& path)
{
    return oneLine(path.filename().string(), 200);
}

std::string readable(std::string_view text, std::size_t most)
{
    return fmt::format("\"{}\"", oneLine(text, most));
}

std::string firstFew(const std::vector<std::string>& names, std::size_t few)
{
    const std::size_t shown = std::min(few, names.size());
    std::string out;
    for (std::size_t i = 0; i < shown; ++i)
        out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + oneLine(names[i], 120);
    if (names.size() > shown)
        out += fmt::format(" and {} more", names.size() - shown);
    return out;
}

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

} // namespace studio
