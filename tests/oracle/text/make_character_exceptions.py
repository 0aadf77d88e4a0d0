"""Where the reference tokenizer's view of Unicode differs from utf8proc's, as C++ tables on standard output.

The reference (the `tokenizers` package) normalises by Unicode 9, tells letters and numbers by Unicode 16 and folds case
by Unicode 17. utf8proc 2.8 (Unicode 15) is the oldest the program builds with; newer ones must give the same answers, so
code points assigned later are listed too.

    python make_unicode_exceptions.py        # needs tokenizers, unicodedata2 and utf8proc 2.8's shared library
"""
import ctypes

import unicodedata2
from tokenizers import Regex, normalizers, pre_tokenizers

UTF8PROC = ctypes.CDLL("libutf8proc.so.2")
UTF8PROC.utf8proc_category_string.restype = ctypes.c_char_p
UTF8PROC.utf8proc_unicode_version.restype = ctypes.c_char_p
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
NFC = normalizers.NFC()


def matched_by(pattern):
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    found = set()
    for start in range(0, len(CODE_POINTS), 4096):
        for text, _ in split.pre_tokenize_str("".join(map(chr, CODE_POINTS[start : start + 4096]))):
            found.update(map(ord, text))
    return found


def in_utf8proc(major):
    return {c for c in CODE_POINTS if UTF8PROC.utf8proc_category_string(c).decode().startswith(major)}


def in_newest(major):
    return {c for c in CODE_POINTS if unicodedata2.category(chr(c)).startswith(major)}


def inert():
    """Marks and halves of pairs that the reference leaves where they stand."""
    found = set()
    for c in CODE_POINTS:
        mark = chr(c)
        if unicodedata2.combining(mark):
            moved = NFC.normalize_str("q" + mark + "\u0334") != "q" + mark + "\u0334"
            moved |= NFC.normalize_str("q\u0345" + mark) != "q\u0345" + mark
            if not moved:
                found.add(c)
        parts = unicodedata2.decomposition(mark).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            pair = "".join(chr(int(part, 16)) for part in parts)
            if unicodedata2.normalize("NFC", pair) == mark and NFC.normalize_str(pair) != mark:
                found.update({c, ord(pair[0])})
    return found


def lowered():
    """(first, last, distance) of runs that the reference folds and utf8proc does not."""
    lower = normalizers.Lowercase()
    runs = []
    for c in CODE_POINTS:
        text = lower.normalize_str(chr(c))
        if len(text) > 1 or ord(text) == UTF8PROC.utf8proc_tolower(c):
            continue
        distance = ord(text) - c
        if runs and runs[-1][1] == c - 1 and runs[-1][2] == distance:
            runs[-1][1] = c
        else:
            runs.append([c, c, distance])
    return runs


def ranges(code_points):
    runs = []
    for c in sorted(code_points):
        if runs and c == runs[-1][1] + 1:
            runs[-1][1] = c
        else:
            runs.append([c, c])
    return runs


def table(kind, name, rows):
    print(f"constexpr {kind} {name}[] = {{")
    line = "   "
    for row in rows:
        cell = " {" + ", ".join(f"0x{v:04X}" if i < 2 else str(v) for i, v in enumerate(row)) + "},"
        if len(line) + len(cell) > 110:
            print(line)
            line = "   "
        line += cell
    print(line + "\n};\n")


def main():
    print(f"// utf8proc's Unicode {UTF8PROC.utf8proc_unicode_version().decode()}, "
          f"newest {unicodedata2.unidata_version}\n")
    letters, numbers = matched_by(r"\p{L}"), matched_by(r"\p{N}")
    table("CodePointRange", "kMoreLetters", ranges(letters - in_utf8proc("L")))
    table("CodePointRange", "kMoreNumbers", ranges(numbers - in_utf8proc("N")))
    later = (in_newest("L") - letters) | (in_newest("N") - numbers)
    table("CodePointRange", "kNotYetAssigned", ranges(later))
    table("CodePointRange", "kInert", ranges(inert()))
    table("CaseShift", "kMoreLowerCase", lowered())


if __name__ == "__main__":
    main()
