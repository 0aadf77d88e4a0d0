#include "core/text/vocabulary.h"

#include "core/base/error.h"
#include "core/text/characters.h"

#include <queue>

namespace studio::text {

namespace {

// Prompts repeat their words; a memo of short ones makes most words one look-up.
constexpr std::size_t kMostRemembered = 20000;
constexpr std::size_t kLongestRemembered = 64;

constexpr int kMostTokens = 1 << 20;

bool isPrintable(unsigned byte)
{
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
}

/// The others are numbered upwards from U+0100.
std::array<char32_t, 256> makeByteCharacters()
{
    std::array<char32_t, 256> characters{};
    char32_t next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte)
        characters[byte] = isPrintable(byte) ? byte : next++;
    return characters;
}

/// A symbol of the word being merged: a doubly linked list in an array.
struct Symbol {
    int id;
    int previous;
    int next;
    bool alive = true;
};

struct Candidate {
    int rank;
    int position;
    int id;

    /// The lowest rank, then the leftmost, comes first out of a priority queue.
    bool operator<(const Candidate& other) const
    {
        return rank != other.rank ? rank > other.rank : position > other.position;
    }
};

} // namespace

char32_t byteCharacter(unsigned char byte)
{
    static const std::array<char32_t, 256> kCharacters = makeByteCharacters();
    return kCharacters[byte];
}

Vocabulary::Vocabulary(
    std::vector<Token> tokens, const std::vector<Merge>& merges, const std::filesystem::path& origin)
    : m_tokens(std::move(tokens))
{
    m_ids = TokenTable(m_tokens.size());
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        const auto& [token, id] = m_tokens[i];
        if (id < 0 || id >= kMostTokens) {
            throw Error(ErrorKind::FileCorrupt,
                "The vocabulary " + origin.string() + " numbers a token " + std::to_string(id)
                    + "; download the model's folder again.");
        }
        m_ids.insert(token, id);
        if (m_byId.size() <= static_cast<std::size_t>(id))
            m_byId.resize(static_cast<std::size_t>(id) + 1);
        m_byId[static_cast<std::size_t>(id)] = static_cast<std::uint32_t>(i + 1);
    }
    for (unsigned byte = 0; byte < 256; ++byte) {
        const char32_t character = byteCharacter(static_cast<unsigned char>(byte));
        const std::string written = encodeUtf8({&character, 1});
        m_byteIds[byte] = idOf(written);
        m_lastByteIds[byte] = idOf(written + std::string(kWordEnd));
        m_bytesOfCharacters[character] = static_cast<unsigned char>(byte);
    }
    addMerges(merges, origin);
}

void Vocabulary::addMerges(const std::vector<Merge>& merges, const std::filesystem::path& origin)
{
    m_merges = MergeTable(merges.size());
    int rank = 0;
    std::string whole;
    for (const auto& [left, right] : merges) {
        whole = left;
        whole += right;
        const int leftId = idOf(left);
        const int rightId = idOf(right);
        const int id = idOf(whole);
        if (leftId < 0 || rightId < 0 || id < 0) {
            throw Error(ErrorKind::FileCorrupt,
                "The merges " + origin.string() + " join two tokens that the vocabulary lacks (line "
                    + std::to_string(rank + 1) + "); download the model's folder again.");
        }
        m_merges.insert(leftId, rightId, {rank++, id});
    }
}

int Vocabulary::idOf(std::string_view token) const
{
    return m_ids.find(token);
}

std::string_view Vocabulary::tokenOf(int id) const
{
    if (id < 0 || static_cast<std::size_t>(id) >= m_byId.size() || m_byId[static_cast<std::size_t>(id)] == 0)
        return {};
    return m_tokens[m_byId[static_cast<std::size_t>(id)] - 1].first;
}

void Vocabulary::encodeWord(std::string_view word, int unknown, std::vector<int>& ids) const
{
    if (word.size() > kLongestRemembered) {
        const std::vector<int> found = pieces(word, unknown);
        ids.insert(ids.end(), found.begin(), found.end());
        return;
    }
    const std::lock_guard lock(m_memoMutex);
    if (m_memo.size() >= kMostRemembered)
        m_memo.clear();
    const auto [entry, isNew] = m_memo.try_emplace(std::string(word));
    if (isNew)
        entry->second = pieces(word, unknown);
    ids.insert(ids.end(), entry->second.begin(), entry->second.end());
}

/// Merging begins with single bytes; the last carries the end of the word.
std::vector<int> Vocabulary::pieces(std::string_view word, int unknown) const
{
    std::vector<int> ids;
    ids.reserve(word.size());
    for (std::size_t i = 0; i < word.size(); ++i) {
        const auto byte = static_cast<unsigned char>(word[i]);
        const int id = i + 1 < word.size() ? m_byteIds[byte] : m_lastByteIds[byte];
        ids.push_back(id < 0 ? unknown : id);
    }
    mergeAll(ids);
    return ids;
}

void Vocabulary::mergeAll(std::vector<int>& ids) const
{
    const int count = static_cast<int>(ids.size());
    std::vector<Symbol> symbols;
    symbols.reserve(ids.size());
    for (int i = 0; i < count; ++i)
        symbols.push_back({ids[static_cast<std::size_t>(i)], i - 1, i + 1 < count ? i + 1 : -1});
    const auto at = [&](int index) -> Symbol& { return symbols[static_cast<std::size_t>(index)]; };

    std::priority_queue<Candidate> queue;
    const auto consider = [&](int left) {
        if (left < 0 || at(left).next < 0)
            return;
        if (const Merged* found = m_merges.find(at(left).id, at(at(left).next).id))
            queue.push({found->rank, left, found->id});
    };
    for (int i = 0; i + 1 < count; ++i)
        consider(i);

    while (!queue.empty()) {
        const Candidate best = queue.top();
        queue.pop();
        Symbol& left = at(best.position);
        if (!left.alive || left.next < 0)
            continue;
        Symbol& right = at(left.next);
        const Merged* found = m_merges.find(left.id, right.id);
        if (!found || found->id != best.id)
            continue; // one of the two has been merged otherwise meanwhile
        left.id = best.id;
        right.alive = false;
        left.next = right.next;
        if (left.next >= 0)
            at(left.next).previous = best.position;
        consider(left.previous);
        consider(best.position);
    }

    ids.clear();
    for (const Symbol& symbol : symbols) {
        if (symbol.alive)
            ids.push_back(symbol.id);
    }
}

std::string Vocabulary::bytesOf(std::string_view token) const
{
    const bool endsWord = token.size() > kWordEnd.size() && token.ends_with(kWordEnd);
    std::string bytes;
    for (const char32_t character :
        decodeUtf8(endsWord ? token.substr(0, token.size() - kWordEnd.size()) : token)) {
        const auto found = m_bytesOfCharacters.find(character);
        if (found != m_bytesOfCharacters.end())
            bytes.push_back(static_cast<char>(found->second));
    }
    if (endsWord)
        bytes.push_back(' ');
    return bytes;
}

} // namespace studio::text
