#include "core/base/error.h"
#include "core/request/foreign/json_fields.h"
#include "core/request/foreign/readers.h"
#include "core/request/infotext_dialects.h"

#include <fmt/format.h>

/// stable-diffusion.cpp, the JSON "sdcpp.image.params/v1" that stands behind its infotext since 2026
/// (examples/common/common.cpp). Both passes by A1111's count of steps.
namespace studio {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kMark = "SDCPP: {";

const Json& objectAt(JsonFields& fields, std::string_view key)
{
    static const Json kNone = Json::object();
    const Json* found = fields.take(key);
    return found && found->is_object() ? *found : kNone;
}

void readSampling(ImportBuilder& builder, const Json& object)
{
    JsonFields fields(object);
    fields.apply<int>(
        builder, "steps", [](Request & request) -> auto& { return request.sampling.steps; });
    const std::string method = fields.text("method");
    const std::string schedule = fields.text("scheduler");
    const SdCppSampling names = sdCppSampling(method, schedule);
    builder.request().sampling.sampler = builder.samplerNamed(names.sampler);
    builder.request().sampling.schedule = builder.scheduleNamed(names.schedule);
    // Null stands for the method's own; 0 was the default of those that have none.
    fields.apply<double>(
        builder, "eta", [](Request & request) -> auto& { return request.sampling.tuning.eta; });
    if (const Json* levels = fields.take("custom_sigmas"); levels && !levels->empty())
        builder.apply("custom_sigmas", shownValue(*levels), [&](Request& request) {
            for (const Json& level : *levels) {
                const auto number = numberOf<double>(level);
                if (!number)
                    return false;
                request.sampling.sigmas.push_back(*number);
            }
            return true;
        });
    JsonFields guidance(objectAt(fields, "guidance"));
    guidance.apply<double>(
        builder, "txt_cfg", [](Request & request) -> auto& { return request.sampling.guidance; });
    JsonFields skipped(objectAt(guidance, "slg"));
    if (skipped.number<double>("scale").value_or(0.0) != 0.0)
        builder.sayNotApplied("slg", "skip layer guidance");
    // What is left belongs to models of other kinds.
    guidance.sayRest(builder, {"img_cfg", "distilled_guidance"});
    fields.sayRest(builder, {"shifted_timestep", "flow_shift"});
}

void readHires(ImportBuilder& builder, const Json& object)
{
    JsonFields fields(object);
    const Json* enabled = fields.take("enabled");
    if (!enabled || !enabled->is_boolean() || !enabled->get<bool>())
        return;
    Rung& rung = builder.startHires();
    rung.upscaler = "lanczos";
    const std::string upscaler = fields.text("upscaler");
    if (upscaler != "Lanczos") {
        const std::string model = fields.text("model");
        builder.say(fmt::format("The upscaler \"{}\" is not known here; Lanczos takes its place.",
            shownText(upscaler == "Model" && !model.empty() ? model : upscaler)));
    }
    fields.take("model");
    fields.take("upscale_tile_size");
    if (fields.number<int>("steps").value_or(0) > 0)
        fields.apply<int>(
            builder, "steps", [](Request & request) -> auto& { return request.hires.rungs.front().steps; });
    fields.apply<double>(
        builder, "denoising_strength",
        [](Request & request) -> auto& { return request.hires.rungs.front().strength; });
    const Extent target{
        fields.number<int>("target_width").value_or(0), fields.number<int>("target_height").value_or(0)};
    if (target.width > 0 || target.height > 0) {
        fields.take("scale");
        builder.apply("target", fmt::format("{}x{}", target.width, target.height), [&](Request& request) {
            const auto whole = completed(target, request.hires.base.value_or(Extent{512, 512}));
            request.hires.rungs.front().target = onLatentGrid(whole.value_or(Extent{}));
            return whole.has_value();
        });
    } else {
        fields.apply<double>(
            builder, "scale", [](Request & request) -> auto& { return request.hires.rungs.front().scale; });
    }
    fields.sayRest(builder);
}

void readModels(ImportBuilder& builder, const Json& object)
{
    JsonFields fields(object);
    for (const std::string_view key : {"model", "diffusion_model"})
        if (const std::string name = fields.text(key); !name.empty())
            builder.sayModel("model", name);
    if (const std::string name = fields.text("vae"); !name.empty())
        builder.sayModel("autoencoder", name);
    fields.sayRest(builder);
}

void readNoise(ImportBuilder& builder, JsonFields& fields)
{
    const std::string source = fields.text("rng");
    builder.request().noise = source == "cpu" ? NoiseSource::Torch : NoiseSource::Philox;
    if (source != "cpu" && source != "cuda")
        builder.sayNotApplied("rng", source);
    if (const std::string own = fields.text("sampler_rng"); !own.empty() && own != source)
        builder.sayNotApplied("sampler_rng", own);
}

void readAdapters(ImportBuilder& builder, JsonFields& fields)
{
    const Json* loras = fields.take("loras");
    if (!loras || !loras->is_array())
        return;
    for (const Json& row : *loras) {
        JsonFields adapter(row);
        const double weight = adapter.number<double>("multiplier").value_or(1.0);
        builder.addAdapter(adapter.text("name"), weight, weight);
    }
}

void readSettings(ImportBuilder& builder, JsonFields& fields)
{
    JsonFields prompt(objectAt(fields, "prompt"));
    builder.setPrompts(prompt.text("positive"), prompt.text("negative"));
    readAdapters(builder, fields);
    fields.apply<std::uint64_t>(
        builder, "seed", [](Request & request) -> auto& { return request.seed; });
    builder.setSize({fields.number<int>("width").value_or(0), fields.number<int>("height").value_or(0)});
    readSampling(builder, objectAt(fields, "sampling"));
    readHires(builder, objectAt(fields, "hires"));
    readNoise(builder, fields);
    readModels(builder, objectAt(fields, "models"));
    // -1: the model's own layer, which is 2.
    if (fields.number<int>("clip_skip").value_or(-1) > 0)
        fields.apply<int>(
            builder, "clip_skip", [](Request & request) -> auto& { return request.prompts.clipSkip; });
    if (const std::string mode = fields.text("mode"); mode != "img_gen")
        builder.sayNotApplied("mode", mode);
}

} // namespace

bool isSdCpp(const PictureMetadata& metadata)
{
    return metadata.parameters.find(kMark) != std::string::npos;
}

ImportedRequest readSdCpp(const PictureMetadata& metadata)
{
    const std::string_view text = metadata.parameters;
    const Json root = parseObject(text.substr(text.rfind(kMark) + kMark.size() - 1), "Its JSON");
    ImportBuilder builder("stable-diffusion.cpp");
    JsonFields fields(root);
    readSettings(builder, fields);
    // Of no effect without a starting picture, a control net or an adapter for pictures.
    fields.sayRest(builder,
        {"schema", "generator", "strength", "control_strength", "ip_adapter_strength",
            "auto_resize_ref_image", "increase_ref_index", "vae_tiling", "cache"});
    return builder.finish();
}

} // namespace studio
