#include "core/takes/database.h"

#include "core/base/error.h"

#include <sqlite3.h>

namespace studio {

namespace {

constexpr int kPatience = 10'000; // milliseconds

[[noreturn]] void fail(sqlite3* database)
{
    const bool isFull = database && sqlite3_errcode(database) == SQLITE_FULL;
    throw Error(isFull ? ErrorKind::DiskFull : ErrorKind::Internal,
        std::string("The index of the takes failed: ") + (database ? sqlite3_errmsg(database) : "no memory")
            + ".");
}

} // namespace

Statement::Statement(sqlite3* database, const char* sql)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK)
        fail(database);
    m_statement.reset(statement);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

Statement& Statement::bind(int parameter, std::int64_t value)
{
    if (sqlite3_bind_int64(m_statement.get(), parameter + 1, value) != SQLITE_OK)
        fail(sqlite3_db_handle(m_statement.get()));
    return *this;
}

Statement& Statement::bind(int parameter, const std::string& value)
{
    const int size = static_cast<int>(value.size());
    // SQLite makes a copy of its own. (SQLITE_TRANSIENT is the same with an old-style cast.)
    const auto copies = reinterpret_cast<sqlite3_destructor_type>(std::intptr_t{-1});
    if (sqlite3_bind_text(m_statement.get(), parameter + 1, value.data(), size, copies) != SQLITE_OK)
        fail(sqlite3_db_handle(m_statement.get()));
    return *this;
}

bool Statement::step()
{
    const int result = sqlite3_step(m_statement.get());
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        fail(sqlite3_db_handle(m_statement.get()));
    return result == SQLITE_ROW;
}

void Statement::run()
{
    while (step()) { }
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
}

std::int64_t Statement::number(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::string Statement::text(int column) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return text ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

Database::Database(const std::filesystem::path& file)
{
    sqlite3* database = nullptr;
    const int result = sqlite3_open_v2(
        file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
    m_database.reset(database);
    if (result != SQLITE_OK)
        fail(database);
    sqlite3_busy_timeout(database, kPatience);
}

void Database::Close::operator()(sqlite3* database) const
{
    sqlite3_close_v2(database);
}

void Database::execute(const char* sql)
{
    if (sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        fail(m_database.get());
}

void Database::rollBack() noexcept
{
    if (sqlite3_get_autocommit(m_database.get()) == 0)
        sqlite3_exec(m_database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace studio
