#pragma once

#include <span>

namespace studio::text {

/// Code points first..last, both included.
struct CodePointRange {
    char32_t first;
    char32_t last;
};

struct CaseShift {
    char32_t first;
    char32_t last;
    int distance; ///< to the lower-case letter
};

/// Where the reference tokenizer's Unicode differs from that of utf8proc 2.8 or newer; made by
/// tests/oracle/text/make_character_exceptions.py. All are sorted.
std::span<const CodePointRange> lettersOfUnicode16();
std::span<const CodePointRange> numbersOfUnicode16();
std::span<const CodePointRange> assignedAfterUnicode16(); ///< letters and numbers to newer libraries only
std::span<const CodePointRange> inertInUnicode9();        ///< normalization leaves them where they stand
std::span<const CaseShift> lowerCaseOfUnicode17();

} // namespace studio::text
