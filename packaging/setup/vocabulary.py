"""CLIP's byte-pair merges: single-file checkpoints carry no tokenizer of their own."""

import gzip
import hashlib

import wheels
from wheels import SetupError

PACKAGE = "open_clip_torch==3.3.0"  # carries the file as OpenAI published it
NAME = "bpe_simple_vocab_16e6.txt"
SHA256_TEXT = "67603cfda2e032ad77b5f8808af37789d590db664b26df8705d2bf8b3c553fc8"
SHA256_GZIP = "924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a"


def _has_hash(path, expected):
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == expected


def _fetch_compressed(folder, target):
    print(f"setup: CLIP's vocabulary is missing: a download of 1.5 MB, into {target}", flush=True)
    found = wheels.download([PACKAGE], folder / "wheel")
    if not found:
        raise SetupError(
            f"CLIP's vocabulary is missing, and pip could not fetch {PACKAGE}. Give it by hand: put {NAME} or {NAME}.gz, "
            f"as OpenAI's CLIP published it, into {target.parent}.\n"
            f"What pip said last:\n{wheels.download.last_message}")
    wheels.unpack(found[0], folder, lambda name: name.endswith(f"/{NAME}.gz"))
    return next(folder.rglob(f"{NAME}.gz"))


def find_or_fetch(deps):
    target = deps / "clip" / NAME
    if _has_hash(target, SHA256_TEXT):
        return target
    with wheels.work_folder(target) as folder:
        compressed = target.with_name(f"{NAME}.gz")
        if not _has_hash(compressed, SHA256_GZIP):
            compressed = _fetch_compressed(folder, target)
        if not _has_hash(compressed, SHA256_GZIP):
            raise SetupError(f"{PACKAGE} carries another vocabulary than CLIP's: its hash differs.")
        text = folder / NAME
        text.write_bytes(gzip.decompress(compressed.read_bytes()))
        if not _has_hash(text, SHA256_TEXT):
            raise SetupError(f"{compressed} unpacks to something other than CLIP's vocabulary.")
        text.rename(target)
    return target
