"""A byte-pair vocabulary in CLIP's form over the words of the captions.

All 256 bytes are present, so any text can be tokenised; every word of the captions (and some near them) is
one token. Order of ids as in CLIP: bytes, bytes that end a word, merges, start, end.
"""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import CLIPTokenizerFast

from scene import caption, draw_scene

LENGTH = 77
_START, _END = "<|startoftext|>", "<|endoftext|>"
_NEARBY = """
day daytime daylight sun sunny sunlight sunshine moonlight moonlit starlight star stars night nightfall
evening morning dawn dusk twilight sunset sunrise noon midday midnight dark bright light lights blue red
orange yellow purple pink green white black golden grey gray snow snowy ice icy frozen cold warm hot
winter summer spring autumn fall season mountain mountains peak peaks ridge cliff rock rocks rocky stone
hill hills valley plain field fields meadow grass grassland forest woods wood woodland jungle tree trees
pine pines leaves flower flowers blossom lake pond river water waters sea ocean wave waves beach shore
coast island boat ship sail house home cottage cabin hut roof village desert dune dunes sand sandy cactus
sky cloud clouds cloudy cloudless clear overcast fog foggy mist misty haze rain storm reflection
reflections mirror calm quiet still peaceful beautiful pretty lovely dramatic epic stunning picture photo
photograph painting image drawing art view landscape scenery scene nature no not without with and or of in
on at by over under above below near behind blurry ugly bad low high quality worst best detailed detail
sharp soft text watermark person people animal city building
""".split()


def _byte_alphabet() -> list[str]:
    """The 256 printable stand-ins for bytes, in CLIP's (GPT-2's) order."""
    kept = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    moved = [256 + k for k in range(256 - len(kept))]
    return [chr(c) for c in kept + moved]


def build(folder: Path, captions: int = 20000) -> None:
    """Writes vocab.json and merges.txt."""
    rng, words = np.random.default_rng(5), Counter(_NEARBY)
    for seed in range(captions):
        words.update(re.findall(r"[a-z]+|[0-9]", caption(draw_scene(900_000_000 + seed), rng).lower()))
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>", unk_token=None))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(
        vocab_size=6000, min_frequency=1, end_of_word_suffix="</w>", show_progress=False, special_tokens=[]
    )
    tokenizer.train_from_iterator((w for w, n in sorted(words.items()) for _ in range(n)), trainer)
    merges = [
        tuple(m) if not isinstance(m, str) else tuple(m.split(" "))
        for m in json.loads(tokenizer.to_str())["model"]["merges"]
    ]
    alphabet = _byte_alphabet()
    tokens = alphabet + [a + "</w>" for a in alphabet]
    seen = set(tokens)
    tokens += [t for t in ("".join(m) for m in merges) if not (t in seen or seen.add(t))]
    tokens += [_START, _END]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({t: k for k, t in enumerate(tokens)}, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))


def _config(pad: str) -> dict:
    special = lambda text: {
        "__type": "AddedToken",
        "content": text,
        "lstrip": False,
        "normalized": True,
        "rstrip": False,
        "single_word": False,
    }
    return {
        "add_prefix_space": False,
        "bos_token": special(_START),
        "clean_up_tokenization_spaces": True,
        "do_lower_case": True,
        "eos_token": special(_END),
        "errors": "replace",
        "model_max_length": LENGTH,
        "pad_token": pad,
        "tokenizer_class": "CLIPTokenizer",
        "unk_token": special(_END),
    }


def write_folder(folder: Path, source: Path, pad: str) -> None:
    """A tokenizer folder that transformers loads; `pad` is the end token for the first encoder, "!" for the
    second."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("vocab.json", "merges.txt"):
        (folder / name).write_bytes((source / name).read_bytes())
    (folder / "tokenizer_config.json").write_text(json.dumps(_config(pad), indent=2) + "\n")
    special = lambda text: {
        "content": text,
        "lstrip": False,
        "normalized": True,
        "rstrip": False,
        "single_word": False,
    }
    names = {
        "bos_token": special(_START),
        "eos_token": special(_END),
        "unk_token": special(_END),
        "pad_token": pad if pad == "!" else special(pad),
    }
    (folder / "special_tokens_map.json").write_text(json.dumps(names, indent=2) + "\n")


def load(state: Path) -> tuple[CLIPTokenizerFast, CLIPTokenizerFast]:
    """Both tokenizers, built if they are not there yet."""
    folder = state / "vocabulary"
    if not (folder / "tokenizer_2" / "vocab.json").exists():
        build(folder)
        write_folder(folder / "tokenizer", folder, _END)
        write_folder(folder / "tokenizer_2", folder, "!")
    return CLIPTokenizerFast.from_pretrained(folder / "tokenizer"), CLIPTokenizerFast.from_pretrained(
        folder / "tokenizer_2"
    )
