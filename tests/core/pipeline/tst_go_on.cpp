#include "tests/core/pipeline/small_requests.h"

#include <QtTest>

#include <map>
#include <memory>

using namespace studio;
using studio::testing::makeEngine;
using studio::testing::smallRequest;
using studio::testing::tinyModel;

namespace {

using Answers = std::map<std::pair<int, int>, DenoiserAnswer>;

Request hiresRequest(const std::string& sampler)
{
    Request request = smallRequest();
    request.mode = Mode::Hires;
    request.sampling.steps = 3;
    request.sampling.sampler = sampler;
    request.sampling.guidanceShape.rescale = 0.3;
    request.prompt = "a [cat:dog:0.5] in a [harbour|forest]"; // changes from call to call
    request.hires.rungs[0].steps = 4;
    request.hires.rungs[0].strength = 0.75;
    request.models.refiner = tinyModel("tiny_refiner").string();
    return request;
}

} // namespace

/// A run that was cut off and goes on from the denoiser's answers: it must end as if nothing had happened, and ask the
/// network for nothing twice.
class TestGoOn : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Engine> m_engine;

    /// Runs to the end, or to the `most`-th answer of the network, which is still kept.
    Take run(const Request& request, Answers& answers, int most)
    {
        std::stop_source stop;
        int asked = 0;
        JobContext context;
        context.stop = stop.get_token();
        const Answers known = answers;
        context.knownAnswer = [&known](int stage, int call) {
            const auto found = known.find({stage, call});
            return found == known.end() ? std::nullopt : std::optional(found->second);
        };
        context.answered = [&](const DenoiserAnswer& answer) {
            answers[{answer.stage, answer.call}] = answer;
            if (++asked >= most)
                stop.request_stop();
        };
        return m_engine->run(request, context);
    }

    static int evaluations(const Take& take)
    {
        int sum = 0;
        for (const StageRecord& stage : take.stages)
            sum += stage.evaluations;
        return sum;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_engine = makeEngine();
        QVERIFY(m_engine);
    }

    void everySamplerEndsAsIfNothingHadHappened_data()
    {
        QTest::addColumn<QString>("sampler");
        std::unique_ptr<Engine> engine;
        for (const CatalogEntry& sampler : m_engine->catalog().samplers)
            QTest::newRow(sampler.id.c_str()) << QString::fromStdString(sampler.id);
    }
    void everySamplerEndsAsIfNothingHadHappened()
    {
        QFETCH(QString, sampler);
        const Request request = hiresRequest(sampler.toStdString());
        Answers all;
        const Take whole = run(request, all, 1000);
        QCOMPARE(whole.ending, Ending::Finished);
        QCOMPARE(int(all.size()), evaluations(whole));
        Answers answers;
        int cuts = 0;
        Take take = run(request, answers, 2);
        for (; take.ending == Ending::Cancelled && cuts < 50; ++cuts)
            take = run(request, answers, 2); // two calls further each time
        QCOMPARE(take.ending, Ending::Finished);
        QVERIFY(cuts >= 2);
        QVERIFY(answers == all);
        QVERIFY(take.finalLatent == whole.finalLatent);
        QVERIFY(*take.mainLayer()->picture == *whole.mainLayer()->picture);
        QVERIFY(evaluations(take) <= 2);
    }

    void progressNeverFallsAndEndsAtOne()
    {
        const Request request = hiresRequest("dpmpp_2m");
        Answers answers;
        run(request, answers, 4);
        double last = 0.0;
        bool falling = false;
        JobContext context;
        context.knownAnswer = [&](int stage, int call) {
            const auto found = answers.find({stage, call});
            return found == answers.end() ? std::nullopt : std::optional(found->second);
        };
        context.report = [&](const Progress& progress) {
            falling |= progress.fraction < last - 1e-9;
            last = progress.fraction;
        };
        QCOMPARE(m_engine->run(request, context).ending, Ending::Finished);
        QVERIFY(!falling && std::abs(last - 1.0) < 1e-6);
    }

    /// The comparison above could not fail if known answers had no effect.
    void anotherAnswerGivesAnotherPicture()
    {
        const Request request = hiresRequest("euler");
        Answers all;
        const Take whole = run(request, all, 1000);
        for (float& value : all.rbegin()->second.denoised.values)
            value += 0.5f;
        QVERIFY(run(request, all, 1000).finalLatent != whole.finalLatent);
    }
};

QTEST_GUILESS_MAIN(TestGoOn)
#include "tst_go_on.moc"
