#include "core/api/request_json.h"
#include "core/base/error.h"
#include "core/request/plan_words.h"

#include <nlohmann/json.hpp>

namespace studio {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

template <class T> T known(std::optional<T> value, const std::string& id)
{
    if (!value)
        throw Error(
            ErrorKind::FileCorrupt, "The plan names \"" + id + "\", which this version does not know.");
    return *value;
}

Extent extentFrom(const Json& size)
{
    return {size.at(0).get<int>(), size.at(1).get<int>()};
}

PromptPart partFrom(const Json& row)
{
    PromptPart part;
    row.at("weight").get_to(part.weight);
    for (const Json& timed : row.at("texts"))
        part.texts.push_back({timed.at("until").get<int>(), timed.at("text").get<std::string>()});
    return part;
}

/// What plans say since prompts change on the way; earlier ones lack all of it.
void readPrompts(const Json& row, PlannedStage& stage)
{
    if (!row.contains("parts"))
        return;
    for (const Json& part : row.at("parts"))
        stage.parts.push_back(partFrom(part));
    stage.negativePart = partFrom(row.at("negative_part"));
    row.at("guided").get_to(stage.guided);
    row.at("largest_sigma").get_to(stage.largestSigma);
    row.at("smallest_sigma").get_to(stage.smallestSigma);
}

/// Of a plan or of one of its stages; earlier ones have none, or name no files.
std::vector<PlannedAdapter> adaptersFrom(const Json& object)
{
    std::vector<PlannedAdapter> adapters;
    if (object.contains("adapters"))
        for (const Json& row : object.at("adapters"))
            adapters.push_back({row.at("kind").get<std::string>(), row.at("name").get<std::string>(),
                row.value("file", std::string()), row.at("text_encoder").get<double>(),
                row.at("unet").get<double>(), row.value("blocks", std::vector<double>()),
                row.value("hash", std::string())});
    return adapters;
}

PlannedStage stageFrom(const Json& row)
{
    PlannedStage stage;
    const auto kind = row.at("kind").get<std::string>();
    const auto role = row.at("role").get<std::string>();
    stage.kind = known(stageFromId(kind), kind);
    stage.role = known(roleFromId(role), role);
    stage.size = extentFrom(row.at("size"));
    row.at("label").get_to(stage.label);
    row.at("model").get_to(stage.model);
    stage.modelHash = row.value("model_hash", std::string()); // earlier plans have none
    row.at("rung").get_to(stage.rung);
    row.at("input").get_to(stage.input);
    row.at("text").get_to(stage.text);
    row.at("prompt").get_to(stage.prompt);
    row.at("negative_prompt").get_to(stage.negativePrompt);
    row.at("steps").get_to(stage.steps);
    row.at("evaluations").get_to(stage.evaluations);
    row.at("sigmas").get_to(stage.sigmas);
    row.at("timesteps").get_to(stage.timesteps);
    row.at("initial_scale").get_to(stage.initialScale);
    row.at("guidance").get_to(stage.guidance);
    row.at("sampler").get_to(stage.sampler);
    row.at("schedule").get_to(stage.schedule);
    row.at("upscaler").get_to(stage.upscaler);
    row.at("predicted_seconds").get_to(stage.predictedSeconds);
    row.at("predicted_peak_bytes").get_to(stage.predictedPeakBytes);
    readPrompts(row, stage);
    stage.adapters = adaptersFrom(row);
    if (row.contains("embeddings"))
        for (const Json& one : row.at("embeddings"))
            stage.embeddings.push_back({one.at("name").get<std::string>(), one.at("file").get<std::string>(),
                one.at("hash").get<std::string>()});
    if (!row.at("layer").is_null())
        stage.layer = known(layerFromId(row.at("layer").get<std::string>()), "layer");
    return stage;
}

Plan planFrom(const Json& root)
{
    if (root.at("version").get<int>() > kVersion)
        throw Error(ErrorKind::FileCorrupt,
            "The plan was written by a newer version of this program. Update the program to read it.");
    Plan plan;
    const Outcome<Request> request = requestFromJson(root.at("request").dump());
    if (const Failure* failure = failureOf(request))
        throw Error(failure->kind, failure->detail);
    plan.request = std::get<Request>(request);
    for (const Json& row : root.at("stages"))
        plan.stages.push_back(stageFrom(row));
    plan.adapters = adaptersFrom(root);
    root.at("unused").get_to(plan.unused);
    root.at("warnings").get_to(plan.warnings);
    root.at("notes").get_to(plan.notes);
    plan.vaeHash = root.value("vae_hash", std::string());
    root.at("device").get_to(plan.device);
    root.at("precision").get_to(plan.precision);
    plan.threads = root.value("threads", 0);
    root.at("predicted_seconds").get_to(plan.predictedSeconds);
    root.at("predicted_peak_bytes").get_to(plan.predictedPeakBytes);
    return plan;
}

} // namespace

Outcome<Plan> planFromJson(std::string_view text) noexcept
{
    return settle([&] {
        try {
            return planFrom(Json::parse(text));
        } catch (const Json::exception& error) {
            throw Error(ErrorKind::FileCorrupt, std::string("This is no plan: ") + error.what() + ".");
        }
    });
}

} // namespace studio
