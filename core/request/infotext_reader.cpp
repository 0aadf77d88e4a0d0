#include "core/api/infotext.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/request/import_builder.h"
#include "core/request/infotext_dialects.h"
#include "core/request/infotext_names.h"
#include "core/request/infotext_parser.h"
#include "core/request/infotext_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace studio {

namespace {

constexpr std::size_t kMaxInfotextBytes = 1 << 20;
constexpr std::string_view kProgramName = "Hires Studio";
constexpr int kAutomaticSince = 10900; ///< A1111 1.9: a sampler without a schedule means its automatic one
/// Latent values from which the noise of common GPUs depends on their number of cores: one more than 768x768 has.
constexpr std::int64_t kSameNoiseEverywhere = std::int64_t{4} * (768 / 8) * (768 / 8);

/// Keys that say nothing a picture depends on, or that stand beside a key that says it better.
const std::set<std::string_view> kSilent{"Version", "User", "Model hash", "VAE hash", "Schedule type", "App",
    "Backend", "Pipeline", "Created Date", "Lora hashes", "TI hashes", "Hashes", "Batch size", "Batch pos"};

/// Turns the keys of one infotext into a request, key by key; each key that was used is crossed out.
class InfotextReader {
public:
    explicit InfotextReader(InfotextParts parts)
        : m_import(translateDialect(parts))
        , m_settings(std::move(parts.settings))
    {
        m_request.prompt = std::move(parts.prompt);
        m_request.negativePrompt = std::move(parts.negativePrompt);
    }

    ImportedRequest read()
    {
        if (m_settings.empty())
            say("No settings were found in the text; it was taken for a prompt.");
        readSampling();
        readTuning();
        readPromptSettings();
        readSize();
        readHires();
        readPostprocessing();
        readNoise();
        readModel();
        for (const auto& [key, value] : m_settings)
            if (!m_used.contains(key) && !kSilent.contains(key))
                m_import.sayNotApplied(key, value);
        return m_import.finish();
    }

private:
    /// The value of a key, crossed out; null if there is none.
    const std::string* take(std::string_view key)
    {
        m_used.insert(std::string(key));
        // As in A1111: of two, the later one counts.
        const auto found = std::find_if(m_settings.rbegin(), m_settings.rend(),
            [&](const auto& setting) { return setting.first == key; });
        return found == m_settings.rend() ? nullptr : &found->second;
    }

    void say(std::string sentence) { m_import.say(std::move(sentence)); }

    template <class Change> bool apply(std::string_view key, const std::string& value, const Change& change)
    {
        return m_import.apply(key, value, change);
    }

    template <class T, class Member> bool takeNumber(std::string_view key, const Member& member)
    {
        const std::string* value = take(key);
        return value && apply(key, *value, [&](Request& request) {
            const std::optional<T> number = numberIn<T>(*value);
            if (number)
                member(request) = *number;
            return number.has_value();
        });
    }

    /// Our ids of a sampler and a schedule by their labels; what is unknown is said.
    InfotextSampling samplingNamed(const std::string& sampler, const std::string* schedule)
    {
        InfotextSampling names = samplingByLabels(sampler, schedule, m_automaticIfUnnamed);
        if (!names.samplerKnown)
            say(fmt::format("The sampler \"{}\" is not known here; Euler takes its place.", sampler));
        if (!names.scheduleKnown)
            say(fmt::format("The schedule \"{}\" is not known here; Uniform takes its place.", *schedule));
        return names;
    }

    void readSampling()
    {
        takeNumber<int>("Steps", [](Request& request) -> int& { return request.sampling.steps; });
        takeNumber<double>(
            "CFG scale", [](Request& request) -> double& { return request.sampling.guidance; });
        takeNumber<std::uint64_t>(
            "Seed", [](Request & request) -> auto& { return request.seed; });
        const std::string* version = take("Version");
        m_automaticIfUnnamed = version && infotextVersion(*version) >= kAutomaticSince;
        m_schedule = take("Schedule type");
        const std::string* sampler = take("Sampler");
        if (!sampler)
            return;
        const InfotextSampling names = samplingNamed(*sampler, m_schedule);
        m_request.sampling.sampler = names.sampler;
        m_request.sampling.schedule = names.schedule;
    }

