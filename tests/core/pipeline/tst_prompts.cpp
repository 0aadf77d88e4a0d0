#include "core/api/engine.h"
#include "core/api/infotext.h"
#include "tests/core/pipeline/small_requests.h"
#include "tests/support/oracle.h"

#include <ATen/ATen.h>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>
#include <set>

using namespace studio;
using studio::testing::makeEngine;
using studio::testing::Oracle;
using studio::testing::planOf;
using studio::testing::relativeError;
using studio::testing::runBy;
using studio::testing::says;
using studio::testing::smallOptions;
using studio::testing::smallRequest;
using studio::testing::tensorOf;
using studio::testing::tinyModel;

Q_DECLARE_METATYPE(std::string)

namespace {

constexpr double kTolerance = 1e-3;

/// A case of the reference as a request for this program.
Request requestOf(const nlohmann::json& settings, const std::string& model)
{
    Request request;
    request.prompt = settings.at("prompt").get<std::string>();
    request.negativePrompt = settings.at("negative").get<std::string>();
    request.seed = settings.at("seed").get<std::uint64_t>();
    request.standard.size = Extent{settings.at("width").get<int>(), settings.at("height").get<int>()};
    request.sampling.steps = settings.at("steps").get<int>();
    request.sampling.guidance = settings.at("guidance").get<double>();
    request.sampling.sampler = settings.value("sampler", "euler");
    request.models.base = tinyModel(model).string();
    const std::string emphasis = settings.at("emphasis").get<std::string>();
    request.prompts.emphasis = emphasis == "comfy" ? Emphasis::Comfy
        : emphasis == "no_norm"                    ? Emphasis::NoNorm
                                                   : Emphasis::Original;
    request.prompts.clipSkip = settings.at("clip_skip").get<int>();
    GuidanceSettings& shape = request.sampling.guidanceShape;
    shape.rescale = settings.value("rescale", 0.0);
    shape.start = settings.value("start", 0.0);
    shape.end = settings.value("end", 1.0);
    shape.skipNegativeBelow = settings.value("skip_below", 0.0);
    shape.skipNegativeInAll = settings.value("skip_all", false);
    return request;
}

/// The same request without what the case is about.
Request withoutTheFeature(Request request)
{
    request.prompts = {};
    request.prompts.syntax = PromptSyntax::Plain;
    request.sampling.guidanceShape = {};
    request.sampling.sampler = "euler";
    return request;
}

} // namespace

class TestPrompts : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Engine> m_engine;

    void write(const char* name, const char* content) const
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write(content) > 0);
    }

