#include "core/request/foreign/json_fields.h"
#include "core/request/foreign/readers.h"

#include <fmt/format.h>

#include <array>

/// Fooocus' own scheme (modules/meta_parser.py, modules/async_worker.py): JSON in "parameters" or a UserComment. Its
/// log, and versions before 2.2, have the same values under the labels of its page. Its scheme "a1111" is an infotext.
namespace studio {

namespace {

using Json = nlohmann::json;

struct Label {
    const char* key;
    const char* label;
};

constexpr std::array kLabels{
    Label{"prompt", "Prompt"},
    Label{"negative_prompt", "Negative Prompt"},
    Label{"prompt_expansion", "Fooocus V2 Expansion"},
    Label{"styles", "Styles"},
    Label{"performance", "Performance"},
    Label{"steps", "Steps"},
    Label{"resolution", "Resolution"},
    Label{"guidance_scale", "Guidance Scale"},
    Label{"sharpness", "Sharpness"},
    Label{"adm_guidance", "ADM Guidance"},
    Label{"base_model", "Base Model"},
    Label{"refiner_model", "Refiner Model"},
    Label{"refiner_switch", "Refiner Switch"},
    Label{"clip_skip", "CLIP Skip"},
    Label{"sampler", "Sampler"},
    Label{"scheduler", "Scheduler"},
    Label{"vae", "VAE"},
    Label{"seed", "Seed"},
    Label{"version", "Version"},
};

struct Performance {
    std::string_view name;
    int steps;
    std::string_view adapter; ///< loaded by the name alone, without standing among the LoRAs
};

constexpr std::array kPerformances{
    Performance{"Quality", 60, {}},
    Performance{"Speed", 30, {}},
    Performance{"Extreme Speed", 8, "sdxl_lcm_lora"},
    Performance{"Lightning", 4, "sdxl_lightning_4step_lora"},
    Performance{"Hyper-SD", 4, "sdxl_hyper_sd_4step_lora"},
};

/// A log's labels as the keys of the scheme.
Json withKeys(Json root)
{
    for (const auto& [key, label] : kLabels)
        if (root.contains(label) && !root.contains(key))
            root[key] = root[label];
    for (const auto& [key, label] : kLabels)
        root.erase(label);
    return root;
}

bool isNone(const std::string& name)
{
    return name.empty() || name == "None" || name.starts_with("Default");
}

/// "(1152, 896)", "1152x896", "1152×896".
std::optional<Extent> sizeIn(std::string_view text)
{
    std::array<int, 2> sides{};
    std::size_t found = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = std::min(text.find_first_not_of("0123456789", i), text.size());
        if (end == i) {
            ++i;
            continue;
        }
        const auto side = numberIn<int>(text.substr(i, end - i));
        if (!side || found == sides.size())
            return std::nullopt;
        sides[found++] = *side;
        i = end;
    }
    return found == sides.size() ? std::optional(Extent{sides[0], sides[1]}) : std::nullopt;
}

/// The texts of a list, one chunk of tokens after the other, as Fooocus strings their states together.
std::string joined(const Json* texts)
{
    std::string out;
    if (!texts || !texts->is_array())
        return out;
    for (const Json& text : *texts) {
        if (!text.is_string() || text.get_ref<const std::string&>().empty())
            continue;
        out += (out.empty() ? "" : " BREAK ") + text.get_ref<const std::string&>();
    }
    return out;
}

class FooocusReader {
public:
    explicit FooocusReader(const Json& root)
        : m_fields(root)
    { }

    ImportedRequest read()
    {
        readPrompts();
        readSampling();
        if (const std::string size = m_fields.text("resolution"); !size.empty()) {
            if (const auto extent = sizeIn(size))
                m_builder.setSize(*extent, "resolution");
            else
                m_builder.sayNotApplied("resolution", size);
        }
        readModels();
        readAdapters();
        m_builder.request().noise = NoiseSource::Torch;
        m_fields.sayRest(m_builder,
            {"version", "metadata_scheme", "base_model_hash", "refiner_model_hash", "created_by",
                "full_prompt", "full_negative_prompt", "prompt_expansion", "refiner_swap_method", "loras",
                "Fooocus V2 Expansion"});
        return m_builder.finish();
    }

private:
    void readPrompts()
    {
        const std::string prompt = m_fields.text("prompt");
        const std::string negative = m_fields.text("negative_prompt");
        const std::string whole = joined(m_fields.take("full_prompt"));
        const std::string wholeNegative = joined(m_fields.take("full_negative_prompt"));
        const std::string styles = m_fields.text("styles");
        m_builder.setPrompts(
            whole.empty() ? prompt : whole, wholeNegative.empty() ? negative : wholeNegative);
        if (styles.empty() || styles == "[]")
            return;
        m_builder.say(whole.empty()
                ? fmt::format("The styles {} are not known here; their words are missing from the prompt.",
                    shownText(styles))
                : fmt::format("The styles {} are not known here; their words stand in the prompt itself.",
                    shownText(styles)));
    }

