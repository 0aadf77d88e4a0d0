#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

/// Two hash tables in flat memory (open addressing, at most half full): a vocabulary has some 50 000 rows of each, and
/// one allocation a row would take longer than all the rest of loading it.
namespace studio::text {

/// Token to number. The texts live elsewhere and must outlive the table.
class TokenTable {
public:
    TokenTable() = default;
    explicit TokenTable(std::size_t rows)
        : m_slots(std::bit_ceil(2 * rows + 1))
    { }

    /// The last number given to a text holds. No more calls than the rows announced.
    void insert(std::string_view token, int id)
    {
        Slot& slot = m_slots[slotOf(token)];
        slot = {token, id};
    }

    /// -1 if there is none.
    int find(std::string_view token) const { return m_slots.empty() ? -1 : m_slots[slotOf(token)].id; }

private:
    struct Slot {
        std::string_view token;
        int id = -1;
    };

    std::size_t slotOf(std::string_view token) const
    {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t at = std::hash<std::string_view>()(token) & mask;
        while (m_slots[at].id >= 0 && m_slots[at].token != token)
            at = (at + 1) & mask;
        return at;
    }

    std::vector<Slot> m_slots;
};

/// What two neighbours merge into, and how early.
struct Merged {
    int rank = -1;
    int id = -1;
};

/// Pair of numbers to their merge.
class MergeTable {
public:
    MergeTable() = default;
    explicit MergeTable(std::size_t rows)
        : m_slots(std::bit_ceil(2 * rows + 1))
    { }

    /// The last merge given to a pair holds. No more calls than the rows announced.
    void insert(int left, int right, Merged merged)
    {
        Slot& slot = m_slots[slotOf(keyOf(left, right))];
        slot = {keyOf(left, right), merged};
    }

    /// Null if the two do not merge.
    const Merged* find(int left, int right) const
    {
        if (m_slots.empty())
            return nullptr;
        const Slot& slot = m_slots[slotOf(keyOf(left, right))];
        return slot.merged.id >= 0 ? &slot.merged : nullptr;
    }

private:
    struct Slot {
        std::uint64_t key = 0;
        Merged merged;
    };

    static std::uint64_t keyOf(int left, int right)
    {
        return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32)
            | static_cast<std::uint32_t>(right);
    }

    std::size_t slotOf(std::uint64_t key) const
    {
        const std::size_t mask = m_slots.size() - 1;
        // Fibonacci hashing (Knuth, TAOCP 3, section 6.4): the high bits of the product are well mixed.
        std::size_t at = (key * 0x9E3779B97F4A7C15u) >> 32 & mask;
        while (m_slots[at].merged.id >= 0 && m_slots[at].key != key)
            at = (at + 1) & mask;
        return at;
    }

    std::vector<Slot> m_slots;
};

} // namespace studio::text
