#include "core/pipeline/prompts.h"

#include "core/base/error.h"
#include "core/request/fields.h"
#include "core/text/adapter_tag.h"
#include "core/text/emphasis.h"
#include "core/text/prompt_choices.h"
#include "core/text/prompt_styles.h"
#include "core/text/prompt_syntax.h"

#include <algorithm>
#include <cmath>

namespace studio::pipeline {

namespace {

void sayOnce(std::vector<std::string>& sentences, std::string sentence)
{
    if (std::ranges::find(sentences, sentence) == sentences.end())
        sentences.push_back(std::move(sentence));
}

/// Applies styles and makes choices, the same for equal texts.
class PromptChooser {
public:
    PromptChooser(const Request& request, const PromptSources& sources)
        : m_request(request)
        , m_sources(sources)
        , m_wildcards([&folder = sources.wildcards](
                          const std::string& name) { return text::readWildcard(folder, name); })
    {
        if (!request.prompts.styles.empty())
            findStyles();
    }

    PromptPair choose(const std::string& prompt, const std::string& negativePrompt)
    {
        PromptPair pair{prompt, negativePrompt};
        for (const text::PromptStyle& style : m_styles) {
            pair.prompt = text::withStyle(pair.prompt, style.prompt);
            pair.negativePrompt = text::withStyle(pair.negativePrompt, style.negativePrompt);
        }
        // One seed, two streams: the same words in both prompts are not bound to the same choice.
        const std::uint64_t seed = *m_request.seed;
        return {chosen(pair.prompt, seed), chosen(pair.negativePrompt, ~seed)};
    }

    std::vector<std::string> warnings() { return std::move(m_warnings); }

private:
    void findStyles()
    {
        const std::vector<text::PromptStyle> known = text::readStylesFile(m_sources.styles);
        for (const std::string& name : m_request.prompts.styles) {
            const auto found = std::ranges::find(known, name, &text::PromptStyle::name);
            if (found != known.end())
                m_styles.push_back(*found);
            else
                sayOnce(m_warnings,
                    "There is no style \"" + name + "\" in "
                        + (m_sources.styles.empty() ? "any file of styles" : m_sources.styles.string())
                        + "; it is not applied.");
        }
    }

    std::string chosen(const std::string& prompt, std::uint64_t seed)
    {
        if (m_request.prompts.syntax == PromptSyntax::Plain)
            return prompt;
        const text::ChosenText chosen = text::chooseText(prompt, seed, m_wildcards);
        for (const std::string& name : chosen.unknown)
            sayOnce(m_warnings,
                "There is no wildcard \"" + name + "\": __" + name + "__ stays in the prompt as text. "
                    + (m_sources.wildcards.empty()
                            ? std::string("No folder of wildcards is set.")
                            : "It would be " + (m_sources.wildcards / (name + ".txt")).string() + "."));
        if (chosen.cutShort)
            sayOnce(m_warnings,
                "Wildcards that name one another were not followed to an end: the prompt is cut short.");
        return text::withoutComments(chosen.text);
    }

    const Request& m_request;
    const PromptSources& m_sources;
    text::Wildcards m_wildcards;
    std::vector<text::PromptStyle> m_styles;
    std::vector<std::string> m_warnings;
};

/// Reads one prompt after the other and collects what is to be said.
class PromptReader {
public:
    explicit PromptReader(const text::PassClock& clock)
        : m_clock(clock)
    { }

    ReadPrompts read(const PromptPair& prompts)
    {
        const std::string bare = withoutAdapters(prompts.prompt);
        const std::vector<text::ComposedText> composed = text::readComposition(bare);
        for (const text::ComposedText& part : composed)
            m_out.parts.push_back(timed(part.text, part.weight, "prompt"));
        if (composed.size() == 1 && composed[0].weight != 1.0)
            sayOnce(m_out.notes,
                "The prompt ends in a colon and a number: as in A1111, its guidance counts "
                    + numberIn(composed[0].weight) + " times.");
        m_out.negativePart = timed(prompts.negativePrompt, 1.0, "negative prompt");
        std::vector<text::PromptTag> tags;
        text::withoutTags(prompts.negativePrompt, tags);
        for (const text::PromptTag& tag : tags)
            sayOnce(m_out.warnings, tag.written + " in a negative prompt is text, as in A1111.");
        return std::move(m_out);
    }

private:
    static std::string numberIn(double value)
    {
        std::string text = std::to_string(value);
        text.erase(text.find_last_not_of('0') + 1);
        return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
    }

    std::string withoutAdapters(const std::string& prompt)
    {
        std::vector<text::PromptTag> tags;
        std::string bare = text::withoutTags(prompt, tags);
        for (const text::PromptTag& tag : tags) {
            m_out.adapters.push_back(text::adapterFrom(tag));
            std::vector<double>& blocks = m_out.adapters.back().blocks;
            if (blocks.empty() || blocks.size() == kShortBlockList || blocks.size() == kLongBlockList)
                continue;
            sayOnce(m_out.warnings,
                tag.written + ": the blocks of an SDXL adapter are " + std::to_string(kShortBlockList)
                    + " or " + std::to_string(kLongBlockList) + " numbers; these are not used.");
            blocks.clear();
        }
        return bare;
    }

    PromptPart timed(const std::string& prompt, double weight, const std::string& which)
    {
        const text::PromptSchedule schedule(prompt);
        if (!schedule.isReadable() && prompt.find('[') != std::string::npos)
            sayOnce(m_out.warnings,
                "The " + which
                    + " holds a bar outside of [ ], or a backslash that keeps nothing: as in A1111, none of "
                      "its [...] "
                      "changes on the way.");
        PromptPart part{weight, {}};
        for (text::TimedText& timed : schedule.over(m_clock)) {
            warnOfEmphasis(timed.text);
            part.texts.push_back({timed.until, std::move(timed.text)});
        }
        part.texts.back().until = -1;
        return part;
    }

    void warnOfEmphasis(const std::string& prompt)
    {
        const text::EmphasizedText emphasized = text::readEmphasis(prompt);
        for (const std::string& number : emphasized.notNumbers)
            sayOnce(m_out.warnings, "\"" + number + "\" is no weight; 1 takes its place.");
        for (const text::WeightedText& part : emphasized.parts) {
            if (!std::isfinite(part.weight))
                throw Error(ErrorKind::BadInput,
                    "The emphasis of a prompt adds up to more than any number; take brackets away.");
            if (part.text == "BREAK" && !part.isBreak())
                sayOnce(m_out.warnings,
                    "BREAK within brackets is a word, as in A1111; outside of them it begins a new part.");
        }
    }

    text::PassClock m_clock;
    ReadPrompts m_out;
};

} // namespace

ChosenPrompts choosePrompts(const Request& request, const PromptSources& sources)
{
    PromptChooser chooser(request, sources);
    ChosenPrompts out;
    out.first = chooser.choose(request.prompt, request.negativePrompt);
    for (const Rung& rung : request.hires.rungs)
        out.rungs.push_back(chooser.choose(
            rung.prompt.value_or(request.prompt), rung.negativePrompt.value_or(request.negativePrompt)));
    out.warnings = chooser.warnings();
    return out;
}

ReadPrompts readPrompts(const PromptPair& prompts, PromptSyntax syntax, const text::PassClock& clock)
{
    if (syntax == PromptSyntax::A1111)
        return PromptReader(clock).read(prompts);
    ReadPrompts out;
    out.parts.push_back({1.0, {{-1, prompts.prompt}}});
    out.negativePart = {1.0, {{-1, prompts.negativePrompt}}};
    return out;
}

} // namespace studio::pipeline
