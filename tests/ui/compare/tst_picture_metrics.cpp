#include "test_pictures.h"
#include "ui/compare/colour_difference.h"
#include "ui/compare/picture_metrics.h"

#include <QtTest>

using namespace studio;
using namespace studio::ui;

namespace {

/// (7x + 13y) mod 256, and the same plus (xy mod 17): the planes the reference values below were computed for.
Plane pattern(int width, int height, bool disturbed)
{
    Plane plane{width, height, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            plane.values.push_back(float((7 * x + 13 * y + (disturbed ? (x * y) % 17 : 0)) % 256));
    }
    return plane;
}

bool near(double value, double expected, double tolerance)
{
    return std::abs(value - expected) <= tolerance;
}

} // namespace

class TestPictureMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ciede2000EqualsThePublishedPairs_data()
    {
        // Sharma, Wu, Dalal 2005, table 1: the rows that catch the usual mistakes (hue sums, rotation, greys).
        QTest::addColumn<QList<double>>("lab");
        QTest::addColumn<double>("expected");
        QTest::newRow("1") << QList<double>{50, 2.6772, -79.7751, 50, 0, -82.7485} << 2.0425;
        QTest::newRow("4") << QList<double>{50, -1.3802, -84.2814, 50, 0, -82.7485} << 1.0000;
        QTest::newRow("7") << QList<double>{50, 0, 0, 50, -1, 2} << 2.3669;
        QTest::newRow("9") << QList<double>{50, 2.4900, -0.0010, 50, -2.4900, 0.0009} << 7.1792;
        QTest::newRow("11") << QList<double>{50, 2.4900, -0.0010, 50, -2.4900, 0.0011} << 7.2195;
        QTest::newRow("17") << QList<double>{50, 2.5, 0, 73, 25, -18} << 27.1492;
        QTest::newRow("25") << QList<double>{60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387}
                            << 1.2644;
        QTest::newRow("31") << QList<double>{36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231} << 1.4146;
        QTest::newRow("34") << QList<double>{2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514} << 0.9082;
    }

    void ciede2000EqualsThePublishedPairs()
    {
        QFETCH(QList<double>, lab);
        QFETCH(double, expected);
        const Lab first{lab[0], lab[1], lab[2]};
        const Lab second{lab[3], lab[4], lab[5]};
        QVERIFY(near(ciede2000(first, second), expected, 5e-5));
        QVERIFY(near(ciede2000(second, first), expected, 5e-5));
    }

    void labHasItsEndPoints()
    {
        QVERIFY(near(labFromSrgb(255, 255, 255).lightness, 100.0, 1e-4));
        QVERIFY(near(labFromSrgb(255, 255, 255).a, 0.0, 0.01));
        QVERIFY(near(labFromSrgb(0, 0, 0).lightness, 0.0, 1e-9));
        const Lab red = labFromSrgb(255, 0, 0); // 53.24, 80.09, 67.20
        QVERIFY(near(red.lightness, 53.24, 0.01) && near(red.a, 80.09, 0.02) && near(red.b, 67.20, 0.02));
    }

    void theHeatMapGetsLighterAllTheWay()
    {
        QCOMPARE(heatMap()[0], 0xff000000u);
        double before = -1.0;
        for (const std::uint32_t colour : heatMap()) {
            const double lightness
                = labFromSrgb(std::uint8_t(colour >> 16), std::uint8_t(colour >> 8), std::uint8_t(colour))
                      .lightness;
            QVERIFY(lightness > before - 0.05);
            before = lightness;
        }
        QVERIFY(before > 90.0);
        QCOMPARE(amplifiedHeatMap(8)[10], heatMap()[80]);
        QCOMPARE(amplifiedHeatMap(8)[200], heatMap()[255]);
    }

    void similarityEqualsTheReference()
    {
        // NumPy and SciPy (correlate1d with the 11-tap Gaussian, sigma 1.5, valid part), double precision.
        const Plane a = pattern(48, 40, false);
        Plane inverted = a;
        for (float& value : inverted.values)
            value = 255.0F - value;
        QVERIFY(near(*structuralSimilarity(a, a), 1.0, 1e-9));
        QVERIFY(near(*structuralSimilarity(a, pattern(48, 40, true)), 0.8274468559, 1e-4));
        QVERIFY(near(*structuralSimilarity(a, inverted), -0.6760920359, 1e-4));
    }

    void similarityOfFlatPicturesFollowsTheFormula()
    {
        const Plane dark{20, 20, std::vector<float>(400, 100.0F)};
        const Plane light{20, 20, std::vector<float>(400, 140.0F)};
        const double c1 = 2.55 * 2.55;
        QVERIFY(near(*structuralSimilarity(dark, light),
            (2.0 * 100 * 140 + c1) / (100.0 * 100 + 140.0 * 140 + c1), 1e-4));
        QVERIFY(!structuralSimilarity(dark, Plane{20, 10, std::vector<float>(200)}).has_value());
        QVERIFY(
            !structuralSimilarity(Plane{8, 8, std::vector<float>(64)}, Plane{8, 8, std::vector<float>(64)}));
    }

    void sharpnessEqualsTheReference()
    {
        QVERIFY(near(laplacianEnergy(pattern(48, 40, false)), 17283.807780320367, 0.1));
        QCOMPARE(laplacianEnergy(Plane{20, 20, std::vector<float>(400, 77.0F)}), 0.0);
        // One pixel that stands out by h: itself 4h, four neighbours h; 20 h² over the inner 3 × 3.
        Plane dot{5, 5, std::vector<float>(25, 10.0F)};
        dot.values[12] = 13.0F;
        QVERIFY(near(laplacianEnergy(dot), 20.0 * 9.0 / 9.0, 1e-6));
    }

    void lumaHasTheWeightsOfRec601()
    {
        QVERIFY(near(lumaOf(test::flat({2, 2}, {255, 0, 0})).values[0], 76.245, 1e-3));
        QVERIFY(near(lumaOf(test::flat({2, 2}, {255, 255, 255})).values[3], 255.0, 1e-3));
    }

    void makingAPictureSmallerKeepsItsLight()
    {
        const Picture8 picture = test::noise({30, 20}, 4);
        QVERIFY(resized(test::doubled(picture), picture.size) == picture);
        QVERIFY(resized(picture, picture.size) == picture);
        Picture8 halves = test::flat({2, 1}, {0, 0, 0});
        std::fill_n(halves.values.begin() + 3, 3, std::uint8_t(255));
        QCOMPARE(int(resized(halves, {1, 1}).values[0]), 188);
        // 3 to 2: the first takes all of pixel 0 and half of pixel 1.
        Picture8 three = test::flat({3, 1}, {0, 0, 0});
        std::fill_n(three.values.begin(), 3, std::uint8_t(255));
        QCOMPARE(int(resized(three, {2, 1}).values[0]), 213); // encode(2/3)
        QCOMPARE(int(resized(three, {2, 1}).values[3]), 0);
    }

    void makingAPictureLargerIsBilinear()
    {
        Picture8 halves = test::flat({2, 1}, {0, 0, 0});
        std::fill_n(halves.values.begin() + 3, 3, std::uint8_t(200));
        const Picture8 four = resized(halves, {4, 1});
        QCOMPARE(four.size, (Extent{4, 1}));
        QCOMPARE((std::vector<int>{four.values[0], four.values[3], four.values[6], four.values[9]}),
            (std::vector<int>{0, 50, 150, 200}));
    }

    void differencesAreCountedInSteps()
    {
        Picture8 first = test::flat({2, 2}, {10, 20, 30});
        Picture8 second = first;
        second.values[0] = 16;
        second.values[5] = 27;
        const PictureDifference apart = difference(first, second);
        QCOMPARE(apart.largest, 6);
        QVERIFY(near(apart.mean, 9.0 / 12.0, 1e-12));
    }

    void equalPicturesMeasureAsEqual()
    {
        const Picture8 picture = test::landscape({96, 96}, 5);
        const auto metrics = measure(picture, picture);
        QVERIFY(metrics.has_value());
        QVERIFY(near(*metrics->similarity, 1.0, 1e-6));
        QCOMPARE(metrics->firstSharpness, metrics->secondSharpness);
        QCOMPARE(metrics->colourDistance, 0.0);
        QCOMPARE(metrics->difference.largest, 0);
    }

    void aDoubledPictureHasTheSameComposition()
    {
        const Picture8 picture = test::landscape({96, 80}, 5);
        const auto metrics = measure(picture, test::doubled(picture));
        QVERIFY(near(*metrics->similarity, 1.0, 1e-6));
        QCOMPARE(metrics->compositionSize, (Extent{96, 80}));
        QCOMPARE(metrics->outputSize, (Extent{192, 160}));
        QVERIFY(near(metrics->colourDistance, 0.0, 1e-6));
    }

    void aTintIsFound()
    {
        const auto metrics
            = measure(test::flat({40, 40}, {100, 100, 100}), test::flat({40, 40}, {120, 100, 100}));
        const Lab grey = labFromSrgb(100, 100, 100);
        const Lab tinted = labFromSrgb(120, 100, 100);
        QVERIFY(near(metrics->colourDistance, ciede2000(grey, tinted), 1e-3));
        QVERIFY(metrics->colourShift.a > 3.0);
    }

    void moreDetailIsSharper()
    {
        const auto metrics = measure(test::landscape({96, 96}, 3), test::landscape({192, 192}, 7));
        QVERIFY(metrics->secondSharpness > 1.5 * metrics->firstSharpness);
        QVERIFY(*metrics->similarity > 0.5 && *metrics->similarity < 1.0);
    }

    void measuringCanBeStopped()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!measure(test::noise({40, 40}, 1), test::noise({40, 40}, 2), stop.get_token()).has_value());
        QVERIFY(!measure(Picture8{}, test::noise({40, 40}, 2)).has_value());
    }
};

QTEST_GUILESS_MAIN(TestPictureMetrics)
#include "tst_picture_metrics.moc"
