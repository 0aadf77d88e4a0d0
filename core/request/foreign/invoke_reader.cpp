#include "core/base/error.h"
#include "core/request/foreign/json_fields.h"
#include "core/request/foreign/prompt_conversion.h"
#include "core/request/foreign/readers.h"

#include <fmt/format.h>

#include <array>

/// InvokeAI: "invokeai_metadata" since 3.0 (invokeai/app/invocations/metadata.py), "sd-metadata" of 2.x, and "Dream",
/// a command line, of 1.x and 2.x.
namespace studio {

namespace {

using Json = nlohmann::json;

struct SchedulerName {
    std::string_view theirs;
    std::string_view sampler;
    std::string_view schedule;
    std::string_view instead; ///< what stands for it here; empty: the same
};

// Names and meanings: backend/stable_diffusion/schedulers/schedulers.py; those of 1.x and 2.x stand behind. They are
// diffusers' own schedulers with the checkpoint's settings, which is what "model" means here; "_k" is Karras.
constexpr std::array kSchedulers{
    SchedulerName{"ddim", "ddim", "model", {}},
    SchedulerName{"deis", "deis", "model", {}},
    SchedulerName{"lms", "lms", "model", {}},
    SchedulerName{"pndm", "plms", "model", {}},
    SchedulerName{"heun", "heun", "model", {}},
    SchedulerName{"euler", "euler", "model", {}},
    SchedulerName{"euler_a", "euler_a", "model", {}},
    SchedulerName{"kdpm_2", "dpm2", "model", {}},
    SchedulerName{"kdpm_2_a", "dpm2_a", "model", {}},
    SchedulerName{"dpmpp_2s", "dpmpp_2m", "model", "DPM++ 2M"},
    SchedulerName{"dpmpp_2m", "dpmpp_2m", "model", {}},
    SchedulerName{"dpmpp_2m_sde", "dpmpp_2m_sde", "model", {}},
    SchedulerName{"dpmpp_3m", "dpmpp_2m", "model", "DPM++ 2M"},
    SchedulerName{"dpmpp_sde", "dpmpp_sde", "model", {}},
    SchedulerName{"er_sde", "er_sde", "model", {}},
    SchedulerName{"unipc", "unipc", "model", {}},
    SchedulerName{"lcm", "lcm", "model", {}},
    SchedulerName{"tcd", "tcd", "model", {}},
    SchedulerName{"k_euler", "euler", "uniform", {}},
    SchedulerName{"k_euler_a", "euler_a", "uniform", {}},
    SchedulerName{"k_heun", "heun", "uniform", {}},
    SchedulerName{"k_lms", "lms", "uniform", {}},
    SchedulerName{"k_dpm_2", "dpm2", "uniform", {}},
    SchedulerName{"k_dpm_2_a", "dpm2_a", "uniform", {}},
    SchedulerName{"k_dpmpp_2", "dpmpp_2m", "karras", {}},
    SchedulerName{"k_dpmpp_2_a", "dpmpp_2s_a", "karras", {}},
    SchedulerName{"plms", "plms", "model", {}},
};

void setScheduler(ImportBuilder& builder, const std::string& name)
{
    if (name.empty())
        return;
    std::string_view bare = name;
    const bool isKarras = bare.ends_with("_k");
    if (isKarras)
        bare.remove_suffix(2);
    SamplingSettings& sampling = builder.request().sampling;
    for (const SchedulerName& row : kSchedulers) {
        if (row.theirs != bare)
            continue;
        sampling.sampler = row.sampler;
        sampling.schedule = isKarras ? "karras" : row.schedule;
        if (!row.instead.empty())
            builder.say(fmt::format(
                "The scheduler \"{}\" is not known here; {} takes its place.", shownText(name), row.instead));
        return;
    }
    sampling.sampler = builder.samplerNamed(bare);
    sampling.schedule = isKarras ? "karras" : "model";
}

/// {"name": ...} since 4, {"model_name": ...} in 3, a text before.
std::string modelNameIn(const Json* model)
{
    if (!model)
        return {};
    if (model->is_string())
        return model->get<std::string>();
    JsonFields fields(*model);
    for (const std::string_view key : {"name", "model_name", "lora_name", "key"})
        if (const std::string name = fields.text(key); !name.empty())
            return name;
    return {};
}

class InvokeReader {
public:
    explicit InvokeReader(const Json& root)
        : m_fields(root)
    { }

