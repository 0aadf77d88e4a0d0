#include "app/cli/request_issues.h"

#include "app/cli/usage_error.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace studio::cli {

namespace {

struct NamedField {
    std::string_view field; ///< of check(), without the numbers of list entries
    std::string_view option;
};

constexpr std::array kOptions{
    NamedField{"prompt", "--prompt"},
    NamedField{"negative_prompt", "--negative"},
    NamedField{"init_picture", "--init"},
    NamedField{"sampling.sampler", "--sampler"},
    NamedField{"sampling.schedule", "--schedule"},
    NamedField{"sampling.sigmas[]", "--sigmas"},
    NamedField{"prompts.styles[]", "--style"},
    NamedField{"hires.rungs[].strength", "--hires-strength"},
    NamedField{"hires.rungs[].prompt", "--hires-prompt"},
    NamedField{"hires.rungs[].negative_prompt", "--hires-negative"},
    NamedField{"hires.rungs[].sampler", "--hires-sampler"},
    NamedField{"hires.rungs[].schedule", "--hires-schedule"},
    NamedField{"hires.rungs[].upscaler", "--hires-upscaler"},
    NamedField{"hires.rungs[].model", "--hires-model"},
    NamedField{"models.base", "--model"},
    NamedField{"models.refiner", "--refiner"},
    NamedField{"models.vae", "--vae"},
    NamedField{"execution.device", "--device"},
};

std::string withoutNumbers(std::string field)
{
    if (const std::size_t open = field.find('['); open != std::string::npos)
        field.erase(open + 1, field.find(']', open) - open - 1);
    return field;
}

std::string optionOf(const std::string& field)
{
    const auto row = std::ranges::find(kOptions, std::string_view(withoutNumbers(field)), &NamedField::field);
    return row == kOptions.end() ? field : std::string(row->option);
}

} // namespace

void refuseIssues(const Request& request)
{
    std::string sentences;
    for (const Issue& issue : check(request))
        sentences += (sentences.empty() ? "" : "\n") + optionOf(issue.field) + ": " + issue.message;
    if (!sentences.empty())
        throw UsageError(sentences);
}

} // namespace studio::cli
