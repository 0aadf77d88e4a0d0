#include "core/takes/take_files.h"

#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/replace_file.h"
#include "core/request/plan_words.h"
#include "core/takes/file_lock.h"
#include "core/takes/run_json.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <map>
#include <random>

namespace studio {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kVersion = 2;
constexpr int kFlatVersion = 1; ///< one run, beside take.json
constexpr std::string_view kRunPrefix = "run-";
constexpr std::size_t kIdLength = 22;

Json readTakeJson(const fs::path& folder)
{
    const std::string name = (folder / kTakeFile).string();
    try {
        Json root = Json::parse(readFile(folder / kTakeFile, kMostJsonBytes));
        if (root.at("version").get<int>() > kVersion)
            throw Error(ErrorKind::FileCorrupt,
                name + " was written by a newer version of this program. Update the program to read it.");
        return root;
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::FileCorrupt, name + " cannot be read: " + error.what() + ".");
    }
}

/// 0 if the name is none of a run's folder.
int runNumber(const std::string& name)
{
    int number = 0;
    if (!name.starts_with(kRunPrefix))
        return 0;
    const char* end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + kRunPrefix.size(), end, number);
    return error == std::errc() && stop == end && number > 0 ? number : 0;
}

Plan readPlan(const fs::path& folder)
{
    const Outcome<Plan> plan = planFromJson(readFile(folder / kPlanFile, kMostJsonBytes));
    if (const Failure* failure = failureOf(plan))
        throw Error(failure->kind, (folder / kPlanFile).string() + ": " + failure->detail);
    return std::get<Plan>(plan);
}

/// In the order of the plan: what is there counts, whatever else was written.
std::vector<StoredLayer> layersIn(const fs::path& folder, const Plan& plan)
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

StoredRun readRun(const fs::path& folder)
{
    StoredRun run;
    run.take.plan = readPlan(folder);
    run.layers = layersIn(folder, run.take.plan);
    for (const StoredLayer& layer : run.layers)
        run.take.layers.push_back({layer.kind, layer.size, nullptr, nullptr, 0.0});
    run.take.device = run.take.plan.device;
    run.take.precision = run.take.plan.precision;
    // The lock first: whoever let go of it wrote the ending before.
    run.state = FileLock::isHeld(folder / kRunningFile) ? TakeState::Running : TakeState::Interrupted;
    run.take.ending = Ending::Failed;
    if (fs::exists(folder / kRunFile))
        readRunJson(readFile(folder / kRunFile, kMostJsonBytes), run);
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

} // namespace

std::string newTakeId(std::int64_t created)
{
    const std::time_t seconds = created / 1000;
    return fmt::format("{:%Y%m%d-%H%M%S}-{:06x}", fmt::gmtime(seconds), std::random_device{}() & 0xFFFFFFu);
}

