#pragma once

#include "core/takes/take_index.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace studio {

class Error;

/// The takes of a store's folder, as its index has them after a look at the folders. An index that fails is made
/// again; one that cannot be written (a full disk, a folder of somebody else's) is kept in memory. For one thread at
/// a time.
class FolderList {
public:
    /// Tidies up what killed programs left, if nobody is making a take right now.
    explicit FolderList(std::filesystem::path store);

    std::vector<TakeSummary> list(const TakeQuery& query); ///< newest first
    std::vector<TakeSummary> all();                        ///< oldest first

    /// After the folder of a take appeared, changed, moved or went away.
    void refresh(const std::string& id);

    /// Answers how many takes there are.
    int rebuild();

private:
    void openIndex();
    void keepIndexInMemory(const Error& why);
    void tidyUp() const;
    void lookAtFolders();
    void lookAt(const std::filesystem::path& folder, bool trashed);
    template <class Work> auto withIndex(Work&& work);
    std::vector<TakeSummary> withPaths(std::vector<TakeSummary> takes) const;

    std::filesystem::path m_store;
    std::unique_ptr<TakeIndex> m_index;
};

} // namespace studio
