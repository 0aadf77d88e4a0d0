#pragma once

#include <string>

/// What the programs write, by their sources. (Apart from the tests, for Qt's moc does not read every raw string.)
namespace studio {

inline const std::string kInvoke5 = R"({"generation_mode": "sdxl_txt2img", "positive_prompt":
"a (red lighthouse)1.3, fog+, cloud--, t-shirt", "negative_prompt": "blurry", "positive_style_prompt": "oil",
"width": 1216, "height": 832, "seed": 3735928559, "rand_device": "cpu", "cfg_scale": 6.5,
"cfg_rescale_multiplier": 0.25, "steps": 28, "scheduler": "dpmpp_2m_sde_k", "model": {"key": "b1", "hash": "blake3:12",
"name": "Juggernaut XL v9", "base": "sdxl", "type": "main"}, "vae": {"key": "c2", "name": "sdxl-vae-fp16-fix"},
"loras": [{"model": {"key": "d3", "name": "ink wash", "base": "sdxl"}, "weight": 0.65}], "app_version": "5.6.0",
"refiner_model": {"name": "sd_xl_refiner_1.0"}, "refiner_start": 0.8, "refiner_steps": 20,
"refiner_positive_aesthetic_score": 6.5, "refiner_negative_aesthetic_score": 2.0, "seamless_x": true})";

inline const std::string kInvoke3
    = R"({"app_version": "3.4.0", "generation_mode": "txt2img", "created_by": null,
"positive_prompt": "a boat", "negative_prompt": "", "width": 1024, "height": 1024, "seed": 5, "rand_device": "cuda",
"cfg_scale": 7.5, "steps": 30, "scheduler": "euler_a", "clip_skip": 0, "model": {"model_name":
"stable-diffusion-xl-base-1-0", "base_model": "sdxl", "model_type": "main"}, "controlnets": [], "loras": [{"lora":
{"model_name": "fog", "base_model": "sdxl"}, "weight": 1}], "vae": null, "hrf_enabled": true, "hrf_method": "ESRGAN",
"hrf_strength": 0.45})";

inline const std::string kInvoke2
    = R"({"model": "stable diffusion", "model_weights": "stable-diffusion-1.5", "app_id":
"invoke-ai/InvokeAI", "app_version": "2.3.5", "image": {"prompt": [{"prompt": "a fox [snow, rain] at night",
"weight": 1.0}], "steps": 50, "cfg_scale": 7.5, "threshold": 0, "perlin": 0, "height": 512, "width": 768, "seed": 99,
"seamless": false, "type": "txt2img", "postprocessing": null, "sampler": "k_dpmpp_2", "variations": []}})";

inline const std::string kFooocusLog
    = R"json({"Prompt": "a mill", "Negative Prompt": "", "Fooocus V2 Expansion": "a mill, sharp",
"Styles": "['Fooocus V2']", "Performance": "Extreme Speed", "Resolution": "(1024, 1024)", "Sharpness": 2.0,
"Guidance Scale": 1.0, "ADM Guidance": "(1.5, 0.8, 0.3)", "Base Model": "model.safetensors", "Refiner Model":
"refiner.safetensors", "Refiner Switch": 0.7, "Sampler": "lcm", "Scheduler": "lcm", "Seed": 17,
"LoRA 1": "detail.safetensors : 0.25", "Version": "v2.1.865"})json";

inline const std::string kSdCppOld
    = "a dog <lora:ink:0.5>\nNegative prompt: cat\nSteps: 20, CFG scale: 7.500000, Guidance: "
      "3.500000, Eta: 0.000000, Seed: 42, Size: 768x512, Model: sdxl.safetensors, RNG: cuda, "
      "Sampler: dpm++2mv2 karras, Hires upscale: Lanczos, Hires scale: 2.000000, Hires "
      "resize: 1536x1024, Hires steps: 12, Denoising strength: 0.400000, Version: "
      "stable-diffusion.cpp";

inline const std::string kSdCppNew
    = "a dog\nSteps: 9, CFG scale: 1.000000, Seed: 1, Sampler: euler, Version: stable-diffusion.cpp, SDCPP: "
      R"json({"schema":"sdcpp.image.params/v1","mode":"img_gen","seed":43,"width":1024,"height":768,"prompt":{"positive":
"a dog, Steps: 3","negative":"cat"},"sampling":{"steps":24,"eta":null,"shifted_timestep":0,"flow_shift":null,
"extra_sample_args":"","guidance":{"txt_cfg":5.5,"img_cfg":5.5,"distilled_guidance":3.5,"slg":{"scale":0,"layers":[],
"start":0.01,"end":0.2}},"method":"dpm++2s_a","scheduler":"ays","custom_sigmas":[]},"models":{"model":
"xl.safetensors","vae":"v.safetensors"},"clip_skip":-1,"strength":0.75,"control_strength":0.9,"rng":"cpu",
"loras":[{"name":"ink.safetensors","multiplier":0.5,"is_high_noise":false}],"hires":{"enabled":true,"upscaler":
"Latent (bicubic)","model":"","scale":1.5,"target_width":0,"target_height":0,"steps":0,"denoising_strength":0.35,
"custom_sigmas":[],"upscale_tile_size":128}})json";

inline const std::string kDrawThings
    = R"({"aesthetic_score":6,"c":"a lighthouse","crop_left":4,"crop_top":8,"first_stage_size":
"768x512","hires_fix":true,"lora":[{"model":"ink_lora_f16.ckpt","weight":0.6}],"model":"sd_xl_base_1.0_f16.ckpt",
"negative_aesthetic_score":2.5,"negative_original_size":"512x512","original_size":"1536x1024","refiner":
"sd_xl_refiner_1.0_f16.ckpt","refiner_start":0.7,"sampler":"DPM++ 2M Karras","scale":4.5,"second_stage_strength":0.7,
"seed":3214567890,"seed_mode":"Torch CPU Compatible","shift":3,"size":"1536x1024","steps":20,"strength":1,
"target_size":"1536x1024","uc":"blurry","v2":{"x":1},"zero_negative_prompt":false})";

inline const std::string kInvoke1 = R"("a "red" fox" -s 40 -S 123 -W 512 -H 640 -C 6.5 -A k_euler_a -G 0.8)";

inline const std::string kXmpHead
    = R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:description><rdf:Alt><rdf:li>a lighthouse</rdf:li></rdf:Alt></dc:description>
<exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">)";

} // namespace studio
