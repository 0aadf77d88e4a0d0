#include "core/base/parallel.h"

#include "core/api/outcome.h"

#include <QtTest>

#include <atomic>
#include <vector>

using namespace studio;

class TestParallel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyNumberComesOnce()
    {
        std::vector<std::atomic<int>> seen(1000);
        parallelFor(1000, [&](int i) { ++seen[static_cast<std::size_t>(i)]; });
        for (const std::atomic<int>& count : seen)
            QCOMPARE(count.load(), 1);
    }

    void nothingToDoIsFine()
    {
        parallelFor(0, [](int) { QFAIL("There was nothing to do."); });
    }

    void anExceptionEndsTheWorkAndReachesTheCaller()
    {
        std::atomic<int> calls{0};
        const auto body = [&](int) {
            ++calls;
            throw Cancelled{};
        };
        QVERIFY_EXCEPTION_THROWN(parallelFor(100000, body), Cancelled);
        QVERIFY(calls < 1000); // one per thread
    }
};

QTEST_GUILESS_MAIN(TestParallel)
#include "tst_parallel.moc"
