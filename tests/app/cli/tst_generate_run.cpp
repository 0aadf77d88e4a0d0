#include "app/cli/generate_command.h"
#include "tests/app/fake_engine.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <sstream>
#include <thread>

using namespace studio;
using namespace studio::cli;

namespace {

Request requestOf(std::uint64_t seed, Mode mode = Mode::Standard)
{
    Request request;
    request.prompt = "a cat";
    request.seed = seed;
    request.mode = mode;
    return request;
}

} // namespace

class TestGenerateRun : public QObject {
    Q_OBJECT

private:
    QScopedPointer<QTemporaryDir> m_folder;
    QScopedPointer<GenerateOptions> m_options;
    test::FakeEngine* m_engine = nullptr;
    std::ostringstream m_out;
    std::ostringstream m_err;

    int make(const std::vector<Request>& requests, std::stop_token stop = {})
    {
        std::ostringstream progressText;
        TerminalProgress progress(progressText, false, 80);
        return GenerateRun(*m_options, *m_engine, m_out, m_err).makePictures(requests, stop, progress);
    }

    QStringList files() const { return QDir(m_folder->path()).entryList(QDir::Files, QDir::Name); }

private Q_SLOTS:
    void init()
    {
        m_folder.reset(new QTemporaryDir);
        m_options.reset(new GenerateOptions);
        m_options->write.folder = m_folder->path().toStdString();
        m_options->write.namePattern = "[seed]_[layer]";
        m_engine = new test::FakeEngine;
        m_out.str({});
        m_err.str({});
    }
    void cleanup() { delete m_engine; }

    void aLineOfJsonForEveryPicture()
    {
        m_options->json = true;
        QCOMPARE(make({requestOf(42, Mode::Compare)}), kDone);
        const QList<QByteArray> lines = QByteArray::fromStdString(m_out.str()).trimmed().split('\n');
        QCOMPARE(lines.size(), 3);
        const QJsonObject hires = QJsonDocument::fromJson(lines.last()).object();
        QStringList keys = hires.keys();
        QStringList wanted{QStringLiteral("file"), QStringLiteral("layer"), QStringLiteral("mode"),
            QStringLiteral("width"), QStringLiteral("height"), QStringLiteral("final_resolution"),
            QStringLiteral("seed"), QStringLiteral("generation_time_seconds"), QStringLiteral("stages"),
            QStringLiteral("peak_memory_bytes"), QStringLiteral("device"), QStringLiteral("dtype")};
        keys.sort();
        wanted.sort();
        QCOMPARE(keys, wanted);
        QCOMPARE(hires[u"layer"].toString(), QStringLiteral("hires"));
        QCOMPARE(hires[u"mode"].toString(), QStringLiteral("compare"));
        QCOMPARE(hires[u"final_resolution"].toString(), QStringLiteral("128x128"));
        QCOMPARE(hires[u"seed"].toInt(), 42);
        QCOMPARE(hires[u"stages"].toArray().size(), 3);
        QVERIFY(QFile::exists(hires[u"file"].toString()));
    }

    void oneThatFailsDoesNotKeepTheOthersFromBeingMade()
    {
        m_engine->failSecondStage = true;
        QCOMPARE(make({requestOf(1, Mode::Hires), requestOf(2, Mode::Standard)}), kFailed);
        QVERIFY(m_err.str().find("Memory ran out in the second stage.") != std::string::npos);
        QCOMPARE(
            files(), (QStringList{QStringLiteral("1_first_pass.png"), QStringLiteral("2_standard.png")}));
    }

    void cancelKeepsWhatIsFinishedAndEndsTheRow()
    {
        m_engine->step = std::chrono::milliseconds(20);
        std::stop_source stop;
        std::jthread canceller([&] {
            while (files().isEmpty())
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            stop.request_stop();
        });
        QCOMPARE(make({requestOf(1), requestOf(2), requestOf(3)}, stop.get_token()), kInterrupted);
        QCOMPARE(files(), QStringList{QStringLiteral("1_standard.png")});
        QVERIFY(m_engine->runs < 3);
    }

    void aFolderThatCannotBeWrittenFails()
    {
        m_options->write.folder = "/proc/nowhere";
        QCOMPARE(make({requestOf(1)}), kFailed);
        QVERIFY(!m_err.str().empty());
        QVERIFY(m_out.str().empty());
    }

    void dryRunPrintsThePlanAndRunsNothing()
    {
        GenerateRun run(*m_options, *m_engine, m_out, m_err);
        QCOMPARE(run.printPlans({requestOf(1, Mode::Hires)}), kDone);
        QCOMPARE(m_out.str(), describe(std::get<Plan>(m_engine->plan(requestOf(1, Mode::Hires)))));
        QCOMPARE(int(m_engine->runs), 0);
        m_options->json = true;
        m_out.str({});
        QCOMPARE(run.printPlans({requestOf(1)}), kDone);
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(m_out.str())).isObject());
    }

    void whatTheEngineFindsWronglyAskedForIsWrongUsage()
    {
        Request wrong = requestOf(1);
        wrong.sampling.sampler = "nonsense";
        QCOMPARE(GenerateRun(*m_options, *m_engine, m_out, m_err).printPlans({wrong}), kWrongUsage);
        QCOMPARE(make({wrong, requestOf(2)}), kWrongUsage);
        QCOMPARE(files(), QStringList{QStringLiteral("2_standard.png")});
        m_engine->failSecondStage = true;
        QCOMPARE(make({wrong, requestOf(1, Mode::Hires)}), kFailed);
        QVERIFY(m_err.str().find("There is no sampler nonsense.") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestGenerateRun)
#include "tst_generate_run.moc"