    void readTuning()
    {
        const auto shape = [](auto GuidanceSettings::*member) {
            return [member](Request & request) -> auto&
            {
                return request.sampling.guidanceShape.*member;
            };
        };
        const auto tuning = [](auto SamplerSettings::*member) {
            return [member](Request & request) -> auto&
            {
                return request.sampling.tuning.*member;
            };
        };
        takeNumber<double>("NGMS", shape(&GuidanceSettings::skipNegativeBelow));
        takeNumber<double>("Skip Early CFG", shape(&GuidanceSettings::start));
        takeNumber<double>(kGuidanceEndKey, shape(&GuidanceSettings::end));
        takeNumber<double>(kRescaleKey, shape(&GuidanceSettings::rescale));
        if (const std::string* all = take("NGMS all steps"))
            m_request.sampling.guidanceShape.skipNegativeInAll = *all == "True";
        takeNumber<double>("Eta", tuning(&SamplerSettings::eta));
        takeNumber<double>("Eta DDIM", tuning(&SamplerSettings::eta));
        takeNumber<double>("Sigma churn", tuning(&SamplerSettings::churn));
        takeNumber<double>("Sigma tmin", tuning(&SamplerSettings::churnFrom));
        takeNumber<double>("Sigma tmax", tuning(&SamplerSettings::churnTo));
        takeNumber<double>("Sigma noise", tuning(&SamplerSettings::noiseScale));
        takeNumber<std::uint64_t>("ENSD", tuning(&SamplerSettings::noiseSeedDelta));
        if (const std::string* sigmas = take(kSigmasKey))
            apply(kSigmasKey, *sigmas, [&](Request& request) {
                const auto levels = numbersIn(*sigmas);
                request.sampling.sigmas = levels.value_or(std::vector<double>());
                return levels.has_value();
            });
    }

    void readPromptSettings()
    {
        PromptSettings& prompts = m_request.prompts;
        if (const std::string* syntax = take(kSyntaxKey))
            prompts.syntax = *syntax == "Plain" ? PromptSyntax::Plain : PromptSyntax::A1111;
        if (const std::string* emphasis = take("Emphasis")) {
            if (*emphasis == kNoNormLabel)
                prompts.emphasis = Emphasis::NoNorm;
            else if (*emphasis == kComfyLabel)
                prompts.emphasis = Emphasis::Comfy;
            else if (*emphasis != "Original")
                say(fmt::format("\"Emphasis: {}\" is not applied: brackets count as usual.", *emphasis));
        }
        // A1111 leaves SDXL's text encoders at their usual layer, whatever its clip skip.
        const std::string* version = take("Version");
        if (version && version->starts_with(kProgramName))
            takeNumber<int>("Clip skip", [](Request& request) -> int& { return request.prompts.clipSkip; });
        else if (const std::string* skip = take("Clip skip"); skip && *skip != "1" && *skip != "2")
            say(fmt::format("\"Clip skip: {}\" is not applied: it has no effect on SDXL there.", *skip));
    }

    /// The size of the first pass. Before 2023 A1111 gave it as "First pass size" beside the final "Size".
    void readSize()
    {
        const std::string* first = take("First pass size");
        const std::string* size = take("Size");
        if (!size)
            return;
        const std::optional<Extent> whole = extentIn(*size);
        const std::optional<Extent> part = first ? extentIn(*first) : std::nullopt;
        if (part && part->isSet() && whole && apply("Size", *size, [&](Request& request) {
                request.mode = Mode::Hires;
                request.hires.base = onLatentGrid(*part);
                request.hires.rungs.front().target = onLatentGrid(*whole);
                return true;
            }))
            return;
        apply("Size", *size, [&](Request& request) {
            if (!whole)
                return false;
            request.standard.size = onLatentGrid(*whole);
            request.hires.base = request.standard.size;
            request.simple.base = request.standard.size;
            return true;
        });
        if (whole && onLatentGrid(*whole) != *whole)
            say(fmt::format("\"Size: {}\" was rounded down to multiples of 8.", *size));
    }

