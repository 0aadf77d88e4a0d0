#include "core/text/prompt_choices.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace studio::text {

namespace {

constexpr int kDeepest = 32;
constexpr int kMostChoices = 10'000;
constexpr std::size_t kMostBytes = 100'000;
constexpr std::string_view kMark = "__";

/// Steele et al. 2014, "Fast splittable pseudorandom number generators": SplitMix64.
class Dice {
public:
    explicit Dice(std::uint64_t seed)
        : m_state(seed)
    { }

    /// In [0, 1), of 53 bits.
    double roll()
    {
        m_state += 0x9E3779B97F4A7C15u;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
    }

private:
    std::uint64_t m_state;
};

struct Option {
    std::string_view text;
    double weight = 1.0;
};

Option optionFrom(std::string_view text)
{
    const std::size_t mark = text.find("::");
    double weight = 0.0;
    if (mark == text.npos || mark == 0)
        return {text};
    const auto [end, error] = std::from_chars(text.data(), text.data() + mark, weight);
    const bool isWeight
        = error == std::errc() && end == text.data() + mark && std::isfinite(weight) && weight >= 0.0;
    return isWeight ? Option{text.substr(mark + 2), weight} : Option{text};
}

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'
        || c == '/' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

/// Where the brace that each opening one waits for stands; npos where there is none.
std::vector<std::size_t> closingBraces(std::string_view text)
{
    std::vector<std::size_t> closing(text.size(), std::string_view::npos);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '{') {
            open.push_back(i);
        } else if (text[i] == '}' && !open.empty()) {
            closing[open.back()] = i;
            open.pop_back();
        }
    }
    return closing;
}

/// Cut at the bars that stand in no inner braces or square brackets.
std::vector<Option> optionsIn(std::string_view inside)
{
    std::vector<Option> options;
    int braces = 0;
    int brackets = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        const char c = inside[i];
        i += c == '\\' ? 1 : 0;
        braces += c == '{' ? 1 : (c == '}' ? -1 : 0);
        brackets += c == '[' ? 1 : (c == ']' && brackets > 0 ? -1 : 0);
        if (c == '|' && braces == 0 && brackets == 0) {
            options.push_back(optionFrom(inside.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    options.push_back(optionFrom(inside.substr(begin)));
    return options;
}

/// Where the wildcard that begins at `at` ends; `at` if there begins none.
std::size_t wildcardAt(std::string_view text, std::size_t at)
{
    if (text.substr(at, 2) != kMark)
        return at;
    std::size_t end = at + 2;
    while (end < text.size() && isNameCharacter(text[end]) && text.substr(end, 2) != kMark)
        ++end;
    return end > at + 2 && text.substr(end, 2) == kMark ? end + 2 : at;
}

class Chooser {
public:
    Chooser(std::uint64_t seed, const Wildcards& wildcards)
        : m_dice(seed)
        , m_wildcards(wildcards)
    { }

    ChosenText choose(std::string_view text)
    {
        expand(text, 0);
        return std::move(m_out);
    }

private:
    void expand(std::string_view text, int depth)
    {
        if (depth > kDeepest || m_out.text.size() > kMostBytes) {
            m_out.cutShort = true;
            m_out.text += text.substr(0, kMostBytes - std::min(m_out.text.size(), kMostBytes));
            return;
        }
        const std::vector<std::size_t> closing = closingBraces(text);
        for (std::size_t i = 0; i < text.size();) {
            if (text[i] == '\\') {
                m_out.text += text.substr(i, 2);
                i += 2;
            } else if (text[i] == '{' && closing[i] != text.npos) {
                brace(text.substr(i + 1, closing[i] - i - 1), depth);
                i = closing[i] + 1;
            } else if (const std::size_t end = wildcardAt(text, i); end > i) {
                wildcard(text.substr(i, end - i), depth);
                i = end;
            } else {
                m_out.text += text[i++];
            }
        }
    }

    void brace(std::string_view inside, int depth)
    {
        const std::vector<Option> options = optionsIn(inside);
        if (options.size() > 1) {
            expand(pick(options), depth + 1);
            return;
        }
        m_out.text += '{';
        expand(inside, depth + 1);
        m_out.text += '}';
    }

    std::string_view pick(const std::vector<Option>& options)
    {
        double sum = 0.0;
        for (const Option& option : options)
            sum += option.weight;
        // Options that all weigh nothing are equals.
        const bool even = !(sum > 0.0) || !std::isfinite(sum);
        double left = m_dice.roll() * (even ? static_cast<double>(options.size()) : sum);
        for (const Option& option : options) {
            left -= even ? 1.0 : option.weight;
            if (left < 0.0)
                return option.text;
        }
        return options.back().text;
    }

    void wildcard(std::string_view written, int depth)
    {
        const std::string name(written.substr(2, written.size() - 4));
        const std::optional<std::vector<std::string>> lines
            = ++m_choices <= kMostChoices && m_wildcards ? m_wildcards(name) : std::nullopt;
        m_out.cutShort |= m_choices > kMostChoices;
        if (!lines || lines->empty()) {
            if (std::ranges::find(m_out.unknown, name) == m_out.unknown.end())
                m_out.unknown.push_back(name);
            m_out.text += written;
            return;
        }
        std::vector<Option> options;
        std::ranges::transform(*lines, std::back_inserter(options), optionFrom);
        expand(pick(options), depth + 1);
    }

    Dice m_dice;
    const Wildcards& m_wildcards;
    ChosenText m_out;
    int m_choices = 0;
};

/// Walks as Chooser does, into every option.
class ChoiceFinder {
public:
    explicit ChoiceFinder(std::string_view whole)
        : m_whole(whole)
    { }

    std::vector<ChoicePlace> find()
    {
        walk(m_whole, 0);
        return std::move(m_out);
    }

private:
    void walk(std::string_view text, int depth)
    {
        if (depth > kDeepest)
            return;
        const std::vector<std::size_t> closing = closingBraces(text);
        for (std::size_t i = 0; i < text.size();) {
            if (text[i] == '\\') {
                i += 2;
            } else if (text[i] == '{' && closing[i] != text.npos) {
                brace(text.substr(i, closing[i] - i + 1), depth);
                i = closing[i] + 1;
            } else if (const std::size_t end = wildcardAt(text, i); end > i) {
                add(text.data() + i, text.data() + end, true);
                i = end;
            } else {
                ++i;
            }
        }
    }

    void brace(std::string_view text, int depth)
    {
        const std::string_view inside = text.substr(1, text.size() - 2);
        const std::vector<Option> options = optionsIn(inside);
        if (options.size() == 1)
            return walk(inside, depth + 1);
        const char* from = text.data();
        for (const Option& option : options) {
            add(from, option.text.data(), false); // the brace or bar before it, and its weight
            walk(option.text, depth + 1);
            from = option.text.data() + option.text.size();
        }
        add(from, from + 1, false);
    }

    void add(const char* begin, const char* end, bool isWildcard)
    {
        m_out.push_back({std::size_t(begin - m_whole.data()), std::size_t(end - m_whole.data()), isWildcard});
    }

    std::string_view m_whole;
    std::vector<ChoicePlace> m_out;
};

} // namespace

std::vector<ChoicePlace> findChoices(std::string_view text)
{
    return ChoiceFinder(text).find();
}

ChosenText chooseText(std::string_view text, std::uint64_t seed, const Wildcards& wildcards)
{
    return Chooser(seed, wildcards).choose(text);
}

} // namespace studio::text
