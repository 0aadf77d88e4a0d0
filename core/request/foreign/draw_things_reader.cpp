#include "core/base/error.h"
#include "core/request/foreign/json_fields.h"
#include "core/request/foreign/readers.h"
#include "core/request/foreign/xmp.h"
#include "core/request/infotext_parser.h"

#include <fmt/format.h>

#include <array>

/// Draw Things: JSON as the comment of a picture (LocalImageGenerator/Sources/ImageConverter.swift), which Apple's
/// ImageIO writes as exif:UserComment of an XMP packet, or of EXIF. Its description is the same in words, a fallback.
namespace studio {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kXmpKey = "XML:com.adobe.xmp";

struct SamplerName {
    std::string_view theirs;
    std::string_view sampler;
    std::string_view schedule;
};

constexpr std::array kSamplers{
    SamplerName{"DPM++ 2M Karras", "dpmpp_2m", "karras"},
    SamplerName{"Euler Ancestral", "euler_a", "uniform"},
    SamplerName{"Euler a", "euler_a", "uniform"},
    SamplerName{"DDIM", "ddim", "leading"},
    SamplerName{"PLMS", "plms", "leading"},
    SamplerName{"DPM++ SDE Karras", "dpmpp_sde", "karras"},
    SamplerName{"UniPC", "unipc", "uniform"},
    SamplerName{"LCM", "lcm", "leading"},
    SamplerName{"TCD", "tcd", "leading"},
    SamplerName{"TCD Trailing", "tcd", "trailing"},
    SamplerName{"Euler A Trailing", "euler_a", "trailing"},
    SamplerName{"DPM++ SDE Trailing", "dpmpp_sde", "trailing"},
    SamplerName{"DPM++ 2M Trailing", "dpmpp_2m", "trailing"},
    SamplerName{"DDIM Trailing", "ddim", "trailing"},
    SamplerName{"UniPC Trailing", "unipc", "trailing"},
    SamplerName{"DPM++ 2M AYS", "dpmpp_2m", "align_your_steps"},
    SamplerName{"Euler A AYS", "euler_a", "align_your_steps"},
    SamplerName{"DPM++ SDE AYS", "dpmpp_sde", "align_your_steps"},
    SamplerName{"UniPC AYS", "unipc", "align_your_steps"},
};

class DrawThingsReader {
public:
    explicit DrawThingsReader(const Json& root)
        : m_fields(root)
    { }

    ImportedRequest read()
    {
        m_builder.setPrompts(m_fields.text("c"), m_fields.text("uc"));
        readSampling();
        readSize();
        readConditioning();
        readModels();
        if (const Json* strength = m_fields.take("strength"); strength && numberOf<double>(*strength) < 1.0)
            m_builder.say(
                "The picture was made from another picture, which is not in the file: it starts from "
                "noise here.");
        m_fields.sayRest(m_builder,
            {"v2", "profile", "mask_blur", "mask_blur_outset", "decoding_tile_width", "decoding_tile_height",
                "decoding_tile_overlap", "diffusion_tile_width", "diffusion_tile_height",
                "diffusion_tile_overlap"});
        return m_builder.finish();
    }

private:
    void readSampling()
    {
        m_fields.apply<int>(
            m_builder, "steps", [](Request & request) -> auto& { return request.sampling.steps; });
        m_fields.apply<double>(
            m_builder, "scale", [](Request & request) -> auto& { return request.sampling.guidance; });
        m_fields.apply<std::uint64_t>(
            m_builder, "seed", [](Request & request) -> auto& { return request.seed; });
        if (m_fields.number<int>("clip_skip").value_or(1) > 1)
            m_fields.apply<int>(
                m_builder, "clip_skip", [](Request & request) -> auto& { return request.prompts.clipSkip; });
        if (const Json* shift = m_fields.take("shift"); shift && numberOf<double>(*shift) != 1.0)
            m_builder.sayNotApplied("shift", shownValue(*shift));
        readSampler();
        readSeedMode();
    }

