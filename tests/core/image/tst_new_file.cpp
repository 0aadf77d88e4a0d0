#include "core/api/picture_file.h"

#include <QtTest>

#include <csignal>
#include <sys/resource.h>

using namespace studio;

class TestNewFile : public QObject {
    Q_OBJECT

private:
    static QStringList filesIn(const QTemporaryDir& folder)
    {
        return QDir(folder.path()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    static QByteArray contentOf(const std::filesystem::path& path)
    {
        QFile file(QString::fromStdString(path.string()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void nothingIsOverwritten()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("a.b.png")).toStdString();
        QCOMPARE(std::get<std::filesystem::path>(writeNewFile(path, "one")), path);
        const auto second = std::get<std::filesystem::path>(writeNewFile(path, "two"));
        const auto third = std::get<std::filesystem::path>(writeNewFile(path, "three"));
        QCOMPARE(second.filename().string(), std::string("a.b-1.png"));
        QCOMPARE(third.filename().string(), std::string("a.b-2.png"));
        QCOMPARE(contentOf(path), QByteArray("one"));
        QCOMPARE(contentOf(second), QByteArray("two"));
        QCOMPARE(contentOf(third), QByteArray("three"));
        QCOMPARE(filesIn(folder).size(), 3);
    }

    void aLinkToNowhereIsNotWrittenThrough()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("link.png")).toStdString();
        std::filesystem::create_symlink(folder.filePath(QStringLiteral("elsewhere")).toStdString(), path);
        QCOMPARE(std::get<std::filesystem::path>(writeNewFile(path, "x")).filename().string(),
            std::string("link-1.png"));
        QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("elsewhere"))));
    }

    void aFullDiskLeavesNothingBehind()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("big.png")).toStdString();
        // The system's limit on a file's size stands for the disk's end: both stop a write half way.
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        rlimit small = before;
        small.rlim_cur = 100000;
        setrlimit(RLIMIT_FSIZE, &small);
        const auto outcome = writeNewFile(path, std::string(1000000, 'x'));
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(failureOf(outcome));
        QVERIFY(failureOf(outcome)->kind == ErrorKind::DiskFull);
        QVERIFY(filesIn(folder).isEmpty());
    }

    void foldersThatCannotBeWrittenAreNamed_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("read-only") << "/proc/picture.png";
        QTest::newRow("missing") << "/no/such/folder/picture.png";
        QTest::newRow("a file") << "/dev/null/picture.png";
        QTest::newRow("no name") << "/tmp/";
        QTest::newRow("long name") << QStringLiteral("/tmp/") + QString(300, QLatin1Char('x'));
    }
    void foldersThatCannotBeWrittenAreNamed()
    {
        QFETCH(QString, path);
        const auto outcome = writeNewFile(path.toStdString(), "x");
        QVERIFY(failureOf(outcome));
        const QString sentence = QString::fromStdString(failureOf(outcome)->detail);
        QVERIFY2(sentence.startsWith(path) && sentence.endsWith(QLatin1Char('.')), qPrintable(sentence));
    }
};

QTEST_GUILESS_MAIN(TestNewFile)
#include "tst_new_file.moc"
