#include "core/takes/take_reader.h"

#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/request/plan_words.h"
#include "core/takes/file_lock.h"
#include "core/takes/run_json.h"
#include "core/takes/take_files.h"

#include <algorithm>
#include <array>
#include <map>

namespace studio {

namespace {

namespace fs = std::filesystem;

void add(std::string& sentences, const std::string& sentence)
{
    if (!sentence.empty())
        sentences += (sentences.empty() ? "" : " ") + sentence;
}

Plan readPlan(const fs::path& folder)
{
    const Outcome<Plan> plan = planFromJson(readFile(folder / kPlanFile, kMostJsonBytes));
    if (const Failure* failure = failureOf(plan))
        throw Error(failure->kind, (folder / kPlanFile).string() + ": " + failure->detail);
    return std::get<Plan>(plan);
}

/// In the order of the plan: what is there counts, whatever else was written.
std::vector<StoredLayer> layersOf(const Plan& plan, const fs::path& folder)
{
    std::vector<StoredLayer> layers;
    std::map<LayerKind, int> seen;
    for (const PlannedStage& stage : plan.stages) {
        if (!stage.layer)
            continue;
        const fs::path file = folder / layerFile(*stage.layer, seen[*stage.layer]++);
        if (fs::exists(file))
            layers.push_back({*stage.layer, stage.size, file});
    }
    return layers;
}

/// Without a plan: by their names. A picture that cannot be read has no size.
std::vector<StoredLayer> layersNamedIn(const fs::path& folder)
{
    constexpr std::array kInOrder{
        LayerKind::Standard, LayerKind::FirstPass, LayerKind::Simple, LayerKind::Upscaled, LayerKind::Hires};
    std::vector<StoredLayer> layers;
    std::size_t before = 1;
    for (int occurrence = 0; layers.size() != before; ++occurrence) {
        before = layers.size();
        for (const LayerKind kind : kInOrder) {
            const fs::path file = folder / layerFile(kind, occurrence);
            std::error_code unknown;
            if (!fs::is_regular_file(file, unknown))
                continue;
            const Outcome<LoadedPicture> loaded = loadPicture(file);
            const auto* picture = std::get_if<LoadedPicture>(&loaded);
            layers.push_back({kind, picture ? picture->picture.size : Extent{}, file});
        }
    }
    return layers;
}

/// What a run was asked for, from wherever it is said beside the plan.
std::optional<Request> requestBesidePlan(const fs::path& folder, const std::vector<StoredLayer>& layers)
{
    const Outcome<Request> kept = settle([&] {
        Outcome<Request> request = requestFromJson(readFile(folder / kRequestFile, kMostJsonBytes));
        if (const Failure* failure = failureOf(request))
            throw Error(failure->kind, failure->detail);
        return std::get<Request>(std::move(request));
    });
    if (const auto* request = std::get_if<Request>(&kept))
        return *request;
    for (const StoredLayer& layer : layers) {
        const Outcome<PictureMetadata> metadata = loadPictureMetadata(layer.file);
        const auto* texts = std::get_if<PictureMetadata>(&metadata);
        const Outcome<Request> carried
            = texts ? requestFromJson(texts->requestJson) : Outcome<Request>(Cancelled{});
        if (const auto* request = std::get_if<Request>(&carried)) {
            Request whole = *request;
            whole.firstPass.clear(); // as in request.json
            return whole;
        }
    }
    return std::nullopt;
}

void readPlanOrRequest(StoredRun& run)
{
    try {
        run.take.plan = readPlan(run.folder);
        run.layers = layersOf(run.take.plan, run.folder);
    } catch (const Error& error) {
        run.layers = layersNamedIn(run.folder);
        const std::optional<Request> request = requestBesidePlan(run.folder, run.layers);
        if (!request)
            throw Error(ErrorKind::FileCorrupt,
                std::string(error.what()) + " Nothing beside it says what this run was asked for, either.");
        run.take.plan.request = *request;
        add(run.damage,
            std::string(error.what()) + " What the run was asked for is known from a file beside it.");
    }
}

void readEnding(StoredRun& run)
{
    // The lock first: whoever let go of it wrote the ending before.
    run.state = FileLock::isHeld(run.folder / kRunningFile) ? TakeState::Running : TakeState::Interrupted;
    run.take.ending = Ending::Failed;
    if (!fs::exists(run.folder / kRunFile))
        return;
    try {
        StoredRun ended = run;
        readRunJson(readFile(run.folder / kRunFile, kMostJsonBytes), ended);
        if (ended.take.plan.stages.empty()) // whose seconds they are only the plan knew
            for (Layer& layer : ended.take.layers)
                layer.seconds = 0.0;
        run = std::move(ended);
    } catch (const Error& error) {
        add(run.damage, (run.folder / kRunFile).string() + ": " + error.what());
    }
}

StoredRun readRun(const fs::path& folder)
{
    StoredRun run;
    run.folder = folder;
    readPlanOrRequest(run);
    for (const StoredLayer& layer : run.layers)
        run.take.layers.push_back({layer.kind, layer.size, nullptr, nullptr, 0.0});
    run.take.device = run.take.plan.device;
    run.take.precision = run.take.plan.precision;
    readEnding(run);
    return run;
}

/// As Take::mainLayer: hires, simple, standard, else what was finished last.
const StoredLayer* mainLayer(const std::vector<StoredLayer>& layers)
{
    for (const LayerKind kind : {LayerKind::Hires, LayerKind::Simple, LayerKind::Standard})
        for (const StoredLayer& layer : layers)
            if (layer.kind == kind)
                return &layer;
    return layers.empty() ? nullptr : &layers.back();
}

TakeSummary summaryOf(const StoredTake& take, const TakeRecord& record, bool trashed)
{
    const Request& request = take.runs.back().take.plan.request;
    TakeSummary summary;
    summary.id = record.id;
    summary.created = record.created;
    summary.state = take.runs.back().state;
    summary.starred = record.starred;
    summary.trashed = trashed;
    summary.hasFirstPass = !take.firstPass.empty() || !take.initPicture.empty();
    summary.mode = request.mode;
    summary.seed = request.seed.value_or(0);
    summary.prompt = request.prompt;
    summary.negativePrompt = request.negativePrompt;
    summary.model = modelName(request.models.base);
    for (const StoredRun& run : take.runs) {
        summary.layers += static_cast<int>(run.layers.size());
        summary.finishedRuns += run.state == TakeState::Finished;
        if (run.state == TakeState::Running)
            summary.state = TakeState::Running;
        // The newest run that finished one; a run that is only beginning does not hide what is there.
        if (const StoredLayer* layer = mainLayer(run.layers)) {
            summary.size = layer->size;
            summary.picture = layer->file;
        }
    }
    summary.bytes = bytesIn(take.folder);
    return summary;
}

TakeRecord recordOrName(const fs::path& folder, std::string& damage)
{
    try {
        return readTakeRecord(folder);
    } catch (const Error& error) {
        if (isOfNewerVersion(folder))
            throw;
        add(damage,
            std::string(error.what())
                + " When the take was made is known from its folder's name; whether it was starred is not.");
        return recordFromName(folder);
    }
}

TakeSummary damagedSummary(const fs::path& folder, bool trashed, const std::string& why)
{
    const Outcome<TakeRecord> known = settle([&] { return readTakeRecord(folder); });
    const auto* found = std::get_if<TakeRecord>(&known);
    const TakeRecord record = found ? *found : recordFromName(folder);
    TakeSummary summary;
    summary.id = record.id;
    summary.created = record.created;
    summary.starred = record.starred;
    summary.trashed = trashed;
    summary.state = TakeState::Damaged;
    summary.damage = why;
    summary.bytes = bytesIn(folder);
    const Outcome<std::vector<fs::path>> runs = settle([&] { return runFolders(folder); });
    std::vector<fs::path> places{folder};
    if (const auto* inside = std::get_if<std::vector<fs::path>>(&runs))
        places.insert(places.end(), inside->begin(), inside->end());
    for (const fs::path& place : places) {
        if (FileLock::isHeld(place / kRunningFile))
            summary.state = TakeState::Running;
        std::vector<StoredLayer> layers = layersNamedIn(place);
        std::erase_if(layers, [](const StoredLayer& layer) { return !layer.size.isSet(); });
        summary.layers += static_cast<int>(layers.size());
        if (const StoredLayer* layer = mainLayer(layers)) {
            summary.size = layer->size;
            summary.picture = layer->file;
        }
    }
    return summary;
}

} // namespace

StoredTake readTake(const fs::path& folder, bool trashed)
{
    StoredTake take;
    std::string damage;
    const TakeRecord record = recordOrName(folder, damage);
    take.folder = folder;
    if (fs::exists(folder / kFirstPassFile))
        take.firstPass = folder / kFirstPassFile;
    for (const fs::path& place : runFolders(folder)) {
        const Outcome<StoredRun> run = settle([&] { return readRun(place); });
        if (const Failure* failure = failureOf(run)) {
            add(damage, failure->detail);
            continue;
        }
        take.runs.push_back(std::get<StoredRun>(run));
        if (fs::path copy = initPictureIn(place); !copy.empty())
            take.initPicture = std::move(copy);
        add(damage, take.runs.back().damage);
    }
    if (take.runs.empty()) {
        add(damage, folder.string() + " holds no run that can be read.");
        throw Error(ErrorKind::FileCorrupt, damage);
    }
    take.summary = summaryOf(take, record, trashed);
    take.summary.damage = damage;
    return take;
}

TakeSummary readSummary(const fs::path& folder, bool trashed)
{
    const Outcome<TakeSummary> read = settle([&] { return readTake(folder, trashed).summary; });
    const Failure* failure = failureOf(read);
    return failure ? damagedSummary(folder, trashed, failure->detail) : std::get<TakeSummary>(read);
}

TakeState stateToShow(const TakeSummary& take)
{
    const bool endedOtherwise = take.state == TakeState::Cancelled || take.state == TakeState::Failed
        || take.state == TakeState::Interrupted;
    return endedOtherwise && take.finishedRuns > 0 ? TakeState::Finished : take.state;
}

} // namespace studio
