#include "ui/models/prompt_completion.h"

#include "ui/models/prompt_tags.h"

#include <QRegularExpression>

#include <algorithm>

namespace studio::ui {

namespace {

using Kind = CompletionContext::Kind;

constexpr qsizetype kShortestWord = 3;
constexpr qsizetype kLookBack = 120; // names are shorter

const QRegularExpression& tagPattern()
{
    static const QRegularExpression pattern(QStringLiteral("<(?:(?:lora|lyco):)?([^<>:\\n]*)$"));
    return pattern;
}

const QRegularExpression& wildcardPattern()
{
    static const QRegularExpression pattern(
        QStringLiteral("(?<!\\w)__((?:(?!__)[\\w./-])*)$"), QRegularExpression::UseUnicodePropertiesOption);
    return pattern;
}

const QRegularExpression& wordPattern()
{
    static const QRegularExpression pattern(
        QStringLiteral("(?<![\\w<:.-])([^\\W_][\\w.-]*)$"), QRegularExpression::UseUnicodePropertiesOption);
    return pattern;
}

/// An odd number of __ before these: they close a wildcard and open none.
bool closesWildcard(const QString& line, qsizetype at)
{
    return line.left(at).count(QStringLiteral("__")) % 2 == 1;
}

bool beginsWord(const QString& name, qsizetype at)
{
    if (at == 0)
        return true;
    const QChar before = name.at(at - 1);
    return !before.isLetterOrNumber() || (before.isLower() && name.at(at).isUpper())
        || (before.isLetter() != name.at(at).isLetter());
}

struct Ranked {
    int score;
    Completion completion;
};

std::vector<Completion> best(std::vector<Ranked> ranked, int most)
{
    std::ranges::stable_sort(ranked, std::ranges::greater(), &Ranked::score);
    std::vector<Completion> out;
    for (Ranked& one : ranked) {
        if (int(out.size()) == most)
            break;
        out.push_back(std::move(one.completion));
    }
    return out;
}

} // namespace

std::optional<CompletionContext> contextAt(const QString& text, qsizetype caret)
{
    const qsizetype from = std::max<qsizetype>(0, caret - kLookBack);
    const QString before = text.mid(from, caret - from);
    if (const auto tag = tagPattern().match(before); tag.hasMatch()) {
        QString typed = tag.captured(1);
        const bool isKind = !tag.captured(0).contains(u':') && QStringLiteral("lora").startsWith(typed);
        if (isKind) // <lo
            typed.clear();
        return CompletionContext{Kind::Adapter, from + tag.capturedStart(0), typed};
    }
    const qsizetype line = before.lastIndexOf(u'\n') + 1;
    if (const auto wildcard = wildcardPattern().match(before);
        wildcard.hasMatch() && !closesWildcard(before.mid(line), wildcard.capturedStart(0) - line))
        return CompletionContext{Kind::Wildcard, from + wildcard.capturedStart(0), wildcard.captured(1)};
    const auto word = wordPattern().match(before);
    const bool isInside = caret < text.size() && text.at(caret).isLetterOrNumber();
    if (word.hasMatch() && word.capturedLength(1) >= kShortestWord && !isInside)
        return CompletionContext{Kind::Word, from + word.capturedStart(1), word.captured(1)};
    return std::nullopt;
}

std::optional<int> fuzzyScore(const QString& name, const QString& typed)
{
    constexpr int kLetter = 1;
    constexpr int kBeginning = 8;
    constexpr int kBeside = 5;
    constexpr int kFront = 12;
    constexpr int kHundred = 100;
    const int shorter
        = int(std::min<qsizetype>(name.size(), kHundred - 1)); // of equals the shorter comes first
    if (const qsizetype whole = name.indexOf(typed, 0, Qt::CaseInsensitive); whole >= 0 && !typed.isEmpty()) {
        const int place = whole == 0 ? kFront : beginsWord(name, whole) ? kBeginning : 0;
        return (place + int(typed.size()) * (kLetter + kBeside)) * kHundred - shorter;
    }
    int score = 0;
    qsizetype last = -2;
    for (const QChar c : typed) {
        // Beside the last one, or where a word begins: letters strewn over a name would match nearly every name.
        qsizetype at = name.indexOf(c, last < 0 ? 0 : last + 1, Qt::CaseInsensitive);
        while (at >= 0 && at != last + 1 && !beginsWord(name, at))
            at = name.indexOf(c, at + 1, Qt::CaseInsensitive);
        if (at < 0)
            return std::nullopt;
        score += kLetter + (beginsWord(name, at) ? kBeginning : 0) + (at == last + 1 ? kBeside : 0);
        last = at;
    }
    return score * kHundred - shorter;
}

std::vector<Completion> completionsFor(const CompletionContext& context, const PromptNames& names, int most)
{
    std::vector<Ranked> ranked;
    const auto offer = [&](const QString& name, const QString& detail, const QString& insert) {
        if (const auto score = fuzzyScore(name, context.typed))
            ranked.push_back({*score, {name, detail, insert}});
    };
    if (context.kind == Kind::Wildcard) {
        for (const QString& name : names.wildcards)
            offer(name, QString(), QStringLiteral("__%1__").arg(name));
        return best(std::move(ranked), most);
    }
    const bool isTag = context.kind == Kind::Adapter;
    for (const PromptNames::Name& name : isTag ? names.adapters : names.embeddings) {
        // A word is only completed from its beginning: other words must not be disturbed.
        const bool fits = isTag || name.text.startsWith(context.typed, Qt::CaseInsensitive);
        const bool isWhole = !isTag && name.text.compare(context.typed, Qt::CaseInsensitive) == 0;
        if (!name.unfit.isEmpty() || !fits || isWhole)
            continue;
        const QString tag = QStringLiteral("<lora:%1:%2>").arg(name.text, weightText(name.weight));
        offer(name.text, name.detail, isTag ? tag : name.text);
    }
    return best(std::move(ranked), most);
}

qsizetype overwritten(const QString& text, qsizetype caret, CompletionContext::Kind kind)
{
    const QString end = kind == Kind::Adapter ? QStringLiteral(">")
        : kind == Kind::Wildcard              ? QStringLiteral("__")
                                              : QString();
    return !end.isEmpty() && text.mid(caret, end.size()) == end ? end.size() : 0;
}

} // namespace studio::ui