    ImportedRequest read()
    {
        readPrompts();
        readSampling();
        if (const auto width = m_fields.number<int>("width"))
            m_builder.setSize({*width, m_fields.number<int>("height").value_or(0)});
        readNoise();
        readModels();
        readRefiner();
        readAdapters();
        readSecondPass();
        if (m_fields.take("init_image") || m_fields.take("strength"))
            m_builder.say(
                "The picture was made from another picture, which is not in the file: it starts from "
                "noise here.");
        m_fields.sayRest(m_builder,
            {"app_version", "generation_mode", "created_by", "workflow", "id", "canvas_v2_metadata",
                "ref_images"});
        return m_builder.finish();
    }

private:
    void readPrompts()
    {
        std::string prompt = m_fields.text("positive_prompt");
        std::string negative = m_fields.text("negative_prompt");
        const auto style = [&](std::string_view key, const std::string& beside) {
            const std::string text = m_fields.text(key);
            if (!text.empty() && text != beside)
                m_builder.sayNotApplied(key, text);
        };
        style("positive_style_prompt", prompt);
        style("negative_style_prompt", negative);
        m_builder.setPrompts(fromCompelPrompt(prompt, m_builder), fromCompelPrompt(negative, m_builder));
    }

    void readSampling()
    {
        m_fields.apply<int>(
            m_builder, "steps", [](Request & request) -> auto& { return request.sampling.steps; });
        m_fields.apply<double>(
            m_builder, "cfg_scale", [](Request & request) -> auto& { return request.sampling.guidance; });
        m_fields.apply<double>(
            m_builder, "cfg_rescale_multiplier",
            [](Request & request) -> auto& { return request.sampling.guidanceShape.rescale; });
        m_fields.apply<std::uint64_t>(
            m_builder, "seed", [](Request & request) -> auto& { return request.seed; });
        setScheduler(m_builder, m_fields.text("scheduler"));
        // Layers left out, where the last one counts as 0; SDXL's text encoders are left as they are.
        if (m_fields.number<int>("clip_skip").value_or(0) > 0)
            m_builder.sayNotApplied("clip_skip", m_fields.text("clip_skip"));
    }

    void readNoise()
    {
        const std::string device = m_fields.text("rand_device");
        m_builder.request().noise = device.starts_with("cuda") ? NoiseSource::Philox : NoiseSource::Torch;
        if (!device.empty() && device != "cpu" && !device.starts_with("cuda"))
            m_builder.sayNotApplied("rand_device", device);
    }

    void readModels()
    {
        if (const std::string model = modelNameIn(m_fields.take("model")); !model.empty())
            m_builder.sayModel("model", model);
        if (const std::string vae = modelNameIn(m_fields.take("vae")); !vae.empty())
            m_builder.sayModel("autoencoder", vae);
    }

    void readRefiner()
    {
        const std::string model = modelNameIn(m_fields.take("refiner_model"));
        const double from = m_fields.number<double>("refiner_start").value_or(0.0);
        if (!model.empty()) {
            m_builder.sayRefiner(model, from);
            m_fields.apply<double>(
                m_builder, "refiner_positive_aesthetic_score",
                [](Request & request) -> auto& { return request.conditioning.aestheticScore; });
            m_fields.apply<double>(
                m_builder, "refiner_negative_aesthetic_score",
                [](Request & request) -> auto& { return request.conditioning.negativeAestheticScore; });
        }
        for (const std::string_view key : {"refiner_steps", "refiner_cfg_scale", "refiner_scheduler",
                 "refiner_positive_aesthetic_score", "refiner_negative_aesthetic_score",
                 "refiner_positive_style_prompt", "refiner_negative_style_prompt"}) {
            const std::string value = m_fields.text(key);
            const bool isScore = key.ends_with("score");
            if (!model.empty() && !value.empty() && !isScore)
                m_builder.sayNotApplied(key, value);
        }
    }

    void readAdapters()
    {
        const Json* loras = m_fields.take("loras");
        if (!loras || !loras->is_array())
            return;
        for (const Json& row : *loras) {
            JsonFields adapter(row);
            const double weight = adapter.number<double>("weight").value_or(1.0);
            std::string name = modelNameIn(adapter.take("model"));
            if (name.empty())
                name = modelNameIn(adapter.take("lora"));
            m_builder.addAdapter(name, weight, weight);
        }
    }

    /// The hires fix of 3.x: "Size" is the final one, and neither the first pass's nor the factor is written.
    void readSecondPass()
    {
        const Json* enabled = m_fields.take("hrf_enabled");
        const std::string method = m_fields.text("hrf_method");
        const Json* strength = m_fields.take("hrf_strength");
        if (!enabled || !enabled->is_boolean() || !enabled->get<bool>())
            return;
        const std::optional<Extent> whole = m_builder.request().standard.size;
        Rung& rung = m_builder.startHires();
        rung.meaning = StrengthMeaning::Diffusers;
        m_builder.request().hires.base = std::nullopt;
        if (whole)
            rung.target = whole;
        m_builder.say("The first pass's size is not in the file; the model's own takes its place.");
        if (!method.empty() && method != "lanczos")
            m_builder.say(fmt::format(
                "The upscaler \"{}\" is not known here; Lanczos takes its place.", shownText(method)));
        if (strength)
            m_builder.apply("hrf_strength", shownValue(*strength), [&](Request& request) {
                const auto number = numberOf<double>(*strength);
                request.hires.rungs.front().strength = number.value_or(-1.0);
                return number.has_value();
            });
    }

