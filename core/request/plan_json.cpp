#include "core/api/request_json.h"
#include "core/request/plan_words.h"
#include "core/request/request_writer.h"

namespace studio {

namespace {

using Json = nlohmann::ordered_json;

Json partJson(const PromptPart& part)
{
    Json texts = Json::array();
    for (const TimedPrompt& timed : part.texts)
        texts.push_back({{"until", timed.until}, {"text", timed.text}});
    return {{"weight", part.weight}, {"texts", std::move(texts)}};
}

Json partsJson(const std::vector<PromptPart>& parts)
{
    Json out = Json::array();
    for (const PromptPart& part : parts)
        out.push_back(partJson(part));
    return out;
}

Json adaptersJson(const std::vector<PlannedAdapter>& adapters)
{
    Json out = Json::array();
    for (const PlannedAdapter& adapter : adapters)
        out.push_back({{"kind", adapter.kind}, {"name", adapter.name}, {"file", adapter.file},
            {"text_encoder", adapter.textEncoder}, {"unet", adapter.unet}, {"blocks", adapter.blocks},
            {"hash", adapter.hash}});
    return out;
}

Json embeddingsJson(const std::vector<PlannedEmbedding>& embeddings)
{
    Json out = Json::array();
    for (const PlannedEmbedding& embedding : embeddings)
        out.push_back({{"name", embedding.name}, {"file", embedding.file}, {"hash", embedding.hash}});
    return out;
}

Json stageJson(const PlannedStage& stage)
{
    return {
        {"kind", stageId(stage.kind)},
        {"label", stage.label},
        {"role", roleId(stage.role)},
        {"model", stage.model},
        {"model_hash", stage.modelHash},
        {"size", extentJson(stage.size)},
        {"rung", stage.rung},
        {"input", stage.input},
        {"text", stage.text},
        {"prompt", stage.prompt},
        {"negative_prompt", stage.negativePrompt},
        {"parts", partsJson(stage.parts)},
        {"negative_part", partJson(stage.negativePart)},
        {"embeddings", embeddingsJson(stage.embeddings)},
        {"guided", stage.guided},
        {"adapters", adaptersJson(stage.adapters)},
        {"steps", stage.steps},
        {"evaluations", stage.evaluations},
        {"sigmas", stage.sigmas},
        {"timesteps", stage.timesteps},
        {"initial_scale", stage.initialScale},
        {"largest_sigma", stage.largestSigma},
        {"smallest_sigma", stage.smallestSigma},
        {"guidance", stage.guidance},
        {"sampler", stage.sampler},
        {"schedule", stage.schedule},
        {"upscaler", stage.upscaler},
        {"layer", stage.layer ? Json(layerId(*stage.layer)) : Json()},
        {"predicted_seconds", stage.predictedSeconds},
        {"predicted_peak_bytes", stage.predictedPeakBytes},
    };
}

} // namespace

std::string toJson(const Plan& plan, int indent)
{
    Json stages = Json::array();
    for (const PlannedStage& stage : plan.stages)
        stages.push_back(stageJson(stage));
    const Json root{
        {"version", 1},
        {"request", RequestWriter::write(plan.request)},
        {"stages", std::move(stages)},
        {"unused", plan.unused},
        {"warnings", plan.warnings},
        {"adapters", adaptersJson(plan.adapters)},
        {"notes", plan.notes},
        {"vae_hash", plan.vaeHash},
        {"device", plan.device},
        {"precision", plan.precision},
        {"threads", plan.threads},
        {"predicted_seconds", plan.predictedSeconds},
        {"predicted_peak_bytes", plan.predictedPeakBytes},
    };
    return root.dump(indent, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

} // namespace studio
