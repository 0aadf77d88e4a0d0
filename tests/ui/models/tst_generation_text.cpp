#include "ui/models/generation_text.h"

#include <QTest>

using namespace studio;
using namespace studio::ui;

namespace {

/// As Civitai's "Copy generation data" has it.
QString civitai()
{
    return QStringLiteral("a lighthouse at dawn, (mist:1.2)\nNegative prompt: blurry, text\n"
                          "Steps: 28, CFG scale: 5, Sampler: DPM++ 2M Karras, Seed: 1234567890, "
                          "Size: 832x1216, Clip skip: 2, Model: Juggernaut XL, Version: v1.10.1");
}

Request present()
{
    Request request;
    request.prompt = "mine";
    request.models.base = "/models/mine.safetensors";
    request.models.vae = "/models/vae.safetensors";
    request.execution.device = "cuda:1";
    return request;
}

TextSettings read(const QString& text, const NamedFiles& here = {})
{
    const auto outcome = settingsFromText(text, present(), here);
    if (const Failure* failure = failureOf(outcome))
        qFatal("%s", failure->detail.c_str());
    return std::get<TextSettings>(outcome);
}

} // namespace

class TestGenerationText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsGenerationTextFromAPrompt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("is");
        QTest::newRow("civitai") << civitai() << true;
        QTest::newRow("without a prompt")
            << QStringLiteral("Steps: 20, Sampler: Euler, CFG scale: 7, Seed: 1") << true;
        QTest::newRow("lines of Windows")
            << QStringLiteral("a lake\r\nSteps: 20, Sampler: Euler, CFG scale: 7") << true;
        QTest::newRow("prompt") << QStringLiteral("a lake, mountains, steps: of stone") << false;
        QTest::newRow("steps in a prompt") << QStringLiteral("stone Steps: 20, a lake: deep") << false;
        QTest::newRow("a number alone") << QStringLiteral("Steps: 20") << false;
        QTest::newRow("empty") << QString() << false;
    }

    void knowsGenerationTextFromAPrompt()
    {
        QFETCH(const QString, text);
        QFETCH(const bool, is);
        QCOMPARE(isGenerationText(text), is);
    }

    void everySettingGoesToItsPlace()
    {
        const Request request = read(civitai()).request;
        QCOMPARE(request.prompt, std::string("a lighthouse at dawn, (mist:1.2)"));
        QCOMPARE(request.negativePrompt, std::string("blurry, text"));
        QCOMPARE(request.sampling.steps, 28);
        QCOMPARE(request.sampling.guidance, 5.0);
        QCOMPARE(request.sampling.sampler, std::string("dpmpp_2m"));
        QCOMPARE(request.sampling.schedule, std::string("karras"));
        QCOMPARE(request.seed.value_or(0), std::uint64_t(1234567890));
        QVERIFY((request.standard.size == Extent{832, 1216}));
    }

    void thePresentModelStaysUnlessTheNamedOneIsHere()
    {
        const TextSettings away = read(civitai());
        QVERIFY(away.request.models == present().models);
        QCOMPARE(away.request.execution.device, std::string("cuda:1"));
        QCOMPARE(away.notTaken.filter(QStringLiteral("Juggernaut XL")).size(), 1);

        const ModelEntry vae{QStringLiteral("/m/v/Juggernaut XL.safetensors"),
            QStringLiteral("Juggernaut XL"), FileKind::SdxlVae};
        const ModelEntry here{QStringLiteral("/m/juggernaut xl.safetensors"), QStringLiteral("juggernaut xl"),
            FileKind::SdxlBase};
        const TextSettings found = read(civitai(), {{vae, here}, {}});
        QCOMPARE(found.request.models.base, std::string("/m/juggernaut xl.safetensors"));
        QVERIFY(found.request.models.vae.empty()); // the other one's goes with the other one
        QVERIFY(found.notTaken.filter(QStringLiteral("Juggernaut XL")).isEmpty());
    }

    void theModelInUseIsNoLoss()
    {
        const TextSettings same
            = read(QStringLiteral("x\nSteps: 20, Sampler: Euler, CFG scale: 7, Model: mine"));
        QVERIFY(same.request.models == present().models);
        QVERIFY(same.notTaken.filter(QStringLiteral("model")).isEmpty());
    }

    void anUpscalerThatIsHereIsUsed()
    {
        const QString text = QStringLiteral("x\nSteps: 20, Sampler: Euler, CFG scale: 7, Size: 832x1216, "
                                            "Hires upscale: 1.5, Hires upscaler: 4x-UltraSharp, "
                                            "Denoising strength: 0.4");
        const TextSettings away = read(text);
        QCOMPARE(away.request.hires.rungs.front().upscaler, std::string("lanczos"));
        QCOMPARE(away.notTaken.filter(QStringLiteral("4x-UltraSharp")).size(), 1);
        const TextSettings found
            = read(text, {{}, {{"lanczos", "Lanczos", ""}, {"4x-ultrasharp", "4x-ultrasharp", ""}}});
        QCOMPARE(found.request.hires.rungs.front().upscaler, std::string("4x-ultrasharp"));
        QVERIFY(found.notTaken.filter(QStringLiteral("UltraSharp"), Qt::CaseInsensitive).isEmpty());
    }

    void theSettingsAreTheLastLineOfTheirKind()
    {
        const TextSettings settings = read(QStringLiteral(
            "Steps: 3, of stone: Model: wrong\nSteps: 20, Sampler: Euler, CFG scale: 7, Model: mine"));
        QCOMPARE(settings.request.sampling.steps, 20);
        QVERIFY(settings.notTaken.filter(QStringLiteral("model")).isEmpty());
    }

    void whatMakesNoSenseIsRefusedWithASentence()
    {
        const auto outcome = settingsFromText(QString(1 << 21, u'a'), present(), {});
        QVERIFY(failureOf(outcome) && !failureOf(outcome)->detail.empty());
    }
};

QTEST_GUILESS_MAIN(TestGenerationText)
#include "tst_generation_text.moc"
