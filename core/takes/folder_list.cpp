#include "core/takes/folder_list.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/takes/file_lock.h"
#include "core/takes/store_layout.h"
#include "core/takes/take_files.h"

#include <set>
#include <utility>

namespace studio {

namespace {

namespace fs = std::filesystem;

/// A folder's time of change: of its entries, since files in it appear by a rename.
std::int64_t stampOf(const fs::path& folder)
{
    return static_cast<std::int64_t>(fs::last_write_time(folder).time_since_epoch().count());
}

/// A take that cannot be brought into today's form (a folder that may only be read) is listed as it is.
void upgrade(const fs::path& folder)
{
    try {
        upgradeTake(folder);
    } catch (const fs::filesystem_error& error) {
        logWarning(std::string("A take of an older version stays as it is: ") + error.what() + ".");
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
    m_index.reset();
    const fs::path file = m_store / kIndexFile;
    for (int attempt = 0; attempt < 2 && !m_index; ++attempt) {
        try {
            m_index = std::make_unique<TakeIndex>(file);
        } catch (const Error& error) {
            logWarning(std::string(error.what()) + " It is made again from the folders.");
            removeIndexFiles(file);
        }
    }
    if (!m_index)
        m_index = std::make_unique<TakeIndex>(":memory:");
}

template <class Work> auto FolderList::withIndex(Work&& work)
{
    for (int attempt = 0; attempt < 2; ++attempt) {
        try {
            lookAtFolders();
            return work();
        } catch (const Error& error) {
            logWarning(std::string(error.what()) + " It is made again from the folders.");
            m_index.reset();
            if (attempt == 0)
                removeIndexFiles(m_store / kIndexFile);
            if (attempt == 0)
                openIndex();
        }
    }
    m_index = std::make_unique<TakeIndex>(":memory:");
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
    const std::string id = folder.filename().string();
    // Read before the files: what changes meanwhile is seen next time.
    const Outcome<std::pair<TakeSummary, std::int64_t>> found = settle([&] {
        upgrade(folder);
        const std::int64_t stamp = stampOf(folder);
        return std::pair(readTake(folder, trashed).summary, stamp);
    });
    if (const Failure* failure = failureOf(found)) {
        logWarning("The take in " + folder.string() + " is left out of the list: " + failure->detail);
        return m_index->remove(id);
    }
    auto [summary, stamp] = std::get<0>(found);
    if (summary.state != TakeState::Running)
        removeLeftovers(folder);
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
                || row->second.stamp != stampOf(entry.path()))
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
