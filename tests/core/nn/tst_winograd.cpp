#include "core/nn/winograd.h"

#include <ATen/ATen.h>
#include <QtTest>

using namespace studio;

namespace {

double relativeError(const at::Tensor& value, const at::Tensor& expected)
{
    return (value.to(at::kDouble) - expected).norm().item<double>() / expected.norm().item<double>();
}

/// Torch's own convolution in double precision.
at::Tensor expectedOf(
    const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, std::int64_t rowPadding)
{
    return at::conv2d(x.to(at::kDouble), weight.to(at::kDouble), bias.to(at::kDouble),
        at::IntArrayRef({1, 1}), at::IntArrayRef({rowPadding, 1}));
}

} // namespace

class TestWinograd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsThePlainConvolution_data()
    {
        QTest::addColumn<std::vector<qint64>>("shape");
        QTest::addColumn<int>("out");
        QTest::addColumn<int>("rowPadding");
        const auto row = [](std::vector<qint64> shape, int out, int rowPadding) {
            QTest::addRow("%d x %d x %d x %d to %d, padding %d", int(shape[0]), int(shape[1]), int(shape[2]),
                int(shape[3]), out, rowPadding)
                << std::move(shape) << out << rowPadding;
        };
        for (const int height : {1, 2, 3, 4, 5, 8, 9, 31})
            for (const int width : {1, 4, 6, 7, 33})
                row({2, 5, height, width}, 3, 1);
        for (const int height : {3, 4, 6, 10, 11})
            row({2, 3, height, 9}, 4, 0);
        row({1, 1, 8, 8}, 1, 1);
        row({1, 512, 24, 24}, 64, 1);   // several bands of tiles
        row({1, 2560, 12, 12}, 320, 1); // weights in several parts
    }

    void equalsThePlainConvolution()
    {
        QFETCH(std::vector<qint64>, shape);
        QFETCH(int, out);
        QFETCH(int, rowPadding);
        const c10::InferenceMode inference;
        at::Generator generator = at::detail::createCPUGenerator(7);
        const at::Tensor x
            = 0.5 + at::randn(std::vector<std::int64_t>(shape.begin(), shape.end()), generator);
        const at::Tensor weight = at::randn({out, shape[1], 3, 3}, generator);
        const at::Tensor bias = at::randn({out}, generator);
        const at::Tensor expected = expectedOf(x, weight, bias, rowPadding);
        const at::Tensor found = nn::winogradConvolve(x, weight, bias, rowPadding);
        QCOMPARE(found.sizes().vec(), expected.sizes().vec());
        const double error = relativeError(found, expected);
        // Sums of more products are less exact, on either way.
        QVERIFY2(error < (shape[1] > 512 ? 6e-6 : 2e-6), qPrintable(QString::number(error)));
        QVERIFY(at::equal(found, nn::winogradConvolve(x, weight, bias, rowPadding)));
    }

    /// A map that is a view of a larger one: the rows of a band, a turned picture.
    void takesAnyStrides()
    {
        const c10::InferenceMode inference;
        at::Generator generator = at::detail::createCPUGenerator(3);
        const at::Tensor x = at::randn({1, 4, 20, 12}, generator).transpose(2, 3).narrow(2, 1, 9);
        const at::Tensor weight = at::randn({6, 4, 3, 3}, generator);
        const at::Tensor bias = at::zeros({6});
        QVERIFY(
            relativeError(nn::winogradConvolve(x, weight, bias, 1), expectedOf(x, weight, bias, 1)) < 2e-6);
    }

    void isChosenWhereItPays()
    {
        const at::Tensor large = at::zeros({1, 64, 32, 32});
        const at::Tensor weight = at::zeros({64, 64, 3, 3});
        QVERIFY(nn::winogradPays(large, weight));
        QVERIFY(!nn::winogradPays(large.narrow(2, 0, 31), weight));
        QVERIFY(!nn::winogradPays(large.to(at::kBFloat16), weight));
        QVERIFY(!nn::winogradPays(large, weight.narrow(0, 0, 32)));
        QVERIFY(!nn::winogradPays(large, at::zeros({64, 64, 1, 1})));
    }
};

QTEST_GUILESS_MAIN(TestWinograd)
#include "tst_winograd.moc"
