#!/usr/bin/env python3
"""Makes specs and vectors again: `python3 make_vectors.py [stage ...]`, all by default."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import diffusers  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402

from reference import (  # noqa: E402
    adapters,
    conditioning,
    models,
    modes,
    networks,
    peft_adapters,
    pictures,
    prompts,
    schedules,
    strengths,
)

TINY = ["tiny_base", "tiny_base_odd", "tiny_base_v", "tiny_refiner"]
STAGES = {
    "specs": lambda names: models.write_all_specs(),
    "networks": networks.make,
    "euler": lambda names: schedules.make(),
    "strength": lambda names: strengths.make(),
    "conditioning": conditioning.make,
    "standard": pictures.make,
    "modes": modes.make,
    "prompts": prompts.make,
    "adapters": adapters.make,
    "peft": peft_adapters.make,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="*", help=f"some of: {' '.join(STAGES)}")
    parser.add_argument("--models", nargs="+", choices=TINY, default=TINY)
    arguments = parser.parse_args()
    if unknown := set(arguments.stages) - set(STAGES):
        parser.error(f"no such stage: {' '.join(sorted(unknown))}")
    torch.set_num_threads(1)  # sums of more than one thread may differ in the last bit
    diffusers.utils.logging.set_verbosity_error()
    transformers.logging.set_verbosity_error()
    for stage in arguments.stages or STAGES:
        STAGES[stage](arguments.models)


if __name__ == "__main__":
    main()