    void readSampler()
    {
        const std::string name = m_fields.text("sampler");
        if (name.empty())
            return;
        SamplingSettings& sampling = m_builder.request().sampling;
        for (const SamplerName& row : kSamplers)
            if (row.theirs == name) {
                sampling.sampler = row.sampler;
                sampling.schedule = row.schedule;
                return;
            }
        sampling.sampler = m_builder.samplerNamed(name);
        sampling.schedule = "uniform";
    }

    void readSeedMode()
    {
        const std::string mode = m_fields.text("seed_mode");
        m_builder.request().noise
            = mode == "NVIDIA GPU Compatible" ? NoiseSource::Philox : NoiseSource::Torch;
        if (mode != "NVIDIA GPU Compatible" && mode != "Torch CPU Compatible" && !mode.empty())
            m_builder.say(
                fmt::format("The seed mode \"{}\" is not known here: the same seed gives another picture.",
                    shownText(mode)));
    }

    void readSize()
    {
        const std::string whole = m_fields.text("size");
        const std::string first = m_fields.text("first_stage_size");
        const Json* isHires = m_fields.take("hires_fix");
        const std::optional<Extent> size = extentIn(whole);
        const std::optional<Extent> base = extentIn(first);
        if (!isHires || !isHires->is_boolean() || !isHires->get<bool>() || !base || !size) {
            m_fields.take("second_stage_strength");
            if (size)
                m_builder.setSize(*size, "size");
            else if (!whole.empty())
                m_builder.sayNotApplied("size", whole);
            return;
        }
        m_builder.setSize(*base, "first_stage_size");
        Rung& rung = m_builder.startHires();
        // Its strength is the part of the steps that runs.
        rung.meaning = StrengthMeaning::Diffusers;
        m_builder.apply("size", whole, [&](Request& request) {
            request.hires.rungs.front().target = onLatentGrid(*size);
            return true;
        });
        m_fields.apply<double>(
            m_builder, "second_stage_strength",
            [](Request & request) -> auto& { return request.hires.rungs.front().strength; });
        m_builder.say(
            "Draw Things enlarges between its passes with a bilinear filter; Lanczos takes its place.");
    }

    void readConditioning()
    {
        const auto size = [&](const char* key, std::optional<Extent> SizeConditioning::*member) {
            const std::string text = m_fields.text(key);
            const std::optional<Extent> extent = extentIn(text);
            if (extent && extent->isSet())
                m_builder.apply(key, text, [&](Request& request) {
                    request.conditioning.*member = extent;
                    return true;
                });
        };
        size("original_size", &SizeConditioning::original);
        size("target_size", &SizeConditioning::target);
        m_fields.apply<int>(
            m_builder, "crop_left", [](Request & request) -> auto& { return request.conditioning.cropLeft; });
        m_fields.apply<int>(
            m_builder, "crop_top", [](Request & request) -> auto& { return request.conditioning.cropTop; });
        m_fields.apply<double>(
            m_builder, "aesthetic_score",
            [](Request & request) -> auto& { return request.conditioning.aestheticScore; });
        m_fields.apply<double>(
            m_builder, "negative_aesthetic_score",
            [](Request & request) -> auto& { return request.conditioning.negativeAestheticScore; });
        const std::string negative = m_fields.text("negative_original_size");
        const std::optional<Extent> extent = extentIn(negative);
        if (extent && extent->isSet() && extent != m_builder.request().conditioning.original)
            m_builder.sayNotApplied("negative_original_size", negative);
    }

    void readModels()
    {
        if (const std::string model = m_fields.text("model"); !model.empty())
            m_builder.sayModel("model", model);
        const double from = m_fields.number<double>("refiner_start").value_or(0.0);
        if (const std::string refiner = m_fields.text("refiner"); !refiner.empty())
            m_builder.sayRefiner(refiner, from);
        const Json* loras = m_fields.take("lora");
        if (!loras || !loras->is_array())
            return;
        for (const Json& row : *loras) {
            JsonFields adapter(row);
            const double weight = adapter.number<double>("weight").value_or(1.0);
            m_builder.addAdapter(adapter.text("model"), weight, weight);
        }
    }

