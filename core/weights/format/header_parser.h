#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// Reads the JSON of a safetensors header: an object of tensors ({"dtype", "shape", "data_offsets"}) and of
/// "__metadata__" (strings). Written by hand and not on a JSON library because the text may be hostile: this grammar
/// is three levels deep, so there is no depth to attack; numbers are exact integers; a name given twice is seen; and
/// text is read in place, so that a header of 100 MB in one string costs no copies of it.
///
/// Every function throws Error (FileCorrupt) with a sentence that begins with `name`.
class HeaderParser {
public:
    /// `text` must outlive the parser.
    HeaderParser(std::string_view text, std::string_view name);

    struct Tensor {
        std::string dtype;
        std::vector<std::int64_t> shape;
        std::int64_t begin = 0;
        std::int64_t end = 0;
    };

    /// Steps into the outer object and to its next name; nothing: the object and the text are at their end.
    std::optional<std::string> nextName();

    /// The value after a name.
    Tensor tensor(std::string_view tensorName);

    /// Calls `take` for each pair of a flat object of strings.
    template <class Take> void strings(Take&& take)
    {
        expect('{');
        for (bool first = true; nextInObject(first); first = false) {
            std::string key = string();
            expect(':');
            take(std::move(key), string());
        }
    }

    [[noreturn]] void fail(const std::string& what) const;

private:
    void skipSpace();
    bool accept(char wanted);
    void expect(char wanted);
    bool nextInObject(bool first);
    std::string string();
    void unescape(std::string& out);
    std::uint32_t hexQuad();
    std::int64_t number();
    std::vector<std::int64_t> numbers(std::size_t most, std::string_view tensorName);

    std::string_view m_text;
    std::size_t m_at = 0;
    std::string m_name;
    bool m_started = false;
};

} // namespace studio
