#include "core/text/emphasis.h"

#include <QtTest>

using namespace studio;
using text::readEmphasis;
using text::WeightedText;

Q_DECLARE_METATYPE(std::string)
Q_DECLARE_METATYPE(std::vector<studio::text::WeightedText>)

class TestEmphasis : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The first seven are the examples of A1111's documentation; the others follow from its rules by hand.
    void promptsAreReadAsA1111DocumentsThem_data()
    {
        QTest::addColumn<std::string>("prompt");
        QTest::addColumn<std::vector<WeightedText>>("expected");
        const auto row = [](const char* prompt, std::vector<WeightedText> expected) {
            QTest::newRow(prompt) << std::string(prompt) << std::move(expected);
        };
        row("normal text", {{"normal text", 1.0}});
        row("an (important) word", {{"an ", 1.0}, {"important", 1.1}, {" word", 1.0}});
        row("(unbalanced", {{"unbalanced", 1.1}});
        row("\\(literal\\]", {{"(literal]", 1.0}});
        row("(unnecessary)(parens)", {{"unnecessaryparens", 1.1}});
        row("a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).",
            {{"a ", 1.0}, {"house", 1.5730000000000004}, {" ", 1.1}, {"on", 1.0}, {" a ", 1.1},
                {"hill", 0.55}, {", sun, ", 1.1}, {"sky", 1.4641000000000006}, {".", 1.1}});
        row("", {{"", 1.0}});
        row("[less] more", {{"less", 1.0 / 1.1}, {" more", 1.0}});
        row("[[x]]", {{"x", 1.0 / 1.1 * (1.0 / 1.1)}});
        row("a ) b ] c", {{"a ) b ] c", 1.0}});
        row("a: b :1.2)", {{"a: b :1.2)", 1.0}});
        row("(a: +1.5 )", {{"a", 1.5}});
        row("(a:-1)", {{"a", -1.0}});
        row("(a:.5)", {{"a", 0.5}});
        row("(a:2.)", {{"a", 2.0}});
        row("(a:b:1.2)", {{"a:b", 1.2}});
        row("(a:1.2:1.3)", {{"a:1.2", 1.3}});
        row("[a:0.5]", {{"a:0.5", 1.0 / 1.1}});
        row("\\\\(x\\)", {{"\\", 1.0}, {"x)", 1.1}});
        row("back\\slash\\", {{"backslash", 1.0}});
        row("(\xC3\xA9t\xC3\xA9:1.2)", {{"\xC3\xA9t\xC3\xA9", 1.2}});
        row("a BREAK b", {{"a", 1.0}, {"BREAK", -1.0}, {"b", 1.0}});
        row("a\n BREAK\tBREAK b", {{"a", 1.0}, {"BREAK", -1.0}, {"", 1.0}, {"BREAK", -1.0}, {"b", 1.0}});
        row("BREAKFAST _BREAK", {{"BREAKFAST _BREAK", 1.0}});
        row("(a BREAK b:1.5)", {{"a", 1.5}, {"BREAK", -1.5}, {"b", 1.5}});
    }
    void promptsAreReadAsA1111DocumentsThem()
    {
        QFETCH(std::string, prompt);
        QFETCH(std::vector<WeightedText>, expected);
        const text::EmphasizedText read = readEmphasis(prompt);
        QVERIFY(read.parts == expected);
        QVERIFY(read.notNumbers.empty());
    }

    void onlyABreakOfItsOwnBeginsAChunk()
    {
        QVERIFY(readEmphasis("a BREAK b").parts[1].isBreak());
        QVERIFY(!readEmphasis("(a BREAK b:1.5)").parts[1].isBreak());
        QVERIFY(!readEmphasis("(BREAKS:-1)").parts[0].isBreak());
    }

    void aWeightThatIsNoNumberIsNamed()
    {
        const text::EmphasizedText read = readEmphasis("(a:1.2.3) (b:..)");
        QVERIFY(read.parts == (std::vector<WeightedText>{{"a b", 1.0}}));
        QVERIFY(read.notNumbers == (std::vector<std::string>{"1.2.3", ".."}));
    }
};

QTEST_GUILESS_MAIN(TestEmphasis)
#include "tst_emphasis.moc"
