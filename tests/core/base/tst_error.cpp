#include "core/base/error.h"

#include <QtTest>

#include <filesystem>
#include <new>

using namespace studio;

class TestError : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void settleKeepsTheValue()
    {
        const Outcome<int> outcome = settle([] { return 42; });
        QCOMPARE(std::get<int>(outcome), 42);
    }

    void settleKeepsKindAndSentence()
    {
        const Outcome<int> outcome
            = settle([]() -> int { throw Error(ErrorKind::FileCorrupt, "The file ends early."); });
        QVERIFY(failureOf(outcome));
        QVERIFY(failureOf(outcome)->kind == ErrorKind::FileCorrupt);
        QCOMPARE(failureOf(outcome)->detail, std::string("The file ends early."));
    }

    void cancellationIsNoFailure()
    {
        const Outcome<int> outcome = settle([]() -> int { throw Cancelled{}; });
        QVERIFY(std::holds_alternative<Cancelled>(outcome));
    }

    void foreignExceptionsGetWords()
    {
        const Outcome<int> memory = settle([]() -> int { throw std::bad_alloc(); });
        QVERIFY(failureOf(memory)->kind == ErrorKind::OutOfMemory);
        const Outcome<int> missing
            = settle([]() -> int { return static_cast<int>(std::filesystem::file_size("/no/such/file")); });
        QVERIFY(failureOf(missing)->kind == ErrorKind::FileMissing);
        QVERIFY(failureOf(missing)->detail.find("/no/such/file") != std::string::npos);
        const Outcome<int> odd = settle([]() -> int { throw 7; });
        QVERIFY(failureOf(odd)->kind == ErrorKind::Internal);
    }
};

QTEST_GUILESS_MAIN(TestError)
#include "tst_error.moc"
