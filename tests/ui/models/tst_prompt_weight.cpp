#include "ui/models/prompt_weight.h"

#include <QtTest>

using namespace studio::ui;

class TestPromptWeight : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // "|" is the caret; two of them are the ends of the selection.
    void weightsChangeAsInA1111_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<double>("delta");
        QTest::addColumn<QString>("after");
        const auto row = [](const char* name, const char* before, double delta, const char* after) {
            QTest::newRow(name) << QString::fromUtf8(before) << delta << QString::fromUtf8(after);
        };
        row("a word", "a re|d fox", 0.05, "a (|red|:1.05) fox");
        row("a word at its end", "a red| fox", 0.05, "a (|red|:1.05) fox");
        row("less", "a red| fox", -0.05, "a (|red|:0.95) fox");
        row("again", "a (|red|:1.05) fox", 0.05, "a (|red|:1.1) fox");
        row("back to 1 takes the brackets away", "a (|red|:1.05) fox", -0.05, "a |red| fox");
        row("the caret in a bracket", "a (red fo|x:1.2), b", 0.05, "a (|red fox|:1.25), b");
        row("the caret in the number", "(red:1.|2)", -0.05, "(|red|:1.15)");
        row("a selection of words", "a |red fox |b", 0.05, "a (|red fox|:1.05) b");
        row("a bracket without a number", "a (re|d)", 0.05, "a (|red|:1.15)");
        row("nested brackets become a number", "a ((re|d))", 0.05, "a (|red|:1.25)");
        row("square brackets become a number", "a [re|d]", -0.05, "a (|red|:0.85)");
        row("the inner bracket first", "((a|:1.2) b:1.5)", 0.05, "((|a|:1.25) b:1.5)");
        row("a tag", "x <lora:in|k:0.8>", 0.05, "x <lora:ink:0.85||>");
        row("a tag without a weight", "<lora:in|k>", -0.05, "<lora:ink:0.95||>");
        row("what changes on the way has no weight", "[re|d:blue:0.4]", 0.05, "[(|red|:1.05):blue:0.4]");
        row("below 0", "(|a|:0)", -0.05, "(|a|:-0.05)");
        row("no sum of roundings", "(|a|:1.15)", 0.05, "(|a|:1.2)");
        row("not the bracket's", "(|a| b:1.2)", 0.05, "((|a|:1.05) b:1.2)");
    }
    void weightsChangeAsInA1111()
    {
        QFETCH(QString, before);
        QFETCH(double, delta);
        QFETCH(QString, after);
        const auto [text, begin, end] = read(before);
        const auto change = weigh(text, begin, end, delta);
        QVERIFY(change);
        QString changed = text;
        changed.replace(change->begin, change->end - change->begin, change->text);
        const auto [wanted, wantedBegin, wantedEnd] = read(after);
        QCOMPARE(changed, wanted);
        QCOMPARE(change->selectionBegin, wantedBegin);
        QCOMPARE(change->selectionEnd, wantedEnd);
    }

    void whereNoWordIsNothingHappens()
    {
        QVERIFY(!weigh(QStringLiteral("a , b"), 2, 2, 0.05));
        QVERIFY(!weigh(QString(), 0, 0, 0.05));
        QVERIFY(!weigh(QStringLiteral("a   b"), 1, 3, 0.05));
        QVERIFY(!weigh(QStringLiteral("()"), 1, 1, 0.05));
    }

private:
    struct Case {
        QString text;
        qsizetype begin;
        qsizetype end;
    };
    static Case read(QString marked)
    {
        const qsizetype begin = marked.indexOf(u'|');
        marked.remove(begin, 1);
        qsizetype end = marked.indexOf(u'|');
        if (end >= 0)
            marked.remove(end, 1);
        return {marked, begin, end < 0 ? begin : end};
    }
};

QTEST_GUILESS_MAIN(TestPromptWeight)
#include "tst_prompt_weight.moc"
