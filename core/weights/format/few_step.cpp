#include "core/weights/format/few_step.h"

#include "core/base/error.h"
#include "core/weights/format/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace studio {

namespace {

/// A family: the word that names it, and how its makers run it.
struct Family {
    std::string_view word;
    std::string_view name;
    int fewest, most, steps;
    double guidance, mostGuidance;
    std::string_view sampler, schedule;
};

// Sauer et al. 2023 (Turbo); Lin et al. 2024 (Lightning); Ren et al. 2024 (Hyper-SD); Yin et al. 2024 (DMD2); Zheng et
// al. 2024 (TCD); Luo et al. 2023 (LCM); each with the settings of its model card.
constexpr std::array kFamilies{
    Family{"turbo", "SDXL Turbo", 1, 8, 4, 1.0, 2.5, "euler_a", "trailing"},
    Family{"lightning", "SDXL Lightning", 1, 8, 4, 1.0, 2.0, "euler", "trailing"},
    Family{"hyper", "Hyper-SDXL", 1, 12, 8, 1.0, 2.0, "ddim", "trailing"},
    Family{"dmd2", "DMD2", 1, 8, 4, 1.0, 1.5, "lcm", "trailing"},
    Family{"dmd", "DMD2", 1, 8, 4, 1.0, 1.5, "lcm", "trailing"},
    Family{"tcd", "TCD", 2, 8, 4, 1.0, 1.5, "tcd", "trailing"},
    Family{"lcm", "LCM", 2, 8, 4, 1.5, 2.5, "lcm", "sgm_uniform"},
};

constexpr std::array<std::string_view, 4> kTitles{
    "modelspec.title", "ss_output_name", "modelspec.description", "modelspec.usage_hint"};

bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(
        out, out.begin(), [](char c) { return isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

/// Whether a word of a name begins at `begin` and ends before `end`: at its ends, at anything but letters, and where
/// small letters meet a capital ("juggernautXL_v9Lightning", but not "hyperrealistic").
bool isWord(std::string_view name, std::size_t begin, std::size_t end)
{
    const bool starts
        = begin == 0 || (!isLower(name[begin - 1]) && !isUpper(name[begin - 1])) || isUpper(name[begin]);
    const bool allCapitals = isUpper(name[end - 1]);
    const bool ends = end == name.size() || (!isLower(name[end]) && (!isUpper(name[end]) || !allCapitals));
    return starts && ends;
}

/// "Hyper" also begins names that mean something else: "HyperRealistic".
bool meansTheFamily(const Family& family, std::string_view name, std::size_t end)
{
    if (family.word != "hyper")
        return true;
    const std::string rest = lowered(name.substr(end));
    const bool goesOn = !rest.empty() && isLower(rest.front());
    return !goesOn || rest.starts_with("sd");
}

const Family* familyIn(std::string_view name)
{
    const std::string small = lowered(name);
    for (const Family& family : kFamilies)
        for (std::size_t at = small.find(family.word); at != small.npos;
             at = small.find(family.word, at + 1)) {
            const std::size_t end = at + family.word.size();
            if (isWord(name, at, end) && meansTheFamily(family, name, end))
                return &family;
        }
    return nullptr;
}

/// The number before "step": "4step", "8-steps", "2 Step".
std::optional<int> stepsIn(std::string_view name)
{
    const std::string small = lowered(name);
    for (std::size_t at = small.find("step"); at != small.npos; at = small.find("step", at + 1)) {
        std::size_t end = at;
        while (end > 0 && (small[end - 1] == '-' || small[end - 1] == '_' || small[end - 1] == ' '))
            --end;
        std::size_t begin = end;
        while (begin > 0 && isDigit(small[begin - 1]) && end - begin < 2)
            --begin;
        int steps = 0;
        if (begin < end && std::from_chars(small.data() + begin, small.data() + end, steps).ec == std::errc())
            return steps;
    }
    return std::nullopt;
}

std::optional<FewStepModel> fromWords(std::string_view words)
{
    const Family* family = familyIn(words);
    if (!family)
        return std::nullopt;
    FewStepModel model{std::string(family->name), family->fewest, family->most, family->steps,
        family->guidance, family->mostGuidance, std::string(family->sampler), std::string(family->schedule)};
    if (const auto steps = stepsIn(words); steps && *steps >= 1 && *steps <= 16) {
        model.steps = *steps;
        model.most = std::max(model.most, *steps);
    }
    return model;
}

} // namespace

std::optional<FewStepModel> fewStepModel(
    std::string_view name, const std::map<std::string, std::string, std::less<>>& metadata)
{
    if (auto model = fromWords(name))
        return model;
    for (const std::string_view key : kTitles)
        if (const auto found = metadata.find(key); found != metadata.end())
            if (auto model = fromWords(std::string_view(found->second).substr(0, 400)))
                return model;
    return std::nullopt;
}

std::optional<FewStepModel> fewStepModel(const std::filesystem::path& path)
{
    const std::filesystem::path named = path.has_filename() ? path : path.parent_path();
    if (auto model = fewStepModel(named.filename().string(), {}))
        return model;
    std::error_code ignored; // what cannot be read has no metadata
    if (!std::filesystem::is_regular_file(path, ignored))
        return std::nullopt;
    try {
        return fewStepModel({}, SafetensorsFile(MappedFile::open(path)).header().metadata);
    } catch (const Error&) {
        return std::nullopt; // whoever opens the model says why
    }
}

std::string describe(const FewStepModel& model)
{
    return fmt::format("{}: {} step{} ({} to {}), guidance {}, {}, {}", model.family, model.steps,
        model.steps == 1 ? "" : "s", model.fewest, model.most, model.guidance, model.sampler, model.schedule);
}

} // namespace studio
