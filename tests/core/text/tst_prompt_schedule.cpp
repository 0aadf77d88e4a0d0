#include "core/text/prompt_schedule.h"

#include <QtTest>

using namespace studio;
using text::PassClock;
using text::PromptSchedule;
using text::TimedText;

Q_DECLARE_METATYPE(std::string)
Q_DECLARE_METATYPE(std::vector<studio::text::TimedText>)

namespace {

/// Ten calls, as in the examples of A1111's documentation.
constexpr PassClock kTenCalls{10, 0, 0};
constexpr PassClock kSecondPass{10, 10, 1};

std::vector<TimedText> alternating(const std::vector<std::string>& texts)
{
    std::vector<TimedText> out;
    for (int call = 1; call <= 10; ++call)
        out.push_back({call, texts[std::size_t(call - 1) % texts.size()]});
    return out;
}

} // namespace

class TestPromptSchedule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The examples that A1111's own documentation gives, and what they mean there.
    void promptsAreReadAsA1111DocumentsThem_data()
    {
        QTest::addColumn<std::string>("prompt");
        QTest::addColumn<std::vector<TimedText>>("expected");
        const auto row = [](const char* prompt, std::vector<TimedText> expected) {
            QTest::newRow(prompt) << std::string(prompt) << std::move(expected);
        };
        row("test", {{10, "test"}});
        row("a [b:3]", {{3, "a "}, {10, "a b"}});
        row("a [b: 3]", {{3, "a "}, {10, "a b"}});
        row("a [[[b]]:2]", {{2, "a "}, {10, "a [[b]]"}});
        row("[(a:2):3]", {{3, ""}, {10, "(a:2)"}});
        row("a [b : c : 1] d", {{1, "a b  d"}, {10, "a  c  d"}});
        row("a[b:[c:d:2]:1]e", {{1, "abe"}, {2, "ace"}, {10, "ade"}});
        row("a [unbalanced", {{10, "a [unbalanced"}});
        row("a [b:.5] c", {{5, "a  c"}, {10, "a b c"}});
        row("((a][:b:c [d:3]", {{3, "((a][:b:c "}, {10, "((a][:b:c d"}});
        row("[a|(b:1.1)]", alternating({"a", "(b:1.1)"}));
        row("[fe|]male", alternating({"female", "male"}));
        row("[fe|||]male", alternating({"female", "male", "male", "male"}));
        row("a [b::0.6] c", {{6, "a b c"}, {10, "a  c"}});
        row("fantasy landscape with a [mountain:lake:0.25]",
            {{2, "fantasy landscape with a mountain"}, {10, "fantasy landscape with a lake"}});
    }
    void promptsAreReadAsA1111DocumentsThem()
    {
        QFETCH(std::string, prompt);
        QFETCH(std::vector<TimedText>, expected);
        QVERIFY(PromptSchedule(prompt).over(kTenCalls) == expected);
    }

    void whatIsNotWellFormedIsText_data()
    {
        QTest::addColumn<std::string>("prompt");
        // Three colons; no number; a bracket of the other kind; escapes.
        for (const char* prompt :
            {"[a:b:c:0.5]", "[a:b]", "[a:b:0.5", "(a:b:1.2)", "[a:b:0 .5]", "[a:b:0.5x]", "[a (b]:c:0.5]",
                "\\[a:b:0.5\\]", "[a:b:inf]", "[a:b:0x1]", "[]", "[:]", ":", "((((", "]])"})
            QTest::newRow(prompt) << std::string(prompt);
    }
    void whatIsNotWellFormedIsText()
    {
        QFETCH(std::string, prompt);
        const PromptSchedule schedule(prompt);
        QVERIFY(schedule.isReadable());
        QVERIFY(schedule.isFixed());
        QVERIFY(schedule.over(kTenCalls) == (std::vector<TimedText>{{10, prompt}}));
    }

    void aWellFormedBracketCountsWithinABrokenOne()
    {
        QVERIFY(PromptSchedule("(a:[x:y:0.5]:1.2)").over(kTenCalls)
            == (std::vector<TimedText>{{5, "(a:x:1.2)"}, {10, "(a:y:1.2)"}}));
        QVERIFY(
            PromptSchedule("[[a:b:0.5]").over(kTenCalls) == (std::vector<TimedText>{{5, "[a"}, {10, "[b"}}));
    }

    void aStrayBarOrBackslashMakesAllOfItText_data()
    {
        QTest::addColumn<std::string>("prompt");
        for (const char* prompt : {"a | b [x:y:0.5]", "[a|b:0.5] [x:y:0.5]", "[(a|b):0.5]", "[a|b]|c",
                 "[x:y:0.5] a\\", "[x:y:0.5] a\\\nb", "a [{b|d{:.5] c"})
            QTest::newRow(prompt) << std::string(prompt);
    }
    void aStrayBarOrBackslashMakesAllOfItText()
    {
        QFETCH(std::string, prompt);
        const PromptSchedule schedule(prompt);
        QVERIFY(!schedule.isReadable());
        QVERIFY(schedule.over(kTenCalls) == (std::vector<TimedText>{{10, prompt}}));
    }

    void theSecondPassHasItsOwnFractions()
    {
        const auto at = [](const char* prompt) { return PromptSchedule(prompt).over(kSecondPass); };
        QVERIFY(at("a [b:.5] c") == (std::vector<TimedText>{{10, "a b c"}}));
        QVERIFY(at("a [b:1.5] c") == (std::vector<TimedText>{{5, "a  c"}, {10, "a b c"}}));
        QVERIFY(at("a [b:14] c") == (std::vector<TimedText>{{4, "a  c"}, {10, "a b c"}}));
        QVERIFY(PromptSchedule("a [b:1.5] c").over(kTenCalls) == (std::vector<TimedText>{{10, "a  c"}}));
        const PassClock third{10, 20, 2};
        QVERIFY(PromptSchedule("[a:b:2.5]").over(third) == (std::vector<TimedText>{{5, "a"}, {10, "b"}}));
    }

    void momentsOutsideOfThePassChangeNothing()
    {
        QVERIFY(PromptSchedule("[a:b:0]").over(kTenCalls) == (std::vector<TimedText>{{10, "b"}}));
        QVERIFY(PromptSchedule("[a:b:-3]").over(kTenCalls) == (std::vector<TimedText>{{10, "b"}}));
        QVERIFY(PromptSchedule("[a:b:99]").over(kTenCalls) == (std::vector<TimedText>{{10, "a"}}));
        QVERIFY(PromptSchedule("[a:b:1.0]").over(kTenCalls) == (std::vector<TimedText>{{10, "a"}}));
        QVERIFY(PromptSchedule("[a:b:1e999]").over(kTenCalls) == (std::vector<TimedText>{{10, "a"}}));
        QVERIFY(PromptSchedule("[a:b:1e-999]").over(kTenCalls) == (std::vector<TimedText>{{10, "b"}}));
    }

    void nestingHasNoLimit()
    {
        constexpr std::size_t kDepth = 20'000;
        std::string prompt;
        for (std::size_t i = 0; i < kDepth; ++i)
            prompt += "[a:";
        prompt += "b";
        for (std::size_t i = 0; i < kDepth; ++i)
            prompt += ":0.5]";
        const std::vector<TimedText> texts = PromptSchedule(prompt).over(kTenCalls);
        QVERIFY(texts == (std::vector<TimedText>{{5, "a"}, {10, "b"}}));
    }
};

QTEST_GUILESS_MAIN(TestPromptSchedule)
#include "tst_prompt_schedule.moc"
