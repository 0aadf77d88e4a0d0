#include "ui/models/prompt_weight.h"

#include "ui/models/prompt_tags.h"

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

constexpr double kRound = 1.1;
constexpr double kGrid = 0.05; // weights are brought onto it when brackets become a number
constexpr QLatin1String kDelimiters(".,\\/!?%^*;:{}=`~()[]<>| \t\r\n");

struct Span {
    qsizetype begin = 0;
    qsizetype end = 0;
};

/// The innermost pair of brackets around a position: what lies within.
std::optional<Span> within(const QString& text, qsizetype at, QChar open, QChar close)
{
    int depth = 0;
    qsizetype begin = at - 1;
    for (; begin >= 0; --begin) {
        if (text.at(begin) == close)
            ++depth;
        else if (text.at(begin) == open && depth-- == 0)
            break;
    }
    if (begin < 0)
        return std::nullopt;
    depth = 0;
    for (qsizetype end = at; end < text.size(); ++end) {
        if (text.at(end) == open)
            ++depth;
        else if (text.at(end) == close && depth-- == 0)
            return Span{begin + 1, end};
    }
    return std::nullopt;
}

std::optional<Span> wordAt(const QString& text, qsizetype at)
{
    Span word{at, at};
    while (word.begin > 0 && !kDelimiters.contains(text.at(word.begin - 1)))
        --word.begin;
    while (word.end < text.size() && !kDelimiters.contains(text.at(word.end)))
        ++word.end;
    return word.begin < word.end ? std::optional(word) : std::nullopt;
}

/// The number behind the last colon of a span, and where the colon is.
std::optional<std::pair<qsizetype, double>> weightIn(const QString& text, const Span& span)
{
    const qsizetype colon = text.lastIndexOf(u':', span.end - 1);
    if (colon < span.begin || span.begin == span.end)
        return std::nullopt;
    bool isNumber = false;
    const double weight = text.mid(colon + 1, span.end - colon - 1).trimmed().toDouble(&isNumber);
    return isNumber && std::isfinite(weight) ? std::optional(std::pair(colon, weight)) : std::nullopt;
}

double stepped(double weight, double delta)
{
    return std::round((weight + delta) * 1000.0) / 1000.0;
}

TextChange weighTag(const QString& text, const Span& tag, double delta)
{
    const auto weight = weightIn(text, tag);
    const qsizetype begin = weight ? weight->first : tag.end;
    const QString number = u':' + weightText(stepped(weight ? weight->second : 1.0, delta));
    const qsizetype end = begin + number.size();
    return {begin, tag.end, number, end, end};
}

/// `outer`: with its brackets. The inner text is what is selected.
TextChange bracketed(const QString& text, const Span& inner, const Span& outer, double weight)
{
    const QString words = text.mid(inner.begin, inner.end - inner.begin);
    if (weight == 1.0)
        return {outer.begin, outer.end, words, outer.begin, outer.begin + words.size()};
    const QString whole = u'(' + words + u':' + weightText(weight) + u')';
    return {outer.begin, outer.end, whole, outer.begin + 1, outer.begin + 1 + words.size()};
}

/// Brackets that multiply by what they are, as deep as they lie around one another.
TextChange weighPlain(const QString& text, const Span& inner, QChar open, QChar close, double delta)
{
    int depth = 0;
    while (inner.begin - depth - 1 >= 0 && inner.end + depth < text.size()
        && text.at(inner.begin - depth - 1) == open && text.at(inner.end + depth) == close)
        ++depth;
    const double factor = std::pow(open == u'(' ? kRound : 1.0 / kRound, depth);
    const double weight = stepped(std::round(factor / kGrid) * kGrid, delta);
    return bracketed(text, inner, {inner.begin - depth, inner.end + depth}, weight);
}

/// What lies within round brackets: with its weight, if it has one.
TextChange weighRound(const QString& text, const Span& inside, double delta)
{
    if (const auto weight = weightIn(text, inside))
        return bracketed(text, {inside.begin, weight->first}, {inside.begin - 1, inside.end + 1},
            stepped(weight->second, delta));
    return weighPlain(text, inside, u'(', u')', delta);
}

bool isAround(const QString& text, const Span& span, QChar open, QChar close)
{
    return span.begin > 0 && span.end < text.size() && text.at(span.begin - 1) == open
        && text.at(span.end) == close;
}

/// A selection that is the text of a bracket is weighed with it.
std::optional<TextChange> weighSelection(const QString& text, Span span, double delta)
{
    while (span.begin < span.end && text.at(span.end - 1).isSpace())
        --span.end;
    while (span.begin < span.end && text.at(span.begin).isSpace())
        ++span.begin;
    if (span.begin == span.end)
        return std::nullopt;
    if (isAround(text, span, u'(', u')'))
        return weighPlain(text, span, u'(', u')', delta);
    if (isAround(text, span, u'[', u']'))
        return weighPlain(text, span, u'[', u']', delta);
    if (span.begin > 0 && text.at(span.begin - 1) == u'(') {
        const auto inside = within(text, span.end, u'(', u')');
        const auto weight = inside ? weightIn(text, *inside) : std::nullopt;
        if (inside && inside->begin == span.begin && weight && weight->first == span.end)
            return weighRound(text, *inside, delta);
    }
    return bracketed(text, span, span, stepped(1.0, delta));
}

} // namespace

std::optional<TextChange> weigh(
    const QString& text, qsizetype selectionBegin, qsizetype selectionEnd, double delta)
{
    if (selectionBegin != selectionEnd)
        return weighSelection(text, {selectionBegin, selectionEnd}, delta);
    if (const auto tag = within(text, selectionBegin, u'<', u'>');
        tag && text.mid(tag->begin, tag->end - tag->begin).contains(u':'))
        return weighTag(text, *tag, delta);
    if (const auto inside = within(text, selectionBegin, u'(', u')'); inside && inside->begin < inside->end)
        return weighRound(text, *inside, delta);
    if (const auto inside = within(text, selectionBegin, u'[', u']'); inside && inside->begin < inside->end)
        // What changes on the way has no weight of its own.
        if (!text.mid(inside->begin, inside->end - inside->begin).contains(u':')
            && !text.mid(inside->begin, inside->end - inside->begin).contains(u'|'))
            return weighPlain(text, *inside, u'[', u']', delta);
    const auto word = wordAt(text, selectionBegin);
    return word ? weighSelection(text, *word, delta) : std::nullopt;
}

} // namespace studio::ui
