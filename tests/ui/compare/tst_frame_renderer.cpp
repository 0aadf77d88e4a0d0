#include "test_pictures.h"
#include "ui/compare/colour_difference.h"
#include "ui/compare/frame_renderer.h"

#include <QtTest>

#include <random>

using namespace studio;
using namespace studio::ui;

namespace {

const QColor kBackground(0x2A, 0x2A, 0x2A);
constexpr QSize kView{411, 307};

FrameRequest requestFor(const std::vector<Picture8>& pictures, CompareMode mode, Sampling sampling)
{
    FrameRequest request;
    request.background = kBackground;
    request.settings.mode = mode;
    request.settings.sampling = sampling;
    request.settings.second = int(pictures.size()) - 1;
    std::vector<Extent> sizes;
    for (const Picture8& picture : pictures) {
        sizes.push_back(picture.size);
        request.layers.push_back(PicturePyramid::build(picture));
    }
    request.scene.setLayers(sizes);
    request.panes
        = arrangePanes(kView, mode == CompareMode::Side ? int(pictures.size()) : 1, 2, request.scene.size());
    request.scene.setPane(request.panes.front().size(), {10, 20}, 4);
    return request;
}

QImage render(const FrameRequest& request, int helpers = 0)
{
    QImage frame(kView, QImage::Format_RGB32);
    FrameRenderer(helpers).render(request, frame);
    return frame;
}

/// Zooms of all kinds: whole, broken, tiny, huge.
std::vector<double> zooms()
{
    return {0.1, 0.25, 1.0 / 3.0, 0.37, 0.5, 0.61, 0.75, 0.999, 1.0, 1.37, 1.5, 2.0, 2.9, 3.0, 5.5, 8.0, 17.3,
        32.0};
}

bool holdsOnly(const QImage& frame, const QRect& area, QRgb colour)
{
    for (int y = area.top(); y <= area.bottom(); ++y) {
        for (int x = area.left(); x <= area.right(); ++x) {
            if (frame.pixel(x, y) != colour)
                return false;
        }
    }
    return true;
}

void randomStep(CompareScene& scene, std::mt19937& random)
{
    const QPointF anchor(random() % 400, random() % 300);
    if (random() % 3 == 0)
        scene.zoomTo(std::exp2(double(random() % 700) / 100.0 - 2.0), anchor);
    else
        scene.pan(QPointF(int(random() % 121) - 60, int(random() % 121) - 60));
}

/// Centre of gravity of the light of a small bright spot, in device pixels.
QPointF centreOfLight(const QImage& frame)
{
    double sum = 0;
    QPointF weighted;
    for (int y = 0; y < frame.height(); ++y) {
        for (int x = 0; x < frame.width(); ++x) {
            const double light = qRed(frame.pixel(x, y));
            sum += light;
            weighted += QPointF(x + 0.5, y + 0.5) * light;
        }
    }
    return weighted / sum;
}

} // namespace

