#include "tests/core/pipeline/demo_painter.h"

#include <QtTest>

#include <optional>

using namespace studio;
using namespace studio::testing;

/// The built-in model's LoRA, which draws in grey whatever the prompt says.
class TestDemoAdapter : public QObject {
    Q_OBJECT

private:
    std::optional<DemoPainter> m_painter;

    Picture8 paint(const char* prompt, std::optional<double> weight) const
    {
        Request request = DemoPainter::request(prompt, 1);
        if (weight)
            request.adapters.push_back({.name = "grey", .unet = *weight, .textEncoder = *weight});
        return m_painter->paint(request);
    }

private Q_SLOTS:
    void initTestCase() { m_painter.emplace(); }

    void coloursGoWithItsWeight_data()
    {
        QTest::addColumn<QByteArray>("prompt");
        for (const char* prompt :
            {"a meadow with red flowers by day", "the sea at sunset", "a desert at noon"})
            QTest::addRow("%s", prompt) << QByteArray(prompt);
    }
    void coloursGoWithItsWeight()
    {
        QFETCH(const QByteArray, prompt);
        const double without = saturation(paint(prompt, {}));
        const double quarter = saturation(paint(prompt, 0.25)); // at half, hardly any colour is left
        const double whole = saturation(paint(prompt, 1.0));
        qInfo("%s: saturation %.3f, %.3f, %.3f", prompt.constData(), without, quarter, whole);
        QVERIFY(quarter < without);
        QVERIFY(whole < quarter);
        QVERIFY(whole < 0.35 * without);
    }

    void theSceneStaysWhatThePromptSays()
    {
        const double day = brightness(paint("a lake by day", 1.0));
        QVERIFY(day > brightness(paint("a lake at night", 1.0)));
    }

    void theNameInThePromptIsTheSameAdapter()
    {
        QCOMPARE(paint("a desert at noon <lora:grey:0.7>", {}).values, paint("a desert at noon", 0.7).values);
    }

    void takenOffItLeavesNothing()
    {
        const Picture8 before = paint("the sea at sunset", {});
        QVERIFY(paint("the sea at sunset", 1.0).values != before.values);
        QCOMPARE(paint("the sea at sunset", {}).values, before.values);
    }
};

QTEST_GUILESS_MAIN(TestDemoAdapter)
#include "tst_demo_adapter.moc"
