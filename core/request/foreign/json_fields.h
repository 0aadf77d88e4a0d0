#pragma once

#include "core/request/import_builder.h"
#include "core/request/infotext_values.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace studio {

/// Longer texts than this are refused: a graph with thousands of nodes has about a tenth.
inline constexpr std::size_t kMostForeignBytes = 8 << 20;

/// A JSON object from a stranger. `whose`: "ComfyUI's graph". Throws Error (BadInput) if it is longer than
/// kMostForeignBytes, nested deeper than 64, no JSON, or no object.
nlohmann::json parseObject(std::string_view text, std::string_view whose);

/// Whether a text begins as a JSON object does.
bool looksLikeObject(std::string_view text);

/// A value as it may stand in a sentence.
std::string shownValue(const nlohmann::json& value);

/// Texts as they are, numbers in words; nothing for anything else.
std::optional<std::string> textIn(const nlohmann::json& value);

/// A number, or a text that is one. Whole numbers also where they are written as 20.0.
template <class T> std::optional<T> numberOf(const nlohmann::json& value)
{
    if (value.is_string())
        return numberIn<T>(std::string_view(value.get_ref<const std::string&>()));
    if (!value.is_number())
        return std::nullopt;
    if constexpr (std::is_floating_point_v<T>) {
        return value.get<T>();
    } else {
        if (value.is_number_unsigned()) {
            const auto whole = value.get<std::uint64_t>();
            return whole <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())
                ? std::optional(static_cast<T>(whole))
                : std::nullopt;
        }
        const double number = value.get<double>();
        // Beyond 2^53 a double is no longer the number that was written.
        const bool fits = number == std::floor(number) && std::abs(number) < 9.0e15
            && number >= static_cast<double>(std::numeric_limits<T>::min())
            && number <= static_cast<double>(std::numeric_limits<T>::max());
        return fits ? std::optional(static_cast<T>(number)) : std::nullopt;
    }
}

/// The values of one JSON object, taken one by one, so that those nobody asked for can be named.
class JsonFields {
public:
    /// `object` must outlive this; anything but an object has no values.
    explicit JsonFields(const nlohmann::json& object)
        : m_object(object)
    { }

    /// Null if it is absent, or JSON's null.
    const nlohmann::json* take(std::string_view key);

    /// Empty if it is absent or no text.
    std::string text(std::string_view key);

    template <class T> std::optional<T> number(std::string_view key)
    {
        const nlohmann::json* value = take(key);
        return value ? numberOf<T>(*value) : std::nullopt;
    }

    /// Puts a number into the request, or says why not. `member`: from a Request& to what takes it.
    template <class T, class Member>
    bool apply(ImportBuilder& builder, std::string_view key, const Member& member)
    {
        const nlohmann::json* value = take(key);
        return value && builder.apply(key, shownValue(*value), [&](Request& request) {
            const std::optional<T> number = numberOf<T>(*value);
            if (number)
                member(request) = *number;
            return number.has_value();
        });
    }

    /// Says of all that was not taken that it is not applied, unless it is in `silent`, null, empty or false.
    void sayRest(ImportBuilder& builder, const std::set<std::string_view>& silent = {}) const;

private:
    const nlohmann::json& m_object;
    std::set<std::string, std::less<>> m_used;
};

} // namespace studio
