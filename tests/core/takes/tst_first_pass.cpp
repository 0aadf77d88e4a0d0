#include "core/base/error.h"
#include "core/takes/first_pass.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <limits>

using namespace studio;
namespace fs = std::filesystem;

namespace {

FirstPass stored()
{
    FirstPass first;
    first.latent = {{4, 2, 3}, {}};
    for (int i = 0; i < 24; ++i)
        first.latent.values.push_back(static_cast<float>(i) / 3.0f - 1.0f);
    first.size = {96, 64};
    first.request.mode = Mode::Hires;
    first.request.prompt = "a lighthouse";
    first.request.negativePrompt = "fog";
    first.request.seed = 42;
    first.request.sampling = {12, 6.0, "dpmpp_2m", "karras"};
    first.request.models.base = "/models/base.safetensors";
    first.request.hires.base = first.size;
    return first;
}

std::string refusal(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

} // namespace

class TestFirstPass : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    fs::path m_file = fs::path(m_folder.path().toStdString()) / "first_pass.safetensors";

    static Request on(const Request& asked)
    {
        std::vector<std::string> unused;
        return onFirstPass(asked, stored(), unused);
    }

private Q_SLOTS:
    void theFileGivesBackEveryNumber()
    {
        FirstPass first = stored();
        first.latent.values[3] = std::numeric_limits<float>::denorm_min();
        first.latent.values[4] = -0.0f;
        writeFirstPass(m_file, first);
        const FirstPass read = readFirstPass(m_file);
        QVERIFY(read == first);
        QVERIFY(std::signbit(read.latent.values[4]));
        first.request.seed = 43;
        writeFirstPass(m_file, first); // replaces
        QVERIFY(readFirstPass(m_file) == first);
    }

    void otherFilesAreRefused()
    {
        QVERIFY(!refusal([] { readFirstPass("/no/such/file.safetensors"); }).empty());
        FirstPass first = stored();
        first.latent.values[7] = std::numeric_limits<float>::quiet_NaN();
        writeFirstPass(m_file, first);
        QVERIFY(refusal([&] { readFirstPass(m_file); }).find("finite") != std::string::npos);
        const std::string model
            = STUDIO_SOURCE_DIR "/resources/demo_model/vae/diffusion_pytorch_model.safetensors";
        QVERIFY(refusal([&] { readFirstPass(model); }).find("no first pass") != std::string::npos);
    }

    void aFileCutAnywhereIsRefused()
    {
        writeFirstPass(m_file, stored());
        QFile whole(QString::fromStdString(m_file.string()));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        for (qsizetype size = 0; size < bytes.size(); size += 37) {
            QFile cut(m_folder.filePath(QStringLiteral("cut.safetensors")));
            QVERIFY(cut.open(QIODevice::WriteOnly | QIODevice::Truncate));
            cut.write(bytes.left(size));
            cut.close();
            QVERIFY(!refusal([&] { readFirstPass(cut.fileName().toStdString()); }).empty());
        }
    }

    void whatMadeTheLatentStays()
    {
        Request asked;
        asked.mode = Mode::Hires;
        asked.firstPass = "x";
        asked.seed = 7;
        asked.noise = NoiseSource::Philox;
        asked.prompt = "a harbour";
        asked.hires.base = Extent{512, 512};
        std::vector<std::string> unused;
        const Request out = onFirstPass(asked, stored(), unused);
        QCOMPARE(out.prompt, std::string("a lighthouse"));
        QVERIFY(out.seed == 42u && out.noise == NoiseSource::Torch);
        QVERIFY(out.sampling == stored().request.sampling);
        QVERIFY(out.hires.base == (Extent{96, 64}));
        QCOMPARE(out.models.base, std::string("/models/base.safetensors"));
        QCOMPARE(out.firstPass, std::string("x"));
        QCOMPARE(unused.size(), std::size_t(4));
        QVERIFY(unused[0].find("seed 42") != std::string::npos);
    }

