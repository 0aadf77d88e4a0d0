#include "core/takes/take_index.h"

#include "core/text/characters.h"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace studio {

namespace {

/// Any change of the table's columns makes it another version; older files are made again from the folders.
constexpr std::int64_t kVersion = 3;

constexpr const char* kTable = R"(
CREATE TABLE takes (
    id TEXT PRIMARY KEY, created INTEGER, state INTEGER, starred INTEGER, trashed INTEGER, first_pass INTEGER,
    mode INTEGER, seed TEXT, prompt TEXT, negative_prompt TEXT, model TEXT, width INTEGER, height INTEGER,
    picture TEXT, layers INTEGER, bytes INTEGER, finished_runs INTEGER,
    damage TEXT, words TEXT, stamp INTEGER) WITHOUT ROWID;
CREATE INDEX by_time ON takes (trashed, created);
PRAGMA user_version = 3;
)";

constexpr const char* kColumns
    = "id, created, state, starred, trashed, first_pass, mode, seed, prompt, negative_prompt, model, width, "
      "height, picture, layers, bytes, finished_runs, damage";

constexpr const char* kWord = " AND instr(words, ?) > 0";
/// Days are those of the clock where the program runs, as they are shown.
constexpr const char* kWordOrDay = " AND (instr(words, ?) > 0 OR instr(strftime('%Y-%m-%d', created / 1000, "
                                   "'unixepoch', 'localtime'), ?) = 1)";

/// "2026-11" or "2026-11-23".
bool isDate(const std::string& word)
{
    constexpr std::string_view kForm = "0000-00-00";
    return (word.size() == 7 || word.size() == 10)
        && std::equal(word.begin(), word.end(), kForm.begin(),
            [](char c, char form) { return form == '0' ? c >= '0' && c <= '9' : c == form; });
}

std::string lowered(const std::string& text)
{
    return text::encodeUtf8(text::lowerCase(text::decodeUtf8(text)));
}

/// Everything a search looks at, a line each, in small letters.
std::string wordsOf(const TakeSummary& take)
{
    if (take.state == TakeState::Damaged)
        return take.id + '\n' + takeStateId(take.state);
    return lowered(take.prompt + '\n' + take.negativePrompt + '\n' + take.model + '\n' + modeId(take.mode)
        + '\n' + std::to_string(take.seed));
}

TakeSummary summaryFrom(const Statement& row)
{
    TakeSummary take;
    take.id = row.text(0);
    take.created = row.number(1);
    take.state = static_cast<TakeState>(row.number(2));
    take.starred = row.number(3) != 0;
    take.trashed = row.number(4) != 0;
    take.hasFirstPass = row.number(5) != 0;
    take.mode = static_cast<Mode>(row.number(6));
    take.seed = std::stoull(row.text(7)); // SQLite's own numbers are signed
    take.prompt = row.text(8);
    take.negativePrompt = row.text(9);
    take.model = row.text(10);
    take.size = {static_cast<int>(row.number(11)), static_cast<int>(row.number(12))};
    take.picture = row.text(13);
    take.layers = static_cast<int>(row.number(14));
    take.bytes = row.number(15);
    take.finishedRuns = static_cast<int>(row.number(16));
    take.damage = row.text(17);
    return take;
}

std::vector<TakeSummary> rowsOf(Statement statement)
{
    std::vector<TakeSummary> takes;
    while (statement.step())
        takes.push_back(summaryFrom(statement));
    return takes;
}

} // namespace

TakeIndex::TakeIndex(const std::filesystem::path& file)
    : m_database(file)
{
    // What a loss of power might take from the index, the folders give back.
    m_database.execute("PRAGMA synchronous = NORMAL");
    prepareTables();
}

void TakeIndex::prepareTables()
{
    together([this] {
        Statement version = m_database.prepare("PRAGMA user_version");
        const bool hasRow = version.step();
        const std::int64_t found = hasRow ? version.number(0) : 0;
        version.reset();
        if (found == kVersion)
            return;
        m_database.execute("DROP TABLE IF EXISTS takes");
        m_database.execute(kTable);
    });
}

std::map<std::string, TakeIndex::Seen> TakeIndex::seen()
{
    std::map<std::string, Seen> all;
    Statement rows = m_database.prepare("SELECT id, stamp, trashed, state, damage <> '' FROM takes");
    while (rows.step())
        all[rows.text(0)] = {rows.number(1), rows.number(2) != 0,
            static_cast<TakeState>(rows.number(3)) == TakeState::Running, rows.number(4) != 0};
    return all;
}

void TakeIndex::put(const TakeSummary& take, std::int64_t stamp)
{
    const std::string sql = std::string("INSERT OR REPLACE INTO takes (") + kColumns
        + ", words, stamp) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    Statement row = m_database.prepare(sql.c_str());
    row.bind(0, take.id).bind(1, take.created).bind(2, static_cast<std::int64_t>(take.state));
    row.bind(3, std::int64_t{take.starred}).bind(4, std::int64_t{take.trashed});
    row.bind(5, std::int64_t{take.hasFirstPass}).bind(6, static_cast<std::int64_t>(take.mode));
    row.bind(7, std::to_string(take.seed)).bind(8, take.prompt).bind(9, take.negativePrompt);
    row.bind(10, take.model).bind(11, std::int64_t{take.size.width}).bind(12, std::int64_t{take.size.height});
    row.bind(13, take.picture.string()).bind(14, std::int64_t{take.layers}).bind(15, take.bytes);
    row.bind(16, std::int64_t{take.finishedRuns}).bind(17, take.damage);
    row.bind(18, wordsOf(take)).bind(19, stamp);
    row.run();
}

void TakeIndex::remove(const std::string& id)
{
    m_database.prepare("DELETE FROM takes WHERE id = ?").bind(0, id).run();
}

std::vector<TakeSummary> TakeIndex::list(const TakeQuery& query)
{
    std::string sql = std::string("SELECT ") + kColumns + " FROM takes WHERE trashed = ?";
    if (query.starredOnly)
        sql += " AND starred = 1";
    std::vector<std::string> words;
    std::istringstream in(lowered(query.text));
    for (std::string word; in >> word;) {
        words.push_back(word);
        sql += isDate(word) ? kWordOrDay : kWord;
    }
    sql += " ORDER BY created DESC, id DESC";
    Statement rows = m_database.prepare(sql.c_str());
    rows.bind(0, std::int64_t{query.trashed});
    int place = 1;
    for (const std::string& word : words) {
        rows.bind(place++, word);
        if (isDate(word))
            rows.bind(place++, word);
    }
    return rowsOf(std::move(rows));
}

std::vector<TakeSummary> TakeIndex::all()
{
    const std::string sql = std::string("SELECT ") + kColumns + " FROM takes ORDER BY created, id";
    return rowsOf(m_database.prepare(sql.c_str()));
}

std::int64_t TakeIndex::count()
{
    Statement row = m_database.prepare("SELECT count(*) FROM takes");
    return row.step() ? row.number(0) : 0;
}

std::int64_t TakeIndex::bytes()
{
    Statement row = m_database.prepare("SELECT total(bytes) FROM takes");
    return row.step() ? row.number(0) : 0;
}

} // namespace studio
