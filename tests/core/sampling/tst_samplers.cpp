#include "core/base/error.h"
#include "core/sampling/samplers.h"

#include <ATen/ATen.h>

#include <QtTest>

#include <cmath>

using namespace studio;
using namespace studio::sampling;

namespace {

/// Data that is a normal distribution of this width: the best denoiser and the end of every path are known.
constexpr double kWidth = 0.6;

at::Tensor denoiseGaussian(const at::Tensor& x, double sigma)
{
    return x * (kWidth * kWidth / (kWidth * kWidth + sigma * sigma));
}

/// The probability flow through `x` at `from`, followed to `to`.
at::Tensor flow(const at::Tensor& x, double from, double to)
{
    return x * std::sqrt((kWidth * kWidth + to * to) / (kWidth * kWidth + from * from));
}

/// From 10 down to 0.1; in log(sigma), every second step is twice as long as the one before, so that a sampler which
/// forgets the ratio of its steps loses its order.
std::vector<double> alternatingLevels(int steps)
{
    const double unit = std::log(10.0 / 0.1) / (1.5 * steps);
    std::vector<double> sigmas{10.0};
    for (int i = 0; i < steps; ++i)
        sigmas.push_back(sigmas.back() * std::exp(i % 2 == 0 ? -unit : -2 * unit));
    return sigmas;
}

double errorAfter(const SamplerInfo& sampler, int steps)
{
    NoiseStream noise(NoiseSource::Torch, 1);
    SamplerContext context{noise};
    const std::vector<double> sigmas = alternatingLevels(steps);
    const at::Tensor x = at::full({1, 4, 2, 2}, 3.0, at::kDouble);
    const at::Tensor end = sampler.function(denoiseGaussian, x, sigmas, context);
    return (end - flow(x, sigmas.front(), sigmas.back())).abs().max().item<double>();
}

std::vector<double> smallSchedule()
{
    return {14.6, 3.1, 0.7, 0.0};
}

} // namespace

class TestSamplers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachDeterministicSamplerConvergesAtItsOrder()
    {
        for (const SamplerInfo& sampler : samplers()) {
            if (sampler.stochastic)
                continue;
            const double order = std::log2(errorAfter(sampler, 256) / errorAfter(sampler, 512));
            QVERIFY2(std::abs(order - sampler.order) < 0.15,
                qPrintable(QStringLiteral("%1: order %2").arg(QLatin1String(sampler.id.data())).arg(order)));
        }
    }

    void oneStepReturnsTheDenoisedLatents()
    {
        for (const SamplerInfo& sampler : samplers()) {
            NoiseStream noise(NoiseSource::Torch, 1);
            SamplerContext context{noise};
            const at::Tensor x = NoiseStream(NoiseSource::Torch, 5).draw({1, 4, 3, 5}) * 14.6;
            const std::vector<double> sigmas{14.6, 0.0};
            const at::Tensor end = sampler.function(denoiseGaussian, x, sigmas, context);
            QVERIFY2(at::allclose(end, denoiseGaussian(x, 14.6), 1e-5, 1e-6), sampler.id.data());
        }
    }

    void nothingToDoReturnsTheLatent()
    {
        for (const SamplerInfo& sampler : samplers()) {
            NoiseStream noise(NoiseSource::Torch, 1);
            SamplerContext context{noise};
            const at::Tensor x = at::ones({1, 4, 2, 2});
            const std::vector<double> level{0.0};
            QVERIFY(at::equal(sampler.function(denoiseGaussian, x, level, context), x));
            QVERIFY(at::equal(sampler.function(denoiseGaussian, x, {}, context), x));
        }
    }

    void theTableSaysHowOftenTheModelIsAsked()
    {
        for (const SamplerInfo& sampler : samplers()) {
            NoiseStream noise(NoiseSource::Torch, 1);
            SamplerContext context{noise};
            int calls = 0;
            const Denoiser counting = [&calls](const at::Tensor& x, double sigma) {
                ++calls;
                return denoiseGaussian(x, sigma);
            };
            sampler.function(counting, at::ones({1, 4, 2, 2}), smallSchedule(), context);
            QVERIFY2(calls <= 3 * sampler.evaluationsPerStep, sampler.id.data());
            QVERIFY2(calls > 2 * sampler.evaluationsPerStep, sampler.id.data());
        }
    }

    void samplersLeaveTheirInputAlone()
    {
        for (const SamplerInfo& sampler : samplers()) {
            NoiseStream noise(NoiseSource::Torch, 1);
            SamplerContext context{noise};
            const at::Tensor x = at::ones({1, 4, 2, 2});
            sampler.function(denoiseGaussian, x, smallSchedule(), context);
            QVERIFY2(at::equal(x, at::ones({1, 4, 2, 2})), sampler.id.data());
        }
    }

    void anUnknownSamplerIsRefusedByNamingTheKnown()
    {
        QCOMPARE(samplerById("euler").label, std::string_view("Euler"));
        try {
            samplerById("eular");
            QFAIL("accepted");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::BadInput);
            QVERIFY(QByteArray(error.what()).contains("euler"));
        }
    }
};

QTEST_GUILESS_MAIN(TestSamplers)
#include "tst_samplers.moc"
