#include "ui/models/prompt_completion.h"

#include <QtTest>

using namespace studio::ui;
using Kind = CompletionContext::Kind;

class TestPromptCompletion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsTypedDecidesWhatIsOffered_data()
    {
        QTest::addColumn<QString>("text"); // up to the caret
        QTest::addColumn<int>("kind");     // -1: nothing
        QTest::addColumn<QString>("typed");
        const auto row = [](const char* text, int kind, const char* typed) {
            QTest::newRow(text) << QString::fromUtf8(text) << kind << QString::fromUtf8(typed);
        };
        row("a hill <lora:in", int(Kind::Adapter), "in");
        row("<lora:", int(Kind::Adapter), "");
        row("<lo", int(Kind::Adapter), "");
        row("<in", int(Kind::Adapter), "in");
        row("<lora:ink:0.", -1, "");
        row("<lora:ink:1> ", -1, "");
        row("a __tr", int(Kind::Wildcard), "tr");
        row("__", int(Kind::Wildcard), "");
        row("a __tree__", -1, "");
        row("__a__ __b", int(Kind::Wildcard), "b");
        row("snake__case", int(Kind::Word), "snake__case");
        row("bad", int(Kind::Word), "bad");
        row("a ba", -1, "");
        row("(easyneg", int(Kind::Word), "easyneg");
        row("", -1, "");
        row("word ", -1, "");
    }
    void whatIsTypedDecidesWhatIsOffered()
    {
        QFETCH(QString, text);
        QFETCH(int, kind);
        QFETCH(QString, typed);
        const auto context = contextAt(text, text.size());
        QCOMPARE(context ? int(context->kind) : -1, kind);
        if (context)
            QCOMPARE(context->typed, typed);
    }

    void aWordIsNotCompletedFromItsMiddle()
    {
        QVERIFY(!contextAt(QStringLiteral("badly"), 3));
        QVERIFY(contextAt(QStringLiteral("bad, hill"), 3));
    }

    void theBestMatchComesFirst()
    {
        const QStringList adapters = offered({Kind::Adapter, 0, QStringLiteral("fg")});
        QCOMPARE(adapters, QStringList{QStringLiteral("film_grain")});
        QCOMPARE(offered({Kind::Adapter, 0, QStringLiteral("a")}),
            (QStringList{
                QStringLiteral("gouache"), QStringLiteral("ink_wash"), QStringLiteral("film_grain")}));
        QVERIFY(*fuzzyScore(QStringLiteral("ink_wash"), QStringLiteral("in"))
            > *fuzzyScore(QStringLiteral("linocut"), QStringLiteral("in")));
        QVERIFY(*fuzzyScore(QStringLiteral("film_ink"), QStringLiteral("in"))
            > *fuzzyScore(QStringLiteral("linocut"), QStringLiteral("in")));
        QVERIFY(!fuzzyScore(QStringLiteral("with_long_name"), QStringLiteral("ig")));
        QCOMPARE(offered({Kind::Adapter, 0, QString()}).size(), 4);
        QCOMPARE(
            offered({Kind::Wildcard, 0, QStringLiteral("sm")}), QStringList{QStringLiteral("trees/small")});
        QVERIFY(offered({Kind::Adapter, 0, QStringLiteral("zzz")}).isEmpty());
    }

    void onlyWhatCanBeUsedIsOffered()
    {
        QVERIFY(!offered({Kind::Adapter, 0, QString()}).contains(QStringLiteral("old_sd15")));
    }

    void ordinaryWordsAreLeftAlone()
    {
        QCOMPARE(
            offered({Kind::Word, 0, QStringLiteral("easy")}), QStringList{QStringLiteral("easynegative")});
        QVERIFY(offered({Kind::Word, 0, QStringLiteral("negative")}).isEmpty()); // only from the beginning
        QVERIFY(offered({Kind::Word, 0, QStringLiteral("EasyNegative")}).isEmpty()); // it is there
    }

    void whatIsInsertedIsWhole()
    {
        const auto first
            = [&](const CompletionContext& context) { return completionsFor(context, m_names).at(0).insert; };
        QCOMPARE(first({Kind::Adapter, 0, QStringLiteral("film")}), QStringLiteral("<lora:film_grain:0.7>"));
        QCOMPARE(first({Kind::Wildcard, 0, QStringLiteral("small")}), QStringLiteral("__trees/small__"));
        QCOMPARE(overwritten(QStringLiteral("<lora:in>"), 8, Kind::Adapter), 1);
        QCOMPARE(overwritten(QStringLiteral("__tr__"), 4, Kind::Wildcard), 2);
        QCOMPARE(overwritten(QStringLiteral("__tr, "), 4, Kind::Wildcard), 0);
    }

private:
    QStringList offered(const CompletionContext& context) const
    {
        QStringList labels;
        for (const Completion& one : completionsFor(context, m_names))
            labels << one.label;
        return labels;
    }

    const PromptNames m_names{true,
        {{QStringLiteral("film_grain"), {}, 0.7, {}}, {QStringLiteral("fog"), {}, 1.0, {}},
            {QStringLiteral("ink_wash"), {}, 1.0, {}}, {QStringLiteral("gouache"), {}, 1.0, {}},
            {QStringLiteral("old_sd15"), {}, 1.0, QStringLiteral("Made for Stable Diffusion 1.x.")}},
        {{QStringLiteral("easynegative"), {}, 1.0, {}}},
        {QStringLiteral("trees/small"), QStringLiteral("trees/tall")}};
};

QTEST_GUILESS_MAIN(TestPromptCompletion)
#include "tst_prompt_completion.moc"
