"""Vectors of the single networks: text encoders, UNet, autoencoder."""

import torch

from . import files, models, pipelines

PROMPTS = [
    "",
    "a red fox in the snow, golden hour",
    "A Château by the sea; 35mm film, f/1.8 (bokeh) — “dusk” 東京 🦊",
    "one two three four five six seven eight nine ten " * 12,  # longer than 77 tokens: cut
]
# (batch, latent height, latent width, timestep). The base halves the latent twice, the refiner three times: sizes
# that do not divide evenly go through the upsamplers' explicit sizes.
UNET_CASES = [(1, 16, 16, 981.0), (2, 24, 16, 501.0), (1, 40, 56, 1.0), (1, 19, 13, 250.5)]
VAE_CASES = [(16, 16), (9, 5)]  # latent height and width; a picture is eight times as large
VAE_CASES_ODD = [(8, 24), (7, 11)]


def noise(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=pipelines.generator(seed))


def text_vectors(name: str) -> None:
    parts = pipelines.parts(name)
    tensors, settings = {}, {"prompts": PROMPTS}
    for index in (1, 2):
        encoder = parts["text_encoder" if index == 1 else "text_encoder_2"]
        if encoder is None:
            continue
        tokenizer = parts["tokenizer" if index == 1 else "tokenizer_2"]
        ids = tokenizer(PROMPTS, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
        with torch.no_grad():
            out = encoder(ids, output_hidden_states=True)
        tensors[f"{index}.ids"] = ids
        tensors[f"{index}.penultimate"] = out.hidden_states[-2]
        tensors[f"{index}.pooled"] = out.text_embeds if index == 2 else out.pooler_output
    files.save(f"{name}_text", tensors, settings)


def unet_vectors(name: str) -> None:
    spec = models.load_spec(name)
    unet = pipelines.parts(name)["unet"]
    config = spec["components"]["unet"]
    ids = (config["projection_class_embeddings_input_dim"]
           - spec["components"]["text_encoder_2"]["projection_dim"]) // config["addition_time_embed_dim"]  # fmt: skip
    tensors, cases = {}, []
    for number, (batch, height, width, timestep) in enumerate(UNET_CASES):
        sample = noise(100 + number, batch, 4, height, width)
        context = noise(200 + number, batch, 77, config["cross_attention_dim"])
        pooled = noise(300 + number, batch, spec["components"]["text_encoder_2"]["projection_dim"])
        sizes = [8.0 * height, 8.0 * width, 8.0, 16.0]
        sizes += [6.0] if ids == 5 else [1024.0, 768.0]
        time_ids = torch.tensor([[size + 2.5 * row for size in sizes] for row in range(batch)])
        with torch.no_grad():
            out = unet(
                sample,
                timestep,
                context,
                added_cond_kwargs={"text_embeds": pooled, "time_ids": time_ids},
                return_dict=False,
            )[0]
        parts = {"sample": sample, "context": context, "pooled": pooled, "time_ids": time_ids, "out": out}
        tensors.update({f"{number}.{key}": value for key, value in parts.items()})
        cases.append({"batch": batch, "height": height, "width": width, "timestep": timestep})
    files.save(f"{name}_unet", tensors, {"cases": cases})


def smooth_picture(seed: int, height: int, width: int) -> torch.Tensor:
    """[1, 3, H, W] in [-1, 1]: soft shapes and a little grain."""
    coarse = noise(seed, 1, 3, height // 8 + 1, width // 8 + 1)
    soft = torch.nn.functional.interpolate(coarse, size=(height, width), mode="bicubic")
    return (0.6 * soft + 0.1 * noise(seed + 1, 1, 3, height, width)).clamp(-1, 1)


def vae_vectors(name: str) -> None:
    vae = pipelines.parts(name)["vae"]
    tensors, cases = {}, []
    for number, (height, width) in enumerate(VAE_CASES_ODD if name.endswith("_odd") else VAE_CASES):
        latent = 5.0 * noise(400 + number, 1, 4, height, width)
        picture = smooth_picture(500 + number, 8 * height, 8 * width)
        with torch.no_grad():
            decoded = vae.decode(latent, return_dict=False)[0]
            posterior = vae.encode(picture).latent_dist
        tensors.update(
            {
                f"{number}.latent": latent,
                f"{number}.decoded": decoded,
                f"{number}.picture": picture,
                f"{number}.mean": posterior.mean,
                f"{number}.logvar": posterior.logvar,
            }
        )
        cases.append({"latent_height": height, "latent_width": width})
    files.save(f"{name}_vae", tensors, {"cases": cases})


def make(names: list[str]) -> None:
    for name in names:
        unet_vectors(name)
        if name != "tiny_base_v":  # the same networks as tiny_base
            text_vectors(name)
            vae_vectors(name)
