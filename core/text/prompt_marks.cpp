#include "core/api/prompt_marks.h"

#include "core/text/adapter_tag.h"
#include "core/text/characters.h"
#include "core/text/emphasis.h"
#include "core/text/prompt_choices.h"
#include "core/text/prompt_schedule.h"
#include "core/text/prompt_syntax.h"

#include <algorithm>
#include <numeric>

namespace studio {

namespace {

using Kind = PromptMark::Kind;

/// A text and where in the prompt each of its code points lies: what is taken out leaves a gap.
struct TracedText {
    std::u32string text;
    std::vector<std::size_t> origin;

    /// From the first to the last code point, with the gaps between them.
    PromptRange range(std::size_t begin, std::size_t end) const
    {
        if (begin < end)
            return {origin[begin], origin[end - 1] + 1};
        const std::size_t at = begin < origin.size() ? origin[begin] : origin.empty() ? 0 : origin.back() + 1;
        return {at, at};
    }

    TracedText part(std::size_t begin, std::size_t end) const
    {
        return {text.substr(begin, end - begin),
            {origin.begin() + std::ptrdiff_t(begin), origin.begin() + std::ptrdiff_t(end)}};
    }

    /// `ranges` by position.
    TracedText without(const std::vector<PromptRange>& ranges) const
    {
        TracedText out;
        std::size_t from = 0;
        const auto keep = [&](std::size_t end) {
            for (; from < end; ++from) {
                out.text += text[from];
                out.origin.push_back(origin[from]);
            }
        };
        for (const PromptRange& range : ranges) {
            keep(range.begin);
            from = range.end;
        }
        keep(text.size());
        return out;
    }
};

/// UTF-8 of a text, and which code point each byte belongs to; one more for the end.
struct Encoded {
    std::string bytes;
    std::vector<std::size_t> codePoint;

    explicit Encoded(std::u32string_view text)
    {
        for (std::size_t i = 0; i < text.size(); ++i) {
            bytes += text::encodeUtf8(text.substr(i, 1));
            codePoint.resize(bytes.size(), i);
        }
        codePoint.push_back(text.size());
    }
};

/// Takes one layer of the syntax off after the other, in the order the program does.
class Marker {
public:
    explicit Marker(std::u32string_view prompt)
    {
        m_left.text = prompt;
        m_left.origin.resize(prompt.size());
        for (std::size_t i = 0; i < prompt.size(); ++i)
            m_left.origin[i] = i;
    }

    PromptMarks mark(bool isNegative)
    {
        takeChoices();
        takeComments();
        takeTags(isNegative);
        if (isNegative)
            markPart(m_left);
        else
            takeComposition();
        const auto begin = [](const auto& placed) { return placed.range.begin; };
        std::ranges::stable_sort(m_out.marks, {}, begin);
        std::ranges::stable_sort(m_out.text, {}, begin);
        sortChanges();
        return std::move(m_out);
    }

private:
    PromptMark& add(Kind kind, const PromptRange& range)
    {
        m_out.marks.push_back({.range = range, .kind = kind});
        return m_out.marks.back();
    }

    /// They were found as they close.
    void sortChanges()
    {
        std::vector<std::size_t> order(m_out.changes.size());
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::ranges::sort(order, {}, [&](std::size_t i) { return m_out.changes[i].range.begin; });
        std::vector<PromptChange> sorted;
        std::vector<int> place(order.size());
        for (const std::size_t i : order) {
            place[i] = int(sorted.size());
            sorted.push_back(std::move(m_out.changes[i]));
        }
        m_out.changes = std::move(sorted);
        for (PromptMark& mark : m_out.marks)
            if (mark.kind == Kind::Change || mark.kind == Kind::Alternation)
                mark.index = place[std::size_t(mark.index)];
    }

    void takeChoices()
    {
        const Encoded encoded(m_left.text);
        std::vector<PromptRange> taken;
        for (const text::ChoicePlace& place : text::findChoices(encoded.bytes)) {
            const PromptRange range{encoded.codePoint[place.begin], encoded.codePoint[place.end]};
            taken.push_back(range);
            add(place.isWildcard ? Kind::Wildcard : Kind::Choice, m_left.range(range.begin, range.end));
        }
        m_left = m_left.without(taken);
    }

    void takeComments()
    {
        std::vector<PromptRange> taken;
        const std::u32string& text = m_left.text;
        for (std::size_t at = text.find(U'#'); at != text.npos; at = text.find(U'#', at)) {
            const std::size_t end = std::min(text.find(U'\n', at), text.size());
            taken.push_back({at, end});
            add(Kind::Comment, m_left.range(at, end));
            at = end;
        }
        m_left = m_left.without(taken);
    }

    void takeTags(bool isNegative)
    {
        std::vector<PromptRange> taken;
        for (const text::TagPlace& place : text::findTags(m_left.text)) {
            const PromptRange range = m_left.range(place.begin, place.end);
            if (isNegative) {
                add(Kind::TagAsText, range);
                continue;
            }
            taken.push_back({place.begin, place.end});
            add(Kind::Tag, range).index = int(m_out.tags.size());
            m_out.tags.push_back(
                {range, text::adapterFrom(text::readTag(m_left.text, place)), weightsOf(place)});
        }
        m_left = m_left.without(taken);
    }