class TestFrameRenderer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void identicalPicturesDifferNowhere()
    {
        const Picture8 picture = test::noise({192, 160}, 1);
        const QRgb zero = heatMap()[0];
        for (const Sampling sampling : {Sampling::Nearest, Sampling::Smooth}) {
            FrameRequest request = requestFor({picture, picture}, CompareMode::Difference, sampling);
            request.settings.gain = 16;
            for (const double zoom : zooms()) {
                request.scene.zoomTo(zoom, {123, 77});
                QVERIFY(holdsOnly(render(request), request.scene.visibleRect(), zero));
            }
        }
    }

    void identicalPicturesLookAlikeInEveryMode()
    {
        const Picture8 picture = test::noise({192, 160}, 2);
        for (const Sampling sampling : {Sampling::Nearest, Sampling::Smooth}) {
            for (const double zoom : zooms()) {
                FrameRequest request = requestFor({picture, picture}, CompareMode::Single, sampling);
                request.scene.zoomTo(zoom, {60, 200});
                const QImage single = render(request);
                for (const CompareMode mode : {CompareMode::Wipe, CompareMode::Overlay, CompareMode::Blink}) {
                    request.settings.mode = mode;
                    request.settings.wipePosition = 0.37;
                    request.settings.opacity = 0.63;
                    QCOMPARE(render(request), single);
                }
            }
        }
    }

    void aChangedPixelIsSeen()
    {
        const Picture8 picture = test::noise({192, 160}, 1);
        Picture8 changed = picture;
        changed.values[3 * (80 * 192 + 96)] ^= 0x40;
        FrameRequest request = requestFor({picture, changed}, CompareMode::Difference, Sampling::Nearest);
        request.scene.zoomTo(2.0, {200, 150});
        QVERIFY(!holdsOnly(render(request), request.scene.visibleRect(), heatMap()[0]));
    }

    void aPictureAndItsDoubleAgreeToThePixel()
    {
        const Picture8 picture = test::noise({96, 80}, 7);
        FrameRequest request
            = requestFor({picture, test::doubled(picture)}, CompareMode::Difference, Sampling::Nearest);
        std::mt19937 random(1);
        for (const double zoom : zooms()) {
            request.scene.zoomTo(zoom, {123, 77});
            request.scene.pan(QPointF(int(random() % 99) - 50, int(random() % 99) - 50));
            QVERIFY(holdsOnly(render(request), request.scene.visibleRect(), heatMap()[0]));
        }
        // Smooth pixels agree wherever both are shown smaller; enlarged, each is blended over its own pixels.
        request.settings.sampling = Sampling::Smooth;
        for (const double zoom : {0.26, 0.3, 0.41, 0.5}) {
            request.scene.zoomTo(zoom, {123, 77});
            QVERIFY(holdsOnly(render(request), request.scene.visibleRect(), heatMap()[0]));
        }
    }

    void smoothPixelsKeepThePlaceOfASpotAtEveryZoom()
    {
        Picture8 spot = test::flat({64, 64}, {0, 0, 0});
        for (int y = 0; y < 64; ++y) { // a soft spot: a single pixel's own blending would move its centre
            for (int x = 0; x < 64; ++x)
                std::fill_n(spot.values.begin() + 3 * (y * 64 + x), 3,
                    std::uint8_t(std::lround(
                        255.0 * std::exp(-(std::pow(x - 23, 2.0) + std::pow(y - 40, 2.0)) / 12.0))));
        }
        FrameRequest request = requestFor({spot, test::doubled(spot)}, CompareMode::Single, Sampling::Smooth);
        request.background = Qt::black;
        for (const double zoom : {0.8, 1.0, 1.3, 2.0, 3.1, 4.0}) {
            request.scene.zoomTo(zoom, {200, 150});
            const QPointF expected = request.scene.toPane({2 * 23.5, 2 * 40.5});
            request.settings.showSecond = false;
            QVERIFY(QLineF(centreOfLight(render(request)), expected).length() < 0.03);
            request.settings.showSecond = true;
            QVERIFY(QLineF(centreOfLight(render(request)), expected).length() < 0.03);
        }
    }

    void aHundredStepsKeepThePanesRegistered_data()
    {
        QTest::addColumn<int>("count");
        for (int count = 2; count <= kMaxPanes; ++count)
            QTest::addRow("%d panes", count) << count;
    }

    void aHundredStepsKeepThePanesRegistered()
    {
        QFETCH(const int, count);
        const Picture8 picture = test::noise({96, 80}, 9);
        std::vector<Picture8> pictures{picture, test::doubled(picture), picture, test::doubled(picture)};
        pictures.resize(static_cast<std::size_t>(count));
        FrameRequest request = requestFor(pictures, CompareMode::Side, Sampling::Nearest);
        request.settings.panes = count;
        QCOMPARE(int(request.panes.size()), count);
        std::mt19937 random(5);
        FrameRenderer renderer;
        QImage frame(kView, QImage::Format_RGB32);
        for (int i = 0; i < 100; ++i) {
            randomStep(request.scene, random);
            renderer.render(request, frame);
            const QImage first = frame.copy(request.panes[0]);
            for (const QRect& pane : request.panes)
                QCOMPARE(frame.copy(pane), first);
        }
    }

    void aMovedFrameIsTheFrameDrawnAnew_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<int>("sampling");
        for (int mode = 0; mode <= int(CompareMode::Single); ++mode) {
            for (int sampling = 0; sampling < 2; ++sampling)
                QTest::addRow("mode %d, %s", mode, sampling ? "smooth" : "nearest") << mode << sampling;
        }
    }

    void aMovedFrameIsTheFrameDrawnAnew()
    {
        QFETCH(int, mode);
        QFETCH(int, sampling);
        // Of different shapes, so that a layer ends inside the scene, between device pixels.
        FrameRequest request = requestFor(
            {test::noise({150, 91}, 1), test::noise({200, 201}, 2)}, CompareMode(mode), Sampling(sampling));
        std::mt19937 random(unsigned(mode) + 11);
        FrameRenderer renderer;
        QImage frame(kView, QImage::Format_RGB32);
        for (int i = 0; i < 60; ++i) {
            if (i % 5 == 4)
                request.settings.wipePosition = double(random() % 101) / 100.0;
            else
                randomStep(request.scene, random);
            renderer.render(request, frame);
            QCOMPARE(frame, render(request));
        }
    }

    void helpersChangeNothing()
    {
        FrameRequest request = requestFor({test::noise({700, 640}, 1), test::noise({1400, 1280}, 2)},
            CompareMode::Overlay, Sampling::Smooth);
        request.scene.setPane({1200, 900}, {}, 0);
        request.panes = {QRect(0, 0, 1200, 900)};
        QImage alone(1200, 900, QImage::Format_RGB32);
        QImage helped(1200, 900, QImage::Format_RGB32);
        FrameRenderer(0).render(request, alone);
        FrameRenderer(3).render(request, helped);
        QCOMPARE(helped, alone);
    }

    void actualSizeShowsThePixelsThemselves()
    {
        const Picture8 picture = test::noise({600, 500}, 4);
        for (const Sampling sampling : {Sampling::Nearest, Sampling::Smooth}) {
            FrameRequest request = requestFor({picture}, CompareMode::Single, sampling);
            request.scene.zoomTo(1.0, {100, 100});
            const QImage frame = render(request);
            const QPoint origin = request.scene.origin();
            for (int i = 0; i < 300; ++i) {
                const QPoint at(i % kView.width(), (i * 7) % kView.height());
                const auto* value
                    = picture.values.data() + 3 * ((at.y() - origin.y()) * 600 + at.x() - origin.x());
                if (request.scene.visibleRect().contains(at))
                    QCOMPARE(frame.pixel(at), qRgb(value[0], value[1], value[2]));
            }
        }
    }

    void nearestPixelsAreSquares()
    {
        const Picture8 picture = test::noise({60, 50}, 4);
        FrameRequest request = requestFor({picture}, CompareMode::Single, Sampling::Nearest);
        request.scene.zoomTo(8.0, {100, 100});
        const QImage frame = render(request);
        const QRect visible = request.scene.visibleRect();
        for (int y = visible.top(); y <= visible.bottom(); ++y) {
            for (int x = visible.left(); x <= visible.right(); ++x) {
                const QPoint pixel
                    = request.scene.pixelAt(0, request.scene.toScene(QPointF(x + 0.5, y + 0.5)));
                const auto* value = picture.values.data() + 3 * (pixel.y() * 60 + pixel.x());
                QCOMPARE(frame.pixel(x, y), qRgb(value[0], value[1], value[2]));
            }
        }
    }

    void aFlatPictureStaysFlatAtEveryZoom()
    {
        FrameRequest request
            = requestFor({test::flat({97, 83}, {201, 7, 90})}, CompareMode::Single, Sampling::Smooth);
        for (const double zoom : zooms()) {
            request.scene.zoomTo(zoom, {50, 50});
            QVERIFY(holdsOnly(render(request), request.scene.visibleRect(), qRgb(201, 7, 90)));
        }
    }

    void theWipeShowsEachPictureOnItsSide()
    {
        const Extent size{200, 200};
        FrameRequest request = requestFor({test::flat(size, {255, 0, 0}), test::flat(size, {0, 0, 255})},
            CompareMode::Wipe, Sampling::Smooth);
        request.settings.wipePosition = 0.25;
        const QRect visible = request.scene.visibleRect();
        const int line = wipeLine(request.settings, request.scene);
        QCOMPARE(line, visible.left() + qRound(visible.width() * 0.25));
        const QImage frame = render(request);
        QVERIFY(
            holdsOnly(frame, QRect(visible.topLeft(), QPoint(line - 1, visible.bottom())), qRgb(255, 0, 0)));
        QVERIFY(holdsOnly(frame, QRect(QPoint(line, visible.top()), visible.bottomRight()), qRgb(0, 0, 255)));
        request.settings.wipeAxis = WipeAxis::Horizontal;
        const QImage level = render(request);
        QCOMPARE(level.pixel(visible.topLeft()), qRgb(255, 0, 0));
        QCOMPARE(level.pixel(visible.topRight()), qRgb(255, 0, 0));
        QCOMPARE(level.pixel(visible.bottomLeft()), qRgb(0, 0, 255));
    }

    void theOverlayMixesByOpacity()
    {
        const Extent size{200, 200};
        FrameRequest request = requestFor({test::flat(size, {200, 0, 40}), test::flat(size, {0, 100, 40})},
            CompareMode::Overlay, Sampling::Smooth);
        const QPoint middle = request.scene.visibleRect().center();
        const auto at = [&](double opacity) {
            request.settings.opacity = opacity;
            return render(request).pixel(middle);
        };
        QCOMPARE(at(0.0), qRgb(200, 0, 40));
        QCOMPARE(at(1.0), qRgb(0, 100, 40));
        QCOMPARE(at(0.5), qRgb(100, 50, 40));
    }

    void theDifferenceIsTheLargestOfTheChannelsTimesGain()
    {
        const Extent size{200, 200};
        FrameRequest request = requestFor({test::flat(size, {100, 50, 40}), test::flat(size, {90, 57, 43})},
            CompareMode::Difference, Sampling::Smooth);
        request.settings.gain = 4;
        QCOMPARE(render(request).pixel(request.scene.visibleRect().center()), QRgb(heatMap()[40]));
    }

    void aLayerThatIsNotReadyLeavesTheGround()
    {
        FrameRequest request = requestFor(
            {test::noise({90, 90}, 1), test::noise({90, 90}, 2)}, CompareMode::Wipe, Sampling::Smooth);
        request.layers = {nullptr, nullptr};
        QVERIFY(holdsOnly(render(request), QRect(QPoint(0, 0), kView), kBackground.rgb()));
    }
};

QTEST_GUILESS_MAIN(TestFrameRenderer)
#include "tst_frame_renderer.moc"