    ImportBuilder m_builder{"Draw Things"};
    JsonFields m_fields;
};

bool isSettings(std::string_view text)
{
    return looksLikeObject(text) && text.find("\"c\"") != std::string_view::npos
        && text.find("\"scale\"") != std::string_view::npos;
}

bool isDescription(std::string_view text)
{
    return text.find("Guidance Scale: ") != std::string_view::npos
        && text.find("Sampler: ") != std::string_view::npos;
}

/// "prompt", "-negative prompt" if there is one, "Steps: 8, Sampler: ...": as the JSON says it.
Json fromDescription(const std::string& text)
{
    const InfotextParts parts = parseInfotext(text);
    constexpr std::array<std::pair<const char*, const char*>, 13> kKeys{{
        {"Steps", "steps"},
        {"Sampler", "sampler"},
        {"Guidance Scale", "scale"},
        {"Seed", "seed"},
        {"Size", "size"},
        {"Model", "model"},
        {"Strength", "strength"},
        {"Seed Mode", "seed_mode"},
        {"Upscaler", "upscaler"},
        {"First Stage Size", "first_stage_size"},
        {"Second Stage Strength", "second_stage_strength"},
        {"Original Size", "original_size"},
        {"Target Size", "target_size"},
    }};
    Json root = Json::object();
    const std::size_t mark = parts.prompt.find("\n-");
    root["c"] = parts.prompt.substr(0, mark);
    if (mark != std::string::npos)
        root["uc"] = parts.prompt.substr(mark + 2);
    for (const auto& [name, value] : parts.settings) {
        const auto known = std::find_if(
            kKeys.begin(), kKeys.end(), [&, &name = name](const auto& row) { return name == row.first; });
        if (name == "Hires Fix")
            root["hires_fix"] = value == "true";
        else
            root[known == kKeys.end() ? name : std::string(known->second)] = value;
    }
    return root;
}

XmpTexts textsOf(const PictureMetadata& metadata)
{
    const std::string* packet = otherText(metadata, kXmpKey);
    XmpTexts texts = packet ? readXmp(*packet) : XmpTexts{};
    const auto otherwise = [&](std::string& text, std::string_view key) {
        const std::string* other = otherText(metadata, key);
        if (text.empty() && other)
            text = *other;
    };
    otherwise(texts.userComment, "Comment");
    otherwise(texts.description, "Description");
    otherwise(texts.description, "ImageDescription");
    if (texts.userComment.empty())
        texts.userComment = metadata.parameters;
    return texts;
}

} // namespace

bool isDrawThings(const PictureMetadata& metadata)
{
    // In XML the quotes of the JSON may be written as entities, so its own name is asked for.
    if (const std::string* packet = otherText(metadata, kXmpKey))
        if (packet->find("Draw Things") != std::string::npos
            || packet->find("Guidance Scale: ") != std::string::npos
            || packet->find("seed_mode") != std::string::npos)
            return true;
    const std::string* comment = otherText(metadata, "Comment");
    const std::string* description = otherText(metadata, "Description");
    return (comment && isSettings(*comment)) || isSettings(metadata.parameters)
        || (description && isDescription(*description));
}

ImportedRequest readDrawThings(const PictureMetadata& metadata)
{
    const XmpTexts texts = textsOf(metadata);
    if (looksLikeObject(texts.userComment)) {
        const Json root = parseObject(texts.userComment, "Its JSON");
        return DrawThingsReader(root).read();
    }
    if (!isDescription(texts.description))
        throw Error(ErrorKind::BadInput, "There are no settings in its texts.");
    const Json root = fromDescription(texts.description);
    return DrawThingsReader(root).read();
}

} // namespace studio
