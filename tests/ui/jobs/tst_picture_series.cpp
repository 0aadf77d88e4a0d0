#include "studio_under_test.h"
#include "ui/jobs/picture_series.h"
#include "ui/jobs/queue_runner.h"
#include "ui/models/take_list.h"

#include <QSignalSpy>
#include <QTest>

using namespace studio;
using namespace studio::ui;
using studio::test::StudioUnderTest;
using studio::test::waitUntil;

namespace {

/// The seeds of the pictures that were made, in their order.
struct Made {
    explicit Made(StudioController& controller)
    {
        QObject::connect(&controller, &StudioController::takeFinished, &context,
            [this](
                const std::shared_ptr<const Take>& take) { seeds << take->plan.request.seed.value_or(0); });
    }
    QObject context;
    QList<std::uint64_t> seeds;
};

Request standard(std::optional<std::uint64_t> seed)
{
    Request request;
    request.sampling.steps = 3;
    request.seed = seed;
    return request;
}

} // namespace

class TestPictureSeries : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void makesAsManyAsWantedWithSeedsThatCountUp()
    {
        StudioUnderTest studio;
        QVERIFY(studio.open());
        Made made(studio.controller);
        PictureSeries& series = studio.controller.series();
        QSignalSpy ended(&series, &PictureSeries::ended);
        series.setWanted(3);
        series.start(standard(7));
        QVERIFY(series.isActive());
        QCOMPARE(series.position(), QStringLiteral("1 of 3"));
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20000);
        QCOMPARE(made.seeds, QList<std::uint64_t>({7, 8, 9}));
        QVERIFY(!series.isActive() && !studio.controller.isRunning());
        QVERIFY(studio.controller.queue().list().entries().empty());
    }

    void aSingleOneKeepsTheRequestAsItIs()
    {
        StudioUnderTest studio;
        QVERIFY(studio.open());
        PictureSeries& series = studio.controller.series();
        QSignalSpy ended(&series, &PictureSeries::ended);
        series.start(standard({}));
        QVERIFY(!series.isActive());
        QVERIFY(series.position().isEmpty());
        QVERIFY(studio.waitForEnd());
        QTest::qWait(50);
        QCOMPARE(studio.engine->runs(), 1);
        QCOMPARE(ended.count(), 0);
    }

    void aCancelledPictureIsTheLast()
    {
        StudioUnderTest studio(std::chrono::milliseconds(20));
        QVERIFY(studio.open());
        PictureSeries& series = studio.controller.series();
        QSignalSpy ended(&series, &PictureSeries::ended);
        series.setWanted(PictureSeries::kUntilStopped);
        series.start(standard(7));
        QVERIFY(waitUntil([&] { return studio.engine->runs() == 2; }, 20000));
        QCOMPARE(series.position(), QStringLiteral("2"));
        studio.controller.cancel();
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20000);
        QVERIFY(ended.front().front().toString().contains(QStringLiteral("One picture was made.")));
        QTest::qWait(100);
        QVERIFY(!studio.controller.isRunning());
        QCOMPARE(studio.engine->runs(), 2);
    }

    void anEndlessOneStopsAfterThePresentPicture()
    {
        StudioUnderTest studio(std::chrono::milliseconds(10));
        QVERIFY(studio.open());
        Made made(studio.controller);
        PictureSeries& series = studio.controller.series();
        series.setWanted(PictureSeries::kUntilStopped);
        series.start(standard(1));
        QVERIFY(waitUntil([&] { return made.seeds.size() == 2 && series.isFollowing(); }, 20000));
        series.stop();
        QVERIFY(waitUntil([&] { return !series.isActive(); }, 20000));
        QTest::qWait(100);
        QCOMPARE(made.seeds, QList<std::uint64_t>({1, 2, 3})); // the one that was begun is whole
        QVERIFY(!studio.controller.isRunning());
    }

    void aFailureEndsIt()
    {
        StudioUnderTest studio;
        QVERIFY(studio.open());
        studio.engine->failNext({ErrorKind::OutOfMemory, "There is too little memory."});
        PictureSeries& series = studio.controller.series();
        QSignalSpy ended(&series, &PictureSeries::ended);
        series.setWanted(4);
        series.start(standard(7));
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20000);
        QTest::qWait(100);
        QCOMPARE(studio.engine->runs(), 1);
    }

    void aTakeThatCannotBeKeptEndsIt()
    {
        StudioUnderTest studio;
        QVERIFY(studio.open());
        studio.engine->notKept = Failure{ErrorKind::DiskFull, "The disk is full."};
        PictureSeries& series = studio.controller.series();
        QSignalSpy ended(&series, &PictureSeries::ended);
        series.setWanted(PictureSeries::kUntilStopped);
        series.start(standard(7));
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20000);
        QVERIFY(ended.front().front().toString().contains(QStringLiteral("could not be kept")));
        QTest::qWait(100);
        QCOMPARE(studio.engine->runs(), 1);
    }

    void theQueueComesBetween_data()
    {
        QTest::addColumn<QString>("take");
        QTest::newRow("at once") << QString();
        QTest::newRow("after it has looked something up") << QStringLiteral("2026-01-01-begun-and-gone");
    }
    void theQueueComesBetween()
    {
        QFETCH(const QString, take);
        StudioUnderTest studio;
        QVERIFY(studio.open());
        Made made(studio.controller);
        PictureSeries& series = studio.controller.series();
        QSignalSpy ended(&series, &PictureSeries::ended);
        series.setWanted(2);
        series.start(standard(7));
        QueueEntry entry;
        entry.request = standard(100);
        entry.take = take.toStdString();
        studio.controller.queue().add({entry});
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20000);
        QCOMPARE(made.seeds, QList<std::uint64_t>({7, 100, 8}));
    }

    void aSingleOneIsMadeWhileTheQueueLooksSomethingUp()
    {
        StudioUnderTest studio;
        QVERIFY(studio.open());
        Made made(studio.controller);
        QueueEntry entry;
        entry.request = standard(100);
        entry.take = "2026-01-01-begun-and-gone";
        studio.controller.queue().add({entry});
        QTRY_VERIFY_WITH_TIMEOUT(studio.controller.queue().isAboutToBegin(), 5000);
        QVERIFY(studio.controller.canGenerate());
        studio.controller.series().start(standard(7));
        QTRY_COMPARE_WITH_TIMEOUT(made.seeds, QList<std::uint64_t>({7, 100}), 20000);
    }

    void whatIsWantedIsKeptUnlessItHasNoEnd()
    {
        StudioUnderTest studio;
        PictureSeries& series = studio.controller.series();
        series.setWanted(8);
        QCOMPARE(studio.controller.settings().generateCount, 8);
        series.setWanted(PictureSeries::kUntilStopped);
        QCOMPARE(studio.controller.settings().generateCount, 8); // no surprise at the next start
    }
};

QTEST_MAIN(TestPictureSeries)
#include "tst_picture_series.moc"
