#include "tests/core/request/foreign/imported.h"

using namespace studio;

namespace {

/// ComfyUI's hires example: a latent enlarged between two samplers.
const std::string kTwoPasses = R"({
"3": {"class_type": "KSampler", "inputs": {"seed": 89848141647836, "steps": 12, "cfg": 8.0,
  "sampler_name": "dpmpp_sde", "scheduler": "normal", "denoise": 1.0, "model": ["16", 0], "positive": ["6", 0],
  "negative": ["7", 0], "latent_image": ["5", 0]}},
"5": {"class_type": "EmptyLatentImage", "inputs": {"width": 768, "height": 512, "batch_size": 1}},
"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "(masterpiece:1.2) [fog] 1girl", "clip": ["16", 1]}},
"7": {"class_type": "CLIPTextEncode", "inputs": {"text": "bad hands", "clip": ["16", 1]}},
"8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["16", 2]}},
"9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]}},
"10": {"class_type": "LatentUpscale", "inputs": {"upscale_method": "nearest-exact", "width": 1536, "height": 1024,
  "crop": "disabled", "samples": ["3", 0]}},
"11": {"class_type": "KSampler", "inputs": {"seed": 469771404043268, "steps": 14, "cfg": 7.0,
  "sampler_name": "dpmpp_2m", "scheduler": "simple", "denoise": 0.5, "model": ["16", 0], "positive": ["6", 0],
  "negative": ["7", 0], "latent_image": ["10", 0]}},
"12": {"class_type": "SaveImage", "inputs": {"filename_prefix": "ComfyUI", "images": ["13", 0]}},
"13": {"class_type": "VAEDecode", "inputs": {"samples": ["11", 0], "vae": ["16", 2]}},
"16": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "v2-1_768-ema-pruned.ckpt"}}})";

/// The nodes of the custom sampler, values from primitives, adapters, two prompts combined, SDXL's sizes.
const std::string kCustom = R"({
"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "SDXL\\base.safetensors"}},
"2": {"class_type": "LoraLoader", "inputs": {"lora_name": "xl/ink.safetensors", "strength_model": 0.8,
  "strength_clip": 0.5, "model": ["1", 0], "clip": ["1", 1]}},
"3": {"class_type": "RescaleCFG", "inputs": {"multiplier": 0.7, "model": ["2", 0]}},
"4": {"class_type": "CLIPSetLastLayer", "inputs": {"stop_at_clip_layer": -3, "clip": ["2", 1]}},
"5": {"class_type": "CLIPTextEncodeSDXL", "inputs": {"width": 2048, "height": 1536, "crop_w": 8, "crop_h": 16,
  "target_width": 1024, "target_height": 768, "text_g": ["20", 0], "text_l": "small words", "clip": ["4", 0]}},
"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "fog", "clip": ["4", 0]}},
"7": {"class_type": "ConditioningCombine", "inputs": {"conditioning_1": ["5", 0], "conditioning_2": ["6", 0]}},
"8": {"class_type": "CLIPTextEncode", "inputs": {"text": "", "clip": ["4", 0]}},
"9": {"class_type": "CFGGuider", "inputs": {"cfg": 5.5, "model": ["3", 0], "positive": ["7", 0], "negative": ["8", 0]}},
"10": {"class_type": "RandomNoise", "inputs": {"noise_seed": ["21", 0]}},
"11": {"class_type": "SamplerDPMPP_2M_SDE", "inputs": {"solver_type": "heun", "eta": 0.9, "s_noise": 1.01,
  "noise_device": "cpu"}},
"12": {"class_type": "KarrasScheduler", "inputs": {"steps": 22, "sigma_max": 14.6, "sigma_min": 0.03, "rho": 7.0}},
"13": {"class_type": "EmptyLatentImage", "inputs": {"width": 1024, "height": 768, "batch_size": 4}},
"14": {"class_type": "SamplerCustomAdvanced", "inputs": {"noise": ["10", 0], "guider": ["9", 0],
  "sampler": ["11", 0], "sigmas": ["12", 0], "latent_image": ["13", 0]}},
