#include "app/cli/option_values.h"

#include <charconv>
#include <cmath>
#include <sstream>

namespace studio::cli {

namespace {

std::string inWords(double value)
{
    std::ostringstream out;
    out << value;
    return out.str();
}

template <class Number> bool readAll(std::string_view text, Number& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

} // namespace

std::int64_t wholeNumber(std::string_view text, std::int64_t least, std::int64_t most)
{
    std::int64_t value = 0;
    if (!readAll(text, value))
        throw UsageError("\"" + std::string(text) + "\" is not a whole number.");
    if (value < least || value > most)
        throw UsageError(
            std::string(text) + " is outside " + std::to_string(least) + " to " + std::to_string(most) + ".");
    return value;
}

std::uint64_t unsignedNumber(std::string_view text)
{
    std::uint64_t value = 0;
    if (!readAll(text, value))
        throw UsageError(
            "\"" + std::string(text) + "\" is not a whole number from 0 to 18446744073709551615.");
    return value;
}

double realNumber(std::string_view text, double least, double most)
{
    double value = 0.0;
    if (!readAll(text, value) || !std::isfinite(value))
        throw UsageError("\"" + std::string(text) + "\" is not a number.");
    if (value < least || value > most)
        throw UsageError(std::string(text) + " is outside " + inWords(least) + " to " + inWords(most) + ".");
    return value;
}

Extent extent(std::string_view text)
{
    const std::size_t cross = text.find_first_of("xX");
    const std::string_view width = text.substr(0, cross);
    const std::string_view height = cross == std::string_view::npos ? width : text.substr(cross + 1);
    Extent size;
    if (!readAll(width, size.width) || !readAll(height, size.height) || !size.isSet())
        throw UsageError("\"" + std::string(text) + "\" is not a size such as 768x512.");
    return size;
}

Apply integer(int& target, int least, int most)
{
    return [&target, least, most](
               const std::string& given) { target = static_cast<int>(wholeNumber(given, least, most)); };
}

Apply optionalInteger(std::optional<int>& target, int least, int most)
{
    return [&target, least, most](
               const std::string& given) { target = static_cast<int>(wholeNumber(given, least, most)); };
}

Apply number(double& target, double least, double most)
{
    return [&target, least, most](const std::string& given) { target = realNumber(given, least, most); };
}

Apply optionalNumber(std::optional<double>& target, double least, double most)
{
    return [&target, least, most](const std::string& given) { target = realNumber(given, least, most); };
}

Apply text(std::string& target)
{
    return [&target](const std::string& given) { target = given; };
}

Apply optionalText(std::optional<std::string>& target)
{
    return [&target](const std::string& given) { target = given; };
}

Apply path(std::filesystem::path& target)
{
    return [&target](const std::string& given) {
        if (given.empty())
            throw UsageError("the path is empty.");
        target = given;
    };
}

Apply flag(bool& target)
{
    return [&target](const std::string&) { target = true; };
}

} // namespace studio::cli
