#include "app/cli/file_names.h"

#include "app/cli/usage_error.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <sstream>
#include <string_view>

namespace studio::cli {

namespace {

constexpr std::size_t kMostNameBytes = 180; // leaves room for "-99.png" and a temporary ending below 255
constexpr std::size_t kMostPromptBytes = 80;

struct NameSource {
    const Plan& plan;
    LayerKind layer;
    std::tm time;
};

struct NameTag {
    const char* tag;
    std::string (*value)(const NameSource&);
};

/// At most `bytes` bytes, cut between UTF-8 characters.
std::string shortened(std::string text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes;
    text.resize(bytes);
    return text;
}

std::string stamp(const std::tm& time, const char* format)
{
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), format, &time);
    return {text.data(), length};
}

std::string brief(double value)
{
    std::ostringstream out;
    out << value;
    return out.str();
}

Extent sizeOf(const NameSource& source)
{
    Extent size;
    for (const PlannedStage& stage : source.plan.stages) {
        if (stage.layer == source.layer)
            size = stage.size;
    }
    return size;
}

std::string modelName(const NameSource& source)
{
    const std::string stem = std::filesystem::path(source.plan.request.models.base).stem().string();
    return stem.empty() ? "demo" : stem;
}

constexpr std::array kTags{
    NameTag{"date", [](const NameSource& s) { return stamp(s.time, "%Y-%m-%d"); }},
    NameTag{"time", [](const NameSource& s) { return stamp(s.time, "%H-%M-%S"); }},
    NameTag{"seed", [](const NameSource& s) { return std::to_string(s.plan.request.seed.value_or(0)); }},
    NameTag{"mode", [](const NameSource& s) { return modeId(s.plan.request.mode); }},
    NameTag{"layer", [](const NameSource& s) { return layerId(s.layer); }},
    NameTag{"width", [](const NameSource& s) { return std::to_string(sizeOf(s).width); }},
    NameTag{"height", [](const NameSource& s) { return std::to_string(sizeOf(s).height); }},
    NameTag{"steps", [](const NameSource& s) { return std::to_string(s.plan.request.sampling.steps); }},
    NameTag{"cfg", [](const NameSource& s) { return brief(s.plan.request.sampling.guidance); }},
    NameTag{"sampler", [](const NameSource& s) { return s.plan.request.sampling.sampler; }},
    NameTag{"model", &modelName},
    NameTag{"prompt",
        [](const NameSource& s) {
            return shortened(safeForFileName(s.plan.request.prompt, '_'), kMostPromptBytes);
        }},
    NameTag{"prompt_spaces",
        [](const NameSource& s) {
            return shortened(safeForFileName(s.plan.request.prompt, ' '), kMostPromptBytes);
        }},
};

const NameTag* findTag(std::string_view name)
{
    const auto found
        = std::find_if(kTags.begin(), kTags.end(), [name](const NameTag& tag) { return tag.tag == name; });
    return found == kTags.end() ? nullptr : &*found;
}

/// Calls `onText` and `onTag` for the parts of a pattern, in order.
void walkPattern(std::string_view pattern, const std::function<void(std::string_view)>& onText,
    const std::function<void(std::string_view)>& onTag)
{
    while (!pattern.empty()) {
        const std::size_t open = pattern.find('[');
        const std::size_t close = open == std::string_view::npos ? open : pattern.find(']', open);
        if (close == std::string_view::npos) {
            onText(pattern);
            return;
        }
        onText(pattern.substr(0, open));
        onTag(pattern.substr(open + 1, close - open - 1));
        pattern.remove_prefix(close + 1);
    }
}

/// Leading dots hide a file, trailing dots and blanks are lost on some file systems.
std::string trimmedEnds(const std::string& name)
{
    const std::size_t begin = name.find_first_not_of(" .");
    if (begin == std::string::npos)
        return {};
    return name.substr(begin, name.find_last_not_of(" .") - begin + 1);
}

} // namespace

std::string nameTags()
{
    std::string tags;
    for (const NameTag& tag : kTags)
        tags += (tags.empty() ? "[" : " [") + std::string(tag.tag) + "]";
    return tags;
}

void checkNamePattern(const std::string& pattern)
{
    if (pattern.find_first_of("/\\") != std::string::npos)
        throw UsageError("a name has no folders in it; --out chooses the folder.");
    const auto refuseUnknown = [](std::string_view tag) {
        if (!findTag(tag))
            throw UsageError("there is no tag [" + std::string(tag) + "]; there are " + nameTags() + ".");
    };
    walkPattern(
        pattern, [](std::string_view) {}, refuseUnknown);
    if (trimmedEnds(pattern).empty())
        throw UsageError("the name is empty.");
}

std::string safeForFileName(const std::string& text, char blank)
{
    constexpr std::string_view kRefused = "/\\:*?\"<>|";
    std::string safe;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7F)
            safe += blank;
        else
            safe += kRefused.find(c) == std::string_view::npos ? c : '_';
    }
    return trimmedEnds(safe);
}

std::string fixedName(LayerKind layer)
{
    switch (layer) {
    case LayerKind::Standard:
        return "output_standard";
    case LayerKind::Simple:
        return "output_simple_hires";
    case LayerKind::Hires:
        return "output_hires_fix";
    case LayerKind::FirstPass:
    case LayerKind::Upscaled:
        break;
    }
    return "output_" + layerId(layer);
}

std::string fileName(
    const std::string& pattern, const Plan& plan, LayerKind layer, bool isMainLayer, std::time_t now)
{
    if (plan.request.mode == Mode::Compare)
        return fixedName(layer);
    NameSource source{plan, layer, {}};
    localtime_r(&now, &source.time);
    std::string name;
    bool namesLayer = false;
    walkPattern(
        pattern, [&](std::string_view text) { name += text; },
        [&](std::string_view tag) {
            namesLayer = namesLayer || tag == "layer";
            if (const NameTag* known = findTag(tag))
                name += known->value(source);
        });
    std::string ending;
    if (!isMainLayer && !namesLayer)
        ending.append("_").append(layerId(layer));
    name = trimmedEnds(shortened(trimmedEnds(safeForFileName(name, ' ')), kMostNameBytes - ending.size()));
    return (name.empty() ? "picture" : name) + ending;
}

} // namespace studio::cli