"15": {"class_type": "VAELoader", "inputs": {"vae_name": "sdxl_vae.safetensors"}},
"16": {"class_type": "VAEDecode", "inputs": {"samples": ["14", 0], "vae": ["15", 0]}},
"17": {"class_type": "UpscaleModelLoader", "inputs": {"model_name": "4x-UltraSharp.pth"}},
"18": {"class_type": "ImageUpscaleWithModel", "inputs": {"upscale_model": ["17", 0], "image": ["16", 0]}},
"19": {"class_type": "ImageScaleBy", "inputs": {"upscale_method": "lanczos", "scale_by": 0.5, "image": ["18", 0]}},
"20": {"class_type": "PrimitiveString", "inputs": {"value": "a lighthouse"}},
"21": {"class_type": "PrimitiveInt", "inputs": {"value": 77}},
"22": {"class_type": "SaveImage", "inputs": {"images": ["19", 0]}}})";

const std::string kRefined = R"({
"4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "base.safetensors"}},
"5": {"class_type": "EmptyLatentImage", "inputs": {"width": 1024, "height": 1024, "batch_size": 1}},
"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse", "clip": ["4", 1]}},
"7": {"class_type": "CLIPTextEncode", "inputs": {"text": "text", "clip": ["4", 1]}},
"10": {"class_type": "KSamplerAdvanced", "inputs": {"add_noise": "enable", "noise_seed": 42, "steps": 25, "cfg": 8.0,
  "sampler_name": "euler", "scheduler": "normal", "start_at_step": 0, "end_at_step": 20,
  "return_with_leftover_noise": "enable", "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0],
  "latent_image": ["5", 0]}},
"11": {"class_type": "KSamplerAdvanced", "inputs": {"add_noise": "disable", "noise_seed": 0, "steps": 25, "cfg": 8.0,
  "sampler_name": "euler", "scheduler": "normal", "start_at_step": 20, "end_at_step": 10000,
  "return_with_leftover_noise": "disable", "model": ["12", 0], "positive": ["6", 0], "negative": ["7", 0],
  "latent_image": ["10", 0]}},
"12": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "refiner.safetensors"}},
"17": {"class_type": "VAEDecode", "inputs": {"samples": ["11", 0], "vae": ["4", 2]}},
"19": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x", "images": ["17", 0]}}})";

const std::string kWorkflow = R"({"last_node_id": 9, "version": 0.4, "nodes": [
{"id": 7, "type": "CLIPTextEncode", "mode": 0, "inputs": [{"name": "clip", "type": "CLIP", "link": 5}],
  "widgets_values": ["watermark"]},
{"id": 6, "type": "CLIPTextEncode", "mode": 0, "inputs": [{"name": "clip", "type": "CLIP", "link": 3}],
  "widgets_values": ["a bottle"]},
{"id": 5, "type": "EmptyLatentImage", "mode": 0, "widgets_values": [512, 640, 1]},
{"id": 10, "type": "Reroute", "mode": 0, "inputs": [{"name": "", "type": "*", "link": 1}]},
{"id": 3, "type": "KSampler", "mode": 0, "inputs": [{"name": "model", "type": "MODEL", "link": 10},
  {"name": "positive", "type": "CONDITIONING", "link": 4}, {"name": "negative", "type": "CONDITIONING", "link": 6},
  {"name": "latent_image", "type": "LATENT", "link": 2}],
  "widgets_values": [156680208700286, "randomize", 20, 8, "euler_ancestral", "karras", 1]},
{"id": 8, "type": "VAEDecode", "mode": 0, "inputs": [{"name": "samples", "type": "LATENT", "link": 7},
  {"name": "vae", "type": "VAE", "link": 8}]},
{"id": 9, "type": "SaveImage", "mode": 0, "inputs": [{"name": "images", "type": "IMAGE", "link": 9}],
  "widgets_values": ["ComfyUI"]},
{"id": 4, "type": "CheckpointLoaderSimple", "mode": 0, "widgets_values": ["v1-5.safetensors"]}],
"links": [[1, 4, 0, 10, 0, "MODEL"], [2, 5, 0, 3, 3, "LATENT"], [3, 4, 1, 6, 0, "CLIP"],
[4, 6, 0, 3, 1, "CONDITIONING"], [5, 4, 1, 7, 0, "CLIP"], [6, 7, 0, 3, 2, "CONDITIONING"],
[7, 3, 0, 8, 0, "LATENT"], [8, 4, 2, 8, 1, "VAE"], [9, 8, 0, 9, 0, "IMAGE"], [10, 10, 0, 3, 0, "MODEL"]]})";

