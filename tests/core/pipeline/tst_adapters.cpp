#include "core/api/engine.h"
#include "core/api/infotext.h"
#include "tests/core/pipeline/small_requests.h"

#include <ATen/ATen.h>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace studio;
using studio::testing::adapter;
using studio::testing::adapterFolder;
using studio::testing::makeEngine;
using studio::testing::Oracle;
using studio::testing::planOf;
using studio::testing::relativeError;
using studio::testing::runBy;
using studio::testing::says;
using studio::testing::smallOptions;
using studio::testing::tensorOf;
using studio::testing::tinyModel;

Q_DECLARE_METATYPE(std::string)

namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 1e-3;

} // namespace

class TestAdapters : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Engine> m_engine;

    fs::path file(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }

    /// The picture of the oracle, without an adapter.
    static Request picture()
    {
        const nlohmann::json settings = Oracle("tiny_base_adapters").settings().at("picture");
        Request request;
        request.prompt = settings.at("prompt").get<std::string>();
        request.negativePrompt = settings.at("negative").get<std::string>();
        request.standard.size = Extent{settings.at("width").get<int>(), settings.at("height").get<int>()};
        request.sampling.steps = settings.at("steps").get<int>();
        request.sampling.guidance = settings.at("guidance").get<double>();
        request.seed = settings.at("seed").get<std::uint64_t>();
        request.models.base = tinyModel("tiny_base").string();
        return request;
    }

    static Request hires()
    {
        Request request = picture();
        request.mode = Mode::Hires;
        request.sampling.steps = 4;
        request.hires.base = Extent{64, 64};
        request.hires.rungs[0].target = Extent{96, 96};
        request.hires.rungs[0].steps = 4;
        request.hires.rungs[0].meaning = StrengthMeaning::A1111;
        return request;
    }

