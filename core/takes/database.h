#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace studio {

/// A prepared statement of SQLite. Parameters and columns count from 0. All functions throw Error (Internal, and
/// DiskFull).
class Statement {
public:
    Statement(sqlite3* database, const char* sql);

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, const std::string& value);

    /// True while there is a row.
    bool step();
    void run();
    void reset();

    std::int64_t number(int column) const;
    std::string text(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

/// A database of SQLite: a file, or ":memory:". Waits for other programs. Used under its owner's lock.
class Database {
public:
    explicit Database(const std::filesystem::path& file);

    void execute(const char* sql);
    /// Ends a transaction, if one is open: after some errors, a full disk among them, SQLite has ended it already.
    void rollBack() noexcept;
    Statement prepare(const char* sql) { return Statement(m_database.get(), sql); }

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    std::unique_ptr<sqlite3, Close> m_database;
};

} // namespace studio
