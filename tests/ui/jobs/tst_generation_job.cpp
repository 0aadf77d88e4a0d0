#include "fake_engine.h"
#include "ui/jobs/generation_job.h"
#include "ui/jobs/latest_task.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace studio;
using namespace studio::ui;

class TestGenerationJob : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_lane.setMaxThreadCount(1);
        m_request = Request{};
        m_request.mode = Mode::Hires;
    }
    void signalsComeInOrderOnTheWindowsThread();
    void cancelKeepsWhatIsFinished();
    void destroyingARunningJobStopsItSoon();
    void theNewestQuestionIsAnswered();

private:
    QThreadPool m_lane;
    Request m_request;
};

void TestGenerationJob::signalsComeInOrderOnTheWindowsThread()
{
    GenerationJob job(std::make_shared<test::FakeEngine>(), m_request, m_lane);
    QStringList order;
    double fraction = 0.0;
    bool rises = true;
    bool here = true;
    const auto note = [&](const char* what) {
        here = here && QThread::currentThread() == thread();
        if (order.isEmpty() || order.back() != QLatin1String(what))
            order << QLatin1String(what);
    };
    connect(&job, &GenerationJob::planned, this, [&] { note("planned"); });
    connect(&job, &GenerationJob::progressed, this, [&](const Progress& progress) {
        rises = rises && progress.fraction >= fraction;
        fraction = progress.fraction;
        here = here && QThread::currentThread() == thread();
    });
    connect(&job, &GenerationJob::layerFinished, this, [&] { note("layer"); });
    std::shared_ptr<const Take> taken;
    connect(&job, &GenerationJob::finished, this, [&](const std::shared_ptr<const Take>& take) {
        note("finished");
        taken = take;
    });
    job.start();
    QTRY_VERIFY_WITH_TIMEOUT(taken, 30000);
    QTest::qWait(50);
    QCOMPARE(
        order, QStringList({QStringLiteral("planned"), QStringLiteral("layer"), QStringLiteral("finished")}));
    QVERIFY(rises && here);
    QCOMPARE(fraction, 1.0);
    QVERIFY(taken->find(LayerKind::FirstPass) && taken->find(LayerKind::Hires));
}

void TestGenerationJob::cancelKeepsWhatIsFinished()
{
    GenerationJob job(std::make_shared<test::FakeEngine>(std::chrono::milliseconds(5)), m_request, m_lane);
    std::shared_ptr<const Take> taken;
    connect(&job, &GenerationJob::layerFinished, &job, [&job](const Layer& layer) {
        if (layer.kind == LayerKind::FirstPass)
            job.cancel();
    });
    connect(
        &job, &GenerationJob::finished, this, [&](const std::shared_ptr<const Take>& take) { taken = take; });
    job.start();
    QTRY_VERIFY_WITH_TIMEOUT(taken, 30000);
    QVERIFY(taken->ending == Ending::Cancelled);
    QVERIFY(taken->find(LayerKind::FirstPass));
    QVERIFY(!taken->find(LayerKind::Hires));
}

void TestGenerationJob::destroyingARunningJobStopsItSoon()
{
    auto engine
        = std::make_shared<test::FakeEngine>(std::chrono::milliseconds(100)); // some four seconds in all
    auto job = std::make_unique<GenerationJob>(engine, m_request, m_lane);
    QSignalSpy progressed(job.get(), &GenerationJob::progressed);
    job->start();
    QVERIFY(progressed.wait(5000));
    QElapsedTimer timer;
    timer.start();
    job.reset();
    QVERIFY(timer.elapsed() < 2000);
    QVERIFY(m_lane.waitForDone(1000)); // nothing runs on
}

void TestGenerationJob::theNewestQuestionIsAnswered()
{
    QList<int> answers;
    QThreadPool lane;
    lane.setMaxThreadCount(1);
    LatestTask<int> task(lane, std::chrono::milliseconds(5), [&](int answer) { answers << answer; });
    for (int i = 0; i < 20; ++i) {
        task.ask([i] {
            QThread::msleep(3);
            return i;
        });
        QTest::qWait(i % 3 == 0 ? 8 : 0);
    }
    QTRY_VERIFY(!answers.isEmpty() && answers.back() == 19);
    QTest::qWait(30);
    QCOMPARE(answers.count(19), 1);
    QVERIFY(answers.size() < 20);
    QVERIFY(!task.isBusy());
}

QTEST_GUILESS_MAIN(TestGenerationJob)
#include "tst_generation_job.moc"
