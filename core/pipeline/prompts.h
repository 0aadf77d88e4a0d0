#pragma once

#include "core/api/plan.h"
#include "core/api/request.h"
#include "core/text/prompt_schedule.h"

#include <filesystem>
#include <string>
#include <vector>

namespace studio::pipeline {

/// Where prompts look things up; either may be empty.
struct PromptSources {
    std::filesystem::path wildcards; ///< folder of NAME.txt
    std::filesystem::path styles;    ///< A1111's styles.csv
};

struct PromptPair {
    std::string prompt;
    std::string negativePrompt;
};

/// The prompts of a request as they run: styles applied, choices made by the seed, comments gone. The rest of the
/// syntax is still in them.
struct ChosenPrompts {
    PromptPair first;
    std::vector<PromptPair> rungs;     ///< one a rung
    std::vector<std::string> warnings; ///< a sentence for each thing that is named and not there
};

/// The request's seed must be set. Throws Error (FileCorrupt) if the file of styles cannot be read.
ChosenPrompts choosePrompts(const Request& request, const PromptSources& sources);

/// What the prompts of one pass come to.
struct ReadPrompts {
    std::vector<PromptPart> parts; ///< at least one
    PromptPart negativePart;
    std::vector<PlannedAdapter> adapters; ///< named in the prompt, without their files
    std::vector<std::string> warnings;
    std::vector<std::string> notes;

    /// Whether the parts need the negative prompt's prediction to be put together.
    bool isComposed() const { return parts.size() > 1 || parts.front().weight != 1.0; }
};

/// Throws Error (BadInput) if emphasis goes beyond any number.
ReadPrompts readPrompts(const PromptPair& prompts, PromptSyntax syntax, const text::PassClock& clock);

} // namespace studio::pipeline
