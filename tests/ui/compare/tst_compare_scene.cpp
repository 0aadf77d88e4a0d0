#include "ui/compare/compare_scene.h"
#include "ui/compare/layer_sampler.h"

#include <QtTest>

#include <random>
#include <set>

using namespace studio;
using namespace studio::ui;

namespace {

constexpr Insets kInsets{40, 60};

CompareScene scene(QSize pane = {800, 700})
{
    CompareScene result;
    result.setLayers({{768, 768}, {1536, 1536}});
    result.setPane(pane, kInsets, 10);
    return result;
}

/// A random zoom, wheel turn, drag or change of size.
void step(CompareScene& scene, std::mt19937& random)
{
    const auto number
        = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
    const QPointF anchor(number(0, scene.pane().width()), number(0, scene.pane().height()));
    switch (random() % 6) {
    case 0:
        return scene.zoomTo(std::exp2(number(-3, 6)), anchor);
    case 1:
        return scene.zoomStep(random() % 2 ? 1 : -1, anchor);
    case 2:
        return scene.zoomWheel(number(-6, 6), anchor);
    case 3:
        return scene.setPane(QSize(int(number(200, 1400)), int(number(200, 1000))), kInsets, 10);
    case 4:
        if (random() % 4 == 0)
            return scene.fit();
        [[fallthrough]];
    default:
        return scene.pan({std::round(number(-300, 300)), std::round(number(-300, 300))});
    }
}

} // namespace