    void noSettingIsDroppedInSilence_data()
    {
        using Change = std::function<void(Request&)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* said, Change change) {
            QTest::newRow(said) << change << QString::fromLatin1(said);
        };
        row("steps, 12", [](Request& r) { r.sampling.steps = 20; });
        row("steps", [](Request& r) { r.sampling.sigmas = {5.0, 1.0, 0.0}; });
        row("eta", [](Request& r) { r.sampling.tuning.eta = 0.5; });
        row("sampler's noise", [](Request& r) { r.sampling.tuning.noiseScale = 1.1; });
        row("churn", [](Request& r) { r.sampling.tuning.churn = 2.0; });
        row("change of the seed", [](Request& r) { r.sampling.tuning.noiseSeedDelta = 31337; });
        row("rescaling", [](Request& r) { r.sampling.guidanceShape.rescale = 0.7; });
        row("guided", [](Request& r) { r.sampling.guidanceShape.end = 0.8; });
        row("negative prompt is skipped",
            [](Request& r) { r.sampling.guidanceShape.skipNegativeBelow = 2.0; });
        row("syntax", [](Request& r) { r.prompts.syntax = PromptSyntax::Plain; });
        row("emphasis", [](Request& r) { r.prompts.emphasis = Emphasis::Comfy; });
        row("Clip skip 2", [](Request& r) { r.prompts.clipSkip = 1; });
        row("styles", [](Request& r) { r.prompts.styles = {"film"}; });
    }
    void noSettingIsDroppedInSilence()
    {
        QFETCH(std::function<void(Request&)>, change);
        QFETCH(QString, said);
        Request asked = stored().request;
        change(asked);
        std::vector<std::string> unused;
        const Request out = onFirstPass(asked, stored(), unused);
        QCOMPARE(unused.size(), std::size_t(1));
        QVERIFY2(QString::fromStdString(unused.front()).contains(said), unused.front().c_str());
        QVERIFY(out == stored().request); // so it is the picture that the whole of it gives
    }

    void whatDiffersGoesToTheSecondPass()
    {
        Request asked;
        asked.mode = Mode::Hires;
        asked.prompt = "a harbour";
        asked.negativePrompt = "fog";
        asked.sampling = {50, 3.0, "euler", "karras"};
        asked.models.base = "/models/other.safetensors";
        asked.hires.rungs.resize(2);
        asked.hires.rungs[1].prompt = "boats";
        asked.hires.rungs[1].model = "/models/third.safetensors";
        const Request out = on(asked);
        QVERIFY(out.hires.rungs[0].prompt == "a harbour" && out.hires.rungs[1].prompt == "boats");
        QVERIFY(!out.hires.rungs[0].negativePrompt && !out.hires.rungs[0].schedule);
        QVERIFY(out.hires.rungs[0].guidance == 3.0 && out.hires.rungs[0].sampler == "euler");
        QCOMPARE(out.hires.rungs[0].model, std::string("/models/other.safetensors"));
        QCOMPARE(out.hires.rungs[1].model, std::string("/models/third.safetensors"));
    }

    void adaptersDidInTheFirstPassWhatTheyDid()
    {
        FirstPass first = stored();
        first.request.adapters = {{.name = "ink", .unet = 0.8, .textEncoder = 0.7}, {.name = "fog"}};
        Request asked = first.request;
        // "ink" is weaker now, "fog" has gone, "rain" has come.
        asked.adapters = {{.name = "ink", .unet = 0.3, .textEncoder = 0.7}, {.name = "rain", .unet = 0.5}};
        std::vector<std::string> unused;
        const Request out = onFirstPass(asked, first, unused);
        QCOMPARE(unused.size(), std::size_t(1));
        const std::vector<AdapterChoice> expected{
            {.name = "ink", .unet = 0.8, .textEncoder = 0.7, .secondUnet = 0.3},
            {.name = "fog", .secondUnet = 0.0, .secondTextEncoder = 0.0},
            {.name = "rain", .unet = 0.0, .textEncoder = 0.0, .secondUnet = 0.5, .secondTextEncoder = 1.0}};
        QVERIFY(out.adapters == expected);
        // Asked for again as it was written down, nothing changes and nothing is left to say.
        unused.clear();
        QVERIFY(onFirstPass(out, first, unused).adapters == expected);
        QVERIFY(unused.empty());
    }

    void theSameRequestIsLeftAsItIs()
    {
        std::vector<std::string> unused;
        QVERIFY(onFirstPass(stored().request, stored(), unused) == stored().request);
        QVERIFY(unused.empty());
    }

    void modesWithoutOneFirstPassAreRefused()
    {
        for (const Mode mode : {Mode::Standard, Mode::Compare}) {
            Request asked;
            asked.mode = mode;
            QVERIFY(!refusal([&] { on(asked); }).empty());
        }
        Request asked;
        asked.mode = Mode::Simple;
        QVERIFY(on(asked).simple.base == (Extent{96, 64}));
        asked.standard.useRefiner = true;
        QVERIFY(!refusal([&] { on(asked); }).empty());
        asked = {};
        asked.mode = Mode::Hires;
        asked.initPicture = "photo.png";
        QVERIFY(!refusal([&] { on(asked); }).empty());
    }
};

QTEST_GUILESS_MAIN(TestFirstPass)
#include "tst_first_pass.moc"
