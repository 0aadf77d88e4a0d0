#include "app/http/access_rules.h"
#include "app/http/json_body.h"
#include "app/http/sdapi_names.h"
#include "app/http/sdapi_service.h"
#include "core/api/picture_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace studio::http {

namespace {

Json infoOf(const TextToImageCall& call, const std::vector<SentPicture>& pictures)
{
    Json prompts = Json::array();
    Json negatives = Json::array();
    Json seeds = Json::array();
    for (const Request& request : call.requests) {
        prompts.push_back(request.prompt);
        negatives.push_back(request.negativePrompt);
        seeds.push_back(request.seed.value_or(0));
    }
    Json texts = Json::array();
    for (const SentPicture& picture : pictures)
        texts.push_back(metadataFor(*picture.take, *picture.layer).parameters);
    std::vector<std::string> notes = call.notes;
    for (const SentPicture& picture : pictures)
        notes.insert(notes.end(), picture.take->notes.begin(), picture.take->notes.end());
    const Request& first = call.requests.front();
    const bool hires = first.mode == Mode::Hires;
    const Extent size = (hires ? first.hires.base : first.standard.size).value_or(Extent{});
    return {{"prompt", first.prompt}, {"all_prompts", prompts}, {"negative_prompt", first.negativePrompt},
        {"all_negative_prompts", negatives}, {"seed", first.seed.value_or(0)}, {"all_seeds", seeds},
        {"subseed", first.seed.value_or(0)}, {"all_subseeds", seeds}, {"subseed_strength", 0},
        {"width", size.width}, {"height", size.height}, {"sampler_name", first.sampling.sampler},
        {"cfg_scale", first.sampling.guidance}, {"steps", first.sampling.steps},
        {"batch_size", call.batchSize}, {"restore_faces", false},
        {"denoising_strength", hires ? Json(first.hires.rungs.front().strength) : Json(nullptr)},
        {"index_of_first_image", 0}, {"infotexts", texts}, {"notes", notes}};
}

Json entry(const CatalogEntry& row)
{
    return {{"name", row.label}, {"aliases", Json::array({row.id})}, {"options", Json::object()}};
}

} // namespace

std::string textToImageAnswer(const TextToImageCall& call, const std::vector<SentPicture>& pictures)
{
    Json images = Json::array();
    for (const SentPicture& picture : pictures) {
        if (call.sendImages)
            images.push_back(base64(picture.png));
    }
    return dump({{"images", std::move(images)}, {"parameters", Json::parse(call.parameters)},
        {"info", dump(infoOf(call, pictures))}});
}

std::string progressAnswer(
    const Job::State* state, std::size_t waiting, bool interrupted, const std::string& preview)
{
    Json inner{{"skipped", false}, {"interrupted", interrupted}, {"stopping_generation", interrupted},
        {"job", ""}, {"job_count", 0}, {"job_timestamp", "0"}, {"job_no", 0}, {"sampling_step", 0},
        {"sampling_steps", 0}};
    double done = 0.0;
    double secondsLeft = 0.0;
    std::string text;
    if (state) {
        const Progress& progress = state->progress;
        done = (double(state->finishedTakes) + progress.fraction)
            / double(std::max<std::size_t>(state->allTakes, 1));
        secondsLeft = std::max(progress.secondsLeft, 0.0);
        const auto stage = static_cast<std::size_t>(progress.stage);
        text = stage < state->plan.stages.size() ? state->plan.stages[stage].label : "";
        inner["job"] = "txt2img";
        inner["job_count"] = state->allTakes + waiting;
        inner["job_no"] = state->finishedTakes;
        inner["sampling_step"] = progress.step;
        inner["sampling_steps"] = progress.stepCount;
    }
    return dump(
        {{"progress", std::min(done, 1.0)}, {"eta_relative", secondsLeft}, {"state", std::move(inner)},
            {"current_image", preview.empty() ? Json(nullptr) : Json(base64(preview))},
            {"textinfo", text.empty() ? Json(nullptr) : Json(text)}});
}

std::string samplersAnswer(const Catalog& catalog)
{
    Json rows = Json::array();
    for (const CatalogEntry& row : catalog.samplers)
        rows.push_back(entry(row));
    return dump(rows);
}

std::string schedulersAnswer(const Catalog& catalog)
{
    Json rows = Json::array();
    for (const CatalogEntry& row : catalog.schedules)
        rows.push_back({{"name", row.id}, {"label", row.label}, {"aliases", nullptr}, {"default_rho", -1.0},
            {"need_inner_model", false}});
    return dump(rows);
}

std::string upscalersAnswer(const Catalog& catalog)
{
    Json rows = Json::array();
    for (const CatalogEntry& row : catalog.upscalers)
        rows.push_back({{"name", row.label}, {"model_name", nullptr}, {"model_path", nullptr},
            {"model_url", nullptr}, {"scale", 4.0}});
    return dump(rows);
}

std::string modelsAnswer(const ModelFacts& facts)
{
    Json rows = Json::array();
    for (const std::string& path : {facts.base, facts.refiner}) {
        if (!path.empty())
            rows.push_back({{"title", modelName(path)}, {"model_name", modelName(path)}, {"hash", nullptr},
                {"sha256", nullptr}, {"filename", path}, {"config", nullptr}});
    }
    return dump(rows);
}

std::string optionsAnswer(const ModelFacts& facts)
{
    return dump({{"sd_model_checkpoint", modelName(facts.base)}, {"sd_vae", "Automatic"},
        {"CLIP_stop_at_last_layers", 1}, {"samples_format", "png"},
        {"randn_source", facts.defaults.noise == NoiseSource::Torch ? "CPU" : "NV"}});
}

std::string pngInfoAnswer(
    const std::string& parameters, const std::vector<std::pair<std::string, std::string>>& items)
{
    Json found = Json::object();
    if (!parameters.empty())
        found["parameters"] = parameters;
    for (const auto& [name, value] : items)
        found[name] = value;
    return dump({{"info", parameters}, {"items", found}, {"parameters", Json::object()}});
}

} // namespace studio::http
