#include "core/request/infotext_dialects.h"

#include "core/request/infotext_names.h"
#include "core/request/infotext_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace studio {

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

const std::string* valueOf(const Settings& settings, std::string_view key)
{
    const auto found
        = std::find_if(settings.rbegin(), settings.rend(), [&](const auto& row) { return row.first == key; });
    return found == settings.rend() ? nullptr : &found->second;
}

bool beginsWith(const Settings& settings, std::string_view key, std::string_view words)
{
    const std::string* value = valueOf(settings, key);
    return value && value->starts_with(words);
}

void rename(Settings& settings, std::string_view from, std::string_view to)
{
    for (auto& [key, value] : settings)
        if (key == from)
            key = to;
}

template <class Condition> void drop(Settings& settings, const Condition& condition)
{
    std::erase_if(settings, [&](const auto& row) { return condition(row.first, row.second); });
}

bool isZero(std::string_view value)
{
    const auto number = numberIn<double>(value);
    return number && *number == 0.0;
}

/// SD.Next (modules/processing_info.py): the second pass by other keys, the schedule as a property of the sampler.
void translateSdNext(InfotextParts& parts)
{
    Settings& settings = parts.settings;
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNames{{
        {"Hires strength", "Denoising strength"},
        {"Hires scale", "Hires upscale"},
        {"Hires fixed", "Hires resize"},
        {"Hires CFG scale", "Hires CFG Scale"},
        {"CFG end", "Skip Late CFG"},
        {"Sampler eta", "Eta"},
        {"Variation strength", "Variation seed strength"},
    }};
    for (const auto& [from, to] : kNames)
        rename(settings, from, to);
    if (const std::string* sigma = valueOf(settings, "Sampler sigma"); sigma && *sigma != "default")
        settings.emplace_back("Schedule type", *sigma);
    else if (const std::string* spacing = valueOf(settings, "Sampler spacing");
             spacing && *spacing != "default")
        settings.emplace_back("Schedule type", *spacing);
    const bool enlarged = valueOf(settings, "Hires upscale") || valueOf(settings, "Hires resize");
    drop(settings, [&](const std::string& key, const std::string& value) {
        return key == "Hires size" || key == "Refine" || key == "Operations" || key == "Sampler sigma"
            || key == "Sampler spacing" || (key == "Hires force" && value == "False")
            || (key == "Hires steps" && isZero(value)) || (key == "Hires CFG Scale" && isZero(value))
            || (!enlarged && key == "Hires upscaler" && value == "None");
    });
}

/// Fooocus' "a1111" scheme (modules/meta_parser.py): ComfyUI's schedule beside A1111's sampler, raw prompts beside full
/// ones.
void translateFooocus(InfotextParts& parts)
{
    Settings& settings = parts.settings;
    rename(settings, "Scheduler", "Schedule type");
    for (auto& [key, value] : settings)
        if (key == "Sampler" && value.ends_with(" Karras"))
            value.resize(value.size() - std::string_view(" Karras").size());
    // Its noise is drawn on the CPU; CLIP skip 2 is SDXL's own layer, and nothing is lost by it.
    settings.emplace_back("RNG", "CPU");
    drop(settings, [](const std::string& key, const std::string& value) {
        return key == "Raw prompt" || key == "Raw negative prompt" || key == "Refiner hash"
            || (key == "VAE" && value.starts_with("Default")) || (key == "Clip skip" && value == "2");
    });
}

struct SamplerId {
    std::string_view theirs;
    std::string_view label;
};

/// stable-diffusion.cpp's ids that are not ours, too.
constexpr std::array kSdCppSamplers{
    SamplerId{"dpm++2s_a", "DPM++ 2S a"},
    SamplerId{"dpm++2m", "DPM++ 2M"},
    SamplerId{"dpm++2m_sde", "DPM++ 2M SDE"},
    SamplerId{"dpm++2m_sde_bt", "DPM++ 2M SDE"},
    SamplerId{"euler_a_cfg_pp", "Euler a CFG++"},
    SamplerId{"ddim_trailing", "DDIM"},
    SamplerId{"dpm2", "DPM2"},
};