    void readHires()
    {
        const std::string* scale = take("Hires upscale");
        const std::string* resize = take("Hires resize");
        const std::string* upscaler = take("Hires upscaler");
        const std::string* strength = take("Denoising strength");
        if (scale || resize || upscaler)
            m_request.mode = Mode::Hires;
        if (m_request.mode != Mode::Hires) {
            if (strength)
                say("The picture was made from another picture, which is not in the text: it starts from "
                    "noise here.");
            return;
        }
        Rung& rung = m_request.hires.rungs.front();
        rung.meaning = StrengthMeaning::A1111;
        rung.steps = m_request.sampling.steps;
        takeHires<double>(
            "Denoising strength", [](Rung & r) -> auto& { return r.strength; });
        takeHires<int>(
            "Hires steps", [](Rung & r) -> auto& { return r.steps; });
        takeHires<double>(
            "Hires CFG Scale", [](Rung & r) -> auto& { return r.guidance; });
        if (scale)
            takeHires<double>(
                "Hires upscale", [](Rung & r) -> auto& { return r.scale; });
        if (resize)
            readResize(*resize);
        if (upscaler)
            m_request.hires.rungs.front().upscaler = upscalerNamed(*upscaler);
        readSecondPassTexts();
        readSecondPassSampler();
        if (const std::string* sigma = take(kStartSigmaKey))
            apply(kStartSigmaKey, *sigma, [&](Request& request) {
                const auto level = numberIn<double>(*sigma);
                request.hires.rungs.front().meaning = StrengthMeaning::Sigma;
                request.hires.rungs.front().strength = level.value_or(-1.0);
                return level.has_value();
            });
    }

    template <class T, class Member> bool takeHires(std::string_view key, const Member& member)
    {
        return takeNumber<T>(
            key, [&](Request & request) -> auto& { return member(request.hires.rungs.front()); });
    }

    /// One side of 0 follows the other; with two, A1111 covers the size and cuts off what stands out.
    void readResize(const std::string& value)
    {
        apply("Hires resize", value, [&](Request& request) {
            const std::optional<Extent> asked = extentIn(value);
            const Extent base = request.hires.base.value_or(Extent{512, 512});
            const std::optional<Extent> target = asked ? completed(*asked, base) : std::nullopt;
            if (!target)
                return false;
            if (asked->isSet()
                && std::int64_t{asked->width} * base.height != std::int64_t{asked->height} * base.width)
                say(fmt::format(
                    "\"Hires resize: {}\" has other proportions than the first pass: the picture is "
                    "stretched, not cut.",
                    value));
            request.hires.rungs.front().target = onLatentGrid(*target);
            return true;
        });
    }

    std::string upscalerNamed(const std::string& label)
    {
        const InfotextName* known = nameOf(infotextUpscalers(), label);
        if (!known)
            say(fmt::format("The upscaler \"{}\" is not known here; Lanczos takes its place.", label));
        return std::string(known ? known->id : "lanczos");
    }

    void readSecondPassTexts()
    {
        Rung& rung = m_request.hires.rungs.front();
        if (const std::string* prompt = take("Hires prompt"))
            rung.prompt = *prompt;
        if (const std::string* negative = take("Hires negative prompt"))
            rung.negativePrompt = *negative;
    }

