#include "tests/core/pipeline/demo_painter.h"

#include <QtTest>

#include <optional>

using studio::testing::DemoPainter;

/// Over several seeds: words weigh more at guidance 7.5 than at 1.
class TestDemoGuidance : public QObject {
    Q_OBJECT

private:
    std::optional<DemoPainter> m_painter;

private Q_SLOTS:
    void initTestCase() { m_painter.emplace(); }

    void guidanceTellsPicturesFurtherApart_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 3; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void guidanceTellsPicturesFurtherApart()
    {
        QFETCH(const int, seed);
        const std::vector<double> guided = m_painter->differences(std::uint64_t(seed), 7.5);
        const std::vector<double> plain = m_painter->differences(std::uint64_t(seed), 1.0);
        std::size_t further = 0;
        for (std::size_t pair = 0; pair < guided.size(); ++pair)
            further += guided[pair] > plain[pair] ? 1 : 0;
        qInfo("seed %d: obeyed %.2f, %.2f without guidance; %zu of %zu pairs further apart", seed,
            DemoPainter::obeyed(guided), DemoPainter::obeyed(plain), further, guided.size());
        QVERIFY(DemoPainter::obeyed(guided) >= 0.75);
        QVERIFY(DemoPainter::obeyed(guided) >= DemoPainter::obeyed(plain));
        QVERIFY(double(further) >= 0.7 * double(guided.size()));
    }
};

QTEST_GUILESS_MAIN(TestDemoGuidance)
#include "tst_demo_guidance.moc"
