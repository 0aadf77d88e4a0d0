#include "ui/models/prompt_tags.h"

#include "ui/convert/strings.h"

namespace studio::ui {

namespace {

/// A prompt with positions in code points, as the marks have them.
struct Counted {
    std::u32string text;
    PromptMarks marks;

    explicit Counted(const std::string& prompt)
        : text(toQt(prompt).toStdU32String())
        , marks(markPrompt(std::u32string_view(text)))
    { }

    std::string utf8() const { return toStd(QString::fromStdU32String(text)); }
};

bool isSyntaxRead(const Request& request)
{
    return request.prompts.syntax == PromptSyntax::A1111;
}

/// Where the words stand alone; -1: nowhere.
qsizetype find(const QString& prompt, const QString& words)
{
    const auto isWordPart = [&](qsizetype at) {
        return at >= 0 && at < prompt.size() && (prompt.at(at).isLetterOrNumber() || prompt.at(at) == u'_');
    };
    qsizetype at = words.isEmpty() ? -1 : prompt.indexOf(words, 0, Qt::CaseInsensitive);
    while (at >= 0 && (isWordPart(at - 1) || isWordPart(at + words.size())))
        at = prompt.indexOf(words, at + 1, Qt::CaseInsensitive);
    return at;
}

} // namespace

std::vector<PromptAdapter> adaptersIn(const Request& request)
{
    std::vector<PromptAdapter> out;
    if (!isSyntaxRead(request) || request.prompt.find('<') == std::string::npos)
        return out;
    const Counted prompt(request.prompt);
    for (const PromptTagMark& tag : prompt.marks.tags) {
        AdapterChoice choice;
        choice.name = tag.adapter.name;
        choice.unet = tag.adapter.unet;
        choice.textEncoder = tag.adapter.textEncoder;
        choice.blocks = tag.adapter.blocks;
        const std::u32string text = prompt.text.substr(tag.range.begin, tag.range.end - tag.range.begin);
        out.push_back({std::move(choice), QString::fromStdU32String(text)});
    }
    return out;
}

void removeAdapter(Request& request, std::size_t index)
{
    Counted prompt(request.prompt);
    if (!isSyntaxRead(request) || index >= prompt.marks.tags.size())
        return;
    auto [begin, end] = prompt.marks.tags[index].range;
    if (begin > 0 && prompt.text[begin - 1] == U' ')
        --begin;
    else if (end < prompt.text.size() && prompt.text[end] == U' ')
        ++end;
    prompt.text.erase(begin, end - begin);
    request.prompt = prompt.utf8();
}

void weighAdapter(Request& request, std::size_t index, double weight)
{
    Counted prompt(request.prompt);
    if (!isSyntaxRead(request) || index >= prompt.marks.tags.size())
        return;
    const PromptTagMark& tag = prompt.marks.tags[index];
    const std::u32string number = weightText(weight).toStdU32String();
    if (tag.weights.empty()) // <lora:name>
        prompt.text.insert(tag.range.end - 1, U":" + number);
    else // the UNet's is the last
        prompt.text.replace(
            tag.weights.back().begin, tag.weights.back().end - tag.weights.back().begin, number);
    request.prompt = prompt.utf8();
}

bool hasWords(const QString& prompt, const QString& words)
{
    return find(prompt, words) >= 0;
}

QString withWords(const QString& prompt, const QString& words)
{
    QString before = prompt;
    while (!before.isEmpty() && (before.back().isSpace() || before.back() == u','))
        before.chop(1);
    return before.isEmpty() ? words : before + QStringLiteral(", ") + words;
}

QString withoutWords(const QString& prompt, const QString& words)
{
    qsizetype begin = find(prompt, words);
    if (begin < 0)
        return prompt;
    qsizetype end = begin + words.size();
    const auto isGap = [&](qsizetype at) { return prompt.at(at) == u' ' || prompt.at(at) == u','; };
    if (begin > 0) {
        while (begin > 0 && isGap(begin - 1))
            --begin;
    } else {
        while (end < prompt.size() && isGap(end))
            ++end;
    }
    return prompt.left(begin) + prompt.mid(end);
}

QString weightText(double weight)
{
    QString text = QString::number(weight, 'f', 3);
    while (text.contains(u'.') && (text.endsWith(u'0') || text.endsWith(u'.')))
        text.chop(1);
    return text == QLatin1String("-0") ? QStringLiteral("0") : text;
}

} // namespace studio::ui
