#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reading the bodies of requests. Every function throws HttpError: 400 for what is no JSON, 422 with the field's name
/// for a value of the wrong type or out of range.
namespace studio::http {

using Json = nlohmann::ordered_json;

/// A JSON object of bounded depth.
Json parseObject(std::string_view body);

std::string textOf(const Json& value, const std::string& field);
bool flagOf(const Json& value, const std::string& field);
std::int64_t integerOf(const Json& value, const std::string& field, std::int64_t least, std::int64_t most);
double numberOf(const Json& value, const std::string& field, double least, double most);

/// A seed: absent (null, and -1 as A1111's clients say it) for a random one.
std::optional<std::uint64_t> seedOf(const Json& value, const std::string& field);

/// The body of an answer; text that is not UTF-8 is repaired.
std::string dump(const Json& json);

} // namespace studio::http
