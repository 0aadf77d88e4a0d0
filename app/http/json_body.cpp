#include "app/http/json_body.h"

#include "app/http/http_error.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <sstream>

namespace studio::http {

namespace {

constexpr int kMostDepth = 32;

[[noreturn]] void refuse(const std::string& field, const std::string& sentence)
{
    throw HttpError(kUnprocessable, field + " " + sentence, field);
}

std::string inWords(double value)
{
    std::ostringstream out;
    out << value;
    return out.str();
}

/// 30 and 30.0 are both whole numbers; 30.5, "30" and true are not.
std::int64_t wholeNumber(const Json& value, const std::string& field)
{
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(INT64_MAX))
        refuse(field, "is too large.");
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number_float()) {
        const double number = value.get<double>();
        constexpr double kExact = 9007199254740992.0; // 2^53: beyond it a double is no count
        if (std::trunc(number) == number && std::abs(number) <= kExact)
            return static_cast<std::int64_t>(number);
    }
    refuse(field, "must be a whole number.");
}

} // namespace

Json parseObject(std::string_view body)
{
    const auto bounded = [](int depth, Json::parse_event_t, Json&) {
        if (depth > kMostDepth)
            throw HttpError(
                kBadRequest, "The body is nested more than " + std::to_string(kMostDepth) + " deep.");
        return true;
    };
    Json json;
    try {
        json = Json::parse(body, bounded);
    } catch (const Json::parse_error& error) {
        throw HttpError(
            kBadRequest, "The body is no JSON; look near byte " + std::to_string(error.byte) + ".");
    } catch (const Json::exception&) {
        throw HttpError(
            kBadRequest, "The body is no JSON: it holds a number that is too large for any field.");
    }
    if (!json.is_object())
        throw HttpError(kUnprocessable, "The body must be a JSON object.");
    return json;
}

std::string textOf(const Json& value, const std::string& field)
{
    if (!value.is_string())
        refuse(field, "must be a text.");
    const auto& text = value.get_ref<const std::string&>();
    if (text.find('\0') != std::string::npos)
        refuse(field, "holds a zero character; leave it out.");
    return text;
}

bool flagOf(const Json& value, const std::string& field)
{
    if (!value.is_boolean())
        refuse(field, "must be true or false.");
    return value.get<bool>();
}

std::int64_t integerOf(const Json& value, const std::string& field, std::int64_t least, std::int64_t most)
{
    const std::int64_t number = wholeNumber(value, field);
    if (number < least || number > most)
        refuse(field, "must be " + std::to_string(least) + " to " + std::to_string(most) + ".");
    return number;
}

double numberOf(const Json& value, const std::string& field, double least, double most)
{
    if (!value.is_number())
        refuse(field, "must be a number.");
    const double number = value.get<double>();
    if (!std::isfinite(number) || number < least || number > most)
        refuse(field, "must be " + inWords(least) + " to " + inWords(most) + ".");
    return number;
}

std::optional<std::uint64_t> seedOf(const Json& value, const std::string& field)
{
    if (value.is_null())
        return std::nullopt;
    if (value.is_number_unsigned())
        return value.get<std::uint64_t>();
    const std::int64_t number = wholeNumber(value, field);
    if (number < -1)
        refuse(field, "must be 0 or larger; null, -1 or nothing draws a random one.");
    return number == -1 ? std::nullopt : std::optional(static_cast<std::uint64_t>(number));
}

std::string dump(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace studio::http
