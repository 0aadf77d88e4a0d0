#include "app/cli/argument_parser.h"

#include <QtTest>

#include <sstream>

using namespace studio::cli;

namespace {

std::string refusal(const CommandSyntax& syntax, const std::vector<std::string>& arguments)
{
    std::ostringstream help;
    try {
        parse(syntax, arguments, help);
    } catch (const UsageError& error) {
        return error.what();
    }
    return {};
}

} // namespace

class TestArgumentParser : public QObject {
    Q_OBJECT

private:
    std::string m_prompt = "(unset)";
    std::string m_file;
    std::vector<std::string> m_origins;
    std::vector<std::string> m_order;
    bool m_flag = false;

    CommandSyntax syntax()
    {
        return {"paint", "Paint something.", {}, {},
            {{"--base", "NAME", "First", "applied first",
                 [this](const std::string&) { m_order.push_back("base"); }},
                {"--prompt", "TEXT", "First", "what to paint",
                    [this](const std::string& value) {
                        m_order.push_back("prompt");
                        m_prompt = value;
                    }},
                {"--origin", "URL", "Second", "may be repeated",
                    [this](const std::string& value) { m_origins.push_back(value); }, true},
                {"--steps", "N", "Second", "never right",
                    [](const std::string& value) {
                        throw UsageError("\"" + value + "\" is not a whole number.");
                    }},
                {"--dry-run", "", "Second", "a switch", [this](const std::string&) { m_flag = true; }}}};
    }

private Q_SLOTS:
    void init()
    {
        m_prompt = "(unset)";
        m_origins.clear();
        m_order.clear();
        m_flag = false;
    }

    void freeTextArrivesByteForByte_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"a cat", "{}", "[a, b]", "[a:b:0.5]", "-1", "--dry-run", "-x", "", "%%",
                 "a=b", "\"quoted\"", "'single'", "(cat:1.2), [dog]",
                 "Stra\xC3\x9F"
                 "e \xE7\x8C\xAB",
                 "two\nlines", "\\n"})
            QTest::newRow(text[0] ? text : "empty") << QByteArray(text);
    }
    void freeTextArrivesByteForByte()
    {
        QFETCH(QByteArray, text);
        std::ostringstream help;
        QVERIFY(parse(syntax(), {"--prompt", text.toStdString()}, help) == Parsed::Ready);
        QCOMPARE(m_prompt, text.toStdString());
        QVERIFY(!m_flag);
    }

    void aValueMayFollowAnEqualsSign()
    {
        std::ostringstream help;
        parse(syntax(), {"--prompt=a=b"}, help);
        QCOMPARE(m_prompt, std::string("a=b"));
    }

    void rowsAreAppliedInTheOrderOfTheTable()
    {
        std::ostringstream help;
        parse(syntax(), {"--prompt", "x", "--base", "y"}, help);
        QCOMPARE(m_order, (std::vector<std::string>{"base", "prompt"}));
    }

    void theLastOfARepeatedOptionCounts()
    {
        std::ostringstream help;
        parse(syntax(), {"--prompt", "one", "--prompt", "two"}, help);
        QCOMPARE(m_prompt, std::string("two"));
        QCOMPARE(m_order.size(), std::size_t(1));
    }

    void repeatingRowsGetEveryValue()
    {
        std::ostringstream help;
        parse(syntax(), {"--origin", "http://a", "--origin", "http://b"}, help);
        QCOMPARE(m_origins, (std::vector<std::string>{"http://a", "http://b"}));
    }

    void helpListsEveryRowUnderItsHeading()
    {
        std::ostringstream help;
        QVERIFY(parse(syntax(), {"--help"}, help) == Parsed::HelpShown);
        for (const char* word : {"--base", "--prompt", "--origin", "--steps", "--dry-run", "First", "Second",
                 "TEXT", "what to paint", "Paint something."})
            QVERIFY2(help.str().find(word) != std::string::npos, word);
    }

    void wrongUseGetsASentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const QStringList& arguments, const char* sentence) {
            QTest::newRow(name) << arguments << QString::fromUtf8(sentence);
        };
        row("misspelt", {QStringLiteral("--promt"), QStringLiteral("x")},
            "There is no option --promt. Did you mean --prompt?");
        row("misspelt with value", {QStringLiteral("--promt=x")},
            "There is no option --promt. Did you mean --prompt?");
        row("far off", {QStringLiteral("--zzzzzzzzzz")},
            "There is no option --zzzzzzzzzz. See hires-studio paint --help.");
        row("no value", {QStringLiteral("--prompt")}, "--prompt needs a value.");
        row("wrong value", {QStringLiteral("--steps"), QStringLiteral("abc")},
            "--steps: \"abc\" is not a whole number.");
        row("stray word", {QStringLiteral("--prompt"), QStringLiteral("a"), QStringLiteral("cat")},
            "\"cat\" stands alone: put the name of an option before it, and quotes around a text of several "
            "words.");
    }
    void wrongUseGetsASentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, sentence);
        std::vector<std::string> plain;
        for (const QString& argument : arguments)
            plain.push_back(argument.toStdString());
        QCOMPARE(QString::fromStdString(refusal(syntax(), plain)), sentence);
    }

    void theOneArgumentIsAskedForByName()
    {
        const CommandSyntax inspect{
            "inspect", "Look.", "FILE", [this](const std::string& value) { m_file = value; }, {}};
        QCOMPARE(refusal(inspect, {}), std::string("Name a FILE: hires-studio inspect FILE."));
        std::ostringstream help;
        parse(inspect, {"picture.png"}, help);
        QCOMPARE(m_file, std::string("picture.png"));
    }

    void theNearestNameIsNearIndeed()
    {
        const std::vector<std::string> known{"generate", "inspect", "serve", "check"};
        QCOMPARE(nearestName("generte", known), std::string("generate"));
        QCOMPARE(nearestName("sevre", known), std::string("serve"));
        QCOMPARE(nearestName("quit", known), std::string());
    }
};

QTEST_GUILESS_MAIN(TestArgumentParser)
#include "tst_argument_parser.moc"
