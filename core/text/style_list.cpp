#include "core/api/style_list.h"

#include "core/base/error.h"
#include "core/text/prompt_styles.h"

namespace studio {

namespace {

std::string whatItAdds(const text::PromptStyle& style)
{
    if (style.negativePrompt.empty())
        return style.prompt;
    return style.prompt + (style.prompt.empty() ? "" : "\n") + "Negative prompt: " + style.negativePrompt;
}

} // namespace

Outcome<std::vector<CatalogEntry>> listStyles(const std::filesystem::path& file) noexcept
{
    return settle([&] {
        std::vector<CatalogEntry> entries;
        for (const text::PromptStyle& style : text::readStylesFile(file))
            entries.push_back({style.name, style.name, whatItAdds(style)});
        return entries;
    });
}

} // namespace studio
