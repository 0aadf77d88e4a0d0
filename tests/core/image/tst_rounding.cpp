#include "core/image/rounding.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace studio;

class TestRounding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void halvesGoToTheEvenNeighbour()
    {
        // 0.5 / 255, 1.5 / 255 and 2.5 / 255 times 255 are exactly a half in float32.
        PictureF picture{{1, 1}, {0.5f / 255.0f, 1.5f / 255.0f, 2.5f / 255.0f}};
        for (float& value : picture.values)
            QVERIFY(value * 255.0f - std::floor(value * 255.0f) == 0.5f);
        QCOMPARE(toEightBit(picture).values, (std::vector<std::uint8_t>{0, 2, 2}));
    }

    void everyNeighbourOfAHalfRoundsAsNumpyRounds()
    {
        // numpy's round is C's rint under the default rounding mode.
        PictureF picture{{255 * 5, 1}, std::vector<float>(3 * 255 * 5)};
        for (int i = 0; i < 255 * 5; ++i) {
            float value = (static_cast<float>(i / 5) + 0.5f) / 255.0f;
            for (int step = 0; step < std::abs(i % 5 - 2); ++step)
                value = std::nextafter(value, i % 5 < 2 ? 0.0f : 2.0f);
            picture.values[static_cast<std::size_t>(i)] = value;
        }
        const Picture8 out = toEightBit(picture);
        for (std::size_t i = 0; i < 255 * 5; ++i)
            QCOMPARE(int(out.values[3 * i]), int(std::rint(picture.values[i] * 255.0f)));
    }

    void valuesOutsideAreClamped()
    {
        const float infinity = std::numeric_limits<float>::infinity();
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const PictureF picture{{2, 1}, {-0.2f, 1.4f, infinity, -infinity, nan, 0.9999f}};
        QCOMPARE(toEightBit(picture).values, (std::vector<std::uint8_t>{0, 255, 0, 255, 0, 255}));
    }

    void planesBecomePixels()
    {
        const PictureF picture{{2, 1}, {0.0f, 1.0f, 0.2f, 0.4f, 0.6f, 0.8f}};
        QCOMPARE(toEightBit(picture).values, (std::vector<std::uint8_t>{0, 51, 153, 255, 102, 204}));
    }

    void everyLevelComesBack()
    {
        Picture8 picture{{256, 1}, {}};
        for (int level = 0; level < 256; ++level)
            picture.values.insert(picture.values.end(), 3, static_cast<std::uint8_t>(level));
        QCOMPARE(toEightBit(toFloat(picture)), picture);
        QCOMPARE(toFloat(picture).values[51], 51.0f / 255.0f);
    }
};

QTEST_GUILESS_MAIN(TestRounding)
#include "tst_rounding.moc"
