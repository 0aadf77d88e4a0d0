"""Texts and their tokens by transformers' CLIPTokenizerFast: corpus.qz, code_points.qz and the folder small/.

    python make_corpus.py        # needs transformers, and CLIP's vocabulary (../reference/vocabulary.py fetches it)

Three tokenizers: those of SDXL's folders ("first" pads with the end token, "second" with "!"), and "small", a folder
whose vocabulary lacks most bytes, so that the unknown token comes into play, with special tokens of other kinds.

corpus.qz: lines of JSON {"in": text or "hex": bytes, "first": ids, "second": ids, "small": ids}; "second" is left out
where it equals "first"; long lists are [count, CRC-32 of the ids as little-endian 32-bit words] under "crc" instead.
code_points.qz: every code point of Unicode, in rows of 256: the CRC-32 of the row's tokens in each of the settings that
`row_texts` describes, by "first". Both are zlib streams behind their size (32 bits, big-endian), as Qt reads them.
"""
import json
import random
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from transformers import CLIPTokenizerFast

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from reference import vocabulary  # noqa: E402

START, END = vocabulary.START, vocabulary.END
SEED = 20240229


def special(content, normalized=True):
    return {"content": content, "lstrip": False, "normalized": normalized, "rstrip": False, "single_word": False}


def write_folder(folder, entries, pairs, tokens, config=None):
    folder.mkdir(parents=True, exist_ok=True)
    rows = ",\n".join(f"{json.dumps(entry)}: {index}" for index, entry in enumerate(entries))
    (folder / "vocab.json").write_text("{\n" + rows + "\n}\n", encoding="utf-8")
    lines = ["#version: 0.2"] + [" ".join(pair) for pair in pairs]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "special_tokens_map.json").write_text(json.dumps(tokens, indent=2) + "\n")
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77} | (config or {})
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    return CLIPTokenizerFast.from_pretrained(folder)


def full_tokenizers(folder):
    pairs = vocabulary.merges()
    characters = vocabulary.byte_characters()
    entries = characters + [c + "</w>" for c in characters] + ["".join(pair) for pair in pairs] + [START, END]
    named = {"bos_token": special(START), "eos_token": special(END), "unk_token": END}
    first = write_folder(folder / "first", entries, pairs, named | {"pad_token": END})
    second = write_folder(folder / "second", entries, pairs, named | {"pad_token": "!"})
    return first, second


def small_tokenizer():
    """Letters and a little punctuation only. One special token is sought in the raw text, one lies beyond the
    vocabulary as learned concepts do, and a longer one begins like it."""
    characters = list("abcdefghijklmnopqrstuvwxyz',.!<|>")
    pairs = [("t", "h"), ("th", "e</w>"), ("c", "a"), ("ca", "t</w>"), ("i", "n"), ("in", "g</w>"), ("e", "r"),
             ("a", "a"), ("aa", "aa"), ("aa", "a</w>"), ("b", "a"), ("n", "a"), ("n", "a</w>"), ("ba", "na"), ("bana", "na</w>"),
             ("na", "na"), ("<", "|"), ("|", "></w>")]
    entries = characters + [c + "</w>" for c in characters] + ["".join(pair) for pair in pairs] + ["<unk>", START, END]
    decoder = {str(entries.index(START)): special(START) | {"special": True},
               str(entries.index(END)): special(END, False) | {"special": True},
               str(entries.index("<unk>")): special("<unk>", False) | {"special": True},
               str(len(entries)): special("<toy>", False) | {"special": False},
               str(len(entries) + 1): special("<Toy> Box", True) | {"special": False}}
    tokens = {"bos_token": START, "eos_token": END, "unk_token": "<unk>", "pad_token": END}
    config = tokens | {"added_tokens_decoder": decoder, "model_max_length": 77}
    return write_folder(HERE / "small", entries, pairs, tokens, config)


