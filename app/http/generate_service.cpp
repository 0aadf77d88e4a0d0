#include "app/http/generate_service.h"

#include "app/http/http_error.h"
#include "app/http/json_body.h"
#include "core/api/picture_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace studio::http {

namespace {

constexpr std::int64_t kMostSteps = 1000;
constexpr std::int64_t kMostPixels = 8192;

struct Body {
    std::string prompt;
    std::string negativePrompt;
    std::optional<int> width;
    std::optional<int> height;
    SamplingSettings sampling;
    bool useRefiner = false;
    bool hiresFix = false;
    bool hiresFixSimple = false;
    std::optional<double> hiresScale;
    bool faceRestoration = false;
    std::optional<std::uint64_t> seed;
    std::optional<PromptSyntax> syntax;
    std::set<std::string> present;
};

/// A field of the body: one row.
struct Field {
    const char* name;
    void (*read)(Body& body, const Json& value, const std::string& field);
};

int pixels(const Json& value, const std::string& field)
{
    return static_cast<int>(integerOf(value, field, 64, kMostPixels));
}

PromptSyntax syntaxOf(const Json& value, const std::string& field)
{
    const std::string name = textOf(value, field);
    if (name != "a1111" && name != "plain")
        throw HttpError(kUnprocessable, field + " must be a1111 or plain.", field);
    return name == "plain" ? PromptSyntax::Plain : PromptSyntax::A1111;
}

constexpr std::array kFields{
    Field{"prompt", [](Body& b, const Json& v, const std::string& f) { b.prompt = textOf(v, f); }},
    Field{"negative_prompt",
        [](Body& b, const Json& v, const std::string& f) { b.negativePrompt = textOf(v, f); }},
    Field{"width", [](Body& b, const Json& v, const std::string& f) { b.width = pixels(v, f); }},
    Field{"height", [](Body& b, const Json& v, const std::string& f) { b.height = pixels(v, f); }},
    Field{"num_inference_steps",
        [](Body& b, const Json& v, const std::string& f) {
            b.sampling.steps = static_cast<int>(integerOf(v, f, 1, kMostSteps));
        }},
    Field{"guidance_scale",
        [](Body& b, const Json& v, const std::string& f) {
            b.sampling.guidance = numberOf(v, f, 0.0, 100.0);
        }},
    Field{"use_refiner", [](Body& b, const Json& v, const std::string& f) { b.useRefiner = flagOf(v, f); }},
    Field{"hires_fix", [](Body& b, const Json& v, const std::string& f) { b.hiresFix = flagOf(v, f); }},
    Field{"hires_fix_simple",
        [](Body& b, const Json& v, const std::string& f) { b.hiresFixSimple = flagOf(v, f); }},
    Field{"hires_scale",
        [](Body& b, const Json& v, const std::string& f) { b.hiresScale = numberOf(v, f, 1.0, 8.0); }},
    Field{"use_face_restoration",
        [](Body& b, const Json& v, const std::string& f) { b.faceRestoration = flagOf(v, f); }},
    Field{"prompt_syntax", [](Body& b, const Json& v, const std::string& f) { b.syntax = syntaxOf(v, f); }},
    Field{"seed", [](Body& b, const Json& v, const std::string& f) { b.seed = seedOf(v, f); }},
};

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

Body readBody(const Json& json, std::vector<std::string>& notes)
{
    Body body;
    for (const auto& item : json.items()) {
        const std::string& name = item.key();
        const Json& value = item.value();
        const auto field = std::find_if(
            kFields.begin(), kFields.end(), [&](const Field& each) { return each.name == name; });
        if (field == kFields.end()) {
            notes.push_back("There is no field " + name + "; it was not used.");
        } else if (!value.is_null()) {
            field->read(body, value, name);
            body.present.insert(name);
        }
    }
    if (body.present.count("prompt") == 0)
        throw HttpError(kUnprocessable, "prompt is missing: say what the picture shows.", "prompt");
    return body;
}

/// "hires_fix was on: width and height were not used." for those of `fields` that the body named.
void noteUnused(const Body& body, const char* why, const std::vector<std::string>& fields,
    std::vector<std::string>& notes)
{
    std::vector<std::string> unused;
    std::copy_if(fields.begin(), fields.end(), std::back_inserter(unused),
        [&](const std::string& field) { return body.present.count(field) != 0; });
    if (!unused.empty())
        notes.push_back(std::string(why) + ": " + joined(unused) + (unused.size() == 1 ? " was" : " were")
            + " not used.");
}

std::optional<Extent> sizeOf(const Body& body, const Extent& usual)
{
    if (!body.width && !body.height)
        return std::nullopt;
    return Extent{body.width.value_or(usual.width), body.height.value_or(usual.height)};
}

void chooseMode(const Body& body, const ModelFacts& facts, GenerateCall& call)
{
    Request& request = call.request;
    if (body.hiresFix) {
        request.mode = Mode::Hires;
        noteUnused(body, "hires_fix was on",
            {"width", "height", "use_refiner", "hires_fix_simple", "hires_scale"}, call.notes);
    } else if (body.hiresFixSimple) {
        request.mode = Mode::Simple;
        request.simple.base = sizeOf(body, facts.firstPassSize);
        request.simple.scale = body.hiresScale.value_or(request.simple.scale);
        if (body.useRefiner)
            noteUnused(body, "hires_fix_simple was on", {"use_refiner"}, call.notes);
    } else {
        request.mode = Mode::Standard;
        request.standard.size = sizeOf(body, facts.standardSize);
        request.standard.useRefiner = body.useRefiner && !facts.refiner.empty();
        if (body.useRefiner && facts.refiner.empty())
            call.notes.emplace_back("use_refiner was not applied: this service runs without a refiner.");
        noteUnused(body, "hires_fix and hires_fix_simple were off", {"hires_scale"}, call.notes);
    }
}

constexpr std::array kNames{
    FieldName{"prompt", "prompt"},
    FieldName{"negative_prompt", "negative_prompt"},
    FieldName{"sampling.steps", "num_inference_steps"},
    FieldName{"sampling.guidance", "guidance_scale"},
    FieldName{"simple.scale", "hires_scale"},
};

/// The first pass's size, which bodies call width and height in every mode.
Extent askedSize(const Request& request, const std::string& field)
{
    if (field == "standard.size")
        return request.standard.size.value_or(Extent{});
    if (field == "simple.base")
        return request.simple.base.value_or(Extent{});
    return field == "hires.base" ? request.hires.base.value_or(Extent{}) : Extent{};
}

std::string bodyField(const Request& request, const std::string& field, std::span<const FieldName> names)
{
    for (const FieldName& name : names) {
        if (name.request == field)
            return std::string(name.body);
    }
    const Extent size = askedSize(request, field);
    if (!size.isSet())
        return field;
    const bool widthFits = size.width % 8 == 0 && size.width >= 64 && size.width <= kMostPixels;
    return widthFits ? "height" : "width";
}

} // namespace

