#include "core/api/request.h"
#include "core/base/unicode.h"
#include "core/request/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace studio {

namespace {

bool isDevice(const std::string& device)
{
    constexpr std::string_view kIndexed = "cuda:";
    if (device == "auto" || device == "cpu" || device == "cuda")
        return true;
    if (!device.starts_with(kIndexed) || device.size() > kIndexed.size() + 2)
        return false;
    const std::string_view digits = std::string_view(device).substr(kIndexed.size());
    return !digits.empty()
        && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Walks the rows and collects what is out of its range.
class Checker {
public:
    std::vector<Issue> issues;

    void text(const char* name, const std::string& value, TextRule rule)
    {
        if (value.size() > kMaxTextBytes)
            report(name,
                fmt::format("The text is too long: {} bytes of at most {}.", value.size(), kMaxTextBytes));
        else if (!isUtf8(value) || value.find('\0') != std::string::npos)
            report(name, "The text holds bytes that are no text (UTF-8).");
        else if (rule != TextRule::Prose && value.find_first_of("\r\n") != std::string::npos)
            report(name, "The text must stand on one line.");
        else if (rule == TextRule::Name && value.empty())
            report(name, "The name must not be empty.");
        else if (rule == TextRule::Device && !isDevice(value))
            report(name, "The device must be auto, cpu, cuda or cuda:N.");
    }

    void number(const char* name, double value, Range range)
    {
        // Written so that a NaN fails.
        if (!(value >= range.low && value <= range.high))
            report(name,
                fmt::format(
                    "The number must lie between {} and {}; it is {}.", range.low, range.high, value));
    }

    void size(const char* name, const std::optional<Extent>& value, SizeRule rule)
    {
        if (!value)
            return;
        const auto [low, high, step]
            = rule == SizeRule::Latent ? std::array{64, 8192, 8} : std::array{1, 16384, 1};
        for (const int side : {value->width, value->height})
            if (side < low || side > high || side % step != 0)
                return report(name,
                    fmt::format("Both sides must lie between {} and {}{}; the size is {}x{}.", low, high,
                        step > 1 ? fmt::format(" and be multiples of {}", step) : "", value->width,
                        value->height));
    }

    template <class T, class Rule> void number(const char* name, const std::optional<T>& value, Rule rule)
    {
        if (value)
            number(name, *value, rule);
    }
    void text(const char* name, const std::optional<std::string>& value, TextRule rule)
    {
        if (value)
            text(name, *value, rule);
    }

    template <class Enum, std::size_t N>
    void choice(const char* name, Enum value, const std::array<Choice<Enum>, N>& choices)
    {
        if (idOf(value, choices).empty())
            report(name, "The value is none of the known ones.");
    }

    void flag(const char*, bool) { }
    void seed(const char*, const std::optional<std::uint64_t>&) { }
    void wholeNumber(const char*, std::uint64_t) { }

    void texts(const char* name, const std::vector<std::string>& values, TextRule rule, std::size_t most)
    {
        reportLength(name, values.size(), most);
        for (std::size_t i = 0; i < values.size(); ++i)
            text(fmt::format("{}[{}]", name, i).c_str(), values[i], rule);
    }
    void numbers(const char* name, const std::vector<double>& values, Range range, std::size_t most)
    {
        reportLength(name, values.size(), most);
        for (std::size_t i = 0; i < values.size(); ++i)
            number(fmt::format("{}[{}]", name, i).c_str(), values[i], range);
    }

    template <class Part> void object(const std::string& name, const Part& part)
    {
        const std::size_t before = m_path.size();
        m_path += name + ".";
        visitFields(*this, part);
        m_path.resize(before);
    }

    template <class Element>
    void list(
        const std::string& name, const std::vector<Element>& elements, std::size_t most, std::size_t least)
    {
        if (elements.size() < least || elements.size() > most)
            report(name.c_str(),
                fmt::format("The list must have between {} and {} entries; it has {}.", least, most,
                    elements.size()));
        for (std::size_t i = 0; i < elements.size(); ++i)
            object(fmt::format("{}[{}]", name, i), elements[i]);
    }

private:
    void reportLength(const char* name, std::size_t length, std::size_t most)
    {
        if (length > most)
            report(name, fmt::format("The list may have at most {} entries; it has {}.", most, length));
    }

    void report(const char* name, std::string message)
    {
        issues.push_back({m_path + name, std::move(message)});
    }

    std::string m_path;
};

} // namespace

std::vector<Issue> check(const Request& request)
{
    Checker checker;
    visitFields(checker, request);
    for (std::size_t i = 0; i < request.adapters.size(); ++i) {
        const std::size_t blocks = request.adapters[i].blocks.size();
        if (blocks != 0 && blocks != kShortBlockList && blocks != kLongBlockList)
            checker.issues.push_back({fmt::format("adapters[{}].blocks", i),
                fmt::format("The blocks of an SDXL adapter are {} or {} numbers (BASE first); there are {}.",
                    kShortBlockList, kLongBlockList, blocks)});
    }
    return std::move(checker.issues);
}

} // namespace studio