void splitSdCppSampler(Settings& settings)
{
    const auto found = std::find_if(
        settings.begin(), settings.end(), [](const auto& row) { return row.first == "Sampler"; });
    if (found == settings.end())
        return;
    const std::string whole = found->second;
    const std::size_t blank = std::min(whole.find(' '), whole.size());
    const std::string_view schedule = std::string_view(whole).substr(std::min(blank + 1, whole.size()));
    const SdCppSampling names = sdCppSampling(std::string_view(whole).substr(0, blank), schedule);
    found->second = names.sampler;
    settings.emplace_back("Schedule type", names.schedule);
}

/// stable-diffusion.cpp (examples/common/common.cpp): ids for labels, "Hires upscale" is the upscaler.
void translateSdCpp(InfotextParts& parts)
{
    Settings& settings = parts.settings;
    const std::string* sampler = valueOf(settings, "Sampler");
    const bool usesEta = sampler && (sampler->starts_with("ddim") || sampler->starts_with("tcd"));
    splitSdCppSampler(settings);
    rename(settings, "Hires upscale", "Hires upscaler");
    rename(settings, "Hires scale", "Hires upscale");
    for (auto& [key, value] : settings)
        if (key == "RNG")
            value = value == "cuda" ? "NV" : value == "cpu" ? "CPU" : value;
    // Eta 0 is its default and only read by DDIM and TCD; "Guidance" is that of other kinds of models.
    drop(settings, [&](const std::string& key, const std::string& value) {
        return key == "Guidance" || (key == "Eta" && !usesEta && (isZero(value) || value == "inf"))
            || (key == "Hires steps" && isZero(value)) || (key == "Hires resize" && value == "0x0")
            || (key == "Clip skip" && (value == "-1" || value == "2"));
    });
    // A size that was given counts, not the factor beside it.
    if (valueOf(settings, "Hires resize"))
        drop(settings, [](const std::string& key, const std::string&) { return key == "Hires upscale"; });
}

/// Forge (modules/processing.py): files beside the checkpoint are "Module 1", "Module 2", ...
void translateForge(InfotextParts& parts)
{
    rename(parts.settings, "Module 1", "VAE");
    drop(parts.settings, [](const std::string& key, const std::string& value) {
        return (key.starts_with("Hires Module") && (value == "Use same choices" || value == "Built-in"))
            || (key == "Diffusion in Low Bits" && value.starts_with("Automatic"));
    });
}

void translateNothing(InfotextParts&) { }

bool isForge(const Settings& settings)
{
    const std::string* version = valueOf(settings, "Version");
    return version
        && (version->starts_with("neo")
            || (version->size() > 1 && version->front() == 'f' && (*version)[1] >= '0'
                && (*version)[1] <= '9'));
}

struct Dialect {
    const char* program;
    bool (*recognises)(const Settings&);
    void (*translate)(InfotextParts&);
};

constexpr std::array kDialects{
    Dialect{"Hires Studio", [](const Settings& s) { return beginsWith(s, "Version", "Hires Studio"); },
        &translateNothing},
    Dialect{"stable-diffusion.cpp",
        [](const Settings& s) { return beginsWith(s, "Version", "stable-diffusion.cpp"); }, &translateSdCpp},
    Dialect{
        "Fooocus", [](const Settings& s) { return beginsWith(s, "Version", "Fooocus"); }, &translateFooocus},
    Dialect{"SD.Next", [](const Settings& s) { return beginsWith(s, "App", "SD.Next"); }, &translateSdNext},
    Dialect{"Forge", &isForge, &translateForge},
    Dialect{"AUTOMATIC1111", [](const Settings& s) { return !s.empty(); }, &translateNothing},
};

} // namespace

SdCppSampling sdCppSampling(std::string_view method, std::string_view schedule)
{
    const auto id = std::find_if(kSdCppSamplers.begin(), kSdCppSamplers.end(),
        [&](const SamplerId& row) { return row.theirs == method; });
    SdCppSampling names{std::string(id == kSdCppSamplers.end() ? method : id->label), std::string(schedule)};
    if (schedule.empty() || schedule == "NONE" || schedule == "default")
        names.schedule = method == "ddim_trailing" ? "trailing" : "uniform";
    else if (schedule == "discrete" || schedule == "normal")
        names.schedule = "uniform";
    else if (schedule == "ays")
        names.schedule = "align_your_steps";
    return names;
}

std::string translateDialect(InfotextParts& parts)
{
    for (const Dialect& dialect : kDialects) {
        if (!dialect.recognises(parts.settings))
            continue;
        dialect.translate(parts);
        return dialect.program;
    }
    return {};
}

} // namespace studio
