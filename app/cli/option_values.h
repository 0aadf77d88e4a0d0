#pragma once

#include "app/cli/usage_error.h"
#include "core/api/picture.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Readers for the values of options. Each answers a function that reads a text into `target`, or throws UsageError
/// with a sentence. `target` must outlive the function.
namespace studio::cli {

using Apply = std::function<void(const std::string&)>;

/// All of `text` as a number; the range is inclusive.
std::int64_t wholeNumber(std::string_view text, std::int64_t least, std::int64_t most);
std::uint64_t unsignedNumber(std::string_view text);
double realNumber(std::string_view text, double least, double most);

/// "768x512", or "768" for a square.
Extent extent(std::string_view text);

Apply integer(int& target, int least, int most);
Apply optionalInteger(std::optional<int>& target, int least, int most);
Apply number(double& target, double least, double most);
Apply optionalNumber(std::optional<double>& target, double least, double most);
Apply text(std::string& target);
Apply optionalText(std::optional<std::string>& target);
Apply path(std::filesystem::path& target);
Apply flag(bool& target);

/// One of the named values.
template <class Value> Apply choice(Value& target, std::vector<std::pair<std::string, Value>> names)
{
    return [&target, names = std::move(names)](const std::string& given) {
        std::string known;
        for (const auto& [name, value] : names) {
            if (name == given) {
                target = value;
                return;
            }
            known += (known.empty() ? "" : ", ") + name;
        }
        throw UsageError("\"" + given + "\" is none of " + known + ".");
    };
}

} // namespace studio::cli