bool isTakeId(std::string_view id)
{
    return id.size() == kIdLength && id[8] == '-' && id[15] == '-'
        && std::all_of(id.begin(), id.end(),
            [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'; });
}

std::string takeJson(const TakeRecord& record)
{
    return Json{{"version", kVersion}, {"id", record.id}, {"created", isoTime(record.created)},
        {"created_milliseconds", record.created}, {"starred", record.starred}}
        .dump(2);
}

TakeRecord readTakeRecord(const fs::path& folder)
{
    const Json root = readTakeJson(folder);
    try {
        return {folder.filename().string(), root.at("created_milliseconds").get<std::int64_t>(),
            root.at("starred").get<bool>()};
    } catch (const Json::exception& error) {
        throw Error(
            ErrorKind::FileCorrupt, (folder / kTakeFile).string() + " cannot be read: " + error.what() + ".");
    }
}

std::string runFolderName(int number)
{
    return std::string(kRunPrefix) + std::to_string(number);
}

std::vector<fs::path> runFolders(const fs::path& folder)
{
    // While an upgrade is on its way the plan shows where the run is.
    if (fs::exists(folder / kPlanFile))
        return {folder};
    std::map<int, fs::path> numbered;
    for (const auto& entry : fs::directory_iterator(folder))
        if (const int number = runNumber(entry.path().filename().string()); number > 0)
            numbered[number] = entry.path();
    std::vector<fs::path> folders;
    folders.reserve(numbered.size());
    for (const auto& [number, path] : numbered)
        folders.push_back(path);
    return folders;
}

void upgradeTake(const fs::path& folder)
{
    const bool isFlat = fs::exists(folder / kPlanFile);
    const bool isOld = readTakeJson(folder).at("version") == kFlatVersion;
    if ((!isFlat && !isOld) || FileLock::isHeld(folder / kRunningFile))
        return;
    const fs::path run = folder / runFolderName(1);
    fs::create_directory(run);
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        files.push_back(entry.path());
    const auto move = [&](const fs::path& file) { fs::rename(file, run / file.filename()); };
    // The plan first, then what is found by it: after a crash on the way some layers are missing from the list, and
    // back when the upgrade went on.
    if (isFlat)
        move(folder / kPlanFile);
    for (const fs::path& file : files)
        if (file.extension() == ".png" || file.filename() == kRequestFile || file.filename() == kRunFile)
            move(file);
    replaceFile(folder / kTakeFile, takeJson(readTakeRecord(folder)));
}

fs::path initPictureIn(const fs::path& run)
{
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(run, none))
        if (entry.path().stem() == kInitPicture)
            return entry.path();
    return {};
}

std::string layerFile(LayerKind kind, int occurrence)
{
    return layerId(kind) + (occurrence > 0 ? "-" + std::to_string(occurrence) : "") + ".png";
}

StoredTake readTake(const fs::path& folder, bool trashed)
{
    const TakeRecord record = readTakeRecord(folder);
    StoredTake take;
    take.folder = folder;
    if (fs::exists(folder / kFirstPassFile))
        take.firstPass = folder / kFirstPassFile;
    for (const fs::path& run : runFolders(folder)) {
        take.runs.push_back(readRun(run));
        if (fs::path copy = initPictureIn(run); !copy.empty())
            take.initPicture = std::move(copy);
    }
    if (take.runs.empty())
        throw Error(ErrorKind::FileCorrupt, folder.string() + " holds no run.");
    take.summary = summaryOf(take, record, trashed);
    return take;
}

std::int64_t removeLatents(const fs::path& folder)
{
    const std::int64_t before = bytesIn(folder);
    fs::remove(folder / kFirstPassFile);
    for (const fs::path& run : runFolders(folder))
        fs::remove_all(run / kAnswersFolder);
    return before - bytesIn(folder);
}

void removeLeftovers(const fs::path& folder)
{
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
        const fs::path& file = entry.path();
        if (file.extension() == ".part" || file.filename() == kRunningFile)
            fs::remove(file, ignored);
    }
}

std::int64_t bytesIn(const fs::path& folder)
{
    std::int64_t bytes = 0;
    std::error_code gone; // a file may be renamed or removed while this looks
    for (const auto& entry : fs::recursive_directory_iterator(folder, gone)) {
        const std::uintmax_t size = entry.is_regular_file(gone) ? entry.file_size(gone) : 0;
        bytes += gone ? 0 : static_cast<std::int64_t>(size);
    }
    return bytes;
}

std::int64_t nextMoment()
{
    using namespace std::chrono;
    static std::atomic<std::int64_t> last{0};
    const std::int64_t now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    std::int64_t before = last;
    while (!last.compare_exchange_weak(before, std::max(now, before + 1))) { }
    return std::max(now, before + 1);
}

std::string isoTime(std::int64_t milliseconds)
{
    const std::time_t seconds = milliseconds / 1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), milliseconds % 1000);
}

} // namespace studio
