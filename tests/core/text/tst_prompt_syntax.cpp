#include "core/text/prompt_syntax.h"

#include <QtTest>

using namespace studio;
using text::ComposedText;
using text::PromptTag;
using text::readComposition;
using text::withoutComments;
using text::withoutTags;

Q_DECLARE_METATYPE(std::string)
Q_DECLARE_METATYPE(std::vector<studio::text::ComposedText>)

class TestPromptSyntax : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void andCutsAndWeightsFollowTheLastColon_data()
    {
        QTest::addColumn<std::string>("prompt");
        QTest::addColumn<std::vector<ComposedText>>("expected");
        const auto row = [](const char* prompt, std::vector<ComposedText> expected) {
            QTest::newRow(prompt) << std::string(prompt) << std::move(expected);
        };
        row("a cat", {{"a cat", 1.0}});
        row("a cat AND a dog", {{"a cat", 1.0}, {" a dog", 1.0}});
        row("a cat :1.2 AND a dog AND a penguin :2.2",
            {{"a cat", 1.2}, {" a dog", 1.0}, {" a penguin", 2.2}});
        row("a AND b: -0.5 ", {{"a", 1.0}, {" b", -0.5}});
        row("a:.5 AND b:3.", {{"a", 0.5}, {" b", 3.0}});
        row("aspect ratio 16:9", {{"aspect ratio 16", 9.0}});
        row("a:1:2", {{"a:1", 2.0}});
        row("(a:1.2)", {{"(a:1.2)", 1.0}});
        row("a:1e3", {{"a:1e3", 1.0}});
        row("a: AND :", {{"a:", 1.0}, {" :", 1.0}});
        row("SAND ANDROID AND_", {{"SAND ANDROID AND_", 1.0}});
        row("", {{"", 1.0}});
        row("AND", {{"", 1.0}, {"", 1.0}});
        row("a\nAND\nb\n", {{"a", 1.0}, {"\nb", 1.0}});
    }
    void andCutsAndWeightsFollowTheLastColon()
    {
        QFETCH(std::string, prompt);
        QFETCH(std::vector<ComposedText>, expected);
        QVERIFY(readComposition(prompt) == expected);
    }

    void tagsAreTakenOut()
    {
        std::vector<PromptTag> tags;
        QCOMPARE(
            withoutTags("a <lora:ink:0.8> fox<lora:snow:0.5:te=1:unet=0.7>", tags), std::string("a  fox"));
        QCOMPARE(tags.size(), std::size_t(2));
        QVERIFY(tags[0] == (PromptTag{"lora", {"ink", "0.8"}, {}, "<lora:ink:0.8>"}));
        QVERIFY(tags[1]
            == (PromptTag{
                "lora", {"snow", "0.5"}, {{"te", "1"}, {"unet", "0.7"}}, "<lora:snow:0.5:te=1:unet=0.7>"}));
    }

    void whatIsNoTagStays_data()
    {
        QTest::addColumn<std::string>("prompt");
        for (const char* prompt :
            {"a < b > c", "<lora>", "<lora:>", "<:x>", "<lo ra:x>", "<lora:x", ">lora:x<", "<3"})
            QTest::newRow(prompt) << std::string(prompt);
    }
    void whatIsNoTagStays()
    {
        QFETCH(std::string, prompt);
        std::vector<PromptTag> tags;
        QCOMPARE(withoutTags(prompt, tags), prompt);
        QVERIFY(tags.empty());
    }

    void commentsEndWithTheLine()
    {
        QCOMPARE(withoutComments("a # b\nc"), std::string("a \nc"));
        QCOMPARE(withoutComments("# all of it"), std::string());
        QCOMPARE(withoutComments("a#b#c\n#d\ne"), std::string("a\n\ne"));
        QCOMPARE(withoutComments("a, b"), std::string("a, b"));
    }
};

QTEST_GUILESS_MAIN(TestPromptSyntax)
#include "tst_prompt_syntax.moc"
