#include "core/api/infotext.h"

#include "core/request/infotext_names.h"
#include "core/request/infotext_parser.h"

#include <QtTest>

using namespace studio;

namespace {

ImportedRequest read(const std::string& text)
{
    const Outcome<ImportedRequest> outcome = requestFromInfotext(text);
    if (const Failure* failure = failureOf(outcome))
        qFatal("%s", failure->detail.c_str());
    return std::get<ImportedRequest>(outcome);
}

bool says(const ImportedRequest& imported, const char* words)
{
    return std::any_of(imported.notHonoured.begin(), imported.notHonoured.end(),
        [&](const std::string& sentence) { return sentence.find(words) != std::string::npos; });
}

PlannedStage denoise(Extent size, int steps, int input, int text)
{
    PlannedStage stage;
    stage.kind = StageKind::Denoise;
    stage.role = ModelRole::Base;
    stage.model = "/models/sd_xl_base_1.0.safetensors";
    stage.modelHash = "31e35c80fc";
    stage.size = size;
    stage.steps = steps;
    stage.input = input;
    stage.text = text;
    stage.guidance = 7.0;
    stage.sampler = "dpmpp_2m";
    stage.schedule = "karras";
    return stage;
}

/// Texts, first pass, decode, upscale, encode, second pass, decode.
Plan hiresPlan(StrengthMeaning meaning, int secondSteps)
{
    Plan plan;
    plan.request.prompt = "a lighthouse";
    plan.request.negativePrompt = "blurry";
    plan.request.mode = Mode::Hires;
    plan.request.seed = 42;
    plan.request.sampling = {30, 7.0, "dpmpp_2m", "karras"};
    plan.request.hires.rungs[0].meaning = meaning;
    PlannedStage text;
    text.kind = StageKind::EncodeText;
    text.prompt = plan.request.prompt;
    text.negativePrompt = plan.request.negativePrompt;
    PlannedStage decode;
    decode.kind = StageKind::Decode;
    decode.size = {768, 768};
    decode.input = 1;
    decode.layer = LayerKind::FirstPass;
    PlannedStage upscale;
    upscale.kind = StageKind::Upscale;
    upscale.size = {1536, 1536};
    upscale.input = 2;
    upscale.upscaler = "lanczos";
    upscale.layer = LayerKind::Upscaled;
    PlannedStage encode;
    encode.kind = StageKind::EncodeImage;
    encode.size = upscale.size;
    encode.input = 3;
    PlannedStage second = denoise({1536, 1536}, secondSteps, 4, 0);
    second.rung = 0;
    PlannedStage last = decode;
    last.size = second.size;
    last.input = 5;
    last.layer = LayerKind::Hires;
    plan.stages = {text, denoise({768, 768}, 30, -1, 0), decode, upscale, encode, second, last};
    return plan;
}

const std::string kHires
    = "a lighthouse\n"
      "Negative prompt: blurry\n"
      "Steps: 30, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 42, Size: 768x768, "
      "Model hash: 31e35c80fc, Model: sd_xl_base_1.0, Denoising strength: 0.35, RNG: CPU, Hires upscale: 2, "
      "Hires steps: 25, Hires upscaler: Lanczos, Version: Hires Studio 0.1.0";

} // namespace

