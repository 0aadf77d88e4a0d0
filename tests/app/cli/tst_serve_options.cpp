#include "app/cli/serve_command.h"

#include <QtTest>

#include <sstream>

using namespace studio;
using namespace studio::cli;

namespace {

ServeOptions parsed(const std::vector<std::string>& arguments)
{
    ServeOptions options;
    std::ostringstream help;
    parse(serveSyntax(options), arguments, help);
    return options;
}

std::string refusal(const std::vector<std::string>& arguments)
{
    try {
        serverSettings(parsed(arguments));
    } catch (const UsageError& error) {
        return error.what();
    }
    return {};
}

} // namespace

class TestServeOptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qunsetenv("HIRES_STUDIO_API_KEY"); }

    void loopbackIsTheDefault()
    {
        const http::ServerSettings settings = serverSettings(parsed({}));
        QCOMPARE(settings.host, std::string("127.0.0.1"));
        QCOMPARE(settings.port, 7860);
        QVERIFY(settings.rules.origins.empty());
        QVERIFY(settings.rules.apiKey.empty());
    }

    void otherAddressesNeedAKey()
    {
        for (const char* host : {"0.0.0.0", "192.168.1.5", "::", "example.org"}) {
            QVERIFY2(refusal({"--host", host}).find("--api-key") != std::string::npos, host);
            QCOMPARE(refusal({"--host", host, "--api-key", "secret"}), std::string());
        }
        for (const char* host : {"127.0.0.1", "127.3.2.1", "::1", "localhost"})
            QCOMPARE(refusal({"--host", host}), std::string());
    }

    void theKeyMayComeFromTheEnvironment()
    {
        qputenv("HIRES_STUDIO_API_KEY", "from outside");
        QCOMPARE(serverSettings(parsed({})).rules.apiKey, std::string("from outside"));
        QCOMPARE(serverSettings(parsed({"--api-key", "mine"})).rules.apiKey, std::string("mine"));
        qunsetenv("HIRES_STUDIO_API_KEY");
    }

    void everyOptionSetsItsField()
    {
        const ServeOptions options = parsed({"--port", "0", "--cors", "http://localhost:5173", "--cors",
            "https://a.example", "--allow-host", "studio.lan", "--queue", "3", "--model", "m", "--refiner",
            "r", "--vae", "v", "--device", "cpu", "--dtype", "fp32", "--threads", "2"});
        const http::ServerSettings settings = serverSettings(options);
        QCOMPARE(settings.port, 0);
        QCOMPARE(settings.queue, std::size_t(3));
        QCOMPARE(
            settings.rules.origins, (std::vector<std::string>{"http://localhost:5173", "https://a.example"}));
        QCOMPARE(settings.rules.hosts, std::vector<std::string>{"studio.lan"});
        QCOMPARE(options.defaults.models.base, std::string("m"));
        QCOMPARE(options.defaults.models.refiner, std::string("r"));
        QCOMPARE(options.engine.threads, 2);
    }

    void whatIsNoOriginIsRefused()
    {
        for (const char* origin : {"*", "localhost", "http://", "http://a/", "http://a/path", "://a"})
            QVERIFY2(refusal({"--cors", origin}).find("is no origin") != std::string::npos, origin);
    }
};

QTEST_GUILESS_MAIN(TestServeOptions)
#include "tst_serve_options.moc"
