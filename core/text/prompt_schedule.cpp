#include "core/text/prompt_schedule.h"

#include "core/text/characters.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <numeric>

namespace studio::text {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// A number as it may stand for a moment: 12, -3, .5, 2., 1e1, 0.5e-1; nothing if the text is anything else.
std::optional<double> momentIn(std::string_view text)
{
    const bool isSigned = !text.empty() && (text.front() == '+' || text.front() == '-');
    const bool negative = isSigned && text.front() == '-';
    text.remove_prefix(isSigned ? 1 : 0);
    // from_chars would also take "inf" and "nan".
    const bool begins
        = !text.empty() && (isDigit(text.front()) || (text.size() > 1 && text[0] == '.' && isDigit(text[1])));
    if (!begins)
        return std::nullopt;
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size())
        return std::nullopt;
    if (error == std::errc::result_out_of_range) {
        const std::size_t exponent = text.find_first_of("eE");
        const bool tiny = exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-');
        value = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    }
    return negative ? -value : value;
}

std::string withoutOuterSpace(std::string_view bytes)
{
    const std::u32string text = decodeUtf8(bytes);
    const auto isText = [](char32_t c) { return !isSpace(c); };
    const auto begin = std::ranges::find_if(text, isText);
    const auto end = std::find_if(text.rbegin(), text.rend(), isText).base();
    return begin < end ? encodeUtf8(std::u32string(begin, end)) : std::string();
}

} // namespace

/// A bracket that is still open while the text is read.
struct PromptSchedule::Bracket {
    std::size_t open = 0;
    char kind = '(';
    bool broken = false; ///< something within it is no structure, so neither is it
    std::size_t bars = 0;
    std::vector<std::size_t> separators; ///< its own colons and bars
};

PromptSchedule::PromptSchedule(std::string text)
    : m_text(std::move(text))
{
    read();
    if (!m_readable)
        m_parts.clear();
    collectMarks();
}

/// One walk with a stack. A bracket contains only structures up to the one bracket that closes it, so the first
/// closing bracket that does not fit breaks all that are open.
void PromptSchedule::read()
{
    std::vector<Bracket> open;
    std::vector<std::size_t> bars;
    for (std::size_t i = 0; i < m_text.size(); ++i) {
        const char c = m_text[i];
        if (c == '\\') {
            if (++i >= m_text.size() || m_text[i] == '\n')
                m_strays.push_back(i - 1);
        } else if (c == '(' || c == '[') {
            open.push_back({.open = i, .kind = c});
        } else if (c == ':' || c == '|') {
            if (c == '|')
                bars.push_back(i);
            if (!open.empty()) {
                open.back().bars += c == '|' ? 1 : 0;
                open.back().separators.push_back(i);
            }
        } else if (c == ')' || c == ']') {
            if (open.empty())
                continue;
            if ((open.back().kind == '(') != (c == ')')) {
                open.clear();
                continue;
            }
            const Bracket bracket = std::move(open.back());
            open.pop_back();
            if (!close(bracket, i) && !open.empty())
                open.back().broken = true;
        }
    }
    std::vector<std::size_t> acting;
    for (const Part& part : m_parts)
        if (!part.when)
            acting.insert(acting.end(), part.separators.begin(), part.separators.end());
    std::ranges::sort(acting);
    std::ranges::set_difference(bars, acting, std::back_inserter(m_strays));
    std::ranges::sort(m_strays);
    m_readable = m_strays.empty();
}

/// Whether a bracket that ends at `position` is a structure; one that acts becomes a part.
bool PromptSchedule::close(const Bracket& bracket, std::size_t position)
{
    if (bracket.broken)
        return false;
    const std::size_t colons = bracket.separators.size() - bracket.bars;
    if (bracket.kind == '(')
        return bracket.bars == 0 && colons <= 1;
    if (bracket.separators.empty())
        return true;
    Part part{bracket.open, position, bracket.separators, std::nullopt, false};
    if (bracket.bars > 0) {
        if (colons > 0)
            return false;
        m_parts.push_back(std::move(part));
        return true;
    }
    if (colons > 2)
        return false;
    const std::size_t begin = bracket.separators.back() + 1;
    const std::string number = withoutOuterSpace(std::string_view(m_text).substr(begin, position - begin));
    part.when = momentIn(number);
    part.whenIsFraction = number.find('.') != std::string::npos;
    const bool isEditing = part.when.has_value();
    if (isEditing)
        m_parts.push_back(std::move(part));
    return isEditing;
}

void PromptSchedule::collectMarks()
{
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const Part& part = m_parts[i];
        m_marks.push_back({part.open, i, Mark::Kind::Open});
        for (const std::size_t position : part.separators)
            m_marks.push_back({position, i, Mark::Kind::Separator});
        m_marks.push_back({part.close, i, Mark::Kind::Close});
    }
    std::ranges::sort(m_marks, {}, &Mark::position);
}

/// When each part that edits changes, in calls of the pass; below 1: it has changed from the beginning.
std::vector<int> PromptSchedule::moments(const PassClock& clock) const
{
    std::vector<int> moments;
    for (const Part& part : m_parts) {
        const double when = part.when.value_or(0.0);
        const double call
            = part.whenIsFraction ? (when - clock.passesBefore) * clock.calls : when - clock.callsBefore;
        moments.push_back(call >= clock.calls ? clock.calls : (call >= 1.0 ? static_cast<int>(call) : 0));
    }
    return moments;
}

std::string PromptSchedule::at(int step, const std::vector<int>& moments) const
{
    struct Level {
        std::size_t segment;
        std::size_t chosen;
        bool around; ///< whether the text around it is taken
    };
    constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
    const auto chosenIn = [&](std::size_t index) {
        const Part& part = m_parts[index];
        const std::size_t segments = part.separators.size() + 1;
        if (!part.when)
            return static_cast<std::size_t>(step - 1) % segments;
        const bool before = step <= moments[index];
        const bool hasBefore = segments == 3;
        return before ? (hasBefore ? 0 : kNone) : segments - 2;
    };
    std::string out;
    std::vector<Level> levels;
    bool taken = true;
    std::size_t from = 0;
    for (const Mark& mark : m_marks) {
        if (taken)
            out.append(m_text, from, mark.position - from);
        from = mark.position + 1;
        if (mark.kind == Mark::Kind::Open)
            levels.push_back({0, chosenIn(mark.part), taken});
        else
            ++levels.back().segment;
        taken = levels.back().around && levels.back().segment == levels.back().chosen;
        if (mark.kind == Mark::Kind::Close) {
            taken = levels.back().around;
            levels.pop_back();
        }
    }
    return out.append(m_text, from);
}

std::vector<TimedText> PromptSchedule::over(const PassClock& clock) const
{
    if (isFixed())
        return {{clock.calls, m_text}};
    const std::vector<int> changes = moments(clock);
    std::vector<int> ends{clock.calls};
    const bool alternates = std::ranges::any_of(m_parts, [](const Part& part) { return !part.when; });
    if (alternates) {
        ends.resize(static_cast<std::size_t>(std::max(clock.calls, 1)));
        std::iota(ends.begin(), ends.end(), 1);
    }
    std::ranges::copy_if(changes, std::back_inserter(ends), [](int change) { return change >= 1; });
    std::ranges::sort(ends);
    ends.erase(std::ranges::unique(ends).begin(), ends.end());
    std::vector<TimedText> texts;
    for (const int end : ends)
        texts.push_back({end, at(end, changes)});
    return texts;
}

} // namespace studio::text