GenerateCall parseGenerate(std::string_view body, const ModelFacts& facts)
{
    GenerateCall call;
    const Body read = readBody(parseObject(body), call.notes);
    call.request = facts.defaults;
    call.request.prompt = read.prompt;
    call.request.negativePrompt = read.negativePrompt;
    call.request.sampling.steps = read.sampling.steps;
    call.request.sampling.guidance = read.sampling.guidance;
    call.request.seed = read.seed;
    if (read.syntax)
        call.request.prompts.syntax = *read.syntax;
    chooseMode(read, facts, call);
    if (read.faceRestoration)
        call.notes.emplace_back("use_face_restoration was not applied: this version restores no faces.");
    refuseIssues(call.request, kNames);
    return call;
}

void refuseIssues(const Request& request, std::span<const FieldName> names)
{
    const std::vector<Issue> issues = check(request);
    if (issues.empty())
        return;
    const std::string field = bodyField(request, issues.front().field, names);
    throw HttpError(kUnprocessable, field + ": " + issues.front().message, field);
}

std::string generateAnswer(
    const Take& take, const Layer& layer, const std::string& png, const std::vector<std::string>& notes)
{
    std::vector<std::string> all = notes;
    all.insert(all.end(), take.plan.warnings.begin(), take.plan.warnings.end());
    all.insert(all.end(), take.notes.begin(), take.notes.end());
    return dump({
        {"image", base64(png)},
        {"final_resolution", std::to_string(layer.size.width) + "x" + std::to_string(layer.size.height)},
        {"generation_time_seconds", take.seconds},
        {"seed", take.plan.request.seed.value_or(0)},
        {"mode", modeId(take.plan.request.mode)},
        {"device", take.device},
        {"dtype", take.precision},
        {"notes", all},
    });
}

} // namespace studio::http
