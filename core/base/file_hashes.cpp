#include "core/base/file_hashes.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/base/replace_file.h"
#include "core/base/sha256.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace studio {

namespace fs = std::filesystem;

namespace {

constexpr int kVersion = 1;

} // namespace

FileHashes::FileHashes(const fs::path& folder)
    : m_file(folder.empty() ? folder : folder / "hashes.json")
{
    load();
}

std::string FileHashes::of(const fs::path& file, const std::function<void()>& checkpoint)
{
    std::error_code error;
    const fs::path whole = fs::absolute(file, error);
    const std::uintmax_t bytes = error ? 0 : fs::file_size(whole, error);
    const auto changed = error ? fs::file_time_type() : fs::last_write_time(whole, error);
    if (error)
        throw Error(ErrorKind::FileMissing,
            "The file " + file.string() + " cannot be read: " + error.message() + ".");
    const std::int64_t ticks = changed.time_since_epoch().count();
    {
        const std::lock_guard lock(m_lock);
        const auto known = m_entries.find(whole.string());
        if (known != m_entries.end() && known->second.bytes == bytes && known->second.changed == ticks)
            return known->second.hash;
    }
    logInfo("Reading " + whole.filename().string() + " once, for the hash that pictures name it by.");
    std::string hash = sha256OfFile(whole, checkpoint);
    const std::lock_guard lock(m_lock);
    m_entries[whole.string()] = {bytes, ticks, hash};
    save();
    return hash;
}

void FileHashes::load()
{
    std::ifstream in(m_file);
    if (m_file.empty() || !in)
        return;
    try {
        const nlohmann::json root = nlohmann::json::parse(in);
        if (root.at("version") != kVersion)
            return;
        for (const auto& row : root.at("files"))
            m_entries[row.at("path")] = {row.at("bytes"), row.at("changed"), row.at("sha256")};
    } catch (const nlohmann::json::exception& error) {
        logWarning("Hashes of checkpoints are computed again: " + m_file.string() + " cannot be read ("
            + error.what() + ").");
        m_entries.clear();
    }
}

void FileHashes::save() const
{
    if (m_file.empty())
        return;
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& [path, entry] : m_entries)
        rows.push_back(
            {{"path", path}, {"bytes", entry.bytes}, {"changed", entry.changed}, {"sha256", entry.hash}});
    try {
        fs::create_directories(m_file.parent_path());
        replaceFile(m_file, nlohmann::json{{"version", kVersion}, {"files", rows}}.dump(1) + '\n');
    } catch (const std::exception& error) { // it is computed again the next time
        logWarning(std::string("A checkpoint's hash was not kept: ") + error.what());
    }
}

} // namespace studio
