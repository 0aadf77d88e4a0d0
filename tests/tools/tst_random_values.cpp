#include "tests/tools/random_values.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace studio;
using namespace studio::testing;

namespace {

SpecTensor convolution()
{
    const CheckpointSpec spec = readSpec(STUDIO_SOURCE_DIR "/tests/oracle/models/tiny_base.json");
    for (const SpecTensor& tensor : spec.tensors)
        if (tensor.component == "unet" && tensor.key == "conv_in.weight")
            return tensor;
    qFatal("The spec has no conv_in.weight");
}

/// The value of a code of a small format, by its definition.
double decoded(unsigned code, int mantissaBits, int bias)
{
    const int exponent = static_cast<int>(code >> mantissaBits);
    const int mantissa = static_cast<int>(code & ((1u << mantissaBits) - 1));
    const int ulps = exponent == 0 ? mantissa : mantissa + (1 << mantissaBits);
    return std::ldexp(ulps, std::max(exponent, 1) - bias - mantissaBits);
}

} // namespace

class TestRandomValues : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWeightRulesGoldenValues()
    {
        const SpecTensor tensor = convolution();
        const RandomValues values(1, tensor);
        QCOMPARE(values.at(0), -0.0283608492f);
        QCOMPARE(values.at(4), 0.988884628f); // [0,0,1,1]: on the diagonal
        QCOMPARE(values.at(((63 * 4 + 3) * 3 + 2) * 3 + 2), 0.00555857364f);
    }

    void roundingIsToTheNearestCodeTiesToEven()
    {
        const auto check = [](auto convert, unsigned codes, int mantissaBits, int bias) {
            for (unsigned code = 0; code + 1 < codes; ++code) {
                const double low = decoded(code, mantissaBits, bias);
                const double high = decoded(code + 1, mantissaBits, bias);
                const auto middle = static_cast<float>((low + high) / 2);
                QCOMPARE(unsigned(convert(static_cast<float>(low))), code);
                QCOMPARE(unsigned(convert(middle)), code + (code & 1));
                QCOMPARE(unsigned(convert(std::nextafter(middle, 0.0f))), code);
                QCOMPARE(unsigned(convert(std::nextafter(middle, 1e30f))), code + 1);
            }
        };
        check(&toHalf, 0x7C00, 10, 15);
        check(&toFloat8E4M3, 0x7F, 3, 7);
        check(&toFloat8E5M2, 0x7C, 2, 15);
        QCOMPARE(int(toBfloat16(1.00390625f)), 0x3F80); // the middle between 1 and the next, which is odd
        QCOMPARE(int(toBfloat16(std::nextafter(1.00390625f, 2.0f))), 0x3F81);
        QCOMPARE(int(toBfloat16(1.01171875f)), 0x3F82);
    }

    void signsAndWhatIsTooLarge()
    {
        QCOMPARE(int(toHalf(-1.0f)), 0xBC00);
        QCOMPARE(int(toFloat8E4M3(-1.0f)), 0xB8);
        QCOMPARE(int(toFloat8E5M2(-1.0f)), 0xBC);
        QCOMPARE(int(toBfloat16(-1.0f)), 0xBF80);
        QCOMPARE(int(toHalf(1e6f)), 0x7C00);
        QCOMPARE(int(toFloat8E5M2(1e6f)), 0x7C);
        QCOMPARE(int(toFloat8E4M3(1e6f)), 0x7F);
        QCOMPARE(int(toHalf(std::numeric_limits<float>::quiet_NaN()) & 0x7FFF), 0x7E00);
        QCOMPARE(int(toHalf(1e-30f)), 0);
    }
};

QTEST_GUILESS_MAIN(TestRandomValues)
#include "tst_random_values.moc"
