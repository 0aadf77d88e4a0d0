"""This program beside diffusers: the same weights, prompt, seed and steps, whole processes in turn (A B A B ...).

    python against_diffusers.py --program build/bin/hires-studio --model FOLDER --vocabulary bpe_simple_vocab_16e6.txt

Prints a row per figure: both medians and the median of the pairwise ratios. That the numbers agree is the oracle's
business (tests/oracle); here only time and memory are taken.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def ours(arguments, folder: str) -> dict:
    command = [
        arguments.program, "generate", "--model", arguments.model, "--prompt", "a lighthouse in a storm",
        "--seed", "1", "--mode", "standard", "--width", str(arguments.size), "--height", str(arguments.size),
        "--steps", str(arguments.steps), "--cfg", "7.5", "--device", "cpu", "--json", "--out", folder,
    ]  # fmt: skip
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wall = time.perf_counter() - start
    line = json.loads(done.stdout.strip().split("\n")[-1])
    stages = {stage["name"].split(",")[0]: stage for stage in line["stages"]}
    steps = next(stage for name, stage in stages.items() if stage.get("steps"))
    return {
        "text_seconds": stages["Text"]["seconds"],
        "seconds_per_step": steps["seconds"] / steps["steps"],
        "decode_seconds": stages["Decode"]["seconds"],
        "total_seconds": wall,
        "load_seconds": wall - sum(stage["seconds"] for stage in line["stages"]),
        # The largest of the stages: the program starts the count anew at each, so the process tells only the last.
        "peak_memory_bytes": line["peak_memory_bytes"],
    }


def theirs(arguments) -> dict:
    command = [
        sys.executable, str(HERE / "diffusers_peer.py"), arguments.model, arguments.vocabulary,
        "--width", str(arguments.size), "--height", str(arguments.size), "--steps", str(arguments.steps),
    ]  # fmt: skip
    if arguments.channels_last:
        command.append("--channels-last")
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout.strip().split("\n")[-1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--channels-last", action="store_true", help="the peer's networks in that memory format")
    arguments = parser.parse_args()
    pairs = []
    for number in range(arguments.pairs):
        with tempfile.TemporaryDirectory() as folder:
            pair = (ours(arguments, folder), theirs(arguments))
        pairs.append(pair)
        print(f"pair {number + 1}: {json.dumps(pair[0])} | {json.dumps(pair[1])}", file=sys.stderr, flush=True)
    print(f"{'figure':<20} {'ours':>14} {'diffusers':>14} {'diffusers / ours':>18}")
    for key in pairs[0][0]:
        a = [pair[0][key] for pair in pairs]
        b = [pair[1][key] for pair in pairs]
        ratio = statistics.median(y / x for x, y in zip(a, b))
        print(f"{key:<20} {statistics.median(a):>14.3f} {statistics.median(b):>14.3f} {ratio:>18.2f}")


if __name__ == "__main__":
    main()
