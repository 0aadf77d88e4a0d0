#include "test_pictures.h"
#include "ui/compare/picture_pyramid.h"
#include "ui/compare/srgb.h"

#include <QtTest>

using namespace studio;
using namespace studio::ui;

class TestPicturePyramid : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTablesKeepEveryValueApart()
    {
        const SrgbTables& tables = srgbTables();
        for (size_t v = 0; v < 256; ++v)
            QCOMPARE(size_t(tables.toSrgb8[tables.toLinear16[v]]), v);
        // IEC 61966-2-1: half the light is encoded as 188.
        QCOMPARE(int(tables.toSrgb8[32768]), 188);
    }

    void levelZeroIsThePicture()
    {
        const Picture8 picture = test::noise({13, 7}, 3);
        const auto pyramid = PicturePyramid::build(picture);
        QCOMPARE(pyramid->size(), picture.size);
        for (int y = 0; y < 7; ++y) {
            for (int x = 0; x < 13; ++x) {
                const auto* value = picture.values.data() + 3 * (y * 13 + x);
                QCOMPARE(pyramid->levels()[0].row(y)[x],
                    0xff000000u | unsigned(value[0]) << 16 | unsigned(value[1]) << 8 | value[2]);
            }
        }
    }

    void aMeanIsTakenInLight()
    {
        Picture8 squares = test::flat({4, 4}, {0, 0, 0});
        for (int i = 0; i < 16; ++i) { // a checkerboard of white and black
            if ((i + i / 4) % 2 == 0)
                std::fill_n(squares.values.begin() + 3 * i, 3, std::uint8_t(255));
        }
        const auto pyramid = PicturePyramid::build(squares);
        QCOMPARE(pyramid->levels()[1].row(0)[0], 0xffbcbcbcu); // 188, not 128
        QCOMPARE(pyramid->levels()[2].row(0)[0], 0xffbcbcbcu);
    }

    void equalPixelsKeepTheirValue()
    {
        for (int v = 0; v < 256; ++v) {
            const auto value = std::uint8_t(v);
            const auto pyramid = PicturePyramid::build(test::flat({8, 8}, {value, value, value}));
            for (const PicturePyramid::Level& level : pyramid->levels())
                QCOMPARE(level.row(level.height - 1)[0] & 0xffu, unsigned(v));
        }
    }

    void levelOneOfADoubledPictureIsThePicture()
    {
        const Picture8 picture = test::noise({31, 18}, 5);
        const auto small = PicturePyramid::build(picture);
        const auto large = PicturePyramid::build(test::doubled(picture));
        for (size_t k = 0; k < small->levels().size(); ++k)
            QVERIFY(small->levels()[k].pixels == large->levels()[k + 1].pixels);
    }

    void oddSizesAreRoundedUpAndReachOne()
    {
        const auto pyramid = PicturePyramid::build(test::noise({5, 3}, 1));
        QCOMPARE(pyramid->levels()[1].width, 3);
        QCOMPARE(pyramid->levels()[1].height, 2);
        QCOMPARE(pyramid->levels().back().height, 1);
        QVERIFY(PicturePyramid::build(test::noise({1, 1}, 1))->levels().size() == 1);
    }

    void theLevelHasAtLeastOnePixelForEachDevicePixel()
    {
        const auto pyramid = PicturePyramid::build(test::flat({1024, 1024}, {9, 9, 9}));
        QCOMPARE(pyramid->levelFor(4.0), 0);
        QCOMPARE(pyramid->levelFor(1.0), 0);
        QCOMPARE(pyramid->levelFor(0.51), 0);
        QCOMPARE(pyramid->levelFor(0.5), 1);
        QCOMPARE(pyramid->levelFor(0.49), 1);
        QCOMPARE(pyramid->levelFor(0.25), 2);
        for (double scale = 0.01; scale < 1.0; scale *= 1.0317)
            QCOMPARE(pyramid->levelFor(scale), pyramid->levelFor(scale / 2) - 1);
    }
};

QTEST_GUILESS_MAIN(TestPicturePyramid)
#include "tst_picture_pyramid.moc"