    void readSampling()
    {
        Request& request = m_builder.request();
        const std::string performance = m_fields.text("performance");
        for (const Performance& row : kPerformances) {
            if (row.name != performance)
                continue;
            request.sampling.steps = row.steps;
            m_performanceAdapter = row.adapter;
        }
        m_fields.apply<int>(
            m_builder, "steps", [](Request & changed) -> auto& { return changed.sampling.steps; });
        m_fields.apply<double>(
            m_builder, "guidance_scale",
            [](Request & changed) -> auto& { return changed.sampling.guidance; });
        m_fields.apply<std::uint64_t>(
            m_builder, "seed", [](Request & changed) -> auto& { return changed.seed; });
        m_fields.apply<int>(
            m_builder, "clip_skip", [](Request & changed) -> auto& { return changed.prompts.clipSkip; });
        std::string sampler = m_fields.text("sampler");
        if (sampler.ends_with("_gpu"))
            sampler.resize(sampler.size() - 4);
        if (!sampler.empty())
            request.sampling.sampler = m_builder.samplerNamed(sampler);
        if (const std::string schedule = m_fields.text("scheduler"); !schedule.empty())
            request.sampling.schedule = m_builder.scheduleNamed(schedule);
    }

    void readModels()
    {
        if (const std::string model = m_fields.text("base_model"); !isNone(model))
            m_builder.sayModel("model", model);
        const double from = m_fields.number<double>("refiner_switch").value_or(0.0);
        if (const std::string refiner = m_fields.text("refiner_model"); !isNone(refiner))
            m_builder.sayRefiner(refiner, from);
        if (const std::string vae = m_fields.text("vae"); !isNone(vae))
            m_builder.sayModel("autoencoder", vae);
    }

    /// "name : 0.5", or "True : name : 0.5".
    void addAdapter(const std::string& text)
    {
        const std::size_t colon = text.rfind(" : ");
        if (colon == std::string::npos)
            return m_builder.sayNotApplied("LoRA", text);
        std::string name = text.substr(0, colon);
        const auto weight = numberIn<double>(std::string_view(text).substr(colon + 3));
        if (name.starts_with("False : "))
            return;
        if (name.starts_with("True : "))
            name.erase(0, std::string_view("True : ").size());
        if (!weight || isNone(name))
            return m_builder.sayNotApplied("LoRA", text);
        m_builder.addAdapter(name, *weight, *weight);
    }

    void readAdapters()
    {
        constexpr int kMost = 64;
        bool named = false;
        for (int i = 1; i <= kMost; ++i) {
            for (const std::string& key : {fmt::format("lora_combined_{}", i), fmt::format("LoRA {}", i)})
                if (const std::string text = m_fields.text(key); !text.empty()) {
                    named = true;
                    addAdapter(text);
                }
        }
        if (const Json* loras = m_fields.take("loras"); loras && loras->is_array() && !named)
            for (const Json& row : *loras)
                if (row.is_array() && row.size() >= 2 && row[0].is_string() && row[1].is_number())
                    m_builder.addAdapter(
                        row[0].get_ref<const std::string&>(), row[1].get<double>(), row[1].get<double>());
        if (!m_performanceAdapter.empty()
            && m_builder.request().prompt.find(m_performanceAdapter) == std::string::npos)
            m_builder.addAdapter(m_performanceAdapter, 1.0, 1.0);
    }

    ImportBuilder m_builder{"Fooocus"};
    JsonFields m_fields;
    std::string_view m_performanceAdapter;
};

} // namespace

bool isFooocus(const PictureMetadata& metadata)
{
    if (!looksLikeObject(metadata.parameters))
        return false;
    for (const std::string_view key : {"fooocus_scheme", "MakerNote"})
        if (const std::string* scheme = otherText(metadata, key))
            return *scheme == "fooocus";
    // Without the scheme's name: by keys that no other program writes.
    return metadata.parameters.find("\"adm_guidance\"") != std::string::npos
        || metadata.parameters.find("\"Fooocus V2 Expansion\"") != std::string::npos
        || metadata.parameters.find("\"ADM Guidance\"") != std::string::npos;
}

ImportedRequest readFooocus(const PictureMetadata& metadata)
{
    const Json root = withKeys(parseObject(metadata.parameters, "Its JSON"));
    return FooocusReader(root).read();
}

} // namespace studio
