#include "core/takes/folder_list.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/takes/file_lock.h"
#include "core/takes/store_layout.h"
#include "core/takes/take_files.h"
#include "core/takes/take_reader.h"

#include <set>
#include <utility>

namespace studio {

namespace {

namespace fs = std::filesystem;

std::int64_t changeOf(const fs::path& path)
{
    std::error_code gone;
    return static_cast<std::int64_t>(fs::last_write_time(path, gone).time_since_epoch().count());
}

/// What changes with a take's folder: its time, since files in it appear by a rename. A damaged take may be mended by
/// hand, which shows in the time of whatever file it was.
std::int64_t stampOf(const fs::path& folder, bool damaged)
{
    auto sum = static_cast<std::uint64_t>(changeOf(folder));
    std::error_code gone;
    if (damaged)
        for (const auto& entry : fs::recursive_directory_iterator(folder, gone))
            sum = sum * 31 + static_cast<std::uint64_t>(changeOf(entry.path()));
    return static_cast<std::int64_t>(sum);
}

/// A take that cannot be brought into today's form (a folder that may only be read) is listed as it is.
void upgrade(const fs::path& folder)
{
    try {
        upgradeTake(folder);
    } catch (const fs::filesystem_error& error) {
        logWarning(std::string("A take of an older version stays as it is: ") + error.what() + ".");
    } catch (const Error&) {
        return; // it is damaged, or of a newer version: who reads it says so
    }
}

void removeIndexFiles(const fs::path& index)
{
    std::error_code ignored;
    for (const char* ending : {"", "-journal", "-wal", "-shm"})
        fs::remove(index.string() + ending, ignored);
}

} // namespace

FolderList::FolderList(fs::path store)
    : m_store(std::move(store))
{
    tidyUp();
    openIndex();
}

void FolderList::openIndex()
{
    const fs::path file = m_store / kIndexFile;
    m_index.reset();
    try {
        m_index = std::make_unique<TakeIndex>(file);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::DiskFull)
            return keepIndexInMemory(error);
        logWarning(std::string(error.what()) + " It is made again from the folders.");
        removeIndexFiles(file);
        try {
            m_index = std::make_unique<TakeIndex>(file);
        } catch (const Error& again) {
            keepIndexInMemory(again);
        }
    }
}

void FolderList::keepIndexInMemory(const Error& why)
{
    logWarning(std::string(why.what()) + " Until the program ends, it is kept in memory.");
    m_index = std::make_unique<TakeIndex>(":memory:");
}

template <class Work> auto FolderList::withIndex(Work&& work)
{
    for (const bool isFirst : {true, false}) {
        try {
            lookAtFolders();
            return work();
        } catch (const Error& error) {
            if (!isFirst || error.kind() == ErrorKind::DiskFull) {
                keepIndexInMemory(error);
                break;
            }
            logWarning(std::string(error.what()) + " It is made again from the folders.");
            m_index.reset();
            removeIndexFiles(m_store / kIndexFile);
            openIndex();
        }
    }
    lookAtFolders();
    return work();
}

void FolderList::tidyUp() const
{
    const auto lock = FileLock::tryTake(m_store / kStoreLockFile, FileLock::Kind::Exclusive);
    if (!lock)
        return;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(m_store, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(kNewPrefix) || name.starts_with(kGonePrefix))
            fs::remove_all(entry.path(), ignored);
    }
}

void FolderList::lookAt(const fs::path& folder, bool trashed)
{
    upgrade(folder);
    // Before the files are read: what changes meanwhile is seen next time.
    std::int64_t stamp = stampOf(folder, false);
    const std::int64_t damagedStamp = stampOf(folder, true);
    const Outcome<TakeSummary> found = settle([&] { return readSummary(folder, trashed); });
    if (const Failure* failure = failureOf(found)) {
        logWarning("The take in " + folder.string() + " is left out of the list: " + failure->detail);
        return m_index->remove(folder.filename().string());
    }
    TakeSummary summary = std::get<TakeSummary>(found);
    if (!summary.damage.empty())
        stamp = damagedStamp;
    else if (summary.state != TakeState::Running && !removeLeftovers(m_store, folder))
        stamp = 0; // somebody is at work: they are looked for again
    if (!summary.picture.empty())
        summary.picture = summary.picture.lexically_relative(folder);
    m_index->put(summary, stamp);
}

void FolderList::lookAtFolders()
{
    const auto known = m_index->seen();
    std::set<std::string> there;
    std::vector<std::pair<fs::path, bool>> changed;
    for (const bool trashed : {false, true}) {
        std::error_code none;
        for (const auto& entry : fs::directory_iterator(trashed ? m_store / kTrashFolder : m_store, none)) {
            const std::string id = entry.path().filename().string();
            if (!isTakeId(id) || !entry.is_directory(none))
                continue;
            there.insert(id);
            const auto row = known.find(id);
            if (row == known.end() || row->second.running || row->second.trashed != trashed
                || row->second.stamp != stampOf(entry.path(), row->second.damaged))
                changed.emplace_back(entry.path(), trashed);
        }
    }
    std::vector<std::string> gone;
    for (const auto& [id, row] : known)
        if (!there.contains(id))
            gone.push_back(id);
    if (changed.empty() && gone.empty())
        return;
    m_index->together([&] {
        for (const auto& [folder, trashed] : changed)
            lookAt(folder, trashed);
        for (const std::string& id : gone)
            m_index->remove(id);
    });
}

void FolderList::refresh(const std::string& id)
{
    // By name, not by its time of change: two changes may lie within one tick of the file system's clock.
    withIndex([&] {
        for (const bool trashed : {false, true}) {
            const fs::path folder = (trashed ? m_store / kTrashFolder : m_store) / id;
            if (fs::exists(folder))
                m_index->together([&] { lookAt(folder, trashed); });
        }
        return true;
    });
}

std::vector<TakeSummary> FolderList::withPaths(std::vector<TakeSummary> takes) const
{
    for (TakeSummary& take : takes)
        if (!take.picture.empty())
            take.picture = (take.trashed ? m_store / kTrashFolder : m_store) / take.id / take.picture;
    return takes;
}

std::vector<TakeSummary> FolderList::list(const TakeQuery& query)
{
    return withPaths(withIndex([&] { return m_index->list(query); }));
}

std::vector<TakeSummary> FolderList::all()
{
    return withPaths(withIndex([&] { return m_index->all(); }));
}

int FolderList::rebuild()
{
    m_index.reset();
    removeIndexFiles(m_store / kIndexFile);
    openIndex();
    return withIndex([&] { return static_cast<int>(m_index->count()); });
}

} // namespace studio
