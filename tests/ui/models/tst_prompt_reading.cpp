#include "ui/models/prompt_reading.h"

#include <QtTest>

using namespace studio::ui;

class TestPromptReading : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // "^" is the place that is asked about.
    void everyPlaceSaysWhatItDoes_data()
    {
        QTest::addColumn<QString>("marked");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* marked, const char* words) {
            QTest::newRow(marked) << QString::fromUtf8(marked) << QString::fromUtf8(words);
        };
        row("plain ^text", "");
        row("((a^b))", "1.21");
        row("^((ab))", "1.21\nThis bracket counts its text 1.1 times.");
        row("[a^b]", "0.909");
        row("(a^b:1.3)", "1.3");
        row("a ^[red:blue:0.4]", "“red” to step 13 of 30, then “blue”.");
        row("a [red^:blue:12]", "“red” to step 13 of 30, then “blue”.");
        row("[fog:0.5^]", "nothing to step 16 of 30, then “fog”.");
        row("[fog::0^.5]", "“fog” to step 16 of 30, then nothing.");
        row("[a:b:^40]", "“a” to the end: the pass has 30 steps.");
        row("[a:b:^0]", "“b” from the beginning.");
        row("[cat^|dog]", "Changes with every step: “cat”, “dog”, and again.");
        row("a ^AND b", "AND: what follows is a prompt of its own; the picture follows both.");
        row("a AND b ^:1.5", "The guidance of this prompt counts 1.5 times.");
        row("a ^BREAK b", "BREAK: the text encoders read what follows as a new part.");
        row("<lora:^ink:0.8>", "The adapter “ink” at 0.8.\nSDXL · rank 8");
        row("<lora:ink:0.8:^0.5>", "The adapter “ink” at 0.5, in the text encoders at 0.8.\nSDXL · rank 8");
        row("<lora:^no>", "There is no adapter “no” in the folders; it is not applied.");
        row("<lora:^old>", "Made for Stable Diffusion 1.x.");
        row("<hypernet:^x:1>", "This program knows no adapters of the kind “hypernet”.");
        row("__tr^ees__", "A line of the wildcard “trees”; the seed chooses it.");
        row("__no^ne__", "There is no wildcard “none”; it stays in the prompt as text.");
        row("{a^|b}", "One of these is used; the seed chooses it.");
        row("a # ^why", "A comment; it is no part of the prompt.");
        row("a (EasyNeg^ative:1.2)", "1.2\nThe embedding “easynegative”.");
        row("^(a", "1.1\nNothing closes this bracket; it acts to the end of the prompt.");
        row("a^)", "This bracket closes nothing; it is read as text. Write \\) if that is meant.");
        row("(a:1.^2.3)", "“1.2.3” is no weight; 1 takes its place.");
        row("[a] b^|c",
            "A bar outside of [ ], or a backslash that keeps nothing: none of the [ ] changes on the way.");
    }
    void everyPlaceSaysWhatItDoes()
    {
        QFETCH(QString, marked);
        QFETCH(QString, words);
        const qsizetype at = marked.indexOf(u'^');
        QCOMPARE(
            PromptReading(marked.remove(at, 1), false, m_names, PromptClock{30, 1, 0, 0}).wordsAt(at), words);
    }

    void letterOutsideOfTheBasicPlaneCountTwice()
    {
        const QString prompt = QStringLiteral("\U0001F332 (tree:1.2)");
        const PromptReading reading(prompt, false, m_names, PromptClock{30, 1, 0, 0});
        QCOMPARE(reading.wordsAt(prompt.indexOf(u't')), QStringLiteral("1.2"));
        QCOMPARE(reading.wordsAt(1), QString());
    }

    void theSecondPassGoesOnCounting()
    {
        const PromptClock second{8, 1, 25, 1};
        const auto words = [&](const char* prompt) {
            return PromptReading(QString::fromLatin1(prompt), false, m_names, second).wordsAt(0);
        };
        QCOMPARE(words("[a:b:1.5]"), QStringLiteral("“a” to step 5 of 8, then “b”."));
        QCOMPARE(words("[a:b:29]"), QStringLiteral("“a” to step 5 of 8, then “b”."));
        QCOMPARE(words("[a:b:0.5]"), QStringLiteral("“b” from the beginning."));
        QCOMPARE(words("[a:b:12]"), QStringLiteral("“b” from the beginning."));
        QCOMPARE(words("[a:b:40]"), QStringLiteral("“a” to the end: the pass has 8 steps."));
    }

    void aSamplerOfTwoCallsAStepTakesHalfTheSteps()
    {
        const PromptReading reading(QStringLiteral("[a:b:12]"), false, m_names, PromptClock{30, 2, 0, 0});
        QCOMPARE(reading.wordsAt(0), QStringLiteral("“a” to step 7 of 30, then “b”."));
    }

    void whatIsNotKnownYetIsNotCalledWrong()
    {
        const PromptReading reading(
            QStringLiteral("<lora:no:1> __no__"), false, {}, PromptClock{30, 1, 0, 0});
        for (const PromptRun& run : reading.runs())
            QVERIFY(!run.isFault);
    }

    void aNegativePromptNamesNoAdapters()
    {
        const PromptReading reading(QStringLiteral("<lora:ink:1>"), true, m_names, PromptClock{30, 1, 0, 0});
        QCOMPARE(reading.runs().size(), std::size_t(1));
        QVERIFY(reading.runs()[0].isFault && reading.wordsAt(3).contains(QStringLiteral("negative prompt")));
    }

private:
    const PromptNames m_names{true,
        {{QStringLiteral("ink"), QStringLiteral("SDXL · rank 8"), 1.0, {}},
            {QStringLiteral("old"), {}, 1.0, QStringLiteral("Made for Stable Diffusion 1.x.")}},
        {{QStringLiteral("easynegative"), {}, 1.0, {}}}, {QStringLiteral("trees")}};
};

QTEST_GUILESS_MAIN(TestPromptReading)
#include "tst_prompt_reading.moc"