    /// The arguments behind the name that have no name of their own.
    std::vector<PromptRange> weightsOf(const text::TagPlace& place) const
    {
        std::vector<PromptRange> ranges;
        std::size_t begin = place.colon + 1;
        for (std::size_t i = begin; i < place.end; ++i) {
            if (i + 1 < place.end && m_left.text[i] != U':')
                continue;
            if (std::u32string_view(m_left.text).substr(begin, i - begin).find(U'=') == std::u32string::npos)
                ranges.push_back(m_left.range(begin, i));
            begin = i + 1;
        }
        if (!ranges.empty())
            ranges.erase(ranges.begin()); // the name
        return ranges;
    }

    void takeComposition()
    {
        constexpr std::size_t kLength = 3; // of AND
        bool isFirst = true;
        for (const text::ComposedPlace& place : text::layOutComposition(m_left.text)) {
            if (!isFirst)
                add(Kind::And, m_left.range(place.afterAnd - kLength, place.afterAnd));
            isFirst = false;
            if (place.weightText)
                add(Kind::PartWeight, m_left.range(place.weightText->first, place.weightText->second)).weight
                    = place.weight;
            markPart(m_left.part(place.afterAnd, place.end));
        }
    }

    /// What holds for a part by itself: editing, then emphasis.
    void markPart(const TracedText& part)
    {
        const Encoded encoded(part.text);
        const text::PromptSchedule schedule(encoded.bytes);
        const auto at = [&](std::size_t byte) { return encoded.codePoint[byte]; };
        if (part.text.find(U'[') != part.text.npos)
            for (const std::size_t stray : schedule.strays())
                add(Kind::StrayBar, part.range(at(stray), at(stray) + 1));
        std::vector<PromptRange> taken;
        for (const text::PromptSchedule::Part& change : schedule.parts())
            addChange(part, change, at, taken);
        std::ranges::sort(taken, {}, &PromptRange::begin);
        markEmphasis(part.without(taken));
    }

    template <class At>
    void addChange(const TracedText& part, const text::PromptSchedule::Part& change, const At& at,
        std::vector<PromptRange>& taken)
    {
        PromptChange out;
        out.range = part.range(at(change.open), at(change.close) + 1);
        out.when = change.when;
        out.isFraction = change.whenIsFraction;
        std::vector<std::size_t> borders{change.open};
        borders.insert(borders.end(), change.separators.begin(), change.separators.end());
        if (!change.when)
            borders.push_back(change.close);
        else if (change.separators.size() == 1) // [after:when]: nothing before
            out.segments.push_back(part.range(at(change.open) + 1, at(change.open) + 1));
        for (std::size_t i = 0; i + 1 < borders.size(); ++i)
            out.segments.push_back(part.range(at(borders[i]) + 1, at(borders[i + 1])));
        const Kind kind = change.when ? Kind::Change : Kind::Alternation;
        const auto take = [&](std::size_t begin, std::size_t end) {
            taken.push_back({begin, end});
            add(kind, part.range(begin, end)).index = int(m_out.changes.size());
        };
        for (std::size_t i = 0; i + 1 < borders.size(); ++i)
            take(at(borders[i]), at(borders[i]) + 1);
        take(at(borders.back()), at(change.close) + 1); // of an editing: with the moment
        m_out.changes.push_back(std::move(out));
    }

    void markEmphasis(const TracedText& part)
    {
        const text::EmphasisLayout layout = text::layOutEmphasis(part.text);
        for (const text::EmphasisSpan& span : layout.spans) {
            if (span.isBreak) {
                const bool acts = span.weight == -1.0;
                add(acts ? Kind::Break : Kind::BreakWord, part.range(span.begin, span.end));
                if (acts)
                    continue;
            }
            addText(part, span);
        }
        for (const text::EmphasisBracket& bracket : layout.brackets)
            addBracket(part, layout, bracket);
        for (const std::size_t stray : layout.strays)
            add(Kind::StrayBracket, part.range(stray, stray + 1));
        for (const auto& [begin, end] : layout.notNumbers)
            add(Kind::NotANumber, part.range(begin, end));
    }

    /// In pieces, where something was taken out of it.
    void addText(const TracedText& part, const text::EmphasisSpan& span)
    {
        for (std::size_t begin = span.begin; begin < span.end;) {
            std::size_t end = begin + 1;
            while (end < span.end && part.origin[end] == part.origin[end - 1] + 1)
                ++end;
            m_out.text.push_back({part.range(begin, end), span.weight});
            begin = end;
        }
    }

    void addBracket(
        const TracedText& part, const text::EmphasisLayout& layout, const text::EmphasisBracket& bracket)
    {
        // Spans lie by position: what counts is the text behind the bracket.
        const auto behind = std::ranges::lower_bound(
            layout.spans, bracket.open, {}, [](const text::EmphasisSpan& span) { return span.begin; });
        const double weight = behind == layout.spans.end() ? bracket.factor : behind->weight;
        const auto addOne = [&](Kind kind, std::size_t begin, std::size_t end) {
            PromptMark& mark = add(kind, part.range(begin, end));
            mark.weight = weight;
            mark.factor = bracket.factor;
        };
        addOne(bracket.close ? Kind::Bracket : Kind::OpenBracket, bracket.open, bracket.open + 1);
        if (bracket.close)
            addOne(Kind::Bracket, bracket.close->first, bracket.close->second);
    }

    TracedText m_left;
    PromptMarks m_out;
};

} // namespace

PromptMarks markPrompt(std::u32string_view prompt, bool isNegative)
{
    return Marker(prompt).mark(isNegative);
}

PromptMarks markPrompt(std::string_view prompt, bool isNegative)
{
    return markPrompt(text::decodeUtf8(prompt), isNegative);
}

} // namespace studio
