#include "app/cli/bench_command.h"
#include "tests/app/fake_engine.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace studio;
using namespace studio::cli;
using namespace std::chrono_literals;

class TestBenchCommand : public QObject {
    Q_OBJECT

private:
    static Request hires()
    {
        Request request;
        request.prompt = "a cat";
        request.mode = Mode::Hires;
        return request;
    }

private Q_SLOTS:
    void theFirstRunIsNotCounted()
    {
        test::FakeEngine engine;
        engine.step = 2ms;
        const auto outcome = bench(engine, hires(), 3, {});
        QCOMPARE(int(engine.runs), 4);
        const BenchResult& result = std::get<BenchResult>(outcome);
        QCOMPARE(result.runs, 3);
        QCOMPARE(result.mode, std::string("hires"));
        QCOMPARE(result.resolution, std::string("128x128"));
        QVERIFY(!result.stages.empty() && result.seconds > 0.0);
        double sum = 0.0;
        for (const BenchedStage& stage : result.stages)
            sum += stage.seconds;
        QVERIFY(sum > 0.0);
    }

    void wordsAndJsonSayTheSame()
    {
        const BenchResult result{"hires", "512x512", "cpu", "float32", 2, 9.0, 4.5, std::int64_t(3) << 20,
            {{"Text", 0, 0.5, 1 << 20}, {"Base, 4 steps", 4, 2.0, std::int64_t(3) << 20}}};
        const std::string words = inWords(result);
        for (const char* part : {"hires, 512x512, cpu (float32): medians of 2 runs after a first of 9.00 s",
                 "Base, 4 steps", "0.500 s a step", "3 MiB", "4.500 s"})
            QVERIFY2(words.find(part) != std::string::npos, words.c_str());
        const QJsonObject json
            = QJsonDocument::fromJson(QByteArray::fromStdString(inJson(result, {"2.0", "cpu", 2, 0, 0})))
                  .object();
        QCOMPARE(json[u"seconds"].toDouble(), 4.5);
        QCOMPARE(json[u"threads"].toInt(), 2);
        QCOMPARE(json[u"stages"][1][u"seconds_per_step"].toDouble(), 0.5);
        QVERIFY(json[u"stages"][0][u"seconds_per_step"].isNull());
    }

    void failureAndCancellationEndIt()
    {
        test::FakeEngine failing;
        failing.failSecondStage = true;
        QVERIFY(failureOf(bench(failing, hires(), 3, {})));
        QCOMPARE(int(failing.runs), 1);
        test::FakeEngine engine;
        std::stop_source source;
        source.request_stop();
        QVERIFY(std::holds_alternative<Cancelled>(bench(engine, hires(), 3, source.get_token())));
    }
};

QTEST_GUILESS_MAIN(TestBenchCommand)
#include "tst_bench_command.moc"
