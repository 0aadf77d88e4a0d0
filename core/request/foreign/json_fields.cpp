#include "core/request/foreign/json_fields.h"

#include "core/base/error.h"

#include <fmt/format.h>

namespace studio {

namespace {

using Json = nlohmann::json;

constexpr int kMostDepth = 64;
constexpr std::size_t kMostShownBytes = 400;

/// Nothing was chosen: 0, "", [], {}, false, null.
bool isNothing(const Json& value)
{
    return value.is_null() || (value.is_boolean() && !value.get<bool>())
        || ((value.is_structured() || value.is_string()) && (value.empty() || value == ""));
}

} // namespace

nlohmann::json parseObject(std::string_view text, std::string_view whose)
{
    if (text.size() > kMostForeignBytes)
        throw Error(ErrorKind::BadInput,
            fmt::format("{} is too long to be read ({} MB of at most {}).", whose, text.size() >> 20,
                kMostForeignBytes >> 20));
    const auto limitDepth = [&](int depth, Json::parse_event_t, Json&) {
        if (depth > kMostDepth)
            throw Error(ErrorKind::BadInput, fmt::format("{} is nested too deeply to be read.", whose));
        return true;
    };
    Json root = Json::parse(text.begin(), text.end(), limitDepth, /*allow_exceptions=*/false);
    if (!root.is_object())
        throw Error(ErrorKind::BadInput,
            fmt::format(
                "{} is damaged: it is no JSON object. Take the picture as its program saved it.", whose));
    return root;
}

bool looksLikeObject(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin != std::string_view::npos && text[begin] == '{';
}

std::string shownValue(const nlohmann::json& value)
{
    if (value.is_string())
        return shownText(value.get_ref<const std::string&>());
    if (value.is_structured() && value.size() > kMostShownBytes)
        return value.is_array() ? "[...]" : "{...}";
    const std::string text = value.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
    return shownText(text);
}

std::optional<std::string> textIn(const nlohmann::json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number())
        return value.dump();
    return std::nullopt;
}

const nlohmann::json* JsonFields::take(std::string_view key)
{
    m_used.insert(std::string(key));
    if (!m_object.is_object())
        return nullptr;
    const auto found = m_object.find(key);
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

std::string JsonFields::text(std::string_view key)
{
    const Json* value = take(key);
    return value ? textIn(*value).value_or(std::string()) : std::string();
}

void JsonFields::sayRest(ImportBuilder& builder, const std::set<std::string_view>& silent) const
{
    if (!m_object.is_object())
        return;
    for (const auto& [key, value] : m_object.items())
        if (!m_used.contains(key) && !silent.contains(key) && !isNothing(value))
            builder.sayNotApplied(key, shownValue(value));
}

} // namespace studio