private Q_SLOTS:
    void initTestCase()
    {
        write("styles.csv", "name,prompt,negative_prompt\nInk,\"{prompt}, ink drawing\",photo\nFog,fog,\n");
        write("colour.txt", "red\nblue\n");
        EngineOptions options = smallOptions();
        options.styles = m_folder.filePath(QStringLiteral("styles.csv")).toStdString();
        options.wildcards = m_folder.path().toStdString();
        m_engine = makeEngine(options);
        QVERIFY(m_engine);
    }

    void picturesEqualTheReference_data()
    {
        QTest::addColumn<std::string>("model");
        QTest::addColumn<int>("number");
        for (const char* model : {"tiny_base", "tiny_base_v"}) {
            const nlohmann::json cases = Oracle(std::string(model) + "_prompts").settings().at("cases");
            for (std::size_t i = 0; i < cases.size(); ++i)
                QTest::addRow(
                    "%s, case %d: %.40s", model, int(i), cases[i]["prompt"].get<std::string>().c_str())
                    << std::string(model) << int(i);
        }
    }
    void picturesEqualTheReference()
    {
        QFETCH(std::string, model);
        QFETCH(int, number);
        const Oracle oracle(model + "_prompts");
        const Request request = requestOf(oracle.settings().at("cases").at(std::size_t(number)), model);
        const at::Tensor expected = oracle.tensor(std::to_string(number) + ".latents");
        const double error = relativeError(tensorOf(runBy(*m_engine, request).finalLatent), expected);
        QVERIFY2(error < kTolerance, qPrintable(QString::number(error)));
        // The comparison must be able to fail: without what the case is about, the latents are others.
        const double without
            = relativeError(tensorOf(runBy(*m_engine, withoutTheFeature(request)).finalLatent), expected);
        QVERIFY2(without > 20 * kTolerance, qPrintable(QString::number(without)));
    }

    void aPromptWithoutSyntaxIsThePlainOneToTheBit()
    {
        Request request = smallRequest();
        request.prompt = "a red fox, in the snow! golden hour";
        request.negativePrompt = "blurry, low quality";
        request.sampling.steps = 3;
        const Take language = runBy(*m_engine, request);
        request.prompts.syntax = PromptSyntax::Plain;
        QVERIFY(language.finalLatent == runBy(*m_engine, request).finalLatent);
    }

    void theSecondPassHasItsOwnMoments()
    {
        Request request = smallRequest();
        request.mode = Mode::Hires;
        request.prompt = "a [cat:dog:0.5] [day:night:1.5]";
        const Plan plan = planOf(*m_engine, request);
        std::vector<const PlannedStage*> texts;
        for (const PlannedStage& stage : plan.stages)
            if (stage.kind == StageKind::EncodeText)
                texts.push_back(&stage);
        QCOMPARE(texts.size(), std::size_t(2));
        QVERIFY(texts[0]->parts == (std::vector<PromptPart>{{1.0, {{5, "a cat day"}, {-1, "a dog day"}}}}));
        QVERIFY(texts[1]->parts == (std::vector<PromptPart>{{1.0, {{5, "a dog day"}, {-1, "a dog night"}}}}));
        QCOMPARE(runBy(*m_engine, request).ending, Ending::Finished);
        request.prompt = "a cat";
        const Plan shared = planOf(*m_engine, request);
        QCOMPARE(std::ranges::count(shared.stages, StageKind::EncodeText, &PlannedStage::kind), 1);
    }

    void samplersOfTwoCallsAStepCountCalls()
    {
        Request request = smallRequest();
        request.sampling.sampler = "heun";
        request.prompt = "[cat:dog:0.5]";
        QCOMPARE(planOf(*m_engine, request).stages[0].parts[0].texts[0].until, 10);
    }

    void whatIsNotUnderstoodIsSaid()
    {
        Request request = smallRequest();
        request.prompt = "a <lora:ink:0.7> fox (x:1.2.3) (y BREAK z:1.1) __nothing__ [a|b] 3:4";
        request.negativePrompt = "<lora:dull:1>";
        request.prompts.styles = {"Watercolour"};
        const Plan plan = planOf(*m_engine, request);
        for (const char* part : {"There is no adapter \"ink\"", "1.2.3", "BREAK within brackets",
                 "\"nothing\"", "Watercolour", "negative prompt is text"})
            QVERIFY2(says(plan.warnings, part), part);
        QVERIFY(says(plan.notes, "counts 4 times"));
        QVERIFY(plan.adapters == (std::vector<PlannedAdapter>{{"lora", "ink", {}, 0.7, 0.7, {}, {}}}));
        QVERIFY(plan.stages[0].parts[0].texts[0].text.find("lora") == std::string::npos);
        request.prompt = "a | b [c:d:0.5]";
        QVERIFY(says(planOf(*m_engine, request).warnings, "bar outside"));
        request.prompt = "<lora:a:0.5:0.25> <lora:b:te=0.1:unet=2> <lyco:c>";
        QVERIFY(planOf(*m_engine, request).adapters
            == (std::vector<PlannedAdapter>{{"lora", "a", {}, 0.5, 0.25, {}, {}},
                {"lora", "b", {}, 0.1, 2.0, {}, {}}, {"lyco", "c", {}, 1.0, 1.0, {}, {}}}));
    }

    void aPromptInOrderIsNotCommentedOn()
    {
        Request request = smallRequest();
        request.prompt = "a (red:1.2) fox, [a|b], {x|y} BREAK snow AND fog :0.5 # note";
        const Plan plan = planOf(*m_engine, request);
        QVERIFY(plan.warnings.empty());
        QVERIFY(plan.adapters.empty());
        QCOMPARE(plan.stages[0].parts.size(), std::size_t(2));
    }

    void stylesAndChoicesAreMadeAndKept()
    {
        Request request = smallRequest();
        request.prompt = "a __colour__ {fox|wolf}";
        request.negativePrompt = "grey";
        request.prompts.styles = {"Ink", "Fog"};
        std::set<std::string> seen;
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            request.seed = seed;
            const Plan plan = planOf(*m_engine, request);
            QVERIFY(plan.stages[0].prompt == planOf(*m_engine, request).stages[0].prompt);
            QCOMPARE(plan.stages[0].negativePrompt, std::string("grey, photo"));
            QCOMPARE(plan.request.prompt, request.prompt);
            seen.insert(plan.stages[0].prompt);
        }
        QVERIFY(seen
            == (std::set<std::string>{"a red fox, ink drawing, fog", "a blue fox, ink drawing, fog",
                "a red wolf, ink drawing, fog", "a blue wolf, ink drawing, fog"}));
        // Other programs know neither our wildcards nor our styles: the picture's text carries what came of them.
        const Plan plan = planOf(*m_engine, request);
        QVERIFY(toInfotext(plan, LayerKind::Standard).starts_with(plan.stages[0].prompt));
    }

    void plainPromptsAreNotRead()
    {
        Request request = smallRequest();
        request.prompts.syntax = PromptSyntax::Plain;
        request.prompt = "a (red:1.4) {fox|wolf} [a|b] AND <lora:x:1> # c";
        const Plan plan = planOf(*m_engine, request);
        QVERIFY(plan.warnings.empty());
        QVERIFY(plan.stages[0].parts == (std::vector<PromptPart>{{1.0, {{-1, request.prompt}}}}));
    }

    void aWrongClipSkipIsRefused()
    {
        Request request = smallRequest();
        request.prompts.clipSkip = 12;
        const Take take = m_engine->run(request, {});
        QVERIFY(take.failure && take.failure->detail.find("clip skip") != std::string::npos);
    }

    void guidedPassesAskTheNegativePrompt()
    {
        Request request = smallRequest();
        const auto guided = [&] { return planOf(*m_engine, request).stages.front().guided; };
        QVERIFY(guided());
        request.sampling.guidance = 1.0;
        QVERIFY(!guided());
        request.prompt = "a AND b";
        QVERIFY(guided());
        request.prompt = "a";
        request.sampling.sampler = "euler_cfgpp";
        QVERIFY(guided());
    }

    void tokensAreCountedWithoutTheirSyntax()
    {
        const auto count = [&](const char* prompt) {
            return std::get<int>(m_engine->countTokens(tinyModel("tiny_base").string(), prompt));
        };
        QCOMPARE(count("a (red:1.4) fox <lora:x:1>"), 3);
        QCOMPARE(count("[red:blue:0.5] fox"), 2);
        QCOMPARE(count("fox AND a red fox"), 3);
    }
};

QTEST_GUILESS_MAIN(TestPrompts)
#include "tst_prompts.moc"
