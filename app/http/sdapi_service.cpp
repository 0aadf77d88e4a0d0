#include "app/http/sdapi_service.h"

#include "app/http/access_rules.h"
#include "app/http/generate_service.h"
#include "app/http/http_error.h"
#include "app/http/json_body.h"
#include "app/http/sdapi_names.h"
#include "core/api/picture_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <random>

namespace studio::http {

namespace {

constexpr std::int64_t kMostSteps = 1000;
constexpr std::int64_t kMostSecondPassSteps = 1000;
constexpr std::int64_t kMostPixels = 8192;
constexpr std::int64_t kMostPictures = 16;
constexpr std::int64_t kMostSeedDelta = std::int64_t{1} << 32;
constexpr double kMostSigma = 1e6;
constexpr double kNoLimit = 1e30;

/// A body's fields; a field that is null counts as absent.
class Fields {
public:
    explicit Fields(const Json& json)
        : m_json(json)
    { }
    const Json* find(const char* name) const
    {
        const auto found = m_json.find(name);
        return found == m_json.end() || found->is_null() ? nullptr : &*found;
    }
    std::string text(const char* name, const std::string& otherwise = {}) const
    {
        const Json* value = find(name);
        return value ? textOf(*value, name) : otherwise;
    }
    int integer(const char* name, std::int64_t least, std::int64_t most, int otherwise) const
    {
        const Json* value = find(name);
        return value ? static_cast<int>(integerOf(*value, name, least, most)) : otherwise;
    }
    double number(const char* name, double least, double most, double otherwise) const
    {
        const Json* value = find(name);
        return value ? numberOf(*value, name, least, most) : otherwise;
    }
    bool flag(const char* name, bool otherwise = false) const
    {
        const Json* value = find(name);
        return value ? flagOf(*value, name) : otherwise;
    }

private:
    const Json& m_json;
};

/// Fields of A1111's that change the picture there and do nothing here. A value that asks for nothing is no news.
constexpr std::array kUnsupported{"subseed_strength", "seed_resize_from_w", "seed_resize_from_h", "tiling",
    "restore_faces", "refiner_checkpoint", "refiner_switch_at", "script_name", "script_args",
    "alwayson_scripts", "firstphase_width", "firstphase_height", "save_images", "init_images", "comments",
    "hr_additional_modules"};

constexpr std::array kNames{
    FieldName{"prompt", "prompt"},
    FieldName{"negative_prompt", "negative_prompt"},
    FieldName{"sampling.steps", "steps"},
    FieldName{"sampling.guidance", "cfg_scale"},
    FieldName{"hires.rungs[0].target", "hr_scale"},
    FieldName{"hires.rungs[0].prompt", "hr_prompt"},
    FieldName{"hires.rungs[0].negative_prompt", "hr_negative_prompt"},
};

bool asksForNothing(const Json& value)
{
    if (value.is_null() || value == Json(false) || value == Json(""))
        return true;
    if (value.is_number())
        return value.get<double>() <= 0.0;
    return (value.is_array() || value.is_object()) && value.empty();
}

void noteUnsupported(const Json& json, std::vector<std::string>& notes)
{
    for (const char* name : kUnsupported) {
        const auto found = json.find(name);
        if (found != json.end() && !asksForNothing(*found))
            notes.push_back(std::string(name) + " was not applied.");
    }
}

void readSampling(const Fields& fields, const ModelFacts& facts, Request& request)
{
    request.sampling.steps = fields.integer("steps", 1, kMostSteps, 50);
    request.sampling.guidance = fields.number("cfg_scale", 0.0, 100.0, 7.0);
    const std::string sampler = fields.text("sampler_name", fields.text("sampler_index"));
    const SamplerChoice choice = chooseSampler(facts.catalog, sampler.empty() ? "Euler" : sampler,
        fields.text("scheduler"), "sampler_name", "scheduler");
    request.sampling.sampler = choice.sampler;
    request.sampling.schedule = choice.schedule;
}

/// Styles of the service's own file, and what A1111's bodies carry for samplers and guidance.
void readTuning(const Fields& fields, Request& request)
{
    if (const Json* styles = fields.find("styles")) {
        if (!styles->is_array())
            throw HttpError(kUnprocessable, "styles must be a list of names.", "styles");
        for (const Json& style : *styles)
            request.prompts.styles.push_back(textOf(style, "styles"));
    }
    SamplerSettings& tuning = request.sampling.tuning;
    if (fields.find("eta"))
        tuning.eta = fields.number("eta", 0.0, 2.0, 1.0);
    tuning.churn = fields.number("s_churn", 0.0, 100.0, 0.0);
    tuning.churnFrom = fields.number("s_tmin", 0.0, kMostSigma, 0.0);
    // A1111's clients write 0, or a number beyond any level, for "no limit".
    if (const double most = fields.number("s_tmax", 0.0, kNoLimit, 0.0); most > 0.0 && most <= kMostSigma)
        tuning.churnTo = most;
    tuning.noiseScale = fields.number("s_noise", 0.0, 2.0, 1.0);
    request.sampling.guidanceShape.skipNegativeBelow = fields.number("s_min_uncond", 0.0, kMostSigma, 0.0);
}

/// The options of A1111's that a body may override and that this program has; the others are noted.
void readOverrides(const Fields& fields, Request& request, std::vector<std::string>& notes)
{
    const Json* settings = fields.find("override_settings");
    if (!settings)
        return;
    if (!settings->is_object())
        throw HttpError(kUnprocessable, "override_settings must be an object.", "override_settings");
    GuidanceSettings& shape = request.sampling.guidanceShape;
    for (const auto& [name, value] : settings->items()) {
        if (name == "eta_noise_seed_delta")
            request.sampling.tuning.noiseSeedDelta = std::uint64_t(integerOf(value, name, 0, kMostSeedDelta));
        else if (name == "skip_early_cond")
            shape.start = numberOf(value, name, 0.0, 1.0);
        else if (name == "s_min_uncond_all")
            shape.skipNegativeInAll = flagOf(value, name);
        else if (name == "emphasis" && value == Json("No norm"))
            request.prompts.emphasis = Emphasis::NoNorm;
        else if (name != "emphasis" || value != Json("Original"))
            notes.push_back("override_settings: " + name + " was not applied.");
    }
}

/// One resize value keeps the picture's shape; none means the scale.
void readTarget(const Fields& fields, const Extent& base, Rung& rung)
{
    int width = fields.integer("hr_resize_x", 0, kMostPixels, 0);
    int height = fields.integer("hr_resize_y", 0, kMostPixels, 0);
    if (width == 0 && height == 0) {
        const double scale = fields.number("hr_scale", 1.0, 8.0, 2.0);
        width = static_cast<int>(base.width * scale);
        height = static_cast<int>(base.height * scale);
    } else if (height == 0) {
        height = base.height * width / base.width;
    } else if (width == 0) {
        width = base.width * height / base.height;
    }
    rung.target = Extent{width / 8 * 8, height / 8 * 8};
}

std::string readUpscaler(const Fields& fields, const ModelFacts& facts, std::vector<std::string>& notes)
{
    const std::string name = fields.text("hr_upscaler", "Latent");
    if (const auto id = findId(facts.catalog.upscalers, name))
        return *id;
    const std::string plain = folded(name);
    if (plain.rfind("latent", 0) != 0 && plain != "none" && plain != "nearest")
        throw HttpError(kUnprocessable, "hr_upscaler: there is no upscaler " + name + ".", "hr_upscaler");
    notes.push_back("hr_upscaler " + name + " is not part of this version; Lanczos was used.");
    return "lanczos";
}

std::string readSecondModel(const Fields& fields, const ModelFacts& facts)
{
    const std::string name = fields.text("hr_checkpoint_name");
    if (name.empty() || name == "Use same checkpoint" || name == modelName(facts.base))
        return facts.base;
    if (!facts.refiner.empty() && name == modelName(facts.refiner))
        return facts.refiner;
    throw HttpError(kUnprocessable,
        "hr_checkpoint_name: this service runs " + modelName(facts.base)
            + (facts.refiner.empty() ? "" : " and " + modelName(facts.refiner)) + ", not " + name + ".",
        "hr_checkpoint_name");
}

void readSecondPass(const Fields& fields, const ModelFacts& facts, const Extent& base, TextToImageCall& call,
    Request& request)
{
    request.mode = Mode::Hires;
    request.hires.base = base;
    Rung& rung = request.hires.rungs.front();
    readTarget(fields, base, rung);
    rung.meaning = StrengthMeaning::A1111;
    rung.strength = fields.number("denoising_strength", 0.0, 1.0, 0.75);
    // A1111's clients say hr_second_pass_steps; some other servers, and so their clients, hr_steps.
    const int steps = fields.integer("hr_second_pass_steps", 0, kMostSecondPassSteps,
        fields.integer("hr_steps", 0, kMostSecondPassSteps, 0));
    rung.steps = steps > 0 ? steps : request.sampling.steps;
    rung.upscaler = readUpscaler(fields, facts, call.notes);
    rung.model = readSecondModel(fields, facts);
    const auto unless
        = [](const std::string& name, const char* same) { return folded(name) == folded(same) ? "" : name; };
    const std::string sampler = unless(fields.text("hr_sampler_name"), "Use same sampler");
    const std::string schedule = unless(fields.text("hr_scheduler"), "Use same scheduler");
    if (!sampler.empty() || !schedule.empty()) {
        const SamplerChoice choice
            = chooseSampler(facts.catalog, sampler.empty() ? request.sampling.sampler : sampler,
                schedule.empty() ? request.sampling.schedule : schedule, "hr_sampler_name", "hr_scheduler");
        rung.sampler = choice.sampler;
        rung.schedule = choice.schedule;
    }
    if (const std::string text = fields.text("hr_prompt"); !text.empty())
        rung.prompt = text;
    if (const std::string text = fields.text("hr_negative_prompt"); !text.empty())
        rung.negativePrompt = text;
    if (fields.find("hr_cfg"))
        rung.guidance = fields.number("hr_cfg", 0.0, 100.0, 7.0);
}

std::uint64_t anySeed()
{
    return std::random_device{}();
}

} // namespace

TextToImageCall parseTextToImage(std::string_view body, const ModelFacts& facts)
{
    const Json json = parseObject(body);
    const Fields fields(json);
    TextToImageCall call;
    call.parameters = dump(json);
    call.sendImages = fields.flag("send_images", true);
    noteUnsupported(json, call.notes);

    Request request = facts.defaults;
    request.prompt = fields.text("prompt");
    request.negativePrompt = fields.text("negative_prompt");
    readSampling(fields, facts, request);
    readTuning(fields, request);
    readOverrides(fields, request, call.notes);
    const bool hires = fields.flag("enable_hr");
    const Extent& usual = hires ? facts.firstPassSize : facts.standardSize;
    const Extent size{fields.integer("width", 64, kMostPixels, usual.width),
        fields.integer("height", 64, kMostPixels, usual.height)};
    if (hires)
        readSecondPass(fields, facts, size, call, request);
    else
        request.standard.size = size;

    const int batch = fields.integer("batch_size", 1, kMostPictures, 1);
    const int rounds = fields.integer("n_iter", 1, kMostPictures, 1);
    const std::int64_t pictures = std::int64_t{batch} * rounds;
    if (pictures > kMostPictures)
        throw HttpError(kUnprocessable,
            "n_iter times batch_size must be at most " + std::to_string(kMostPictures) + ".", "n_iter");
    const Json* seedField = fields.find("seed");
    const std::uint64_t seed = (seedField ? seedOf(*seedField, "seed") : std::nullopt).value_or(anySeed());
    for (std::int64_t i = 0; i < pictures; ++i) {
        request.seed = seed + static_cast<std::uint64_t>(i);
        call.requests.push_back(request);
    }
    call.batchSize = static_cast<std::size_t>(batch);
    refuseIssues(request, kNames);
    return call;
}

std::string pictureOf(std::string_view body)
{
    const Json json = parseObject(body);
    const Fields fields(json);
    const std::string text = fields.text("image");
    const std::size_t comma = text.rfind("data:", 0) == 0 ? text.find(',') : std::string::npos;
    std::string bytes = fromBase64(comma == std::string::npos ? text : text.substr(comma + 1));
    if (bytes.empty())
        throw HttpError(kUnprocessable, "image must be a picture's bytes in base64.", "image");
    return bytes;
}

} // namespace studio::http
