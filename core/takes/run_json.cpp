#include "core/takes/run_json.h"

#include "core/base/error.h"
#include "core/request/plan_words.h"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace studio {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

constexpr std::array kStates{std::pair{TakeState::Running, "running"},
    std::pair{TakeState::Finished, "finished"}, std::pair{TakeState::Cancelled, "cancelled"},
    std::pair{TakeState::Failed, "failed"}, std::pair{TakeState::Interrupted, "interrupted"},
    std::pair{TakeState::Damaged, "damaged"}};

constexpr std::array kKinds{std::pair{ErrorKind::BadInput, "bad_input"},
    std::pair{ErrorKind::FileMissing, "file_missing"}, std::pair{ErrorKind::FileCorrupt, "file_corrupt"},
    std::pair{ErrorKind::UnsupportedModel, "unsupported_model"},
    std::pair{ErrorKind::OutOfMemory, "out_of_memory"}, std::pair{ErrorKind::DiskFull, "disk_full"},
    std::pair{ErrorKind::Internal, "internal"}};

template <class Rows, class Value> std::string idIn(const Rows& rows, Value value)
{
    for (const auto& [each, id] : rows)
        if (each == value)
            return id;
    return {};
}

template <class Value, std::size_t N>
Value valueIn(
    const std::array<std::pair<Value, const char*>, N>& rows, const std::string& id, Value otherwise)
{
    for (const auto& [value, name] : rows)
        if (name == id)
            return value;
    return otherwise;
}

TakeState stateOf(Ending ending)
{
    switch (ending) {
    case Ending::Finished:
        return TakeState::Finished;
    case Ending::Cancelled:
        return TakeState::Cancelled;
    case Ending::Failed:
        break;
    }
    return TakeState::Failed;
}

Ending endingOf(TakeState state)
{
    if (state == TakeState::Finished)
        return Ending::Finished;
    return state == TakeState::Cancelled ? Ending::Cancelled : Ending::Failed;
}

Json stagesJson(const Take& take)
{
    Json stages = Json::array();
    for (const StageRecord& stage : take.stages)
        stages.push_back({{"kind", stageId(stage.kind)}, {"label", stage.label}, {"seconds", stage.seconds},
            {"steps", stage.steps}, {"evaluations", stage.evaluations},
            {"peak_memory_bytes", stage.peakMemoryBytes}});
    return stages;
}

void readStages(const Json& rows, Take& take)
{
    for (const Json& row : rows) {
        const auto kind = stageFromId(row.at("kind").get<std::string>());
        take.stages.push_back({kind.value_or(StageKind::Denoise), row.at("label").get<std::string>(),
            row.at("seconds").get<double>(), row.at("steps").get<int>(), row.at("evaluations").get<int>(),
            row.at("peak_memory_bytes").get<std::int64_t>()});
    }
}

void readRoot(const Json& root, StoredRun& run)
{
    if (root.at("version").get<int>() > kVersion)
        throw Error(ErrorKind::FileCorrupt,
            "A run was written by a newer version of this program. Update the program to read it.");
    Take& take = run.take;
    run.state = valueIn(kStates, root.at("ending").get<std::string>(), TakeState::Failed);
    take.ending = endingOf(run.state);
    if (const Json& failure = root.at("failure"); !failure.is_null())
        take.failure = Failure{valueIn(kKinds, failure.at("kind").get<std::string>(), ErrorKind::Internal),
            failure.at("detail").get<std::string>()};
    root.at("notes").get_to(take.notes);
    root.at("seconds").get_to(take.seconds);
    root.at("peak_memory_bytes").get_to(take.peakMemoryBytes);
    root.at("device").get_to(take.device);
    root.at("precision").get_to(take.precision);
    readStages(root.at("stages"), take);
    const Json& seconds = root.at("layer_seconds");
    for (std::size_t i = 0; i < seconds.size() && i < take.layers.size(); ++i)
        take.layers[i].seconds = seconds[i].get<double>();
}

} // namespace

std::string takeStateId(TakeState state)
{
    return idIn(kStates, state);
}

std::string runJson(const Take& take)
{
    Json failure;
    if (take.failure)
        failure = {{"kind", idIn(kKinds, take.failure->kind)}, {"detail", take.failure->detail}};
    Json layerSeconds = Json::array();
    for (const Layer& layer : take.layers)
        layerSeconds.push_back(layer.seconds);
    const Json root{{"version", kVersion}, {"ending", takeStateId(stateOf(take.ending))},
        {"failure", std::move(failure)}, {"notes", take.notes}, {"seconds", take.seconds},
        {"peak_memory_bytes", take.peakMemoryBytes}, {"device", take.device}, {"precision", take.precision},
        {"layer_seconds", std::move(layerSeconds)}, {"stages", stagesJson(take)}};
    // A message may quote a path, which may hold any bytes; JSON may not.
    return root.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

void readRunJson(std::string_view text, StoredRun& run)
{
    try {
        readRoot(Json::parse(text), run);
    } catch (const Json::exception& error) {
        throw Error(
            ErrorKind::FileCorrupt, std::string("How a run ended cannot be read: ") + error.what() + ".");
    }
}

} // namespace studio
