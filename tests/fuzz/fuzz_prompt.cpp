#include "core/base/unicode.h"
#include "core/text/emphasis.h"
#include "core/text/prompt_choices.h"
#include "core/text/prompt_schedule.h"
#include "core/text/prompt_styles.h"
#include "core/text/prompt_syntax.h"

#include <cstdint>
#include <cstdlib>

using namespace studio;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void readSchedule(const std::string& prompt)
{
    const text::PromptSchedule schedule(prompt);
    for (const text::PassClock clock : {text::PassClock{9, 0, 0}, text::PassClock{4, 9, 1}}) {
        const std::vector<text::TimedText> texts = schedule.over(clock);
        require(!texts.empty() && texts.back().until == clock.calls);
        for (const text::TimedText& timed : texts) {
            require(timed.text.size() <= prompt.size());
            require(!text::readEmphasis(timed.text).parts.empty());
        }
    }
}

} // namespace

/// Promise: every prompt has a meaning, reached without a crash and soon.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string prompt(reinterpret_cast<const char*>(data), size);
    const text::Wildcards wildcards
        = [&](const std::string& name) -> std::optional<std::vector<std::string>> {
        return name == "self" ? std::optional(std::vector<std::string>{prompt, "leaf"}) : std::nullopt;
    };
    const text::ChosenText chosen = text::chooseText(prompt, size, wildcards);
    require(chosen.text.size() <= 1'000'000);
    std::vector<text::PromptTag> tags;
    const std::string bare = text::withoutTags(text::withoutComments(prompt), tags);
    for (const text::ComposedText& part : text::readComposition(bare))
        readSchedule(part.text);
    try {
        text::readStyles(prompt);
    } catch (const std::exception&) {
        return 0; // a file without the columns is refused in words
    }
    return 0;
}