class TestInfotext : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aHiresPictureIsWrittenAsA1111Writes()
    {
        QCOMPARE(toInfotext(hiresPlan(StrengthMeaning::A1111, 25), LayerKind::Hires), kHires);
    }

    void theFirstPassIsAPictureOfItsOwn()
    {
        QCOMPARE(toInfotext(hiresPlan(StrengthMeaning::A1111, 25), LayerKind::FirstPass),
            std::string(
                "a lighthouse\nNegative prompt: blurry\nSteps: 30, Sampler: DPM++ 2M, Schedule type: Karras, "
                "CFG scale: 7, Seed: 42, Size: 768x768, Model hash: 31e35c80fc, Model: sd_xl_base_1.0, RNG: "
                "CPU, "
                "Version: Hires Studio 0.1.0"));
    }

    void enlargingAloneIsA1111sPostprocessing()
    {
        const std::string text = toInfotext(hiresPlan(StrengthMeaning::A1111, 25), LayerKind::Upscaled);
        QVERIFY(
            text.find(", Postprocess upscale by: 2, Postprocess upscaler: Lanczos, ") != std::string::npos);
        QVERIFY(text.find("Denoising strength") == std::string::npos);
    }

    void upscalingNetworksGoByTheirFilesName()
    {
        Plan plan = hiresPlan(StrengthMeaning::A1111, 25);
        plan.stages[3].upscaler = plan.stages[3].model = "/models/upscalers/4x-UltraSharp.safetensors";
        const std::string text = toInfotext(plan, LayerKind::Hires);
        QVERIFY2(text.find("Hires upscaler: 4x-UltraSharp, ") != std::string::npos, text.c_str());
    }

    void aStrengthIsGivenInA1111sMeaning()
    {
        // 8 of 25 steps: A1111 runs 8 over the end of int(8 / 0.32) = 25.
        const std::string text = toInfotext(hiresPlan(StrengthMeaning::Diffusers, 8), LayerKind::Hires);
        QVERIFY(text.find("Denoising strength: 0.32, ") != std::string::npos);
        QVERIFY(text.find("Hires steps: 8, ") != std::string::npos);
    }

    void everyCountOfStepsHasItsStrength()
    {
        for (int total = 1; total <= 150; ++total) {
            for (int steps = 1; steps <= total; ++steps) {
                Plan plan = hiresPlan(StrengthMeaning::Diffusers, steps);
                plan.request.hires.rungs[0].steps = total;
                const ImportedRequest imported = read(toInfotext(plan, LayerKind::Hires));
                const Rung& rung = imported.request.hires.rungs[0];
                QVERIFY(rung.meaning == StrengthMeaning::A1111);
                QCOMPARE(rung.steps, steps);
                // A1111's arithmetic. At full strength its cap of 0.999 may add a step in front.
                const int a1111Total = static_cast<int>(rung.steps / std::min(rung.strength, 0.999));
                QVERIFY2(a1111Total == total, qPrintable(QStringLiteral("%1 of %2").arg(steps).arg(total)));
            }
        }
    }

    void aNoiseLevelComesBack()
    {
        Plan plan = hiresPlan(StrengthMeaning::Sigma, 20);
        plan.request.hires.rungs[0].strength = 0.7794;
        plan.stages[5].timesteps = {281.0};
        const std::string text = toInfotext(plan, LayerKind::Hires);
        QVERIFY(text.find("Denoising strength: 0.28, ") != std::string::npos);
        const ImportedRequest imported = read(text);
        QVERIFY(imported.request.hires.rungs[0].meaning == StrengthMeaning::Sigma);
        QCOMPARE(imported.request.hires.rungs[0].strength, 0.7794);
    }

    void whatDiffersInTheSecondPassIsWritten()
    {
        Plan plan = hiresPlan(StrengthMeaning::A1111, 25);
        PlannedStage text = plan.stages[0];
        text.prompt = "a lighthouse, \"sharp\": detail";
        plan.stages.push_back(text);
        PlannedStage& second = plan.stages[5];
        second.text = 7;
        second.model = "/models/sd_xl_refiner_1.0.safetensors";
        second.modelHash = "7440042bbd";
        second.sampler = "euler";
        second.schedule = "uniform";
        second.guidance = 5.5;
        second.size = {1536, 1152};
        plan.stages[6].size = {1536, 1152};
        const std::string infotext = toInfotext(plan, LayerKind::Hires);
        QVERIFY2(
            infotext.find("RNG: CPU, Hires checkpoint: sd_xl_refiner_1.0 [7440042bbd], Hires sampler: Euler, "
                          "Hires prompt: \"a lighthouse, \\\"sharp\\\": detail\", Hires CFG Scale: 5.5, "
                          "Hires schedule type: Uniform, Hires resize: 1536x1152, Hires steps: 25, ")
                != std::string::npos,
            infotext.c_str());
        const Rung rung = read(infotext).request.hires.rungs[0];
        QCOMPARE(rung.prompt.value(), text.prompt);
        QVERIFY(!rung.negativePrompt);
        QCOMPARE(rung.sampler.value(), std::string("euler"));
        QCOMPARE(rung.schedule.value(), std::string("uniform"));
        QCOMPARE(rung.guidance.value(), 5.5);
        QCOMPARE(rung.target.value(), (Extent{1536, 1152}));
    }

    void ourOwnTextComesBack()
    {
        const Request request = read(kHires).request;
        QVERIFY(request.mode == Mode::Hires);
        QCOMPARE(request.prompt, std::string("a lighthouse"));
        QCOMPARE(request.negativePrompt, std::string("blurry"));
        QCOMPARE(request.seed.value(), std::uint64_t(42));
        QCOMPARE(request.sampling, (SamplingSettings{30, 7.0, "dpmpp_2m", "karras"}));
        QCOMPARE(request.hires.base.value(), (Extent{768, 768}));
        QCOMPARE(request.hires.rungs[0].scale.value(), 2.0);
        QCOMPARE(request.hires.rungs[0].strength, 0.35);
        QCOMPARE(request.hires.rungs[0].steps, 25);
        QVERIFY(request.hires.rungs[0].meaning == StrengthMeaning::A1111);
        QVERIFY(request.noise == NoiseSource::Torch);
        QCOMPARE(read(kHires).notHonoured.size(), std::size_t(1)); // the model's file
    }

    void aPictureOfA1111IsRead()
    {
        const ImportedRequest imported
            = read("night sky, (stars:1.2),\n<lora:detail:0.8>\nNegative prompt: people\ncars\n"
                   "Steps: 25, Sampler: DPM++ 2M SDE, Schedule type: Automatic, CFG scale: 6.5, "
                   "Seed: 3141592653, Size: 832x1216, Model hash: 31e35c80fc, "
                   "Model: sd_xl_base_1.0, VAE: sdxl_vae.safetensors, Denoising strength: 0.4, "
                   "Clip skip: 2, ENSD: 31337, Hires upscale: 1.5, Hires upscaler: 4x-UltraSharp, "
                   "Lora hashes: \"detail: 7c6bad76eb54\", Version: v1.10.1");
        const Request& request = imported.request;
        QCOMPARE(request.prompt, std::string("night sky, (stars:1.2),\n<lora:detail:0.8>"));
        QCOMPARE(request.negativePrompt, std::string("people\ncars"));
        QCOMPARE(request.sampling.steps, 25);
        QCOMPARE(request.sampling.guidance, 6.5);
        QCOMPARE(request.sampling.sampler, std::string("dpmpp_2m_sde"));
        QCOMPARE(request.sampling.schedule, std::string("exponential"));
        QCOMPARE(request.sampling.tuning.noiseSeedDelta, std::uint64_t(31337));
        QCOMPARE(request.prompts.clipSkip, 2);
        QVERIFY(request.noise == NoiseSource::Philox);
        QVERIFY(request.mode == Mode::Hires);
        QCOMPARE(request.hires.rungs[0].steps, 25); // none given: as many as the first pass
        QVERIFY(says(imported, "\"sd_xl_base_1.0\" (31e35c80fc)"));
        QVERIFY(says(imported, "sdxl_vae.safetensors"));
        QVERIFY(says(imported, "\"4x-UltraSharp\" is not known"));
        QVERIFY(says(imported, "graphics card"));
        QCOMPARE(imported.notHonoured.size(), std::size_t(4));
    }

    void whatA1111TurnsOnSamplersAndPromptsIsRead()
    {
        const std::string settings
            = "x\nSteps: 20, Sampler: Euler a, CFG scale: 7, Size: 512x512, NGMS: 2.5, NGMS all "
              "steps: True, Skip Early CFG: 0.1, Eta: 0.5, Sigma churn: 3, Sigma tmin: 0.25, "
              "Sigma tmax: 8, Sigma noise: 1.05, Emphasis: No norm, RNG: CPU";
        const ImportedRequest imported = read(settings + ", Version: v1.10.1");
        QVERIFY(imported.notHonoured.empty());
        QVERIFY(imported.request.sampling.guidanceShape == (GuidanceSettings{0.0, 0.1, 1.0, 2.5, true}));
        QVERIFY(imported.request.sampling.tuning == (SamplerSettings{0.5, 1.05, 3.0, 0.25, 8.0, 0}));
        QVERIFY(imported.request.prompts.emphasis == Emphasis::NoNorm);
        QVERIFY(says(read("x\nSteps: 2, CFG scale: 7, Size: 64x64, Emphasis: Ignore"), "brackets count"));
        // There it has no effect on SDXL.
        QVERIFY(says(
            read("x\nSteps: 2, CFG scale: 7, Size: 64x64, Clip skip: 3, Version: v1.10.1"), "Clip skip: 3"));
    }

    void samplersAreReadInEveryForm_data()
    {
        QTest::addColumn<QString>("settings");
        QTest::addColumn<QString>("sampler");
        QTest::addColumn<QString>("schedule");
        const auto row = [](const char* settings, const char* sampler, const char* schedule) {
            QTest::newRow(settings) << QString::fromLatin1(settings) << QString::fromLatin1(sampler)
                                    << QString::fromLatin1(schedule);
        };
        row("Sampler: DPM++ 2M Karras", "dpmpp_2m", "karras");
        row("Sampler: DPM++ 2M SDE Heun Exponential", "dpmpp_2m_sde_heun", "exponential");
        row("Sampler: DPM++ 3M SDE Karras", "dpmpp_3m_sde", "karras");
        row("Sampler: DPM++ 2M", "dpmpp_2m", "uniform"); // before 1.9: the plain one
        row("Sampler: DPM++ 2M, Version: v1.10.1", "dpmpp_2m", "karras");
        row("Sampler: DPM++ 2M, Version: v1.8.0", "dpmpp_2m", "uniform");
        row("Sampler: Euler a, Schedule type: SGM Uniform", "euler_a", "sgm_uniform");
        row("Sampler: Euler a, Schedule type: Automatic", "euler_a", "uniform");
        row("Sampler: euler_ancestral, Schedule type: karras", "euler_a", "karras");
        row("Sampler: Euler a CFG++, Schedule type: Align Your Steps", "euler_a_cfgpp", "align_your_steps");
        row("Sampler: DPM++ 2S a Karras", "dpmpp_2s_a", "karras");
        row("Sampler: uni_pc, Schedule type: Normal", "unipc", "uniform");
        row("Sampler: DPM2, Schedule type: DDIM", "dpm2", "ddim_uniform");
        row("Sampler: Restart, Schedule type: Automatic", "restart", "karras");
        row("Sampler: PLMS", "plms", "uniform");
        row("Sampler: Something new, Schedule type: Beta", "euler", "beta");
        row("Sampler: Euler, Schedule type: Turbo", "euler", "uniform");
    }
    void samplersAreReadInEveryForm()
    {
        QFETCH(QString, settings);
        QFETCH(QString, sampler);
        QFETCH(QString, schedule);
        const ImportedRequest imported
            = read("x\nSteps: 20, CFG scale: 7, Size: 512x512, " + settings.toStdString());
        QCOMPARE(QString::fromStdString(imported.request.sampling.sampler), sampler);
        QCOMPARE(QString::fromStdString(imported.request.sampling.schedule), schedule);
        const bool unknown
            = settings.contains(QStringLiteral("new")) || settings.contains(QStringLiteral("Turbo"));
        QCOMPARE(says(imported, "is not known here"), unknown);
    }

    void everyRowComesBack()
    {
        for (const auto names : {infotextSamplers(), infotextSchedules(), infotextUpscalers()})
            for (const InfotextName& name : names) {
                QCOMPARE(nameOf(names, labelOf(names, name.id))->id, name.id);
                QVERIFY(name.automatic.empty() || nameOf(infotextSchedules(), name.automatic));
            }
        QCOMPARE(infotextSamplers().size(), std::size_t(25));
    }

    void sizesOfTheSecondPassFollowA1111_data()
    {
        QTest::addColumn<QString>("settings");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("both sides") << QStringLiteral("Size: 768x512, Hires resize: 1536x1024") << 1536
                                    << 1024;
        QTest::newRow("width alone") << QStringLiteral("Size: 768x512, Hires resize: 1000x0") << 1000 << 664;
        QTest::newRow("height alone")
            << QStringLiteral("Size: 768x512, Hires resize: 0x1024") << 1536 << 1024;
        QTest::newRow("before 2023") << QStringLiteral("Size: 1280x1024, First pass size: 640x512") << 1280
                                     << 1024;
    }
    void sizesOfTheSecondPassFollowA1111()
    {
        QFETCH(QString, settings);
        QFETCH(int, width);
        QFETCH(int, height);
        const ImportedRequest imported
            = read("x\nSteps: 20, Sampler: Euler, Denoising strength: 0.5, " + settings.toStdString());
        QVERIFY(imported.request.mode == Mode::Hires);
        QCOMPARE(imported.request.hires.rungs[0].target.value(), (Extent{width, height}));
        QCOMPARE(imported.request.hires.rungs[0].strength, 0.5);
    }

    void valuesThatCannotBeUsedAreSaid()
    {
        const ImportedRequest imported
            = read("x\nSteps: 5000, Sampler: Euler, CFG scale: much, Seed: -5, Size: 30x30, "
                   "Hires upscale: 99, Hires steps: 4.5, Denoising strength: 7, ControlNet 0: on");
        QCOMPARE(imported.request.sampling, (SamplingSettings{30, 7.5, "euler", "uniform"}));
        QVERIFY(!imported.request.seed);
        for (const char* key : {"Steps: 5000", "CFG scale: much", "Seed: -5", "Size: 30x30",
                 "Hires upscale: 99", "Hires steps: 4.5", "Denoising strength: 7", "ControlNet 0: on"})
            QVERIFY2(says(imported, key), key);
        QVERIFY(check(imported.request).empty());
    }

    void aPictureMadeFromAPictureSaysSo()
    {
        QVERIFY(says(read("x\nSteps: 20, Sampler: Euler, Size: 512x512, Denoising strength: 0.5"),
            "starts from noise"));
    }

    void textWithoutSettingsIsAPrompt()
    {
        const ImportedRequest imported = read("  a cat: black, white\nNegative prompt: dog  ");
        QCOMPARE(imported.request.prompt, std::string("a cat: black, white"));
        QCOMPARE(imported.request.negativePrompt, std::string("dog"));
        QVERIFY(says(imported, "No settings"));
        QVERIFY(imported.request.noise == NoiseSource::Torch);
    }

    void settingsAloneAreEnough()
    {
        const Request request = read("Steps: 20, Sampler: Euler, Size: 512x640").request;
        QVERIFY(request.prompt.empty());
        QCOMPARE(request.standard.size.value(), (Extent{512, 640}));
        QVERIFY(request.mode == Mode::Standard);
    }

    void quotedValuesFollowA1111()
    {
        QCOMPARE(quoteForInfotext("plain"), std::string("plain"));
        QCOMPARE(quoteForInfotext("a, b"), std::string("\"a, b\""));
        QCOMPARE(quoteForInfotext("a:\n\"b\" \u706f"), std::string("\"a:\\n\\\"b\\\" \u706f\""));
        const InfotextParts parts = parseInfotext(
            "p\nOne key: \"a, b: c\\n\\\"d\\\"\", Two: x \"y\", Three/3-b: , Four: \"open, Five: 5");
        QCOMPARE(parts.settings.size(), std::size_t(5));
        QCOMPARE(parts.settings[0].second, std::string("a, b: c\n\"d\""));
        QCOMPARE(parts.settings[1].second, std::string("x \"y\""));
        QCOMPARE(parts.settings[2].first, std::string("Three/3-b"));
        QCOMPARE(parts.settings[2].second, std::string());
        QCOMPARE(parts.settings[3].second, std::string("\"open"));
        QCOMPARE(parts.settings[4].second, std::string("5"));
    }

    void hostileTextsAreReadOrRefused()
    {
        std::string words;
        for (int i = 0; i < 100'000; ++i)
            words += "ab \"cd: ";
        QVERIFY(!failureOf(requestFromInfotext(std::string(100'000, 'a'))));
        requestFromInfotext(words);
        requestFromInfotext(std::string(1'000'000, '"'));
        QVERIFY(failureOf(requestFromInfotext(std::string(2'000'000, 'a'))));
        QVERIFY(failureOf(requestFromInfotext("\xFF\xFE")));
        QVERIFY(failureOf(requestFromInfotext(" \n ")));
    }
};

QTEST_GUILESS_MAIN(TestInfotext)
#include "tst_infotext.moc"
