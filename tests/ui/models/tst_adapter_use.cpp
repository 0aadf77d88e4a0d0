#include "ui/models/adapter_use.h"
#include "ui/models/prompt_tags.h"

#include <QSignalSpy>
#include <QtTest>

using namespace studio;
using namespace studio::ui;
using Source = UsedAdapter::Source;

class TestAdapterUse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsAddedActsAtOnce()
    {
        StudioState state;
        AdapterUse use(state);
        use.add(QStringLiteral("/loras/ink.safetensors"), 0.7);
        use.add(QStringLiteral("/loras/ink.safetensors")); // it is there already
        QCOMPARE(state.request().adapters.size(), std::size_t(1));
        QCOMPARE(state.request().adapters[0].unet, 0.7);
        QCOMPARE(state.request().adapters[0].textEncoder, 0.7);
        QVERIFY(use.isUsed(QStringLiteral("/loras/ink.safetensors")));
        use.remove(QStringLiteral("/loras/ink.safetensors"));
        QVERIFY(state.request().adapters.empty() && use.used().empty());
    }

    void bothPassesAreWeighedByThemselves()
    {
        StudioState state;
        AdapterUse use(state);
        use.add(QStringLiteral("/loras/ink.safetensors"));
        use.setFirst(use.used()[0], 0.5);
        QCOMPARE(state.request().adapters[0].textEncoder, 0.5); // goes along while it is the same
        use.setSecond(use.used()[0], 0.2);
        QCOMPARE(state.request().adapters[0].secondUnet, std::optional(0.2));
        QCOMPARE(state.request().adapters[0].secondTextEncoder, std::optional(0.2));
        use.setSecond(use.used()[0], std::nullopt);
        QVERIFY(!state.request().adapters[0].secondUnet && !state.request().adapters[0].secondTextEncoder);
        state.change([](Request& r) { r.adapters[0].textEncoder = 0.9; });
        use.setFirst(use.used()[0], 1.5);
        QCOMPARE(state.request().adapters[0].textEncoder, 0.9); // it has a weight of its own
        QCOMPARE(state.request().adapters[0].unet, 1.5);
    }

    void switchedOffItKeepsItsPlaceAndWeights()
    {
        StudioState state;
        AdapterUse use(state);
        for (const char* name : {"/a.safetensors", "/b.safetensors", "/c.safetensors"})
            use.add(QString::fromLatin1(name), 0.4);
        use.setEnabled(use.used()[1], false);
        QCOMPARE(state.request().adapters.size(), std::size_t(2));
        QCOMPARE(use.used()[1].choice.name, std::string("/b.safetensors"));
        QVERIFY(use.used()[1].source == Source::Resting);
        use.setFirst(use.used()[1], 0.8);
        use.setEnabled(use.used()[1], true);
        QCOMPARE(state.request().adapters[1].name, std::string("/b.safetensors"));
        QCOMPARE(state.request().adapters[1].unet, 0.8);
    }

    void thoseSwitchedOffOutliveTheProgram()
    {
        StudioState state;
        AdapterUse use(state);
        use.add(QStringLiteral("/a.safetensors"), 0.4);
        QVERIFY(use.resting().isEmpty());
        use.setEnabled(use.used()[0], false);
        StudioState later;
        AdapterUse again(later);
        again.setResting(use.resting());
        QCOMPARE(again.used().size(), std::size_t(1));
        QCOMPARE(again.used()[0].choice.unet, 0.4);
        QVERIFY(later.request().adapters.empty());
        // Settings of a picture bring it back: it acts, and is not shown twice.
        later.change([](Request& r) { r.adapters.push_back({.name = "/a.safetensors"}); });
        QCOMPARE(again.used().size(), std::size_t(1));
        QVERIFY(again.used()[0].source == Source::List);
    }

    void thoseOfThePromptAreShownAsSuch()
    {
        StudioState state;
        AdapterUse use(state);
        QSignalSpy changed(&use, &AdapterUse::changed);
        state.change(
            [](Request& r) { r.prompt = "a hill <lora:ink:0.8>, \xC3\xA9t\xC3\xA9 <lora:film:0.5:0.3>"; });
        QCOMPARE(changed.count(), 1);
        QCOMPARE(use.used().size(), std::size_t(2));
        QVERIFY(use.used()[0].source == Source::Prompt);
        QCOMPARE(use.used()[0].choice.unet, 0.8);
        QCOMPARE(use.used()[1].written, QStringLiteral("<lora:film:0.5:0.3>"));
        QVERIFY(use.isUsed(QStringLiteral("/loras/ink.safetensors")));
        use.setFirst(use.used()[0], 1.05);
        use.setFirst(use.used()[1], 0.45);
        QCOMPARE(state.request().prompt,
            std::string("a hill <lora:ink:1.05>, \xC3\xA9t\xC3\xA9 <lora:film:0.5:0.45>"));
        use.remove(use.used()[0]);
        QCOMPARE(state.request().prompt, std::string("a hill, \xC3\xA9t\xC3\xA9 <lora:film:0.5:0.45>"));
        state.change([](Request& r) { r.prompts.syntax = PromptSyntax::Plain; });
        QVERIFY(use.used().empty()); // there, a tag is text
    }

    void wordsGoIntoThePromptAndOut_data()
    {
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("with");
        QTest::newRow("empty") << ""
                               << "ink wash";
        QTest::newRow("behind") << "a hill"
                                << "a hill, ink wash";
        QTest::newRow("comma") << "a hill, "
                               << "a hill, ink wash";
    }
    void wordsGoIntoThePromptAndOut()
    {
        QFETCH(QString, prompt);
        QFETCH(QString, with);
        const QString words = QStringLiteral("ink wash");
        QVERIFY(!hasWords(prompt, words));
        QCOMPARE(withWords(prompt, words), with);
        QVERIFY(hasWords(with, QStringLiteral("Ink Wash")));
        QVERIFY(!hasWords(withoutWords(with, words), words));
    }

    void wordsAreWholeWords()
    {
        QVERIFY(!hasWords(QStringLiteral("think washing"), QStringLiteral("ink wash")));
        QVERIFY(hasWords(QStringLiteral("think wash, (ink wash:1.2)"), QStringLiteral("ink wash")));
        QCOMPARE(withoutWords(QStringLiteral("ink, hill"), QStringLiteral("ink")), QStringLiteral("hill"));
        QCOMPARE(
            withoutWords(QStringLiteral("a, ink, hill"), QStringLiteral("ink")), QStringLiteral("a, hill"));
    }
};

QTEST_GUILESS_MAIN(TestAdapterUse)
#include "tst_adapter_use.moc"