private Q_SLOTS:
    void initTestCase()
    {
        EngineOptions options = smallOptions();
        options.adapters = {adapterFolder()};
        const fs::path embeddings = file("embeddings");
        fs::create_directories(embeddings);
        fs::copy_file(adapterFolder() / "inkstyle.safetensors", embeddings / "inkstyle.safetensors");
        fs::copy_file(adapterFolder() / "norm.safetensors", embeddings / "oldstyle.safetensors");
        options.embeddings = {embeddings};
        m_engine = makeEngine(options);
        QVERIFY(m_engine);
    }

    void aPictureEqualsTheReference_data()
    {
        QTest::addColumn<std::string>("inPrompt");
        QTest::addColumn<std::string>("inList");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char* name, const char* inPrompt, const char* inList,
                             const char* expected) {
            QTest::newRow(name) << std::string(inPrompt) << std::string(inList) << std::string(expected);
        };
        row("without one", "", "", "none");
        row("in the prompt", " <lora:lora_peft:1>", "", "lora");
        row("in the prompt, kohya's spelling", "<lora:lora_kohya_ldm:1>", "", "lora");
        row("in the list", "", "lora_peft", "lora");
        row("in the list, by path", "", "PATH", "lora");
        row("half in each", "<lora:lora_peft:0.5>", "lora_onetrainer:0.5", "lora");
    }
    void aPictureEqualsTheReference()
    {
        QFETCH(std::string, inPrompt);
        QFETCH(std::string, inList);
        QFETCH(std::string, expected);
        Request request = picture();
        request.prompt += inPrompt;
        if (inList == "PATH")
            inList = (adapterFolder() / "lora_peft.safetensors").string();
        if (const std::size_t colon = inList.rfind(':'); colon != inList.npos)
            request.adapters = {adapter(inList.substr(0, colon), std::stod(inList.substr(colon + 1)))};
        else if (!inList.empty())
            request.adapters = {adapter(inList)};
        const at::Tensor latents = tensorOf(runBy(*m_engine, request).finalLatent);
        const Oracle oracle("tiny_base_adapters");
        const double error = relativeError(latents, oracle.tensor(expected + ".latents"));
        QVERIFY2(error < kTolerance, qPrintable(QString::number(error)));
        const char* other = expected == "none" ? "lora.latents" : "none.latents";
        QVERIFY(relativeError(latents, oracle.tensor(other)) > 20 * kTolerance);
    }

    void takenOffItLeavesTheBytesAsTheyWere()
    {
        const Request plain = picture();
        Request changed = plain;
        changed.adapters = {adapter("loha"), adapter("dora_peft", 0.7), adapter("norm")};
        const Take before = runBy(*m_engine, plain);
        const Take with = runBy(*m_engine, changed);
        const Take after = runBy(*m_engine, plain);
        QVERIFY(with.finalLatent.values != before.finalLatent.values);
        QCOMPARE(after.finalLatent.values, before.finalLatent.values);
        QCOMPARE(after.mainLayer()->picture->values, before.mainLayer()->picture->values);
        changed.adapters = {adapter("loha", 0.0)};
        QCOMPARE(runBy(*m_engine, changed).finalLatent.values, before.finalLatent.values);
    }

    void eachPassHasItsWeights()
    {
        const Take plain = runBy(*m_engine, hires());
        Request second = hires();
        second.adapters = {adapter("lora_peft", 0.0)};
        second.adapters[0].secondUnet = 1.0;
        const Take onSecond = runBy(*m_engine, second);
        QCOMPARE(onSecond.firstPassLatent.values, plain.firstPassLatent.values);
        QVERIFY(onSecond.finalLatent.values != plain.finalLatent.values);
        Request first = hires();
        first.adapters = {adapter("lora_peft", 1.0)};
        first.adapters[0].secondUnet = first.adapters[0].secondTextEncoder = 0.0;
        const Take onFirst = runBy(*m_engine, first);
        QVERIFY(onFirst.firstPassLatent.values != plain.firstPassLatent.values);
        // A prompt of the second pass names its own; that of the first does not reach there.
        Request named = hires();
        named.hires.rungs[0].prompt = named.prompt + "<lora:lora_peft:0:1>";
        QCOMPARE(runBy(*m_engine, named).finalLatent.values, onSecond.finalLatent.values);
    }

    void textIsEncodedAgainOnlyWhereItsEncodersChange()
    {
        const auto texts = [&](const Request& request) {
            return std::ranges::count(
                planOf(*m_engine, request).stages, StageKind::EncodeText, &PlannedStage::kind);
        };
        Request request = hires();
        request.adapters = {adapter("lora_peft")};
        QCOMPARE(texts(request), 1);
        request.adapters[0].secondUnet = 0.2;
        QCOMPARE(texts(request), 1);
        request.adapters[0].secondTextEncoder = 0.2;
        QCOMPARE(texts(request), 2);
        request.adapters[0].name = "ia3"; // has no text encoder's layers
        QCOMPARE(texts(request), 1);
    }

    void theRefinerGoesWithout()
    {
        Request request = picture();
        request.models.refiner = tinyModel("tiny_refiner").string();
        request.standard.useRefiner = true;
        request.adapters = {adapter("lora_peft")};
        const Plan plan = planOf(*m_engine, request);
        QVERIFY(says(plan.notes, "is not applied in the refiner's pass"));
        int with = 0;
        for (const PlannedStage& stage : plan.stages)
            with += stage.kind == StageKind::Denoise && !stage.adapters.empty();
        QCOMPARE(with, 1);
    }

    void theInfotextNamesThem()
    {
        Request request = hires();
        request.adapters = {adapter((adapterFolder() / "lora_peft.safetensors").string(), 0.75)};
        request.adapters[0].secondUnet = 0.25;
        const Take take = runBy(*m_engine, request);
        const std::string text = toInfotext(take.plan, LayerKind::Hires);
        QVERIFY2(text.find(request.prompt + " <lora:lora_peft:0.75>") == 0, text.c_str());
        QVERIFY2(text.find("Hires prompt: \"" + request.prompt + " <lora:lora_peft:0.75:0.25>\"") != text.npos
                || text.find(" <lora:lora_peft:0.75:0.25>") != text.npos,
            text.c_str());
        QCOMPARE(take.plan.adapters.front().hash.size(), std::size_t(12));
        QVERIFY2(text.find("Lora hashes: \"lora_peft: " + take.plan.adapters.front().hash) != text.npos
                || text.find("Lora hashes: lora_peft: " + take.plan.adapters.front().hash) != text.npos,
            text.c_str());
        // Read back, the prompts say the same, and the picture is the same.
        const auto read = std::get<ImportedRequest>(requestFromInfotext(text));
        Request again = hires();
        again.prompt = read.request.prompt;
        again.hires.rungs[0].prompt = read.request.hires.rungs[0].prompt;
        QCOMPARE(runBy(*m_engine, again).finalLatent.values, take.finalLatent.values);
    }

    void anEmbeddingStandsForItsVectors()
    {
        const Oracle oracle("tiny_base_adapters");
        Request request = picture();
        request.prompt.clear();
        for (const auto& words : oracle.settings().at("embedding_prompt"))
            request.prompt += (request.prompt.empty() || words.get<std::string>()[0] == ',' ? "" : " ")
                + words.get<std::string>();
        const Take take = runBy(*m_engine, request);
        const double error = relativeError(tensorOf(take.finalLatent), oracle.tensor("embedding.latents"));
        QVERIFY2(error < kTolerance, qPrintable(QString::number(error)));
        const std::string text = toInfotext(take.plan, LayerKind::Standard);
        QVERIFY2(text.find("TI hashes: \"inkstyle: ") != text.npos
                || text.find("TI hashes: inkstyle: ") != text.npos,
            text.c_str());
        // As text, the word says something else.
        request.prompts.syntax = PromptSyntax::Plain;
        QVERIFY(
            relativeError(tensorOf(runBy(*m_engine, request).finalLatent), oracle.tensor("embedding.latents"))
            > 20 * kTolerance);
    }

    void whatIsNoEmbeddingOfThisModelIsText()
    {
        Request request = picture();
        request.prompt = "a fox, oldstyle";
        const Plan plan = planOf(*m_engine, request);
        QVERIFY(says(plan.warnings, "The word \"oldstyle\" is read as text"));
        QVERIFY(plan.stages[0].embeddings.empty());
    }

    void anEmbeddingCountsAsItsVectors()
    {
        const auto count = [&](const char* prompt) {
            return std::get<int>(m_engine->countTokens(tinyModel("tiny_base").string(), prompt));
        };
        QCOMPARE(count("a fox, inkstyle"), 3 + 3);
        QCOMPARE(count("a fox, (InkStyle:1.2) inkstyle"), 3 + 3 + 3);
        QVERIFY(count("a fox, oldstyle") > 3); // of another family: a word
    }

    void foldersBesideTheModelAreSearched()
    {
        const fs::path root = file("webui");
        fs::create_directories(root / "models/Lora/mine");
        fs::create_directories(root / "models/Stable-diffusion");
        fs::copy_file(
            adapterFolder() / "lora_peft.safetensors", root / "models/Lora/mine/beside.safetensors");
        fs::create_symlink(
            tinyModel("tiny_base", "single"), root / "models/Stable-diffusion/tiny.safetensors");
        Request request = picture();
        request.models.base = (root / "models/Stable-diffusion/tiny.safetensors").string();
        for (const char* name : {"beside", "mine/beside", "beside.safetensors"}) {
            request.adapters = {adapter(name)};
            const Plan plan = planOf(*m_engine, request);
            QCOMPARE(plan.adapters.size(), std::size_t(1));
            QCOMPARE(plan.adapters[0].name, std::string("beside"));
        }
    }
};

QTEST_GUILESS_MAIN(TestAdapters)
#include "tst_adapters.moc"
