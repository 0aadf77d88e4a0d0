#pragma once

#include "core/api/take_store.h"
#include "core/takes/database.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace studio {

/// The list of all takes in one SQLite file. It holds nothing that the folders do not say. Throws Error (Internal).
class TakeIndex {
public:
    /// A file of another version, or ":memory:", begins empty. A file that is no database is an Error.
    explicit TakeIndex(const std::filesystem::path& file);

    /// What is known of a folder: enough to see whether it changed since.
    struct Seen {
        std::int64_t stamp = 0;
        bool trashed = false;
        bool running = false;
        bool damaged = false; ///< a file of it could not be read
    };
    std::map<std::string, Seen> seen();

    /// `stamp`: what tells that the folder changed, from before `take` was read.
    void put(const TakeSummary& take, std::int64_t stamp);
    void remove(const std::string& id);

    std::vector<TakeSummary> list(const TakeQuery& query); ///< newest first
    std::vector<TakeSummary> all();                        ///< oldest first
    std::int64_t count();
    std::int64_t bytes();

    /// Many changes at once; all of them or none.
    template <class Work> void together(Work&& work)
    {
        m_database.execute("BEGIN IMMEDIATE");
        try {
            work();
            m_database.execute("COMMIT");
        } catch (...) {
            m_database.rollBack();
            throw;
        }
    }

private:
    void prepareTables();

    Database m_database;
};

} // namespace studio
