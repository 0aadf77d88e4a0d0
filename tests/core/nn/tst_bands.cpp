#include "core/nn/bands.h"

#include <QtTest>

using namespace studio;

namespace {

constexpr nn::BandSizes kAlwaysCut{.largeMap = 0, .band = 1};
constexpr nn::BandSizes kNeverCut{.largeMap = std::numeric_limits<std::int64_t>::max()};

double relativeError(const at::Tensor& value, const at::Tensor& expected)
{
    return (value - expected).to(at::kDouble).norm().item<double>()
        / expected.to(at::kDouble).norm().item<double>();
}

struct Networks {
    nn::GroupNorm norm{4, 16, 1e-6};
    nn::Conv2d convolution{16, 24, 3, 1, 1};
    nn::Conv2d pointwise{16, 24, 1};
    at::Generator generator = at::detail::createCPUGenerator(5);

    Networks()
    {
        for (nn::Parameter* parameter : {&norm.weight, &norm.bias, &convolution.weight, &convolution.bias,
                 &pointwise.weight, &pointwise.bias})
            parameter->value = at::randn(parameter->shape, generator);
    }
    at::Tensor map(std::int64_t height, std::int64_t width)
    {
        return 3 + at::randn({2, 16, height, width}, generator);
    }
};

} // namespace

/// Bands against the whole map, where the bands' edges fall in every way.
class TestBands : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bandsEqualTheWhole_data()
    {
        QTest::addColumn<int>("height");
        for (const int height : {1, 7, 8, 9, 16, 17, 37})
            QTest::addRow("%d rows", height) << height;
    }

    void bandsEqualTheWhole()
    {
        QFETCH(int, height);
        const c10::InferenceMode inference;
        Networks networks;
        const at::Tensor x = networks.map(height, 11);
        const at::Tensor normed = nn::normSiluConvolve(networks.norm, networks.convolution, x, {}, kNeverCut);
        QCOMPARE(normed.sizes().vec(), (std::vector<std::int64_t>{2, 24, height, 11}));
        QVERIFY(relativeError(
                    nn::normSiluConvolve(networks.norm, networks.convolution, x, {}, kAlwaysCut), normed)
            < 1e-5);

        const at::Tensor large
            = nn::enlargeAndConvolve(networks.convolution, x, 2 * height, 22, {}, kNeverCut);
        QCOMPARE(large.sizes().vec(), (std::vector<std::int64_t>{2, 24, 2 * height, 22}));
        QVERIFY(relativeError(
                    nn::enlargeAndConvolve(networks.convolution, x, 2 * height, 22, {}, kAlwaysCut), large)
            < 1e-6);

        at::Tensor whole = normed.clone(), cut = normed.clone();
        nn::addConvolved(whole, networks.pointwise, x, {}, kNeverCut);
        nn::addConvolved(cut, networks.pointwise, x, {}, kAlwaysCut);
        QVERIFY(relativeError(whole, normed) > 0.01);
        QVERIFY(relativeError(cut, whole) < 1e-6);
    }

    /// A cancelled run ends between two bands.
    void theCheckpointIsPassedBetweenBands()
    {
        const c10::InferenceMode inference;
        Networks networks;
        const at::Tensor x = networks.map(40, 8);
        int passed = 0;
        const nn::Checkpoint checkpoint = [&] { ++passed; };
        nn::normSiluConvolve(networks.norm, networks.convolution, x, checkpoint, kAlwaysCut);
        QCOMPARE(passed, 5);
        nn::enlargeAndConvolve(networks.convolution, x, 80, 16, checkpoint, kAlwaysCut);
        QCOMPARE(passed, 15);
    }
};

QTEST_GUILESS_MAIN(TestBands)
#include "tst_bands.moc"