WORDS = """a an the of in with photo portrait castle cat banana naïve café Zürich über crème brûlée İstanbul STRASSE
groß ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ lighthouse 4k 8K HDR f/1.8 35mm 1girl best_quality masterpiece (masterpiece:1.2) [blurry]
<lora:detail:0.8> BREAK AND don't can't I'm we'll they've you're he'd it's o'clock rock'n'roll ’tis l’été 'sure 'd've
semi-realistic --ar 16:9 #art @artist $100 50% a/b C++ C# .NET u.s.a. etc... wait!!! what?! hm… “quotes” «angle» — –
東京 都市の夜景 猫 고양이 서울 Москва привет שלום مرحبا नमस्ते ไทย ελληνικά Ελλάς ﬁre ½ ² Ⅷ ① Å Å 가 각 각
👩‍🎨 🏳️‍🌈 👨‍👩‍👧‍👦 🇩🇪 👍🏽 😀 ☃ ✈️ ❤️ ♥ é é ñ ñ q̣̇ q̣̇ ǭ ạ̈̂ <|endoftext|> <|startoftext|> <|ENDOFTEXT|> <|StartOfText|>
<|endoftext <endoftext|> <unk> <toy> <Toy> <toy> box <TOY> BOX ! !! !? 's 'll 123 4567 ٣٤ ４２ Ⅻ ㊿""".split()