    void readSecondPassSampler()
    {
        const std::string* sampler = take("Hires sampler");
        const std::string* schedule = take("Hires schedule type");
        if (!sampler && !schedule)
            return;
        const std::string* own = sampler ? sampler : take("Sampler");
        const InfotextSampling names = samplingNamed(own ? *own : "Euler", schedule ? schedule : m_schedule);
        Rung& rung = m_request.hires.rungs.front();
        if (names.sampler != m_request.sampling.sampler)
            rung.sampler = names.sampler;
        if (names.schedule != m_request.sampling.schedule)
            rung.schedule = names.schedule;
    }

    /// A1111's "Extras" page: enlarged, not denoised again.
    void readPostprocessing()
    {
        const std::string* scale = take("Postprocess upscale by");
        const std::string* size = take("Postprocess upscale to");
        const std::string* upscaler = take("Postprocess upscaler");
        if (m_request.mode == Mode::Hires || (!scale && !size))
            return;
        const std::string& value = scale ? *scale : *size;
        const bool done = apply("Postprocess upscale", value, [&](Request& request) {
            const std::optional<Extent> base = request.simple.base;
            const std::optional<Extent> target = scale ? std::nullopt : extentIn(value);
            const std::optional<double> factor = scale ? numberIn<double>(value)
                : target && base                       ? std::optional(double(target->width) / base->width)
                                                       : std::nullopt;
            request.mode = Mode::Simple;
            request.simple.scale = factor.value_or(0.0);
            return factor.has_value();
        });
        if (done && upscaler)
            m_request.simple.upscaler = upscalerNamed(*upscaler);
    }

    void readNoise()
    {
        const std::string* source = take("RNG");
        m_request.noise = source && *source == "CPU" ? NoiseSource::Torch : NoiseSource::Philox;
        if (m_settings.empty())
            m_request.noise = NoiseSource::Torch;
        if (source && *source != "CPU" && *source != "GPU" && *source != "NV")
            m_import.sayNotApplied("RNG", *source);
        const Extent size
            = m_request.hires.rungs.front().target.value_or(m_request.standard.size.value_or(Extent{}));
        const std::int64_t latent = std::int64_t{4} * (size.width / 8) * (size.height / 8);
        if (!m_settings.empty() && (!source || *source == "GPU") && latent > kSameNoiseEverywhere)
            say("The noise was drawn by a graphics card; at this size it may depend on the card, and the "
                "picture with it.");
    }

    void readModel()
    {
        const std::string* hash = take("Model hash");
        if (const std::string* model = take("Model"))
            say(fmt::format("The picture was made with the model \"{}\"{}; choose its file yourself.", *model,
                hash ? fmt::format(" ({})", *hash) : ""));
        else if (hash)
            say(fmt::format("The picture was made with the model {}; choose its file yourself.", *hash));
        if (const std::string* second = take("Hires checkpoint"))
            say(fmt::format(
                "The second pass was made with the model \"{}\"; choose its file yourself.", *second));
        if (const std::string* vae = take("VAE"))
            say(fmt::format(
                "The picture was made with the autoencoder \"{}\"; choose its file yourself.", *vae));
        if (take("Face restoration"))
            m_request.faceRestoration = true;
    }

    ImportBuilder m_import;
    Request& m_request = m_import.request();
    std::vector<std::pair<std::string, std::string>> m_settings;
    std::set<std::string, std::less<>> m_used;
    const std::string* m_schedule = nullptr;
    bool m_automaticIfUnnamed = false;
};

} // namespace

Outcome<ImportedRequest> requestFromInfotext(std::string_view text) noexcept
{
    return settle([&] {
        if (text.size() > kMaxInfotextBytes || !isUtf8(text) || text.find('\0') != std::string_view::npos)
            throw Error(ErrorKind::BadInput, "The text is no infotext: it is too long, or not UTF-8.");
        if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
            throw Error(ErrorKind::BadInput, "The text is empty; paste a picture's parameters.");
        // stable-diffusion.cpp writes all once more, as JSON; its commas would be taken for ours.
        return InfotextReader(parseInfotext(text.substr(0, text.rfind(", SDCPP: {")))).read();
    });
}

} // namespace studio
