#include "core/api/picture_file.h"
#include "core/api/take_store.h"

#include <QDir>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QtTest>

using namespace studio;
namespace fs = std::filesystem;

namespace {

constexpr int kPatience = 600000; // milliseconds; generous, for machines with much else to do
constexpr int kMostKills = 40;

} // namespace

/// The program with the real engine and the demo model, killed again and again during one picture, and resumed.
class TestTakesResumed : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QProcess* start(const QStringList& arguments, int threads = 2)
    {
        auto* program = new QProcess(this);
        program->setWorkingDirectory(m_folder.path());
        program->start(QStringLiteral(STUDIO_BINARY_DIR "/bin/hires-studio"),
            QStringList{QStringLiteral("generate"), QStringLiteral("--threads"), QString::number(threads)}
                + arguments);
        return program;
    }

    /// A pass of many steps: long enough for its answers to reach the disk.
    static QStringList picture()
    {
        return QStringLiteral("--prompt lighthouse --seed 5 --mode hires --sampler dpmpp_2m_sde --steps 40 "
                              "--hires-steps 60 --hires-strength 0.6 --device cpu")
            .split(QLatin1Char(' '));
    }

    TakeStore& store(const char* name)
    {
        auto opened = openTakeStore({m_folder.filePath(QLatin1String(name)).toStdString(), 0});
        m_store = std::get<std::shared_ptr<TakeStore>>(std::move(opened));
        return *m_store;
    }
    std::shared_ptr<TakeStore> m_store;

    StoredTake onlyTake(const char* name)
    {
        TakeStore& takes = store(name);
        const auto list = std::get<std::vector<TakeSummary>>(takes.list({}));
        return list.size() == 1 ? std::get<StoredTake>(takes.read(list[0].id)) : StoredTake{};
    }

    int answersOnDisk() const
    {
        int count = 0;
        std::error_code gone;
        for (const auto& entry :
            fs::recursive_directory_iterator(m_folder.filePath(QStringLiteral("cut")).toStdString(), gone))
            count += entry.path().extension() == ".safetensors"
                    && entry.path().parent_path().filename() == "answers"
                ? 1
                : 0;
        return count;
    }

    /// Kills it some time after more of its work reached the disk; false if it came to its end before.
    bool killOnTheWay(QProcess& program)
    {
        const int before = answersOnDisk();
        QElapsedTimer waited;
        waited.start();
        while (program.state() != QProcess::NotRunning && answersOnDisk() <= before
            && waited.elapsed() < kPatience)
            program.waitForFinished(20);
        program.waitForFinished(QRandomGenerator::global()->bounded(200));
        const bool ended = program.state() == QProcess::NotRunning;
        program.kill(); // SIGKILL
        program.waitForFinished(kPatience);
        return !ended;
    }

private Q_SLOTS:
    void theFinishedPictureEqualsAnUninterruptedOne()
    {
        QProcess* whole = start(picture()
            + QStringList{QStringLiteral("--takes"), QStringLiteral("whole"), QStringLiteral("--out"),
                QStringLiteral("out")});
        QVERIFY(whole->waitForFinished(kPatience));
        QVERIFY2(whole->exitCode() == 0, whole->readAllStandardError().constData());
        const StoredTake expected = onlyTake("whole");

        QProcess* program = start(picture()
            + QStringList{QStringLiteral("--takes"), QStringLiteral("cut"), QStringLiteral("--out"),
                QStringLiteral("out")});
        int kills = 0;
        while (killOnTheWay(*program) && ++kills < kMostKills) {
            const StoredTake take = onlyTake("cut");
            QVERIFY(!take.runs.empty());
            if (take.runs.back().state == TakeState::Finished)
                break; // killed between its last word and its exit
            QVERIFY2(take.runs.back().state == TakeState::Interrupted,
                takeStateId(take.runs.back().state).c_str());
            // Sums are split among the threads: a resumed run takes as many as it was begun with.
            program = start({QStringLiteral("--resume"), QString::fromStdString(take.folder.string()),
                                QStringLiteral("--out"), QStringLiteral("out")},
                1);
        }
        QVERIFY2(program->exitStatus() == QProcess::CrashExit || program->exitCode() == 0,
            program->readAllStandardError().constData());
        QVERIFY2(kills > 0, "The picture was finished before anything of it was on the disk.");
        const StoredTake found = onlyTake("cut");
        QCOMPARE(found.runs.size(), std::size_t(1));
        QVERIFY(found.runs[0].state == TakeState::Finished);
        QCOMPARE(found.runs[0].layers.size(), expected.runs[0].layers.size());
        for (std::size_t i = 0; i < expected.runs[0].layers.size(); ++i) {
            QFile mine(QString::fromStdString(found.runs[0].layers[i].file.string()));
            QFile other(QString::fromStdString(expected.runs[0].layers[i].file.string()));
            QVERIFY(mine.open(QIODevice::ReadOnly) && other.open(QIODevice::ReadOnly));
            QCOMPARE(mine.readAll(), other.readAll());
        }
        qInfo("%d kills", kills);
    }

    void whatCannotGoOnIsSaid()
    {
        QProcess* finished
            = start({QStringLiteral("--resume"), QString::fromStdString(onlyTake("whole").folder.string()),
                QStringLiteral("--out"), QStringLiteral("out")});
        QVERIFY(finished->waitForFinished(kPatience));
        QCOMPARE(finished->exitCode(), 1);
        QVERIFY(finished->readAllStandardError().contains("is finished"));
        for (const QString& other : {QStringLiteral("--steps"), QStringLiteral("--seed")}) {
            QProcess* another = start({QStringLiteral("--resume"),
                QString::fromStdString(onlyTake("whole").folder.string()), other, QStringLiteral("5")});
            QVERIFY(another->waitForFinished(kPatience));
            QCOMPARE(another->exitCode(), 2);
            QVERIFY(another->readAllStandardError().contains("as it was begun"));
        }
        QProcess* nowhere = start({QStringLiteral("--resume"), QStringLiteral("nowhere")});
        QVERIFY(nowhere->waitForFinished(kPatience));
        QCOMPARE(nowhere->exitCode(), 2);
        QVERIFY(nowhere->readAllStandardError().contains("There is no folder"));
        QVERIFY(!QDir(m_folder.path()).exists(QStringLiteral("nowhere")));
    }
};

QTEST_GUILESS_MAIN(TestTakesResumed)
#include "tst_takes_resumed.moc"
