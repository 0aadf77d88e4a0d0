"""The same picture by diffusers: one process, float32 on the CPU, figures as one JSON line.

    python diffusers_peer.py MODEL_FOLDER VOCABULARY --width 512 --height 512 --steps 2

MODEL_FOLDER is a diffusers folder; VOCABULARY the text form of CLIP's merges. Seconds per step are those of the
denoising loop, text and decoding apart.
"""

import argparse
import json
import time
from pathlib import Path

START, END = "<|startoftext|>", "<|endoftext|>"


def tokenizer(merges_file: Path, pad: str):
    from tokenizers.pre_tokenizers import ByteLevel  # noqa: F401  (checks that the fast tokenizers are there)
    from transformers import CLIPTokenizerFast

    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    characters = [chr(c) for c in printable] + [chr(0x100 + n) for n in range(256 - len(printable))]
    lines = merges_file.read_text(encoding="utf-8").split("\n")[1 : 49152 - 256 - 2 + 1]
    merges = [tuple(line.split()) for line in lines]
    entries = characters + [c + "</w>" for c in characters] + ["".join(pair) for pair in merges] + [START, END]
    return CLIPTokenizerFast(
        vocab={entry: index for index, entry in enumerate(entries)},
        merges=merges,
        unk_token=END,
        bos_token=START,
        eos_token=END,
        pad_token=pad,
        model_max_length=77,
    )


def load(folder: Path, vocabulary: Path):
    import torch
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    dtype = {"torch_dtype": torch.float32}
    pipe = StableDiffusionXLPipeline(
        vae=AutoencoderKL.from_pretrained(folder / "vae", **dtype),
        text_encoder=CLIPTextModel.from_pretrained(folder / "text_encoder", **dtype),
        text_encoder_2=CLIPTextModelWithProjection.from_pretrained(folder / "text_encoder_2", **dtype),
        tokenizer=tokenizer(vocabulary, END),
        tokenizer_2=tokenizer(vocabulary, "!"),
        unet=UNet2DConditionModel.from_pretrained(folder / "unet", **dtype),
        scheduler=EulerDiscreteScheduler.from_pretrained(folder / "scheduler"),
        add_watermarker=False,
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("--prompt", default="a lighthouse in a storm")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--height", type=int, default=512)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--guidance", type=float, default=7.5)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--latents", type=Path, help="write the final latents here (.npy)")
    arguments = parser.parse_args()

    start = time.perf_counter()
    import torch

    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    pipe = load(arguments.folder, arguments.vocabulary)
    if arguments.channels_last:
        pipe.unet.to(memory_format=torch.channels_last)
        pipe.vae.to(memory_format=torch.channels_last)
    loaded = time.perf_counter()
    marks: list[float] = []
    pipe.unet.register_forward_pre_hook(lambda *_: marks.append(time.perf_counter()))
    kept = {}

    def after_step(_pipe, step, _timestep, values):
        marks.append(time.perf_counter())
        kept["latents"] = values["latents"]
        return values

    picture = pipe(
        arguments.prompt,
        width=arguments.width,
        height=arguments.height,
        num_inference_steps=arguments.steps,
        guidance_scale=arguments.guidance,
        generator=torch.Generator("cpu").manual_seed(arguments.seed),
        callback_on_step_end=after_step,
        output_type="np",
    )
    done = time.perf_counter()
    if arguments.latents:
        import numpy

        numpy.save(arguments.latents, kept["latents"].numpy())
    peak = next(line for line in Path("/proc/self/status").read_text().split("\n") if line.startswith("VmHWM"))
    print(
        json.dumps(
            {
                "load_seconds": loaded - start,
                "text_seconds": marks[0] - loaded,
                "seconds_per_step": (marks[-1] - marks[0]) / arguments.steps,
                "decode_seconds": done - marks[-1],
                "total_seconds": done - start,
                "peak_memory_bytes": int(peak.split()[1]) * 1024,
                "size": list(picture.images.shape[1:3]),
            }
        )
    )


if __name__ == "__main__":
    main()
