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

constexpr int kPatience = 300000; // milliseconds; generous, for machines with much else to do

/// How often the program is killed: a few times, or as often as the environment says.
int killCount()
{
    bool given = false;
    const int count = qEnvironmentVariableIntValue("STUDIO_KILLED_RUNS", &given);
    return given ? count : 4;
}

QStringList arguments(const QString& takes, int seed)
{
    return QStringLiteral(
        "generate --prompt lighthouse --mode hires --hires-base 64 --hires-target 96 --steps 2 "
        "--hires-steps 3 --hires-strength 0.7 --device cpu --threads 2 --count 500 --all-layers "
        "--out out --seed %1 --takes %2")
        .arg(seed)
        .arg(takes)
        .split(QLatin1Char(' '));
}

} // namespace

/// The program with the real engine and the demo model, killed while it writes one take after the other.
class TestTakesKilled : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    void killSoon(int seed)
    {
        QProcess program;
        program.setWorkingDirectory(m_folder.path());
        program.start(
            QStringLiteral(STUDIO_BINARY_DIR "/bin/hires-studio"), arguments(QStringLiteral("takes"), seed));
        const QDir out(m_folder.filePath(QStringLiteral("out")));
        const auto before = out.entryList(QDir::Files).size();
        QElapsedTimer waited;
        waited.start();
        while (out.entryList(QDir::Files).size() <= before && program.state() != QProcess::NotRunning
            && waited.elapsed() < kPatience)
            QTest::qWait(5);
        QVERIFY2(out.entryList(QDir::Files).size() > before, program.readAllStandardError().constData());
        QTest::qWait(QRandomGenerator::global()->bounded(700));
        program.kill(); // SIGKILL
        QVERIFY(program.waitForFinished(kPatience));
    }

    static void verifyReadable(const StoredTake& take)
    {
        QVERIFY(take.runs.front().take.plan.request.mode == Mode::Hires);
        QVERIFY(take.runs.front().state == TakeState::Finished
            || take.runs.front().state == TakeState::Interrupted);
        for (const StoredLayer& layer : take.runs.front().layers) {
            const auto picture = loadPicture(layer.file);
            QVERIFY2(!failureOf(picture), layer.file.c_str());
            QVERIFY(std::get<LoadedPicture>(picture).picture.size == layer.size);
        }
        for (const auto& entry : fs::recursive_directory_iterator(take.folder))
            QVERIFY2(entry.path().extension() != ".part", entry.path().c_str());
    }

private Q_SLOTS:
    void everyFinishedLayerIsReadable()
    {
        std::size_t layers = 0;
        for (int kill = 0; kill < killCount(); ++kill) {
            killSoon(1000 * kill + 1);
            if (QTest::currentTestFailed())
                return;
        }
        const auto opened = openTakeStore({m_folder.filePath(QStringLiteral("takes")).toStdString(), 0});
        TakeStore& store = *std::get<std::shared_ptr<TakeStore>>(opened);
        const auto takes = std::get<std::vector<TakeSummary>>(store.list({}));
        QVERIFY(takes.size() >= static_cast<std::size_t>(killCount()));
        for (const TakeSummary& summary : takes) {
            const StoredTake take = std::get<StoredTake>(store.read(summary.id));
            verifyReadable(take);
            layers += take.runs.front().layers.size();
        }
        // A layer is kept as a take before the front writes its file.
        const QDir out(m_folder.filePath(QStringLiteral("out")));
        QVERIFY(
            layers >= static_cast<std::size_t>(out.entryList({QStringLiteral("*.png")}, QDir::Files).size()));
        qInfo("%d kills, %d takes, %d layers", killCount(), int(takes.size()), int(layers));
    }
};

QTEST_GUILESS_MAIN(TestTakesKilled)
#include "tst_takes_killed.moc"