    ImportBuilder m_builder{"InvokeAI"};
    JsonFields m_fields;
};

/// 2.x: {"image": {"prompt": [{"prompt": "...", "weight": 1.0}], "steps": ..., "sampler": ...}}; what stands in [ ] is
/// the negative prompt.
Json fromTwo(const Json& root)
{
    JsonFields outer(root);
    const Json* image = outer.take("image");
    if (!image || !image->is_object())
        throw Error(ErrorKind::BadInput, "There is no \"image\" in its settings.");
    Json out = *image;
    const Json prompt = out.value("prompt", Json());
    out.erase("prompt");
    std::string words;
    if (prompt.is_string())
        words = prompt.get<std::string>();
    else if (prompt.is_array())
        for (const Json& part : prompt)
            if (part.is_object() && part.contains("prompt") && part["prompt"].is_string())
                words += (words.empty() ? "" : " ") + part["prompt"].get<std::string>();
    std::string positive;
    std::string negative;
    std::string_view rest = words;
    for (std::size_t open = rest.find('['); open != rest.npos; open = rest.find('[')) {
        const std::size_t close = rest.find(']', open);
        if (close == rest.npos)
            break;
        positive += rest.substr(0, open);
        negative += (negative.empty() ? "" : " ") + std::string(rest.substr(open + 1, close - open - 1));
        rest.remove_prefix(close + 1);
    }
    positive += rest;
    positive.erase(positive.find_last_not_of(' ') + 1);
    out["positive_prompt"] = positive;
    out["negative_prompt"] = negative;
    if (out.contains("sampler"))
        out["scheduler"] = out["sampler"];
    if (root.contains("model_weights"))
        out["model"] = root["model_weights"];
    for (const char* key : {"sampler", "type", "image_file", "orig_hash", "variations"})
        out.erase(key);
    if (out.contains("postprocessing") && out["postprocessing"].is_null())
        out.erase("postprocessing");
    return out;
}

/// "a prompt" -s 50 -S 123 -W 512 -H 512 -C 7.5 -A k_lms
Json fromDream(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, const char*>, 6> kOptions{{
        {"-s", "steps"},
        {"-S", "seed"},
        {"-W", "width"},
        {"-H", "height"},
        {"-C", "cfg_scale"},
        {"-A", "sampler"},
    }};
    const std::size_t open = text.find('"');
    const std::size_t close = open == 0 ? text.find("\" -", 1) : std::string_view::npos;
    if (close == std::string_view::npos)
        throw Error(ErrorKind::BadInput, "Its command line has another form than the one that is known.");
    Json image{{"prompt", std::string(text.substr(1, close - 1))}};
    std::string_view rest = text.substr(close + 1);
    std::string option;
    while (!rest.empty()) {
        const std::size_t begin = rest.find_first_not_of(' ');
        if (begin == std::string_view::npos)
            break;
        const std::size_t end = std::min(rest.find(' ', begin), rest.size());
        const std::string word(rest.substr(begin, end - begin));
        rest.remove_prefix(end);
        if (word.front() == '-' && word.size() > 1 && !numberIn<double>(std::string_view(word))) {
            option = word;
            continue;
        }
        const auto known = std::find_if(
            kOptions.begin(), kOptions.end(), [&](const auto& row) { return row.first == option; });
        image[known == kOptions.end() ? option : std::string(known->second)] = word;
    }
    return Json{{"image", std::move(image)}};
}

} // namespace

bool isInvokeAi(const PictureMetadata& metadata)
{
    return otherText(metadata, "invokeai_metadata") || otherText(metadata, "sd-metadata")
        || otherText(metadata, "Dream");
}

ImportedRequest readInvokeAi(const PictureMetadata& metadata)
{
    if (const std::string* text = otherText(metadata, "invokeai_metadata")) {
        const Json root = parseObject(*text, "Its JSON");
        return InvokeReader(root).read();
    }
    const std::string* text = otherText(metadata, "sd-metadata");
    const Json root
        = text ? fromTwo(parseObject(*text, "Its JSON")) : fromTwo(fromDream(*otherText(metadata, "Dream")));
    return InvokeReader(root).read();
}

} // namespace studio