SPACES = [" ", " ", " ", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u2028", "\u0085", "\u200b", "", ", "]
BLOCKS = [(0x00, 0x7F), (0x80, 0x24F), (0x250, 0x36F), (0x370, 0x52F), (0x530, 0x6FF), (0x700, 0x8FF), (0x900, 0xDFF),
          (0xE00, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x1CFF), (0x1D00, 0x20CF), (0x20D0, 0x2BFF), (0x2C00, 0x30FF),
          (0x3100, 0x4DFF), (0x4E00, 0x9FFF), (0xA000, 0xABFF), (0xAC00, 0xD7FF), (0xE000, 0xFAFF), (0xFB00, 0xFFFF),
          (0x10000, 0x11FFF), (0x12000, 0x1CFFF), (0x1D000, 0x1EFFF), (0x1F000, 0x1FAFF), (0x20000, 0x323FF),
          (0xE0000, 0xE01EF), (0xF0000, 0x10FFFF)]
MARKS = [c for c in range(0x300, 0x370)] + [0x5B0, 0x5C1, 0x64B, 0x651, 0x93C, 0x94D, 0xE38, 0xF71, 0x1DCE, 0x20D2,
         0x302A, 0x3099, 0x309A, 0x1D165, 0x1D16D, 0x898, 0x1ABF, 0x1DF7, 0x10F46, 0x16FF0]


def character(dice):
    low, high = dice.choice(BLOCKS)
    return chr(dice.randint(low, high))


def prompt(dice):
    return "".join(dice.choice(WORDS) + dice.choice(SPACES) for _ in range(dice.randint(1, 14)))


def mixed(dice):
    return "".join(character(dice) for _ in range(dice.randint(1, 24)))


def one_block(dice):
    low, high = dice.choice(BLOCKS)
    return "".join(chr(dice.randint(low, high)) for _ in range(dice.randint(1, 24)))


def marked(dice):
    text = ""
    for _ in range(dice.randint(1, 6)):
        text += dice.choice("aeioqDsıſÅ가힣かקक") + "".join(chr(dice.choice(MARKS)) for _ in range(dice.randint(0, 5)))
    return text


def jamo(dice):
    ranges = [(0x1100, 0x1112), (0x1161, 0x1175), (0x11A7, 0x11C2), (0xAC00, 0xACFF)]
    return "".join(chr(dice.randint(*dice.choice(ranges))) for _ in range(dice.randint(1, 10)))


def endings(dice):
    parts = ["'", "s", "t", "re", "ve", "m", "ll", "d", "S", "'", "’", "!", "1", " ", "x", "<|", "|>", "endoftext"]
    return "".join(dice.choice(parts) for _ in range(dice.randint(1, 12)))


def specials(dice):
    parts = [START, END, END.upper(), "!", "<unk>", "<toy>", "<Toy> Box", "<toy>\tbox", "a", " ", "the", "\u0338", "<|"]
    return "".join(dice.choice(parts) for _ in range(dice.randint(1, 9)))


def cased(dice):
    return "".join(dice.choice([str.upper, str.lower, str.title, str.swapcase])(dice.choice(WORDS)) + dice.choice(SPACES)
                   for _ in range(dice.randint(1, 6)))


def faulty_bytes(dice):
    pieces = [b"cat", b"\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80",
              b"\x80", b" ", "é".encode(), "猫".encode(), "😀".encode(), b"\xe0\x80\x80", b"\x00"]
    return b"".join(dice.choice(pieces) for _ in range(dice.randint(1, 10)))


def long_texts(dice):
    yield "a" * 10000
    yield "banana" * 1700
    yield "".join(dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(10000))
    yield " ".join(dice.choice(WORDS) for _ in range(2000))[:10000]
    yield "猫" * 10000
    yield "!" * 10000
    yield "😀" * 2500
    yield "1" * 10000
    yield " " * 10000
    yield "e" + "\u0301\u0323" * 5000
    yield "".join(chr(dice.choice(MARKS)) for _ in range(3000))
    yield "'s" * 5000
    yield "<|" * 5000
    yield END * 700
    yield "\u0000" * 1000


def texts():
    dice = random.Random(SEED)
    yield from ["", " ", "\n", "\u0000", "\ufeff", "\ufffd", "a", "A", "!", END, START]
    yield from WORDS
    for make, count in [(prompt, 1500), (mixed, 900), (one_block, 900), (marked, 700), (jamo, 200), (endings, 500),
                        (specials, 500), (cased, 300), (faulty_bytes, 300)]:
        for _ in range(count):
            yield make(dice)
    yield from long_texts(dice)


def ids_of(tokenizer, text):
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def checksum(ids):
    return zlib.crc32(struct.pack(f"<{len(ids)}i", *ids))


def corpus_line(source, tokenizers):
    text = source.decode("utf-8", errors="replace") if isinstance(source, bytes) else source
    row = {"hex": source.hex()} if isinstance(source, bytes) else {"in": text}
    for name, tokenizer in tokenizers.items():
        ids = ids_of(tokenizer, text)
        row[name] = ids if len(ids) <= 300 else {"crc": [len(ids), checksum(ids)]}
    if row["second"] == row["first"]:
        del row["second"]
    return json.dumps(row, separators=(",", ":"))


def row_texts(row):
    """Every code point alone, in a word, before a mark that asks for its combining class, and after one."""
    characters = [chr(c) for c in range(row * 256, row * 256 + 256) if not 0xD800 <= c <= 0xDFFF]
    yield " ".join(characters)
    yield " ".join("q" + c + "q" for c in characters)
    yield " ".join("e" + c + "\u0334" for c in characters)
    yield " ".join("e\u0345" + c for c in characters)


def code_point_lines(tokenizer):
    for row in range(0x1100):
        yield " ".join(f"{checksum(ids_of(tokenizer, text)):08x}" for text in row_texts(row))


def write(name, lines):
    data = ("\n".join(lines) + "\n").encode()
    packed = struct.pack(">I", len(data)) + zlib.compress(data, 9)
    (HERE / name).write_bytes(packed)
    print(f"{name}: {len(data)} bytes, packed {len(packed)}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        first, second = full_tokenizers(Path(folder))
    tokenizers = {"first": first, "second": second, "small": small_tokenizer()}
    lines = [corpus_line(source, tokenizers) for source in texts()]
    print(len(lines), "texts")
    write("corpus.qz", lines)
    write("code_points.qz", code_point_lines(first))


if __name__ == "__main__":
    main()
