"""Makes the seeds of the fuzzers' corpora: small files of every kind that the readers tell apart."""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I64": 8, "BOOL": 1}


def seed(name, tensors, metadata=None):
    """A header behind the two bytes that give the amount of data (see fuzz_safetensors.cpp)."""
    header, end = {}, 0
    if metadata:
        header["__metadata__"] = metadata
    for key, (dtype, shape) in tensors.items():
        begin, end = end, end + WIDTHS[dtype]
        for extent in shape:
            end = begin + (end - begin) * extent
        header[key] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
    front = bytes([0, end % 256, end // 256])
    folder = HERE / "corpus" / "safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(front + json.dumps(header, separators=(",", ":")).encode())


def main():
    unet, clip = "model.diffusion_model.", "conditioner.embedders.1.model."
    base = {
        unet + "input_blocks.0.0.weight": ("F16", [2, 4, 1, 1]),
        unet + "label_emb.0.0.weight": ("F16", [2, 20]),
        unet + "out.2.weight": ("F16", [4, 2, 1, 1]),
        unet + "input_blocks.1.0.in_layers.0.weight": ("F16", [2]),
        unet + "input_blocks.1.0.in_layers.2.weight": ("F16", [64, 1]),
        unet + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight": ("F16", [2, 4]),
        "conditioner.embedders.0.transformer.text_model.embeddings.token_embedding.weight": ("F16", [2, 64]),
        "conditioner.embedders.0.transformer.text_model.embeddings.position_embedding.weight": ("F16", [2, 64]),
        "conditioner.embedders.0.transformer.text_model.encoder.layers.0.mlp.fc1.weight": ("F16", [2, 64]),
        clip + "token_embedding.weight": ("BF16", [2, 64]),
        clip + "positional_embedding": ("BF16", [2, 64]),
        clip + "text_projection": ("BF16", [2, 2]),
        clip + "transformer.resblocks.0.attn.in_proj_weight": ("BF16", [6, 2]),
        clip + "transformer.resblocks.0.mlp.c_fc.weight": ("BF16", [2, 2]),
        "first_stage_model.decoder.conv_in.weight": ("F32", [2, 4, 1, 1]),
        "first_stage_model.encoder.down.0.block.0.norm1.weight": ("F32", [2]),
        "first_stage_model.encoder.down.0.block.0.conv1.weight": ("F32", [2, 1]),
        "v_pred": ("F32", [0]),
    }
    seed("base", base, {"modelspec.title": "x", "modelspec.prediction_type": "v"})
    seed("vae", {"decoder.conv_in.weight": ("F32", [2, 4, 1, 1]), "encoder.mid.attn_1.q.weight": ("F8_E4M3", [2, 2, 1, 1])})
    seed("lora", {"lora_unet_x_attn2_to_k.lora_down.weight": ("F16", [1, 2048])}, {"ss_network_dim": "1"})
    seed("embedding", {"clip_l": ("F16", [1, 768]), "clip_g": ("F8_E5M2", [1, 1280])})
    seed("types", {name: (name, [1, 2]) for name in WIDTHS})
    seed("escapes", {"\u00e9\"\\\n\U0001f30a": ("BOOL", [])}, {"\t": "\u0001"})
    small = HERE / "corpus" / "model_json"
    small.mkdir(parents=True, exist_ok=True)
    spec = json.loads((HERE.parent / "oracle" / "models" / "tiny_base.json").read_text())
    for name, config in {**spec["components"], "model_index": spec["model_index"]}.items():
        (small / f"{name}.json").write_text(json.dumps(config) + "\n")
    (small / "shards.json").write_text('{"weight_map":{"conv_in.weight":"a-00001-of-00001.safetensors"}}\n')
    (small / "defaults.json").write_text(
        '{"name":"x","standard":[320,320],"simple_scale":1.5,"refiner":"../r","latent_to_rgb":[[1,2,3],[1,2,3],'
        '[1,2,3],[1,2,3]],"latent_to_rgb_bias":[0.5,0.5,0.5],"example_prompts":["a"]}\n'
    )


if __name__ == "__main__":
    main()
