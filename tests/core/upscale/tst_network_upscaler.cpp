#include "core/base/error.h"
#include "core/image/lanczos.h"
#include "core/image/rounding.h"
#include "core/upscale/network_upscaler.h"

#include <ATen/Parallel.h>
#include <QtTest>

#include <cmath>

using namespace studio;
using namespace studio::upscale;

namespace {

UpscalerFile tinyFile(const std::string& name)
{
    return UpscalerFile::open(
        std::string(STUDIO_SOURCE_DIR) + "/tests/oracle/upscale/" + name + ".safetensors");
}

/// Slopes and waves in every channel.
PictureF sample(const Extent& size)
{
    PictureF picture{size, {}};
    for (int channel = 0; channel < 3; ++channel)
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                picture.values.push_back(
                    float(0.5 + 0.3 * std::sin(0.7 * x + channel) * std::cos(0.4 * y) + 0.002 * (x - y)));
    return picture;
}

double largestDifference(const PictureF& a, const PictureF& b)
{
    double largest = a.size == b.size ? 0.0 : 1e9;
    for (std::size_t i = 0; largest < 1e9 && i < a.values.size(); ++i)
        largest = std::max(largest, double(std::abs(a.values[i] - b.values[i])));
    return largest;
}

} // namespace

class TestNetworkUpscaler : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void tilesThatSeeEnoughGiveTheWholePicture()
    {
        // Two blocks of fifteen convolutions and four more: 34 pixels and a half are all that a pixel depends on.
        NetworkUpscaler upscaler(tinyFile("present_x4"));
        const PictureF picture = sample({61, 47});
        const PictureF whole = upscaler.enlargeOnce(picture, 64, 0, {});
        QCOMPARE(whole.size, (Extent{244, 188}));
        QVERIFY(largestDifference(upscaler.enlargeOnce(picture, 20, 35, {}), whole) < 1e-5);
        QVERIFY(largestDifference(upscaler.enlargeOnce(picture, 20, 2, {}), whole) > 1e-4);
    }

    void tilesOfUnshuffledNetworksGiveTheWholePicture()
    {
        NetworkUpscaler upscaler(tinyFile("unshuffled_x2"));
        const PictureF picture = sample({161, 95});
        const PictureF whole = upscaler.enlargeOnce(picture, 200, 0, {});
        QCOMPARE(whole.size, (Extent{322, 190}));
        QVERIFY(largestDifference(upscaler.enlargeOnce(picture, 80, 72, {}), whole) < 1e-5);
    }

    void coloursStayInTheirRange()
    {
        NetworkUpscaler upscaler(tinyFile("first_x4"));
        for (const float value : upscaler.enlargeOnce(sample({16, 16}), 64, 0, {}).values)
            QVERIFY(value >= 0.0f && value <= 1.0f);
    }

    void theTargetIsMetExactly_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("passes");
        QTest::newRow("what the network gives") << "present_x2" << 32 << 24 << 1;
        QTest::newRow("less than it gives") << "present_x4" << 40 << 30 << 1;
        QTest::newRow("more than it gives: twice through it") << "present_x2" << 56 << 42 << 2;
        QTest::newRow("no more than three times through it") << "present_x2" << 160 << 120 << 3;
        QTest::newRow("a network that keeps the size") << "first_x1" << 24 << 18 << 1;
        QTest::newRow("a smaller picture needs no network") << "present_x4" << 8 << 6 << 0;
    }
    void theTargetIsMetExactly()
    {
        QFETCH(QString, file);
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(int, passes);
        NetworkUpscaler upscaler(tinyFile(file.toStdString()));
        PictureF through = sample({16, 12});
        for (int i = 0; i < passes; ++i)
            through = upscaler.enlargeOnce(through, 1000, 0, {});
        const Extent target{width, height};
        const PictureF wanted = through.size == target ? through : resizeLanczos(through, target);
        QVERIFY(largestDifference(upscaler.enlarge(sample({16, 12}), target, {}), wanted) < 1e-6);
        QCOMPARE(upscaler.enlarge8(toEightBit(sample({16, 12})), target, {}).size, target);
    }

    void eightBitsAreRoundedAfterTheNetwork()
    {
        NetworkUpscaler upscaler(tinyFile("present_x2"));
        const Picture8 picture = toEightBit(sample({16, 12}));
        const Picture8 wanted = toEightBit(upscaler.enlargeOnce(toFloat(picture), 1000, 0, {}));
        QCOMPARE(upscaler.enlarge8(picture, {32, 24}, {}), wanted);
    }

    void cancellationEndsBetweenTiles()
    {
        NetworkUpscaler upscaler(tinyFile("present_x4"));
        int calls = 0;
        const Workplace workplace{at::kCPU, [&] {
                                      if (++calls == 8)
                                          throw Cancelled{};
                                  }};
        QVERIFY_EXCEPTION_THROWN(upscaler.enlargeOnce(sample({64, 64}), 16, 4, workplace), Cancelled);
        QCOMPARE(calls, 8);
    }
};

QTEST_GUILESS_MAIN(TestNetworkUpscaler)
#include "tst_network_upscaler.moc"
