#include "core/upscale/tiles.h"

#include <QtTest>

#include <algorithm>

using namespace studio;
using namespace studio::upscale;

class TestTiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void smallPicturesAreOneTile()
    {
        const Rectangle all{0, 0, {64, 48}};
        QCOMPARE(tilesOf({64, 48}, 64, 16), std::vector<Tile>({{all, all}}));
    }

    void neighboursAreSeenAsFarAsTheOverlapReaches()
    {
        const std::vector<Tile> tiles = tilesOf({100, 40}, 50, 8);
        const std::vector<Tile> wanted{
            {{0, 0, {58, 40}}, {0, 0, {50, 40}}}, {{42, 0, {58, 40}}, {50, 0, {50, 40}}}};
        QCOMPARE(tiles, wanted);
    }

    void whatIsSeenBeginsAtWholeSteps()
    {
        for (const Tile& tile : tilesOf({103, 3}, 30, 5, 4)) {
            QCOMPARE(tile.seen.left % 4, 0);
            const int end = tile.seen.left + tile.seen.size.width;
            QVERIFY(end % 4 == 0 || end == 103);
            QVERIFY(tile.seen.left <= std::max(0, tile.kept.left - 5));
        }
    }

    void everyPixelIsKeptOnce_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("side");
        QTest::addColumn<int>("overlap");
        QTest::newRow("divides") << 96 << 64 << 32 << 16;
        QTest::newRow("does not divide") << 97 << 61 << 32 << 16;
        QTest::newRow("one row of pixels") << 300 << 1 << 128 << 16;
        QTest::newRow("tiles of one pixel") << 5 << 4 << 1 << 2;
        QTest::newRow("an overlap wider than the picture") << 40 << 40 << 16 << 100;
        QTest::newRow("no overlap") << 70 << 50 << 20 << 0;
    }
    void everyPixelIsKeptOnce()
    {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(int, side);
        QFETCH(int, overlap);
        std::vector<int> kept(std::size_t(width * height), 0);
        for (const Tile& tile : tilesOf({width, height}, side, overlap)) {
            QVERIFY(tile.kept.size.width <= side && tile.kept.size.height <= side);
            QVERIFY(tile.seen.left >= 0 && tile.seen.left <= tile.kept.left);
            QVERIFY(tile.seen.top >= 0 && tile.seen.top <= tile.kept.top);
            QVERIFY(tile.seen.left + tile.seen.size.width <= width);
            QVERIFY(tile.seen.top + tile.seen.size.height <= height);
            for (int y = 0; y < tile.kept.size.height; ++y)
                for (int x = 0; x < tile.kept.size.width; ++x)
                    ++kept[std::size_t((tile.kept.top + y) * width + tile.kept.left + x)];
        }
        QCOMPARE(std::count(kept.begin(), kept.end(), 1), std::ptrdiff_t(kept.size()));
    }
};

QTEST_GUILESS_MAIN(TestTiles)
#include "tst_tiles.moc"