class TestCompareScene : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void layersOfEverySizeCoverOneRectangle()
    {
        const CompareScene both = scene();
        QCOMPARE(both.size(), (Extent{1536, 1536}));
        QCOMPARE(both.placement(0), both.placement(1));
        QCOMPARE(both.mapping(0).scaleX, 2.0 * both.mapping(1).scaleX);
    }

    void fittingStaysClearOfTheOverlays()
    {
        const CompareScene fitted = scene();
        QVERIFY(fitted.isFitted());
        QCOMPARE(fitted.zoom(), (700.0 - 100 - 20) / 1536);
        const QRect visible = fitted.visibleRect();
        QVERIFY(visible.top() >= 40 && visible.bottom() < 700 - 60);
        QVERIFY(std::abs((visible.left() + visible.right() + 1) - 800) <= 1);
    }

    void aFittedSceneStaysFittedWhenTheWindowChanges()
    {
        CompareScene fitted = scene();
        fitted.setPane({400, 900}, kInsets, 10);
        QCOMPARE(fitted.zoom(), 380.0 / 1536);
        fitted.setLayers({{1024, 512}});
        QCOMPARE(fitted.zoom(), 380.0 / 1024);
    }

    void actualSizeIsOneOutputPixelOnOneDevicePixel()
    {
        CompareScene actual = scene();
        actual.zoomTo(1.0, {400, 300});
        QCOMPARE(actual.mapping(1).scaleX, 1.0);
        QCOMPARE(actual.mapping(0).scaleY, 2.0);
    }

    void theUnitCanBeThatOfAPictureToCome()
    {
        CompareScene preview;
        preview.setLayers({{128, 128}}, {1024, 1024});
        preview.setPane({600, 600}, {}, 0);
        preview.zoomTo(1.0, {300, 300});
        QCOMPARE(preview.mapping(0).scaleX, 8.0);
    }

    void zoomStaysInItsRange()
    {
        CompareScene far = scene();
        far.zoomTo(1000.0, {0, 0});
        QCOMPARE(far.zoom(), CompareScene::kMaxZoom);
        far.zoomTo(0.0001, {0, 0});
        QCOMPARE(far.zoom(), CompareScene::kMinZoom);
        CompareScene small = scene({200, 200}); // fits below 25 %
        small.zoomTo(0.0001, {0, 0});
        QCOMPARE(small.zoom(), small.fitZoom());
        QVERIFY(small.zoom() < CompareScene::kMinZoom);
    }

    void whatIsUnderTheCursorStaysThere()
    {
        CompareScene zoomed = scene();
        zoomed.zoomTo(2.0, {400, 300});
        const QPointF anchor(333, 251);
        const QPointF held = zoomed.toScene(anchor);
        zoomed.zoomWheel(1.0, anchor);
        QVERIFY(QLineF(zoomed.toPane(held), anchor).length() <= 1.0);
        zoomed.zoomWheel(3.0, anchor);
        QVERIFY(QLineF(zoomed.toPane(held), anchor).length() <= 2.0);
    }

    void theWheelRestsOnActualSizeAndDoublesInFourNotches()
    {
        CompareScene wheel = scene();
        wheel.zoomTo(1.0, {400, 300});
        for (int i = 0; i < 4; ++i)
            wheel.zoomWheel(1.0, {400, 300});
        QCOMPARE(wheel.zoom(), 2.0);
        wheel.zoomTo(0.82, {400, 300});
        wheel.zoomWheel(1.0, {400, 300}); // 0.975: near enough to 1
        QCOMPARE(wheel.zoom(), 1.0);
        for (int i = 0; i < 40; ++i)
            wheel.zoomWheel(0.05, {400, 300}); // a touchpad's crumbs must not be held by the resting place
        QVERIFY(wheel.zoom() > 1.25);
    }

    void theLadderHoldsRoundNumbers()
    {
        CompareScene ladder = scene();
        ladder.zoomTo(1.1, {400, 300});
        ladder.zoomStep(1, {400, 300});
        QCOMPARE(ladder.zoom(), 1.5);
        ladder.zoomStep(-1, {400, 300});
        ladder.zoomStep(-1, {400, 300});
        QCOMPARE(ladder.zoom(), 0.75);
    }

    void movingNeverLosesThePicture()
    {
        CompareScene moved = scene();
        moved.zoomTo(1.0, {400, 300});
        moved.pan({100000, 100000});
        QCOMPARE(moved.origin(), QPoint(0, 40)); // its corner comes out from under the captions, no further
        moved.pan({-100000, -100000});
        QCOMPARE(moved.origin() + QPoint(1536, 1536), QPoint(800, 640));
    }

    void aHundredRandomStepsKeepEveryPromise()
    {
        std::mt19937 random(20);
        for (int run = 0; run < 20; ++run) {
            CompareScene wild = scene();
            for (int i = 0; i < 100; ++i) {
                step(wild, random);
                QVERIFY(wild.zoom() >= wild.minZoom() && wild.zoom() <= CompareScene::kMaxZoom);
                QVERIFY(!wild.visibleRect().isEmpty());
                // Both layers start and end on the same device pixels.
                QCOMPARE(
                    coveredRect(wild.mapping(0), {768, 768}), coveredRect(wild.mapping(1), {1536, 1536}));
                QCOMPARE(wild.mapping(0).scaleX, 2.0 * wild.mapping(1).scaleX);
                const QPointF point(random() % 1536, random() % 1536);
                QVERIFY(QLineF(wild.toScene(wild.toPane(point)), point).length() < 1e-6);
            }
        }
    }

    void movingByWholePixelsMovesEverySampleAlike()
    {
        CompareScene moved = scene();
        moved.zoomTo(3.7, {400, 300});
        const CompareScene before = moved;
        moved.pan({17, -9});
        QCOMPARE(moved.origin() - before.origin(), QPoint(17, -9));
        QVERIFY(moved.differsOnlyInPlace(before));
        moved.zoomTo(3.8, {400, 300});
        QVERIFY(!moved.differsOnlyInPlace(before));
    }

    void anotherShapeLiesCentredAndKeepsItsShape()
    {
        CompareScene mixed;
        mixed.setLayers({{1000, 500}, {1536, 1536}});
        QCOMPARE(mixed.placement(0), QRectF(0, 384, 1536, 768));
        QCOMPARE(mixed.pixelAt(0, {10, 10}), QPoint(-1, -1));
        QCOMPARE(mixed.pixelAt(0, {1535.9, 1151.9}), QPoint(999, 499));
    }

    void sizesRoundedToMultiplesOfEightCountAsOneShape()
    {
        CompareScene rounded;
        rounded.setLayers({{744, 1000}, {1488, 2008}});
        QCOMPARE(rounded.placement(0), rounded.placement(1));
    }

    void panesAreAlikeAndDoNotOverlap_data()
    {
        QTest::addColumn<QSize>("view");
        QTest::addColumn<int>("count");
        QTest::addColumn<QPoint>("columnsAndRows");
        QTest::newRow("two in a wide view") << QSize(1201, 700) << 2 << QPoint(2, 1);
        QTest::newRow("two in a tall view") << QSize(600, 1201) << 2 << QPoint(1, 2);
        QTest::newRow("three in a very wide view") << QSize(2000, 600) << 3 << QPoint(3, 1);
        QTest::newRow("three in a view somewhat wide") << QSize(796, 714) << 3 << QPoint(3, 1);
        QTest::newRow("three in a tall view") << QSize(500, 1201) << 3 << QPoint(1, 3);
        QTest::newRow("four in a square") << QSize(901, 903) << 4 << QPoint(2, 2);
        QTest::newRow("one") << QSize(300, 200) << 1 << QPoint(1, 1);
    }

    void panesAreAlikeAndDoNotOverlap()
    {
        QFETCH(QSize, view);
        QFETCH(int, count);
        QFETCH(QPoint, columnsAndRows);
        const std::vector<QRect> panes = arrangePanes(view, count, 2, {1536, 1536});
        QCOMPARE(int(panes.size()), count);
        std::set<int> columns;
        std::set<int> rows;
        for (size_t i = 0; i < panes.size(); ++i) {
            QCOMPARE(panes[i].size(), panes[0].size());
            QVERIFY(QRect(QPoint(0, 0), view).contains(panes[i]));
            columns.insert(panes[i].left());
            rows.insert(panes[i].top());
            for (size_t j = 0; j < i; ++j)
                QVERIFY(!panes[i].intersects(panes[j]));
        }
        QCOMPARE(QPoint(int(columns.size()), int(rows.size())), columnsAndRows);
    }

    void noPlaceInTheViewStaysEmpty()
    {
        std::mt19937 random(21);
        for (int i = 0; i < 500; ++i) {
            const QSize view(200 + int(random() % 2000), 200 + int(random() % 1400));
            const Extent shape{64 + int(random() % 2000), 64 + int(random() % 2000)};
            for (int count = 1; count <= kMaxPanes; ++count) {
                const std::vector<QRect> panes = arrangePanes(view, count, 2, shape, kInsets);
                QCOMPARE(int(panes.size()), count);
                QRect all;
                qint64 covered = 0;
                for (const QRect& pane : panes) {
                    QCOMPARE(
                        pane.size(), panes.front().size()); // one scene fits them all: they stay registered
                    all |= pane;
                    covered += qint64(pane.width()) * pane.height();
                }
                QCOMPARE(all.topLeft(), QPoint(0, 0));
                QVERIFY(view.width() - all.width() < count && view.height() - all.height() < count);
                const qint64 gaps = 2 * qint64(count - 1) * std::max(view.width(), view.height());
                QVERIFY(covered + gaps >= qint64(all.width()) * all.height());
            }
        }
    }

    void captionsAndBarCountWhenPanesAreArranged()
    {
        // Side by side, 500 x 600 each; above one another, 1000 x 299, of which the captions leave little.
        const Extent wide{1600, 600};
        QCOMPARE(arrangePanes({1000, 600}, 2, 2, wide).front().height(), 299);
        QCOMPARE(arrangePanes({1000, 600}, 2, 2, wide, {40, 80}).front().height(), 600);
    }
};

QTEST_GUILESS_MAIN(TestCompareScene)
#include "tst_compare_scene.moc"