PictureMetadata prompt(const std::string& graph)
{
    return {{}, {}, {{"prompt", graph}}};
}

} // namespace

class TestComfy : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void twoPassesAroundALatentUpscaleAreHiresMode()
    {
        const ImportedRequest from = fromPng(m_folder.path(), prompt(kTwoPasses));
        QCOMPARE(from.program, std::string("ComfyUI"));
        const Request& request = from.request;
        QVERIFY(request.mode == Mode::Hires);
        QCOMPARE(request.prompt, std::string("(masterpiece:1.2) \\[fog\\] 1girl"));
        QCOMPARE(request.negativePrompt, std::string("bad hands"));
        QVERIFY(request.prompts.emphasis == Emphasis::Comfy);
        QVERIFY(request.noise == NoiseSource::Torch);
        QCOMPARE(request.seed.value(), std::uint64_t{89848141647836});
        QCOMPARE(request.sampling.steps, 12);
        QCOMPARE(request.sampling.guidance, 8.0);
        QCOMPARE(request.sampling.sampler, std::string("dpmpp_sde"));
        QCOMPARE(request.sampling.schedule, std::string("uniform"));
        QVERIFY(request.hires.base == (Extent{768, 512}));
        QCOMPARE(request.hires.rungs.size(), std::size_t{1});
        const Rung& rung = request.hires.rungs.front();
        QVERIFY(rung.target == (Extent{1536, 1024}));
        QVERIFY(rung.meaning == StrengthMeaning::A1111);
        QCOMPARE(rung.strength, 0.5);
        QCOMPARE(rung.steps, 14);
        QCOMPARE(rung.guidance.value(), 7.0);
        QCOMPARE(rung.sampler.value(), std::string("dpmpp_2m"));
        QCOMPARE(rung.schedule.value(), std::string("simple"));
        QVERIFY(!rung.prompt);
        QVERIFY2(says(from, "nearest-exact"), qPrintable(all(from)));
        QVERIFY(says(from, "v2-1_768-ema-pruned.ckpt"));
        QVERIFY(says(from, "469771404043268"));
        QVERIFY(says(from, "saves 2 pictures"));
        QCOMPARE(from.notHonoured.size(), std::size_t{4});
    }

    void theNodesOfTheCustomSamplerAreFollowed()
    {
        const ImportedRequest from = fromPng(m_folder.path(), prompt(kCustom));
        const Request& request = from.request;
        QCOMPARE(request.prompt, std::string("a lighthouse :0.5 AND fog :0.5 <lora:ink:0.5:0.8>"));
        QCOMPARE(request.negativePrompt, std::string());
        QCOMPARE(request.seed.value(), std::uint64_t{77});
        QCOMPARE(request.sampling.steps, 22);
        QCOMPARE(request.sampling.guidance, 5.5);
        QCOMPARE(request.sampling.sampler, std::string("dpmpp_2m_sde_heun"));
        QCOMPARE(request.sampling.schedule, std::string("karras"));
        QCOMPARE(request.sampling.tuning.eta.value(), 0.9);
        QCOMPARE(request.sampling.tuning.noiseScale, 1.01);
        QCOMPARE(request.sampling.guidanceShape.rescale, 0.7);
        QCOMPARE(request.prompts.clipSkip, 3);
        QVERIFY(request.conditioning.original == (Extent{2048, 1536}));
        QVERIFY(request.conditioning.target == (Extent{1024, 768}));
        QCOMPARE(request.conditioning.cropLeft, 8);
        QCOMPARE(request.conditioning.cropTop, 16);
        // A model of 4 times, then half of it, and no second sampler: simple hires.
        QVERIFY(request.mode == Mode::Simple);
        QVERIFY(request.simple.base == (Extent{1024, 768}));
        QCOMPARE(request.simple.scale, 2.0);
        for (const char* words : {"4x-UltraSharp", "sdxl_vae", "SDXL\\base", "2 prompts are combined",
                 "small words", "batch of 4"})
            QVERIFY2(says(from, words), words);
        QCOMPARE(from.notHonoured.size(), std::size_t{6});
    }

    void aSamplerThatGoesOnIsTheSamePass()
    {
        const ImportedRequest from = imported(prompt(kRefined));
        QVERIFY(from.request.mode == Mode::Standard);
        QCOMPARE(from.request.sampling.steps, 25);
        QCOMPARE(from.request.seed.value(), std::uint64_t{42});
        QVERIFY(from.request.standard.size == (Extent{1024, 1024}));
        QVERIFY2(says(from, "\"refiner\" took over after 80 % of the steps"), qPrintable(all(from)));
        QVERIFY(qAbs(from.request.standard.refinerStrength - 0.2) < 1e-9);
        QCOMPARE(from.notHonoured.size(), std::size_t{2});
    }

    void aWorkflowAloneIsReadByItsWidgets()
    {
        const ImportedRequest from = imported({{}, {}, {{"workflow", kWorkflow}}});
        QCOMPARE(from.request.prompt, std::string("a bottle"));
        QCOMPARE(from.request.negativePrompt, std::string("watermark"));
        QCOMPARE(from.request.seed.value(), std::uint64_t{156680208700286});
        QCOMPARE(from.request.sampling.steps, 20);
        QCOMPARE(from.request.sampling.guidance, 8.0);
        QCOMPARE(from.request.sampling.sampler, std::string("euler_a"));
        QCOMPARE(from.request.sampling.schedule, std::string("karras"));
        QVERIFY(from.request.standard.size == (Extent{512, 640}));
        QVERIFY(says(from, "v1-5.safetensors"));
        QCOMPARE(from.notHonoured.size(), std::size_t{1});
    }

    void theExifOfAWebPIsRead()
    {
        const ImportedRequest from = fromFile("comfyui.webp");
        QCOMPARE(from.program, std::string("ComfyUI"));
        QCOMPARE(from.request.prompt, std::string("a lighthouse, caf\u00e9"));
        QCOMPARE(from.request.seed.value(), std::uint64_t{8566257});
        QCOMPARE(from.request.sampling.steps, 24);
        QVERIFY(from.request.standard.size == (Extent{832, 1216}));
    }

    void wordsThatWouldActHereAreEscaped()
    {
        std::string graph = kRefined;
        const std::string words = "a lighthouse";
        graph.replace(graph.find(words), words.size(), "cats AND dogs {a|b} __x__ <lora:y:1> at 5:30");
        const ImportedRequest from = imported(prompt(graph));
        QCOMPARE(
            from.request.prompt, std::string("cats A\\ND dogs \\{a\\|b\\} \\__x\\__ <\\lora:y:1> at 5:\\30"));
    }

    void unknownNodesArePassedOverAndNamed()
    {
        std::string graph = kRefined;
        const std::string decode = "VAEDecode";
        graph.replace(graph.find(decode), decode.size(), "SomeoneElsesDecoder");
        const ImportedRequest from = imported(prompt(graph));
        QCOMPARE(from.request.seed.value(), std::uint64_t{42});
        QVERIFY(says(from, "SomeoneElsesDecoder"));
    }

    void valuesOutOfRangeAreNamedAndLeftOut()
    {
        std::string graph = kRefined;
        for (std::size_t at = 0; (at = graph.find("\"steps\": 25", at)) != std::string::npos;)
            graph.replace(at, 11, "\"steps\": -3");
        const ImportedRequest from = imported(prompt(graph));
        QCOMPARE(from.request.sampling.steps, Request{}.sampling.steps);
        QVERIFY2(says(from, "\"steps: -3\""), qPrintable(all(from)));
    }
};

QTEST_GUILESS_MAIN(TestComfy)
#include "tst_comfy.moc"
