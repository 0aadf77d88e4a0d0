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
    foreign()


def foreign():
    """The settings of other programs behind the byte that says where they stand (see fuzz_foreign.cpp)."""
    graph = {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a"}},
        "2": {"class_type": "LoraLoader", "inputs": {"lora_name": "b", "strength_model": 1, "model": ["1", 0], "clip": ["1", 1]}},
        "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "(x:1.2) [y]", "clip": ["2", 1]}},
        "4": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512, "batch_size": 1}},
        "5": {"class_type": "KSampler", "inputs": {
            "seed": 1, "steps": 9, "cfg": 7, "sampler_name": "euler", "scheduler": "karras", "denoise": 1,
            "model": ["2", 0], "positive": ["3", 0], "negative": ["3", 0], "latent_image": ["4", 0]}},
        "6": {"class_type": "LatentUpscaleBy", "inputs": {"upscale_method": "bislerp", "scale_by": 2, "samples": ["5", 0]}},
        "7": {"class_type": "KSamplerAdvanced", "inputs": {
            "add_noise": "enable", "noise_seed": 1, "steps": 9, "cfg": 7, "sampler_name": "lcm", "scheduler": "simple",
            "start_at_step": 4, "end_at_step": 99, "model": ["2", 0], "positive": ["8", 0], "negative": ["3", 0],
            "latent_image": ["6", 0]}},
        "8": {"class_type": "ConditioningCombine", "inputs": {"conditioning_1": ["3", 0], "conditioning_2": ["3", 0]}},
        "9": {"class_type": "VAEDecode", "inputs": {"samples": ["7", 0], "vae": ["1", 2]}},
        "10": {"class_type": "SaveImage", "inputs": {"images": ["9", 0]}},
    }
    workflow = {
        "nodes": [
            {"id": 1, "type": "KSampler", "inputs": [{"name": "latent_image", "link": 1}],
             "widgets_values": [1, "fixed", 9, 7, "euler", "karras", 1]},
            {"id": 2, "type": "EmptyLatentImage", "widgets_values": [512, 512, 1]}],
        "links": [[1, 2, 0, 1, 3, "LATENT"]],
    }
    invoke = {"positive_prompt": "a+ (b)1.2", "steps": 9, "cfg_scale": 7, "seed": 1, "width": 512, "height": 512,
              "scheduler": "dpmpp_2m_k", "model": {"name": "m"}, "loras": [{"model": {"name": "l"}, "weight": 1}],
              "hrf_enabled": True, "hrf_strength": 0.4, "refiner_model": {"name": "r"}, "refiner_start": 0.8}
    older = {"image": {"prompt": [{"prompt": "a [b]", "weight": 1}], "steps": 9, "sampler": "k_lms", "width": 512, "height": 512}}
    draw = {"c": "a", "uc": "b", "steps": 9, "sampler": "DPM++ 2M Karras", "scale": 7, "seed": 1, "size": "1024x1024",
            "hires_fix": True, "first_stage_size": "512x512", "second_stage_strength": 0.7, "lora": [{"model": "l", "weight": 1}]}
    xmp = ('<x xmlns:exif="http://ns.adobe.com/exif/1.0/"><exif:UserComment>' + json.dumps(draw).replace('"', "&quot;")
           + " Draw Things</exif:UserComment></x>")
    fooocus = {"prompt": "a", "full_prompt": ["a", "b"], "styles": "['x']", "performance": "Speed", "resolution": "(896, 1152)",
               "guidance_scale": 4, "sampler": "euler", "scheduler": "karras", "seed": "1", "lora_combined_1": "l : 0.5",
               "adm_guidance": "(1.5, 0.8, 0.3)"}
    sdcpp = {"seed": 1, "width": 512, "height": 512, "prompt": {"positive": "a"}, "rng": "cpu", "models": {"model": "m"},
             "sampling": {"steps": 9, "method": "dpm++2m", "scheduler": "karras", "guidance": {"txt_cfg": 7}},
             "hires": {"enabled": True, "upscaler": "Lanczos", "scale": 2, "steps": 5, "denoising_strength": 0.4}}
    words = "a\n-b\nSteps: 9, Sampler: DDIM Trailing, Guidance Scale: 7, Seed: 1, Size: 512x512"
    texts = [json.dumps(graph), json.dumps(workflow), json.dumps(invoke), json.dumps(older),
             '"a [b]" -s 9 -S 1 -W 512 -H 512 -C 7 -A k_euler', json.dumps(draw), words, xmp, "prompt:" + json.dumps(graph),
             json.dumps(fooocus), json.dumps(sdcpp)]
    folder = HERE / "corpus" / "foreign"
    folder.mkdir(parents=True, exist_ok=True)
    for place, text in enumerate(texts):
        (folder / f"place_{place}").write_bytes(bytes([place]) + text.encode())


if __name__ == "__main__":
    main()
