#include "core/api/request_json.h"
#include "tests/core/request/foreign/imported.h"
#include "tests/core/request/foreign/samples.h"

using namespace studio;

namespace {

PictureMetadata text(const char* key, const std::string& value)
{
    return {{}, {}, {{key, value}}};
}

} // namespace

class TestPrograms : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void oursComesFirst()
    {
        Request request;
        request.prompt = "ours";
        const ImportedRequest from = fromPng(m_folder.path(),
            {"theirs\nSteps: 1, Seed: 2, Sampler: Euler", toJson(request),
                {{"invokeai_metadata", kInvoke3}}});
        QCOMPARE(from.program, std::string("Hires Studio"));
        QVERIFY(from.request == request);
        QVERIFY(from.notHonoured.empty());
    }

    void invokeAiOfToday()
    {
        const ImportedRequest from = fromPng(m_folder.path(), text("invokeai_metadata", kInvoke5));
        const Request& request = from.request;
        QCOMPARE(from.program, std::string("InvokeAI"));
        QCOMPARE(request.prompt,
            std::string("a (red lighthouse:1.3), (fog:1.1), (cloud:0.81), t-shirt <lora:ink wash:0.65>"));
        QCOMPARE(request.negativePrompt, std::string("blurry"));
        QVERIFY(request.prompts.emphasis == Emphasis::Comfy);
        QVERIFY(request.standard.size == (Extent{1216, 832}));
        QCOMPARE(request.seed.value(), std::uint64_t{3735928559});
        QVERIFY(request.noise == NoiseSource::Torch);
        QCOMPARE(request.sampling.guidance, 6.5);
        QCOMPARE(request.sampling.guidanceShape.rescale, 0.25);
        QCOMPARE(request.sampling.steps, 28);
        QCOMPARE(request.sampling.sampler, std::string("dpmpp_2m_sde"));
        QCOMPARE(request.sampling.schedule, std::string("karras"));
        QCOMPARE(request.conditioning.aestheticScore, 6.5);
        QCOMPARE(request.conditioning.negativeAestheticScore, 2.0);
        for (const char* words : {"Juggernaut XL v9", "sdxl-vae-fp16-fix", "positive_style_prompt: oil",
                 "\"sd_xl_refiner_1.0\" took over after 80 %", "refiner_steps: 20", "seamless_x: true"})
            QVERIFY2(says(from, words), words);
        QCOMPARE(from.notHonoured.size(), std::size_t{6});
    }

    void invokeAiThreeWithItsHiresFix()
    {
        const ImportedRequest from = imported(text("invokeai_metadata", kInvoke3));
        QCOMPARE(from.request.prompt, std::string("a boat <lora:fog:1>"));
        QVERIFY(from.request.noise == NoiseSource::Philox);
        QCOMPARE(from.request.sampling.sampler, std::string("euler_a"));
        QCOMPARE(from.request.sampling.schedule, std::string("model"));
        QVERIFY(from.request.mode == Mode::Hires);
        QVERIFY(from.request.hires.rungs.front().target == (Extent{1024, 1024}));
        QCOMPARE(from.request.hires.rungs.front().strength, 0.45);
        QCOMPARE(from.request.hires.rungs.front().steps, 30);
        for (const char* words : {"stable-diffusion-xl-base-1-0", "ESRGAN", "first pass's size"})
            QVERIFY2(says(from, words), words);
        QCOMPARE(from.notHonoured.size(), std::size_t{3});
    }

    void invokeAiTwoAndItsCommandLine()
    {
        const ImportedRequest two = imported(text("sd-metadata", kInvoke2));
        QCOMPARE(two.request.prompt, std::string("a fox  at night"));
        QCOMPARE(two.request.negativePrompt, std::string("snow, rain"));
        QCOMPARE(two.request.sampling.steps, 50);
        QCOMPARE(two.request.sampling.sampler, std::string("dpmpp_2m"));
        QVERIFY(two.request.standard.size == (Extent{768, 512}));
        QCOMPARE(two.request.seed.value(), std::uint64_t{99});
        QVERIFY(says(two, "stable-diffusion-1.5"));
        const ImportedRequest one = imported(text("Dream", kInvoke1));
        QCOMPARE(one.request.prompt, std::string("a \"red\" fox"));
        QCOMPARE(one.request.sampling.steps, 40);
        QCOMPARE(one.request.seed.value(), std::uint64_t{123});
        QVERIFY(one.request.standard.size == (Extent{512, 640}));
        QCOMPARE(one.request.sampling.guidance, 6.5);
        QCOMPARE(one.request.sampling.sampler, std::string("euler_a"));
        QVERIFY(says(one, "\"-G: 0.8\""));
    }

    void fooocusInJpegAndWebP()
    {
        for (const char* file : {"fooocus.jpg", "fooocus.webp"}) {
            const ImportedRequest from = fromFile(file);
            const Request& request = from.request;
            QCOMPARE(from.program, std::string("Fooocus"));
            QCOMPARE(request.prompt,
                std::string("cinematic still a lighthouse . emotional BREAK a lighthouse, sharp, intricate "
                            "<lora:sd_xl_offset_example-lora_1.0:0.1>"));
            QCOMPARE(request.negativePrompt, std::string("anime, cartoon BREAK blurry"));
            QCOMPARE(request.seed.value(), std::uint64_t{4211234567890123456});
            QCOMPARE(request.sampling.steps, 30);
            QCOMPARE(request.sampling.guidance, 4.0);
            QCOMPARE(request.sampling.sampler, std::string("dpmpp_2m_sde"));
            QCOMPARE(request.sampling.schedule, std::string("karras"));
            QVERIFY(request.standard.size == (Extent{1152, 896}));
            QVERIFY(request.noise == NoiseSource::Torch);
            for (const char* words :
                {"juggernautXL_v8Rundiffusion", "SAI Cinematic", "sharpness: 2", "adm_guidance"})
                QVERIFY2(says(from, words), words);
            QCOMPARE(from.notHonoured.size(), std::size_t{4});
        }
    }

    void fooocusByTheLabelsOfItsLog()
    {
        const ImportedRequest from = fromPng(m_folder.path(), {kFooocusLog, {}, {}});
        QCOMPARE(from.program, std::string("Fooocus"));
        QCOMPARE(from.request.prompt, std::string("a mill <lora:detail:0.25> <lora:sdxl_lcm_lora:1>"));
        QCOMPARE(from.request.sampling.steps, 8);
        QCOMPARE(from.request.sampling.sampler, std::string("lcm"));
        QCOMPARE(from.request.seed.value(), std::uint64_t{17});
        for (const char* words :
            {"\"refiner\" took over after 70 %", "schedule \"lcm\"", "words are missing"})
            QVERIFY2(says(from, words), words);
    }

    void fooocusAsAnInfotext()
    {
        const ImportedRequest from = imported({"a mill, sharp\nNegative prompt: blurry\nSteps: 30, Sampler: "
                                               "DPM++ 2M SDE Karras, Seed: 17, Size: "
                                               "1152x896, CFG scale: 4, Sharpness: 2, Model: jug, Scheduler: "
                                               "karras, VAE: Default (model), Raw prompt: a "
                                               "mill, Version: Fooocus v2.5.5",
            {}, {{"fooocus_scheme", "a1111"}}});
        QCOMPARE(from.program, std::string("Fooocus"));
        QCOMPARE(from.request.prompt, std::string("a mill, sharp"));
        QCOMPARE(from.request.sampling.sampler, std::string("dpmpp_2m_sde"));
        QCOMPARE(from.request.sampling.schedule, std::string("karras"));
        QVERIFY(from.request.noise == NoiseSource::Torch);
        QVERIFY2(says(from, "Sharpness: 2"), qPrintable(all(from)));
        QCOMPARE(from.notHonoured.size(), std::size_t{2});
    }

    void stableDiffusionCppByItsText()
    {
        const ImportedRequest from = fromPng(m_folder.path(), {kSdCppOld, {}, {}});
        const Request& request = from.request;
        QCOMPARE(from.program, std::string("stable-diffusion.cpp"));
        QCOMPARE(request.prompt, std::string("a dog <lora:ink:0.5>"));
        QCOMPARE(request.sampling.guidance, 7.5);
        QVERIFY(!request.sampling.tuning.eta);
        QVERIFY(request.noise == NoiseSource::Philox);
        QCOMPARE(request.sampling.schedule, std::string("karras"));
        QVERIFY(request.mode == Mode::Hires);
        QVERIFY(request.hires.base == (Extent{768, 512}));
        const Rung& rung = request.hires.rungs.front();
        QVERIFY(rung.target == (Extent{1536, 1024}));
        QCOMPARE(rung.steps, 12);
        QCOMPARE(rung.strength, 0.4);
        QCOMPARE(rung.upscaler, std::string("lanczos"));
        QVERIFY2(says(from, "dpm++2mv2"), qPrintable(all(from)));
        QVERIFY(says(from, "sdxl.safetensors"));
        QCOMPARE(from.notHonoured.size(), std::size_t{2});
    }

    void stableDiffusionCppByItsJson()
    {
        const ImportedRequest from = fromPng(m_folder.path(), {kSdCppNew, {}, {}});
        const Request& request = from.request;
        QCOMPARE(from.program, std::string("stable-diffusion.cpp"));
        QCOMPARE(request.prompt, std::string("a dog, Steps: 3 <lora:ink:0.5>"));
        QCOMPARE(request.negativePrompt, std::string("cat"));
        QCOMPARE(request.seed.value(), std::uint64_t{43});
        QCOMPARE(request.sampling.steps, 24);
        QCOMPARE(request.sampling.guidance, 5.5);
        QCOMPARE(request.sampling.sampler, std::string("dpmpp_2s_a"));
        QCOMPARE(request.sampling.schedule, std::string("align_your_steps"));
        QVERIFY(request.noise == NoiseSource::Torch);
        QVERIFY(request.hires.base == (Extent{1024, 768}));
        const Rung& rung = request.hires.rungs.front();
        QCOMPARE(rung.scale.value(), 1.5);
        QVERIFY(!rung.target);
        QCOMPARE(rung.steps, 24);
        QCOMPARE(rung.strength, 0.35);
        QVERIFY(rung.meaning == StrengthMeaning::A1111);
        for (const char* words : {"xl.safetensors", "v.safetensors", "Latent (bicubic)"})
            QVERIFY2(says(from, words), words);
        QCOMPARE(from.notHonoured.size(), std::size_t{3});
        // The text beside it alone, as it may be pasted.
        const auto pasted = std::get<ImportedRequest>(requestFromInfotext(kSdCppNew));
        QCOMPARE(pasted.request.seed.value(), std::uint64_t{1});
    }

    void drawThingsInItsXmp()
    {
        std::string json;
        for (const char c : kDrawThings)
            json += c == '"' ? "&quot;" : std::string(1, c);
        const ImportedRequest from = fromPng(m_folder.path(),
            text("XML:com.adobe.xmp",
                kXmpHead + json
                    + "</rdf:li></rdf:Alt></exif:UserComment></rdf:Description></rdf:RDF></x:xmpmeta>"));
        const Request& request = from.request;
        QCOMPARE(from.program, std::string("Draw Things"));
        QCOMPARE(request.prompt, std::string("a lighthouse <lora:ink_lora_f16:0.6>"));
        QCOMPARE(request.negativePrompt, std::string("blurry"));
        QCOMPARE(request.seed.value(), std::uint64_t{3214567890});
        QCOMPARE(request.sampling.steps, 20);
        QCOMPARE(request.sampling.guidance, 4.5);
        QCOMPARE(request.sampling.sampler, std::string("dpmpp_2m"));
        QCOMPARE(request.sampling.schedule, std::string("karras"));
        QVERIFY(request.noise == NoiseSource::Torch);
        QVERIFY(request.mode == Mode::Hires);
        QVERIFY(request.hires.base == (Extent{768, 512}));
        QVERIFY(request.hires.rungs.front().target == (Extent{1536, 1024}));
        QCOMPARE(request.hires.rungs.front().strength, 0.7);
        QVERIFY(request.hires.rungs.front().meaning == StrengthMeaning::Diffusers);
        QVERIFY(request.conditioning.original == (Extent{1536, 1024}));
        QVERIFY(request.conditioning.target == (Extent{1536, 1024}));
        QCOMPARE(request.conditioning.cropLeft, 4);
        QCOMPARE(request.conditioning.cropTop, 8);
        for (const char* words : {"sd_xl_base_1.0_f16", "\"sd_xl_refiner_1.0_f16\" took over", "shift: 3",
                 "bilinear", "negative_original_size"})
            QVERIFY2(says(from, words), words);
        QCOMPARE(from.notHonoured.size(), std::size_t{5});
    }

    void drawThingsInJpegAndWebP()
    {
        for (const char* file : {"draw_things.jpg", "draw_things.webp"}) {
            const ImportedRequest from = fromFile(file);
            QCOMPARE(from.program, std::string("Draw Things"));
            QCOMPARE(from.request.prompt, std::string("a lighthouse <3"));
            QCOMPARE(from.request.sampling.sampler, std::string("euler_a"));
            QCOMPARE(from.request.sampling.schedule, std::string("trailing"));
            QVERIFY(from.request.standard.size == (Extent{1024, 768}));
            QVERIFY(says(from, "Scale Alike"));
        }
    }

    void drawThingsByItsDescription()
    {
        const ImportedRequest from = imported(text("Description",
            "a lighthouse\n-blurry\nSteps: 8, Sampler: DDIM Trailing, Guidance Scale: 2.5, Seed: 5, Size: "
            "1024x1024, "
            "Model: x.ckpt, Strength: 1.0, Seed Mode: NVIDIA GPU Compatible, Tiled Decoding Enabled: 640x640 "
            "[128]"));
        QCOMPARE(from.request.prompt, std::string("a lighthouse"));
        QCOMPARE(from.request.negativePrompt, std::string("blurry"));
        QCOMPARE(from.request.sampling.steps, 8);
        QCOMPARE(from.request.sampling.guidance, 2.5);
        QCOMPARE(from.request.sampling.sampler, std::string("ddim"));
        QCOMPARE(from.request.sampling.schedule, std::string("trailing"));
        QVERIFY(from.request.noise == NoiseSource::Philox);
        QVERIFY(says(from, "Tiled Decoding Enabled"));
    }

    void sdNextByItsOwnKeys()
    {
        const ImportedRequest from
            = imported({"a boat\nNegative prompt: \nSteps: 20, Size: 768x768, Sampler: DPM++ 2M, Seed: 9, "
                        "CFG scale: 6, CFG "
                        "rescale: 0.5, CFG end: 0.8, Model: xl, App: SD.Next, Version: 1a2b3c4, Pipeline: "
                        "StableDiffusionXLPipeline, Operations: txt2img; hires, Refine: True, Hires force: "
                        "True, Hires steps: 15, "
                        "HiRes mode: 1, Hires upscaler: ESRGAN 4x Nomos, Hires scale: 2, Hires size: "
                        "1536x1536, Hires strength: "
                        "0.3, Hires CFG scale: 5, Sampler sigma: karras",
                {}, {}});
        const Request& request = from.request;
        QCOMPARE(from.program, std::string("SD.Next"));
        QVERIFY(request.mode == Mode::Hires);
        QCOMPARE(request.sampling.sampler, std::string("dpmpp_2m"));
        QCOMPARE(request.sampling.schedule, std::string("karras"));
        QCOMPARE(request.sampling.guidanceShape.rescale, 0.5);
        QCOMPARE(request.sampling.guidanceShape.end, 0.8);
        const Rung& rung = request.hires.rungs.front();
        QCOMPARE(rung.scale.value(), 2.0);
        QCOMPARE(rung.strength, 0.3);
        QCOMPARE(rung.steps, 15);
        QCOMPARE(rung.guidance.value(), 5.0);
        for (const char* words : {"ESRGAN 4x Nomos", "\"xl\"", "HiRes mode: 1", "Hires force: True"})
            QVERIFY2(says(from, words), words);
    }

    void forgeWithItsModules()
    {
        const ImportedRequest from = imported({"a boat\nSteps: 20, Sampler: Euler a, Schedule type: "
                                               "Automatic, CFG scale: 7, Seed: 9, Size: 896x1152, "
                                               "Model hash: 31e35c80fc, Model: xl, Denoising strength: 0.4, "
                                               "Hires Module 1: Use same choices, Hires CFG "
                                               "Scale: 5, Hires upscale: 1.5, Hires steps: 10, Hires "
                                               "upscaler: Lanczos, Module 1: sdxl_vae, Version: "
                                               "f2.0.1v1.10.1-previous-633",
            {}, {}});
        QCOMPARE(from.program, std::string("Forge"));
        QVERIFY(from.request.hires.base == (Extent{896, 1152}));
        QCOMPARE(from.request.hires.rungs.front().scale.value(), 1.5);
        QCOMPARE(from.request.hires.rungs.front().guidance.value(), 5.0);
        QCOMPARE(from.request.sampling.schedule, std::string("uniform"));
        QVERIFY(says(from, "autoencoder \"sdxl_vae\""));
        QVERIFY(says(from, "31e35c80fc"));
        QVERIFY(!says(from, "Hires Module"));
    }

    void a1111GoesByItsName()
    {
        QCOMPARE(imported({"a boat\nSteps: 20, Sampler: Euler a, Seed: 9, Version: v1.10.1", {}, {}}).program,
            std::string("AUTOMATIC1111"));
    }
};

QTEST_GUILESS_MAIN(TestPrograms)
#include "tst_programs.moc"
