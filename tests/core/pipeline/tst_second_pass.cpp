#include "core/api/engine.h"
#include "core/api/infotext.h"
#include "core/api/picture_file.h"
#include "core/takes/first_pass.h"
#include "tests/core/pipeline/small_requests.h"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>
#include <numeric>

using namespace studio;
using studio::testing::makeEngine;
using studio::testing::tensorOf;
using studio::testing::tinyModel;

namespace {

using Change = std::function<void(Request&)>;

Request hiresRequest()
{
    Request request;
    request.prompt = "a lighthouse";
    request.negativePrompt = "fog";
    request.seed = 5;
    request.mode = Mode::Hires;
    request.sampling.steps = 3;
    request.sampling.sampler = "euler_a"; // draws noise at each step of both passes
    request.hires.base = Extent{64, 64};
    request.hires.rungs[0].target = Extent{96, 96};
    request.hires.rungs[0].steps = 6;
    request.hires.rungs[0].strength = 0.5;
    request.models.base = tinyModel("tiny_base").string();
    request.models.refiner = tinyModel("tiny_refiner").string();
    return request;
}

int evaluations(const Take& take)
{
    return std::accumulate(take.stages.begin(), take.stages.end(), 0,
        [](int sum, const StageRecord& stage) { return sum + stage.evaluations; });
}

std::string fileOf(const Take& take, LayerKind kind)
{
    const Layer& layer = *take.find(kind);
    return std::get<std::string>(encodePicture(*layer.picture, metadataFor(take, layer)));
}

} // namespace

/// The second pass alone, from a stored first pass: it must be what a whole run gives, without the first pass's work.
class TestSecondPass : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Engine> m_engine;
    std::filesystem::path m_latent;

