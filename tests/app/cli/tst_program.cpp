#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

namespace {

struct Ended {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

void start(QProcess& process, const QStringList& arguments, const QStringList& environment)
{
    QStringList variables = QProcess::systemEnvironment();
    variables.erase(std::remove_if(variables.begin(), variables.end(),
                        [](const QString& each) {
                            return each.startsWith(QStringLiteral("DISPLAY="))
                                || each.startsWith(QStringLiteral("WAYLAND"))
                                || each.startsWith(QStringLiteral("QT_QPA_PLATFORM="));
                        }),
        variables.end());
    process.setEnvironment(variables + environment);
    process.start(QStringLiteral(STUDIO_BINARY_DIR "/bin/hires-studio"), arguments);
}

Ended run(const QStringList& arguments, const QStringList& environment = {})
{
    QProcess process;
    start(process, arguments, environment);
    process.waitForFinished(120000);
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QString text(const char* words)
{
    return QString::fromUtf8(words);
}

} // namespace

/// The program itself, without a display.
class TestProgram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void helpListsTheCommands()
    {
        const Ended ended = run({text("--help")});
        QCOMPARE(ended.code, 0);
        for (const char* command : {"generate", "inspect", "serve", "takes", "check", "bench"})
            QVERIFY2(ended.out.contains(command), command);
    }

    void everyCommandHasHelp()
    {
        for (const char* command : {"generate", "inspect", "serve", "takes", "check", "bench"}) {
            const Ended ended = run({text(command), text("--help")});
            QCOMPARE(ended.code, 0);
            QVERIFY2(ended.out.contains("--"), command);
            QVERIFY(ended.err.isEmpty());
        }
    }

    void wrongUseEndsWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("part");
        QTest::newRow("command") << QStringList{text("genrate")} << QByteArray("Did you mean generate?");
        QTest::newRow("option") << QStringList{text("generate"), text("--promt"), text("x")}
                                << QByteArray("Did you mean --prompt?");
        QTest::newRow("value") << QStringList{text("generate"), text("--prompt"), text("x"), text("--steps"),
            text("no")} << QByteArray("--steps: \"no\" is not a whole number.");
        QTest::newRow("no prompt") << QStringList{text("generate")} << QByteArray("Say what to make");
        QTest::newRow("open host") << QStringList{text("serve"), text("--host"), text("0.0.0.0")}
                                   << QByteArray("--api-key");
        QTest::newRow("no file") << QStringList{text("inspect")} << QByteArray("Name a FILE");
    }
    void wrongUseEndsWithTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, part);
        const Ended ended = run(arguments);
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains(part), ended.err.constData());
        QVERIFY(ended.out.isEmpty());
    }

    void withoutADisplayTheWindowSaysSo()
    {
        for (const QStringList& arguments : {QStringList{}, QStringList{text("studio")}}) {
            const Ended ended = run(arguments);
            QCOMPARE(ended.code, 1);
            QVERIFY(ended.err.contains("There is no display"));
        }
    }

    void withOneTheWindowOpensBeforeTheEngineDoes()
    {
        const QTemporaryDir home;
        const Ended ended = run({text("studio"), text("--measure-start")},
            {text("QT_QPA_PLATFORM=offscreen"), text("XDG_CONFIG_HOME=") + home.path(),
                text("XDG_STATE_HOME=") + home.path()});
        QCOMPARE(ended.code, 0);
        QVERIFY2(ended.out.contains("libtorch_loaded no"), ended.out.constData());
    }

    void askedToEndTheWindowPutsThingsInOrder_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("terminate") << SIGTERM;
        QTest::newRow("hang up") << SIGHUP;
        QTest::newRow("interrupt") << SIGINT;
    }
    void askedToEndTheWindowPutsThingsInOrder()
    {
        QFETCH(int, signal);
        const QTemporaryDir home;
        QProcess process;
        start(process, {text("studio")},
            {text("QT_QPA_PLATFORM=offscreen"), text("XDG_CONFIG_HOME=") + home.path(),
                text("XDG_STATE_HOME=") + home.path(), text("XDG_DATA_HOME=") + home.path(),
                text("XDG_CACHE_HOME=") + home.path()});
        QVERIFY(process.waitForStarted(120000));
        const QString folder = home.path() + text("/hires-studio");
        // The lock is there as soon as the queue is.
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder + text("/queue.json.lock")), 120000);
        QCOMPARE(kill(static_cast<pid_t>(process.processId()), signal), 0);
        QVERIFY(process.waitForFinished(120000));
        QVERIFY2(process.exitStatus() == QProcess::NormalExit, process.readAllStandardError().constData());
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(QFile::exists(folder + text("/settings.ini")));
        QVERIFY(!QFile::exists(folder + text("/queue.json.lock")));
    }

    void inspectOfAMissingFileFailsWithASentence()
    {
        const Ended ended = run({text("inspect"), text("/no/such/file.safetensors")});
        QCOMPARE(ended.code, 1);
        QVERIFY(ended.err.contains("/no/such/file.safetensors"));
    }
};

QTEST_GUILESS_MAIN(TestProgram)
#include "tst_program.moc"
