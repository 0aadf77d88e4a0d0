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

std::vector<double> evenLevels(int steps)
{
    std::vector<double> sigmas;
    for (int i = 0; i <= steps; ++i)
        sigmas.push_back(10.0 * std::pow(0.01, static_cast<double>(i) / steps));
    return sigmas;
}

double errorOver(const SamplerInfo& sampler, const std::vector<double>& sigmas)
{
    NoiseStream noise(NoiseSource::Torch, 1);
    SamplerContext context{noise};
    const at::Tensor x = at::full({1, 4, 2, 2}, 3.0, at::kDouble);
    const at::Tensor end = sampler.function(denoiseGaussian, x, sigmas, context);
    return (end - flow(x, sigmas.front(), sigmas.back())).abs().max().item<double>();
}

double errorAfter(const SamplerInfo& sampler, int steps)
{
    return errorOver(sampler, alternatingLevels(steps));
}

QByteArray words(const char* text, std::string_view id, double number)
{
    return QString::fromUtf8(text)
        .arg(QLatin1String(id.data(), static_cast<qsizetype>(id.size())))
        .arg(number)
        .toUtf8();
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
            const double order = std::log2(errorAfter(sampler, 1024) / errorAfter(sampler, 2048));
            QVERIFY2(std::abs(order - sampler.order) < 0.1, words("%1: order %2", sampler.id, order));
        }
    }

    void samplersForEvenStepsAreOfSecondOrderThere()
    {
        for (const char* id : {"plms", "ipndm"}) {
            const SamplerInfo& sampler = samplerById(id);
            const double order
                = std::log2(errorOver(sampler, evenLevels(512)) / errorOver(sampler, evenLevels(1024)));
            QVERIFY2(std::abs(order - 2.0) < 0.1, words("%1: order %2", id, order));
        }
    }

    /// LCM and TCD are left out: they take a prediction far ahead for a sample, which only a distilled model's is.
    void stochasticSamplersKeepTheSpreadOfTheData()
    {
        for (const SamplerInfo& sampler : samplers()) {
            if (!sampler.stochastic || sampler.id == "lcm" || sampler.id == "tcd")
                continue;
            NoiseStream noise(NoiseSource::Torch, 3);
            SamplerContext context{noise};
            const at::Tensor x = NoiseStream(NoiseSource::Torch, 4).draw({1, 4, 48, 48})
                * std::sqrt(kWidth * kWidth + 100.0);
            std::vector<double> sigmas = evenLevels(100);
            sigmas.push_back(0.0);
            const at::Tensor end = sampler.function(denoiseGaussian, x, sigmas, context);
            const double spread = end.std().item<double>();
            QVERIFY2(std::abs(spread / kWidth - 1.0) < 0.03, words("%1: spread %2", sampler.id, spread));
            const double kept = ((end * x).mean() / (end.std() * x.std())).item<double>();
            QVERIFY2(kept < 0.9, words("%1: correlation with the start %2", sampler.id, kept));
        }
    }

    void aSeedsNoiseMovesThePictureAlikeHoweverManySteps()
    {
        const SamplerInfo& sampler = samplerById("dpmpp_2m_sde");
        const auto end = [&](int steps, std::uint64_t seed) {
            NoiseStream noise(NoiseSource::Torch, seed);
            SamplerContext context{noise};
            std::vector<double> sigmas = evenLevels(steps);
            return sampler.function(denoiseGaussian, at::zeros({1, 4, 32, 32}), sigmas, context).flatten();
        };
        const auto alike = [](const at::Tensor& a, const at::Tensor& b) {
            return (a.dot(b) / (a.norm() * b.norm())).item<double>();
        };
        QVERIFY(alike(end(40, 1), end(120, 1)) > 0.95);
        QVERIFY(alike(end(40, 1), end(120, 2)) < 0.2);
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
            const int start = sampler.id == "plms" ? 1 : 0; // its first step asks twice
            QVERIFY2(calls <= 3 * sampler.evaluationsPerStep + start, sampler.id.data());
            QVERIFY2(calls > 2 * sampler.evaluationsPerStep, sampler.id.data());
        }
    }

    void repeatedLevelsAskForNothing()
    {
        for (const SamplerInfo& sampler : samplers()) {
            const auto end = [&](const std::vector<double>& sigmas) {
                NoiseStream noise(NoiseSource::Torch, 1);
                SamplerContext context{noise};
                return sampler.function(denoiseGaussian, at::ones({1, 4, 2, 2}), sigmas, context);
            };
            const at::Tensor repeated = end({14.6, 14.6, 3.1, 3.1, 3.1, 0.7, 0.0});
            QVERIFY2(at::equal(repeated, end(smallSchedule())), sampler.id.data());
        }
    }

    void thousandsOfStepsStayFinite()
    {
        std::vector<double> sigmas{4095.999};
        while (sigmas.size() < 1500)
            sigmas.push_back(sigmas.back() * 0.992);
        sigmas.push_back(0.0);
        for (const SamplerInfo& sampler : samplers()) {
            NoiseStream noise(NoiseSource::Torch, 1);
            SamplerContext context{noise};
            const at::Tensor x = NoiseStream(NoiseSource::Torch, 5).draw({1, 4, 2, 2}) * sigmas.front();
            const at::Tensor end = sampler.function(denoiseGaussian, x, sigmas, context);
            QVERIFY2(at::isfinite(end).all().item<bool>() && end.abs().max().item<double>() < 10.0,
                sampler.id.data());
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
