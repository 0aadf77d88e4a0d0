#include "core/takes/take_files.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/replace_file.h"
#include "core/takes/file_lock.h"
#include "core/takes/store_layout.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <map>
#include <optional>
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

/// Nothing if take.json does not tell.
std::optional<int> versionOf(const fs::path& folder)
{
    try {
        return Json::parse(readFile(folder / kTakeFile, kMostJsonBytes)).at("version").get<int>();
    } catch (const Json::exception&) {
        return std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// The moment in an id, in milliseconds since 1970; 0 if there is none in it.
std::int64_t momentIn(const std::string& id)
{
    using namespace std::chrono;
    constexpr std::array<std::pair<std::size_t, std::size_t>, 6> kFields{
        {{0, 4}, {4, 2}, {6, 2}, {9, 2}, {11, 2}, {13, 2}}};
    std::array<unsigned, kFields.size()> values{};
    for (std::size_t i = 0; i < kFields.size(); ++i) {
        const char* begin = id.data() + kFields[i].first;
        const char* end = begin + kFields[i].second;
        const auto [stop, error] = std::from_chars(begin, end, values[i]);
        if (error != std::errc() || stop != end)
            return 0;
    }
    const year_month_day date{year(static_cast<int>(values[0])), month(values[1]), day(values[2])};
    if (!date.ok())
        return 0;
    const auto moment = sys_days(date) + hours(values[3]) + minutes(values[4]) + seconds(values[5]);
    return duration_cast<milliseconds>(moment.time_since_epoch()).count();
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

TakeRecord recordFromName(const fs::path& folder)
{
    const std::string id = folder.filename().string();
    return {id, isTakeId(id) ? momentIn(id) : 0, false};
}

bool isOfNewerVersion(const fs::path& folder)
{
    return versionOf(folder).value_or(kVersion) > kVersion;
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
    const std::optional<int> version = versionOf(folder);
    const bool isCurrent = version.value_or(kVersion) == kVersion && !isFlat;
    if (isCurrent || FileLock::isHeld(folder / kRunningFile))
        return;
    const TakeRecord record = readTakeRecord(folder); // or nothing is moved
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
    replaceFile(folder / kTakeFile, takeJson(record));
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

std::int64_t removeLatents(const fs::path& folder)
{
    const std::int64_t before = bytesIn(folder);
    fs::remove(folder / kFirstPassFile);
    for (const fs::path& run : runFolders(folder))
        fs::remove_all(run / kAnswersFolder);
    return before - bytesIn(folder);
}

bool removeLeftovers(const fs::path& store, const fs::path& folder)
{
    std::error_code ignored;
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder, ignored))
        if (entry.path().extension() == ".part" || entry.path().filename() == kRunningFile)
            found.push_back(entry.path());
    if (found.empty())
        return true;
    // With this lock nobody begins a run or goes on with one; those that go on already hold theirs.
    const auto alone = FileLock::tryTake(store / kStoreLockFile, FileLock::Kind::Exclusive);
    const auto isHeld = [](const fs::path& place) { return FileLock::isHeld(place / kRunningFile); };
    const std::vector<fs::path> runs = alone ? runFolders(folder) : std::vector<fs::path>{};
    if (!alone || isHeld(folder) || std::any_of(runs.begin(), runs.end(), isHeld))
        return false;
    for (const fs::path& file : found)
        fs::remove(file, ignored);
    return true;
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
