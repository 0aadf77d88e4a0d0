#include "tests/app/http/running_server.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace studio::test;

namespace {

/// A client program, and what it is run with.
struct Client {
    const char* tool;
    const char* script;
};

constexpr Client kClients[] = {{"python3", "client.py"}, {"node", "client.mjs"}, {"curl", "client.sh"}};

QString toolOf(const char* name)
{
    return QStandardPaths::findExecutable(QString::fromLatin1(name));
}

} // namespace

/// The clients people write, each in its own language, against the service.
class TestClients : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void atLeastOneClientIsHere()
    {
        QVERIFY2(std::any_of(std::begin(kClients), std::end(kClients),
                     [](const Client& client) { return !toolOf(client.tool).isEmpty(); }),
            "none of python3, node and curl is installed");
    }

    void everyClientGetsItsPictures_data()
    {
        QTest::addColumn<QString>("tool");
        QTest::addColumn<QString>("script");
        for (const Client& client : kClients)
            QTest::newRow(client.tool)
                << QString::fromLatin1(client.tool) << QString::fromLatin1(client.script);
    }
    void everyClientGetsItsPictures()
    {
        QFETCH(QString, tool);
        QFETCH(QString, script);
        if (toolOf(tool.toLatin1().constData()).isEmpty())
            QSKIP(qPrintable(tool + QStringLiteral(" is not installed here; the other clients are tried")));
        RunningServer server;
        QTemporaryDir folder;
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        const QString program = tool == QStringLiteral("curl") ? QStringLiteral("sh") : tool;
        process.start(program,
            {QStringLiteral(STUDIO_SOURCE_DIR "/tests/app/http/clients/") + script,
                QStringLiteral("http://127.0.0.1:%1").arg(server.port()), folder.path()});
        QVERIFY(process.waitForFinished(120000));
        const QByteArray output = process.readAll();
        QVERIFY2(process.exitCode() == 0, output.constData());
        QCOMPARE(output.trimmed(), QByteArray("fine"));
    }
};

QTEST_GUILESS_MAIN(TestClients)
#include "tst_clients.moc"