private Q_SLOTS:
    void initTestCase()
    {
        m_engine = makeEngine();
        QVERIFY(m_engine);
        m_latent = std::filesystem::path(m_folder.path().toStdString()) / "first_pass.safetensors";
        Latent reported;
        JobContext context;
        context.firstPassFinished = [&](const Latent& latent) { reported = latent; };
        const Take take = m_engine->run(hiresRequest(), context);
        QVERIFY(take.ending == Ending::Finished);
        QVERIFY(!reported.values.empty() && reported == take.firstPassLatent);
        writeFirstPass(m_latent, {reported, {64, 64}, take.plan.request});
        m_engine = makeEngine(); // a restart: nothing is left but the file
    }

    void itGivesWhatAWholeRunGives_data()
    {
        QTest::addColumn<Change>("change");
        const auto row = [](const char* name, Change change) { QTest::newRow(name) << std::move(change); };
        row("the same", [](Request&) {});
        row("strength", [](Request& r) { r.hires.rungs[0].strength = 0.8; });
        row("steps", [](Request& r) { r.hires.rungs[0].steps = 10; });
        row("A1111's strength", [](Request& r) { r.hires.rungs[0].meaning = StrengthMeaning::A1111; });
        row("target", [](Request& r) { r.hires.rungs[0].target = Extent{128, 96}; });
        row("prompt", [](Request& r) { r.hires.rungs[0].prompt = "a harbour"; });
        row("negative prompt", [](Request& r) { r.hires.rungs[0].negativePrompt = "rain"; });
        row("sampler", [](Request& r) { r.hires.rungs[0].sampler = "dpmpp_2m"; });
        row("guidance", [](Request& r) { r.hires.rungs[0].guidance = 3.0; });
        row("model", [](Request& r) { r.hires.rungs[0].model = r.models.base; });
        row("handover", [](Request& r) { r.handover = Handover::EightBit; });
        row("two rungs", [](Request& r) {
            r.hires.rungs.push_back(r.hires.rungs[0]);
            r.hires.rungs[1].target = Extent{128, 128};
        });
        row("no second pass", [](Request& r) {
            r.mode = Mode::Simple;
            r.simple.base = Extent{64, 64};
        });
    }
    void itGivesWhatAWholeRunGives()
    {
        QFETCH(Change, change);
        Request request = hiresRequest();
        change(request);
        const Take whole = m_engine->run(request, {});
        QVERIFY(whole.ending == Ending::Finished);
        request.firstPass = m_latent.string();
        const Take alone = m_engine->run(request, {});
        QVERIFY2(alone.ending == Ending::Finished, alone.failure ? alone.failure->detail.c_str() : "");
        QCOMPARE(alone.layers.size(), whole.layers.size());
        for (const Layer& layer : whole.layers)
            QCOMPARE(fileOf(alone, layer.kind), fileOf(whole, layer.kind)); // pixels and both texts
        QVERIFY(alone.finalLatent == whole.finalLatent || request.mode == Mode::Simple);
        QVERIFY(alone.firstPassLatent == whole.firstPassLatent);
        // Three steps of the first pass were not run.
        QCOMPARE(evaluations(alone), evaluations(whole) - 3);
        QVERIFY(std::any_of(alone.plan.notes.begin(), alone.plan.notes.end(),
            [&](const std::string& note) { return note.find(m_latent.string()) != std::string::npos; }));
    }

    void anotherSettingGivesAnotherPicture()
    {
        Request request = hiresRequest();
        request.firstPass = m_latent.string();
        const Take before = m_engine->run(request, {});
        request.hires.rungs[0].strength = 0.8;
        QVERIFY(*m_engine->run(request, {}).find(LayerKind::Hires)->picture
            != *before.find(LayerKind::Hires)->picture);
    }

    void whatTheFirstPassHadGoesToTheSecond()
    {
        // Asked for as if for both passes: the first is there already, the second obeys.
        Request asked = hiresRequest();
        asked.prompt = "a harbour";
        asked.sampling.guidance = 3.0;
        asked.seed = 99;
        asked.firstPass = m_latent.string();
        Request meant = hiresRequest();
        meant.hires.rungs[0].prompt = "a harbour";
        meant.hires.rungs[0].guidance = 3.0;
        const Take take = m_engine->run(asked, {});
        QCOMPARE(fileOf(take, LayerKind::Hires), fileOf(m_engine->run(meant, {}), LayerKind::Hires));
        QVERIFY(std::any_of(take.plan.unused.begin(), take.plan.unused.end(),
            [](const std::string& sentence) { return sentence.find("seed 5") != std::string::npos; }));
    }

    void anAdapterThatOnlyTheFirstPassHadNeedNotBeThere()
    {
        FirstPass first = readFirstPass(m_latent);
        first.request.adapters = {{.name = "long gone"}};
        const auto latent = std::filesystem::path(m_folder.path().toStdString()) / "adapted.safetensors";
        writeFirstPass(latent, first);
        Request request = hiresRequest();
        request.firstPass = latent.string();
        QVERIFY(std::holds_alternative<Plan>(m_engine->plan(request)));
        request.adapters = first.request.adapters; // in the second pass as well
        QVERIFY(failureOf(m_engine->plan(request)));
    }

    void aPromptWithChoicesIsWrittenAsItWasChosen()
    {
        Request request = hiresRequest();
        request.prompt = "a {red|blue|green} lighthouse";
        const Take whole = m_engine->run(request, {});
        const auto latent = std::filesystem::path(m_folder.path().toStdString()) / "chosen.safetensors";
        writeFirstPass(latent, {whole.firstPassLatent, {64, 64}, whole.plan.request});
        request.firstPass = latent.string();
        const auto recipe = [](const Take& take) { return toInfotext(take.plan, LayerKind::Hires); };
        QCOMPARE(recipe(m_engine->run(request, {})), recipe(whole));
        QCOMPARE(fileOf(m_engine->run(request, {}), LayerKind::Hires), fileOf(whole, LayerKind::Hires));
    }

    /// As in A1111, with whose noise it is drawn: what the autoencoder samples comes from elsewhere.
    void withPhiloxASecondPassBeginsWithThePicturesOwnNoise()
    {
        Request request = hiresRequest();
        request.noise = NoiseSource::Philox;
        request.sampling = {.steps = 6, .sampler = "euler"};
        request.hires.rungs[0].model = request.models.base;
        request.hires.rungs[0].strength = 1.0; // from the highest noise level, which hides what lies below
        const Take hires = m_engine->run(request, {});
        request.mode = Mode::Standard;
        request.standard.size = request.hires.rungs[0].target;
        const Take standard = m_engine->run(request, {});
        request.seed = 6;
        const auto alike = [&hires](const Take& other) {
            return at::corrcoef(at::stack(
                {tensorOf(hires.finalLatent).flatten(), tensorOf(other.finalLatent).flatten()}))[0][1]
                .item<double>();
        };
        const double own = alike(standard), another = alike(m_engine->run(request, {}));
        QVERIFY2(own > 0.8 && another < 0.4, qPrintable(QStringLiteral("%1 %2").arg(own).arg(another)));
    }

    void progressEndsAtOne()
    {
        Request request = hiresRequest();
        request.firstPass = m_latent.string();
        double last = 0.0;
        bool falling = false;
        JobContext context;
        context.report = [&](const Progress& progress) {
            falling |= progress.fraction < last - 1e-9;
            last = progress.fraction;
        };
        m_engine->run(request, context);
        QVERIFY(!falling && std::abs(last - 1.0) < 1e-6);
    }

    void whatCannotStandForAFirstPassIsRefused()
    {
        Request request = hiresRequest();
        request.firstPass = "/no/such/first_pass.safetensors";
        QVERIFY(failureOf(m_engine->plan(request))->kind == ErrorKind::FileMissing);
        request.firstPass = m_latent.string();
        request.mode = Mode::Compare;
        QVERIFY(failureOf(m_engine->plan(request))->kind == ErrorKind::BadInput);
        FirstPass narrow = readFirstPass(m_latent);
        narrow.size = {64, 72};
        const auto other = m_latent.parent_path() / "other.safetensors";
        writeFirstPass(other, narrow);
        request = hiresRequest();
        request.firstPass = other.string();
        QVERIFY(failureOf(m_engine->plan(request))->detail.find("does not fit") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestSecondPass)
#include "tst_second_pass.moc"
