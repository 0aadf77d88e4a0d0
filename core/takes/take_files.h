#pragma once

#include "core/api/take_store.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// How a take lies on the disk. Its folder's name is its id:
//   take.json               when it was made, whether it is starred
//   first_pass.safetensors  the first pass's latent; every run of the take stands on it
//   run-1, run-2 ...        a folder for each run, the first and those of the second pass alone:
//     request.json plan.json  what was asked for, and what was to run
//     sources.json            the files it is made from, as they stood: it goes on with these only
//     init_picture.*          a copy of the picture it began with
//     first_pass.png ...      one file a layer, named by layerId; a second one of a kind is "first_pass-1.png"
//     answers/                what the denoiser answered so far; removed when the run is finished
//     run.json                how the run ended; written last, so an interrupted run has none
//     .running                locked while the run goes on
// JSON files carry a version. Every file appears whole, under its name, by a rename.
//
// In version 1 of take.json a take had one run, whose files lay beside take.json.

namespace studio {

inline constexpr const char* kTakeFile = "take.json";
inline constexpr const char* kRequestFile = "request.json";
inline constexpr const char* kPlanFile = "plan.json";
inline constexpr const char* kRunFile = "run.json";
inline constexpr const char* kSourcesFile = "sources.json";
inline constexpr const char* kInitPicture = "init_picture"; ///< with the ending it had
inline constexpr const char* kFirstPassFile = "first_pass.safetensors";
inline constexpr const char* kRunningFile = ".running";
inline constexpr const char* kAnswersFolder = "answers";
inline constexpr std::uintmax_t kMostJsonBytes = 64u << 20; ///< of any of these files

/// What take.json holds.
struct TakeRecord {
    std::string id;
    std::int64_t created = 0; ///< milliseconds since 1970, UTC
    bool starred = false;
};

/// "20261123-093012-5f3a9c": the second it was made (UTC) and a random number.
std::string newTakeId(std::int64_t created);

/// True for what newTakeId answers; nothing else is looked for on the disk.
bool isTakeId(std::string_view id);

/// The folders of a take's runs, oldest first: the take's own in version 1.
std::vector<std::filesystem::path> runFolders(const std::filesystem::path& folder);

/// The name of the `number`-th run's folder, from 1.
std::string runFolderName(int number);

/// Brings a take of an older version into today's form. One that is being written is left as it is. After a crash on
/// the way it can be read, and goes on where it stopped. One whose take.json is damaged is left as it is, too.
/// Throws Error, of a newer version's take and of an older one's that is damaged, and filesystem_error.
void upgradeTake(const std::filesystem::path& folder);

std::string takeJson(const TakeRecord& record);
/// Throws Error: FileMissing, FileCorrupt.
TakeRecord readTakeRecord(const std::filesystem::path& folder);
/// What the name of a take's folder says where take.json does not: when it was made. Nothing about the star.
TakeRecord recordFromName(const std::filesystem::path& folder);
/// Whether take.json says that a later version of the program wrote the take.
bool isOfNewerVersion(const std::filesystem::path& folder);

/// A run's copy of the picture it began with; empty: there is none.
std::filesystem::path initPictureIn(const std::filesystem::path& run);

/// The file of the `occurrence`-th layer of a kind.
std::string layerFile(LayerKind kind, int occurrence);

/// Removes what can be missed: the latents of the first pass and of runs that could go on. Answers how many bytes.
std::int64_t removeLatents(const std::filesystem::path& folder);

/// Removes what a program that was killed left behind in a take of a store: unfinished files. False if somebody may be
/// writing the take, or begins to write any; nothing is removed then.
bool removeLeftovers(const std::filesystem::path& store, const std::filesystem::path& folder);

/// Bytes of all files in a folder and below.
std::int64_t bytesIn(const std::filesystem::path& folder);

/// Milliseconds since 1970; never the same twice in one process, so that takes keep their order.
std::int64_t nextMoment();

/// "2026-11-23T09:30:12.345Z"
std::string isoTime(std::int64_t milliseconds);

} // namespace studio
