#pragma once

#include "core/text/token_tables.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace studio::text {

/// A byte-level BPE vocabulary with CLIP's end-of-word marks: tokens, their numbers, and the merges in their order
/// (Sennrich et al. 2016; bytes as in GPT-2, Radford et al. 2019).
/// Threads: encodeWord may be called from several at once.
class Vocabulary {
public:
    using Token = std::pair<std::string, int>;
    /// Left and right half; earlier pairs merge first.
    using Merge = std::pair<std::string_view, std::string_view>;

    /// CLIP's own merges as OpenAI publish them (bpe_simple_vocab_16e6.txt); the tokens and their numbers follow from
    /// the list: 256 bytes, the same ending a word, 48894 merges, two special tokens.
    /// Throws Error: FileMissing; FileCorrupt if the file holds anything else.
    static std::shared_ptr<const Vocabulary> fromMerges(const std::filesystem::path& path);

    /// vocab.json and merges.txt of a diffusers folder. Throws Error as above.
    static std::shared_ptr<const Vocabulary> fromFiles(
        const std::filesystem::path& tokens, const std::filesystem::path& merges);

    /// Throws Error FileCorrupt if a merge names a token that does not exist. `origin` is named in the message.
    Vocabulary(
        std::vector<Token> tokens, const std::vector<Merge>& merges, const std::filesystem::path& origin);

    /// -1 if there is none.
    int idOf(std::string_view token) const;
    /// Empty if there is none.
    std::string_view tokenOf(int id) const;
    int size() const { return static_cast<int>(m_tokens.size()); }

    /// Appends the tokens of one word, given as the bytes of its UTF-8. A byte without a token becomes `unknown`.
    /// O(n log n) in the word's length.
    void encodeWord(std::string_view word, int unknown, std::vector<int>& ids) const;

    /// The bytes a token stands for; a space for the end of a word. Special tokens come back as they are written.
    std::string bytesOf(std::string_view token) const;

private:
    void addMerges(const std::vector<Merge>& merges, const std::filesystem::path& origin);
    std::vector<int> pieces(std::string_view word, int unknown) const;
    void mergeAll(std::vector<int>& ids) const;

    std::vector<Token> m_tokens;
    TokenTable m_ids;                  // its texts live in m_tokens
    std::vector<std::uint32_t> m_byId; // index into m_tokens + 1; 0: none
    MergeTable m_merges;
    std::array<int, 256> m_byteIds{};     // of a byte inside a word; -1: none
    std::array<int, 256> m_lastByteIds{}; // of a byte that ends one
    std::unordered_map<char32_t, unsigned char> m_bytesOfCharacters;

    mutable std::mutex m_memoMutex;
    mutable std::unordered_map<std::string, std::vector<int>> m_memo;
};

/// The printable character that stands for a byte in a byte-level vocabulary (GPT-2's table).
char32_t byteCharacter(unsigned char byte);

inline constexpr std::string_view kWordEnd = "</w>";
inline constexpr std::string_view kStartOfText = "<|startoftext|>";
inline constexpr std::string_view kEndOfText = "<|endoftext|>";

} // namespace studio::text
