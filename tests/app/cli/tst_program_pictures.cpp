#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <memory>

namespace {

constexpr int kPatience = 300000; // milliseconds; generous, for machines with much else to do

QString text(const char* words)
{
    return QString::fromUtf8(words);
}

struct Ended {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace

/// The program with the real engine, on tiny checkpoints with random weights.
class TestProgramPictures : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_models;
    std::unique_ptr<QTemporaryDir> m_folder;

    void makeCheckpoint(const char* spec, const char* file)
    {
        QProcess maker;
        maker.start(text(STUDIO_BINARY_DIR "/bin/random_checkpoint"),
            {text(STUDIO_SOURCE_DIR "/tests/oracle/models/") + text(spec), m_models.filePath(text(file)),
                text("--form"), text("single"), text("--dtype"), text("fp32")});
        QVERIFY(maker.waitForFinished(kPatience));
        QVERIFY2(maker.exitCode() == 0, maker.readAllStandardError().constData());
    }

    void start(QProcess& process, const QStringList& arguments) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(text("DISPLAY"));
        environment.remove(text("QT_QPA_PLATFORM"));
        environment.insert(text("XDG_STATE_HOME"), m_models.path());
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_folder->path());
        process.start(text(STUDIO_BINARY_DIR "/bin/hires-studio"), arguments);
    }

    Ended run(const QStringList& arguments) const
    {
        QProcess process;
        start(process, arguments);
        process.waitForFinished(kPatience);
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

    QStringList models() const
    {
        return {text("--model"), m_models.filePath(text("base.safetensors")), text("--refiner"),
            m_models.filePath(text("refiner.safetensors")), text("--device"), text("cpu")};
    }

    QStringList small() const
    {
        return models()
            + QStringList{text("--prompt"), text("a lighthouse"), text("--steps"), text("3"),
                text("--hires-steps"), text("6"), text("--width"), text("64"), text("--height"), text("64"),
                text("--hires-base"), text("64"), text("--hires-target"), text("96")};
    }

    QByteArray bytesOf(const QString& name) const
    {
        QFile file(m_folder->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QStringList files() const { return QDir(m_folder->path()).entryList(QDir::Files, QDir::Name); }

private Q_SLOTS:
    void initTestCase()
    {
        makeCheckpoint("tiny_base.json", "base.safetensors");
        makeCheckpoint("tiny_refiner.json", "refiner.safetensors");
    }

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void compareWritesItsThreeFiles()
    {
        const Ended ended = run(QStringList{text("generate"), text("--mode"), text("compare"), text("--json"),
                                    text("--seed"), text("7")}
            + small());
        QVERIFY2(ended.code == 0, ended.err.constData());
        QCOMPARE(files(),
            (QStringList{
                text("output_hires_fix.png"), text("output_simple_hires.png"), text("output_standard.png")}));
        const QList<QByteArray> lines = ended.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 3);
        for (const QByteArray& line : lines) {
            const QJsonObject picture = QJsonDocument::fromJson(line).object();
            const QImage image(m_folder->filePath(QFileInfo(picture[u"file"].toString()).fileName()));
            QCOMPARE(image.width(), picture[u"width"].toInt());
            QCOMPARE(image.height(), picture[u"height"].toInt());
            QCOMPARE(picture[u"seed"].toInt(), 7);
            QCOMPARE(picture[u"device"].toString(), text("cpu"));
            QVERIFY(picture[u"peak_memory_bytes"].toDouble() > 0);
            QVERIFY(!picture[u"stages"].toArray().isEmpty());
        }
        QCOMPARE(QImage(m_folder->filePath(text("output_hires_fix.png"))).width(), 96);
    }

    void aPictureNamesItsCheckpointsByTheirHashes()
    {
        const auto shortHash = [&](const char* name) {
            QFile file(m_models.filePath(text(name)));
            QCryptographicHash hash(QCryptographicHash::Sha256);
            return file.open(QIODevice::ReadOnly) && hash.addData(&file)
                ? QString::fromLatin1(hash.result().toHex().first(10))
                : QString();
        };
        const QStringList names{text("--name"), text("named")};
        QCOMPARE(run(QStringList{text("generate"), text("--mode"), text("hires")} + small() + names).code, 0);
        const QString parameters = QImage(m_folder->filePath(text("named.png"))).text(text("parameters"));
        QVERIFY2(parameters.contains(
                     text("Model hash: ") + shortHash("base.safetensors") + text(", Model: base,")),
            qPrintable(parameters));
        QVERIFY2(parameters.contains(
                     text("Hires checkpoint: refiner [") + shortHash("refiner.safetensors") + text("]")),
            qPrintable(parameters));
    }

    void aPictureMakesItselfAgain()
    {
        const QStringList names{text("--name"), text("first")};
        QCOMPARE(run(QStringList{text("generate"), text("--mode"), text("hires")} + small() + names).code, 0);
        const Ended again
            = run({text("generate"), text("--request"), text("first.png"), text("--name"), text("again")});
        QVERIFY2(again.code == 0, again.err.constData());
        QVERIFY(!bytesOf(text("first.png")).isEmpty());
        QCOMPARE(bytesOf(text("again.png")), bytesOf(text("first.png")));
    }

    void onlyTheSecondPassOfATakeIsRunAgain()
    {
        const QStringList hires
            = QStringList{text("generate"), text("--mode"), text("hires"), text("--seed"), text("5")}
            + small();
        const QStringList other{
            text("--hires-strength"), text("0.6"), text("--hires-prompt"), text("a harbour")};
        QCOMPARE(run(hires + QStringList{text("--takes"), text("takes")}).code, 0);
        QCOMPARE(run(hires + other + QStringList{text("--name"), text("whole")}).code, 0);
        const QDir takes(m_folder->filePath(text("takes")));
        const QString id = takes.entryList({text("2*")}, QDir::Dirs).value(0);
        const Ended again = run(QStringList{text("generate"), text("--from-take"), text("takes/") + id,
                                    text("--json"), text("--name"), text("again")}
            + other);
        QVERIFY2(again.code == 0, again.err.constData());
        QVERIFY(again.err.contains("Kept as take " + id.toUtf8()));
        QCOMPARE(bytesOf(text("again.png")), bytesOf(text("whole.png")));
        int steps = 0;
        for (const auto& stage : QJsonDocument::fromJson(again.out).object()[u"stages"].toArray())
            steps += stage[u"steps"].toInt();
        QCOMPARE(steps, 3); // 0.6 of 6; the three of the first pass were not run
        const Ended list = run({text("takes"), text("takes"), text("--json")});
        QCOMPARE(list.out.trimmed().count('\n'), 0);
        QCOMPARE(QJsonDocument::fromJson(list.out).object()[u"layers"].toInt(), 6);
        QVERIFY(QFile::exists(takes.filePath(id + text("/run-1/hires.png"))));
    }

    void aPictureOfManyIsTheOneItsSeedGivesAlone()
    {
        const QStringList named{text("--name"), text("[seed]")};
        QCOMPARE(run(QStringList{text("generate"), text("--seed"), text("5"), text("--count"), text("2")}
                     + small() + named)
                     .code,
            0);
        QCOMPARE(files(), (QStringList{text("5.png"), text("6.png")}));
        QCOMPARE(run(QStringList{text("generate"), text("--seed"), text("6"), text("--name"), text("alone")}
                     + small())
                     .code,
            0);
        QCOMPARE(bytesOf(text("alone.png")), bytesOf(text("6.png")));
        QVERIFY(bytesOf(text("5.png")) != bytesOf(text("6.png")));
    }

    void ctrlCKeepsTheFirstPass()
    {
        QProcess process;
        start(process,
            QStringList{text("generate"), text("--mode"), text("hires")} + small()
                + QStringList{text("--hires-steps"), text("1000"), text("--hires-strength"), text("1"),
                    text("--name"), text("[layer]")});
        // Progress goes to standard error, a line a stage when that is no terminal.
        QByteArray seen;
        QElapsedTimer clock;
        clock.start();
        while (!seen.contains("Second pass") && clock.elapsed() < kPatience
            && process.state() != QProcess::NotRunning) {
            process.waitForReadyRead(100);
            seen += process.readAllStandardError();
        }
        QVERIFY2(seen.contains("Second pass"), seen.constData());
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(kPatience));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
        QVERIFY2(files().contains(text("first_pass.png")), qPrintable(files().join(QLatin1Char(' '))));
        QVERIFY(!files().contains(text("hires.png")));
    }

    void whatCannotRunFailsWithASentence()
    {
        const Ended sampler
            = run(QStringList{text("generate"), text("--sampler"), text("nonsense")} + small());
        QCOMPARE(sampler.code, 2); // wrongly asked for, though only the engine can know
        QVERIFY2(sampler.err.count("nonsense") == 1, sampler.err.constData()); // said once
        const Ended model = run({text("generate"), text("--prompt"), text("x"), text("--model"),
            text("/no/such/model.safetensors")});
        QCOMPARE(model.code, 1);
        QVERIFY2(model.err.contains("/no/such/model.safetensors"), model.err.constData());
        QVERIFY(files().isEmpty());
    }

    void inspectReadsTheRecipeBack()
    {
        QCOMPARE(run(QStringList{text("generate"), text("--seed"), text("9"), text("--name"), text("it")}
                     + small())
                     .code,
            0);
        const Ended words = run({text("inspect"), text("it.png")});
        QCOMPARE(words.code, 0);
        QVERIFY2(words.out.contains("a lighthouse") && words.out.contains("Seed: 9"), words.out.constData());
        const Ended json = run({text("inspect"), text("it.png"), text("--json")});
        const QJsonObject object = QJsonDocument::fromJson(json.out).object();
        QCOMPARE(object[u"request"].toObject()[u"seed"].toInt(), 9);
        const Ended checkpoint = run({text("inspect"), models().at(1)});
        QCOMPARE(checkpoint.code, 0);
        QVERIFY2(checkpoint.out.contains("SDXL"), checkpoint.out.constData());
    }

    void theServiceMakesPicturesUntilItIsEnded()
    {
        QProcess process;
        start(process, QStringList{text("serve"), text("--port"), text("0")} + models());
        QByteArray seen;
        QElapsedTimer clock;
        clock.start();
        while (!seen.contains("Listening on") && clock.elapsed() < kPatience
            && process.state() != QProcess::NotRunning) {
            process.waitForReadyRead(100);
            seen += process.readAllStandardError();
        }
        const QRegularExpressionMatch match
            = QRegularExpression(text("http://127\\.0\\.0\\.1:(\\d+)")).match(QString::fromUtf8(seen));
        QVERIFY2(match.hasMatch(), seen.constData());
        const QByteArray body = "{\"prompt\": \"a lighthouse\", \"width\": 64, \"height\": 64, "
                                "\"num_inference_steps\": 2, \"use_refiner\": true, \"seed\": 42}";
        QTcpSocket socket;
        socket.connectToHost(text("127.0.0.1"), match.captured(1).toUShort());
        QVERIFY(socket.waitForConnected(kPatience));
        socket.write(
            "POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        while (socket.state() == QAbstractSocket::ConnectedState && socket.waitForReadyRead(kPatience)) { }
        const QByteArray answer = socket.readAll();
        QVERIFY2(answer.startsWith("HTTP/1.1 200"), answer.left(500).constData());
        const QJsonObject object
            = QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4)).object();
        QCOMPARE(object[u"final_resolution"].toString(), text("64x64"));
        QCOMPARE(
            QImage::fromData(QByteArray::fromBase64(object[u"image"].toString().toLatin1())).width(), 64);
        process.terminate();
        QVERIFY(process.waitForFinished(kPatience));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
    }

    void dryRunRunsNothing()
    {
        const Ended ended
            = run(QStringList{text("generate"), text("--mode"), text("hires"), text("--dry-run")} + small());
        QCOMPARE(ended.code, 0);
        QVERIFY2(ended.out.contains("96"), ended.out.constData());
        QVERIFY(files().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestProgramPictures)
#include "tst_program_pictures.moc"
