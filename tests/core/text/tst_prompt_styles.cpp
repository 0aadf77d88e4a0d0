#include "core/base/error.h"
#include "core/text/prompt_styles.h"
#include "tests/core/text/tokenizer_fixture.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace studio;
using text::PromptStyle;
using text::readStyles;
using text::withStyle;

class TestPromptStyles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFileOfStylesIsRead()
    {
        const std::string csv = "\xEF\xBB\xBFname,prompt,negative_prompt\r\n"
                                "Ink,\"ink drawing, \"\"fine\"\" lines\",\"colour,\nphoto\"\r\n"
                                "None,,\r\n"
                                ",nameless,\r\n"
                                "Film, 35 mm film\r\n";
        QVERIFY(readStyles(csv)
            == (std::vector<PromptStyle>{{"Ink", "ink drawing, \"fine\" lines", "colour,\nphoto"},
                {"None", "", ""}, {"Film", "35 mm film", ""}}));
    }

    void theOldColumnsAreReadToo()
    {
        QVERIFY(readStyles("name,text\na,b\na,c") == (std::vector<PromptStyle>{{"a", "c", ""}}));
    }

    void aFileWithoutColumnsIsRefused()
    {
        for (const char* csv : {"", "a,b,c\n1,2,3", "name\nx"})
            QVERIFY_EXCEPTION_THROWN(readStyles(csv), Error);
        QVERIFY(text::readStylesFile("/no/such/styles.csv").empty());
    }

    void aStyleGoesAroundThePromptOrBehindIt()
    {
        QCOMPARE(withStyle("a fox ", " ink"), std::string("a fox, ink"));
        QCOMPARE(withStyle("a fox", ""), std::string("a fox"));
        QCOMPARE(withStyle("", "ink"), std::string("ink"));
        QCOMPARE(withStyle("a fox", "ink of {prompt}, {prompt}!"), std::string("ink of a fox, a fox!"));
    }

    void wildcardFilesStayInTheirFolder()
    {
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("cards/sub")));
        tests::writeFile(folder.filePath(QStringLiteral("secret.txt")), "secret");
        tests::writeFile(
            folder.filePath(QStringLiteral("cards/colour.txt")), "\xEF\xBB\xBFred \r\n\n# note\n blue");
        tests::writeFile(folder.filePath(QStringLiteral("cards/sub/cat.txt")), "lynx\n");
        const std::filesystem::path cards = folder.filePath(QStringLiteral("cards")).toStdString();
        QVERIFY(text::readWildcard(cards, "colour") == (std::vector<std::string>{"red", "blue"}));
        QVERIFY(text::readWildcard(cards, "sub/cat") == (std::vector<std::string>{"lynx"}));
        const std::string absolute = folder.filePath(QStringLiteral("secret")).toStdString();
        for (const std::string& name : {std::string("../secret"), std::string("sub/../../secret"), absolute,
                 std::string("none"), std::string("sub"), std::string()})
            QVERIFY(!text::readWildcard(cards, name));
    }
};

QTEST_GUILESS_MAIN(TestPromptStyles)
#include "tst_prompt_styles.moc"
