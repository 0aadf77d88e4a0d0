#include "core/sampling/brownian_noise.h"
#include "core/sampling/samplers.h"
#include "core/sampling/seed_sequence.h"
#include "tests/support/vector_file.h"

#include <QtTest>

#include <cmath>
#include <map>

using namespace studio;
using namespace studio::sampling;

namespace {

/// The model of tests/oracle/sampling/make_samplers.py.
at::Tensor denoise(const at::Tensor& x, double sigma)
{
    const at::Tensor a = x / (1.0 + sigma * sigma);
    const at::Tensor b = x.roll(1, -1) / std::sqrt(1.0 + sigma * sigma);
    return 0.8 * at::tanh(1.5 * a + 0.4 * b) + 0.1 * a.roll(1, 1);
}

std::vector<double> numbers(const at::Tensor& values)
{
    const at::Tensor wide = values.to(at::kDouble).contiguous();
    return {wide.data_ptr<double>(), wide.data_ptr<double>() + wide.numel()};
}

} // namespace

class TestSamplerVectors : public QObject {
    Q_OBJECT

private:
    const tests::VectorFile m_file{"sampling/samplers.safetensors"};
    const QJsonObject m_settings = m_file.settings();

    std::uint64_t seed(const char* name) const
    {
        return static_cast<std::uint64_t>(m_settings[QLatin1String(name)].toInteger());
    }

    at::Tensor run(const QJsonObject& options, const std::vector<double>& sigmas, at::ScalarType type) const
    {
        NoiseStream noise(NoiseSource::Torch, seed("noise_seed"));
        SamplerContext context{noise};
        if (options.contains(QStringLiteral("eta")))
            context.options.eta = options[QStringLiteral("eta")].toDouble();
        if (options.contains(QStringLiteral("churn"))) {
            context.options.churn = options[QStringLiteral("churn")].toDouble();
            context.options.churnFrom = 0.1;
            context.options.churnTo = 10.0;
            context.options.noiseScale = 1.003;
        }
        at::Tensor denoised;
        const Denoiser denoiser = [&denoised](const at::Tensor& x, double sigma) {
            denoised = denoise(x, sigma);
            return denoised;
        };
        context.unconditional = [&denoised] { return 0.9 * denoised - 0.05; };
        std::vector<std::int64_t> shape;
        for (const QJsonValue& extent : m_settings[QStringLiteral("shape")].toArray())
            shape.push_back(extent.toInteger());
        const at::Tensor start
            = NoiseStream(NoiseSource::Torch, seed("start_seed")).draw(shape).to(type) * sigmas.front();
        const std::string id = options[QStringLiteral("sampler")].toString().toStdString();
        return samplerById(id).function(denoiser, start, sigmas, context);
    }

private Q_SLOTS:
    void samplersEqualTheReference_data()
    {
        QTest::addColumn<int>("row");
        const QJsonArray cases = m_settings[QStringLiteral("cases")].toArray();
        for (int n = 0; n < cases.size(); ++n) {
            const QByteArray settings = QJsonDocument(cases[n].toObject()).toJson(QJsonDocument::Compact);
            const auto steps = m_file[std::to_string(n) + ".sigmas"].numel() - 1;
            QTest::addRow("%d %s %d steps", n, settings.constData(), static_cast<int>(steps)) << n;
        }
    }

    void samplersEqualTheReference()
    {
        QFETCH(int, row);
        const QJsonObject options = m_settings[QStringLiteral("cases")].toArray()[row].toObject();
        const std::vector<double> sigmas = numbers(m_file[std::to_string(row) + ".sigmas"]);
        const at::Tensor expected = m_file[std::to_string(row) + ".end"];
        const double exact = tests::relativeError(run(options, sigmas, at::kDouble), expected);
        QVERIFY2(exact <= 2e-6, QByteArray::number(exact));
        const double rounded = tests::relativeError(run(options, sigmas, at::kFloat), expected);
        QVERIFY2(rounded <= 1e-4, QByteArray::number(rounded));
    }

    /// The comparison can fail: for every sampler there is a case where one level off by a tenth moves the end ten
    /// times further than it allows. Not in every case: many small steps forgive, and Restart is made to forget.
    void smallFaultsAreSeen()
    {
        std::map<QString, double> moved;
        const QJsonArray cases = m_settings[QStringLiteral("cases")].toArray();
        for (int n = 0; n < cases.size(); ++n) {
            const QJsonObject options = cases[n].toObject();
            const std::vector<double> sigmas = numbers(m_file[std::to_string(n) + ".sigmas"]);
            for (std::size_t level = 1; level + 1 < sigmas.size(); level += 3) {
                std::vector<double> wrong = sigmas;
                wrong[level] *= 0.9;
                const at::Tensor end = run(options, wrong, at::kDouble);
                double& most = moved[options[QStringLiteral("sampler")].toString()];
                most = std::max(most, tests::relativeError(end, m_file[std::to_string(n) + ".end"]));
            }
        }
        for (const auto& [sampler, most] : moved)
            QVERIFY2(most > 10 * 2e-6, qPrintable(sampler + QStringLiteral(": %1").arg(most)));
    }

    void everySamplerHasVectors()
    {
        QStringList known;
        for (const QJsonValue& value : m_settings[QStringLiteral("cases")].toArray())
            known.append(value[QStringLiteral("sampler")].toString());
        for (const SamplerInfo& sampler : samplers())
            QVERIFY2(known.contains(QLatin1String(sampler.id.data())), sampler.id.data());
    }

    void brownianPathsEqualTheReference()
    {
        for (int n = 0; n < 4; ++n) {
            const std::string prefix = "brownian." + std::to_string(n) + ".";
            const std::vector<double> times = numbers(m_file[prefix + "times"]);
            const at::Tensor increments = m_file[prefix + "increments"];
            BrownianPath path(times.back(), times.front(), increments[0].sizes().vec(),
                static_cast<std::uint64_t>(m_file[prefix + "seed"][0].item<std::int64_t>()));
            for (std::size_t i = 0; i + 1 < times.size(); ++i) {
                const at::Tensor step = path.increment(times[i + 1], times[i]);
                QVERIFY(at::equal(step, increments[static_cast<std::int64_t>(i)]));
            }
        }
    }

    void aBrownianPathAnswersAlikeInAnyOrder()
    {
        BrownianPath forth(0.1, 8.0, {2, 3}, 5);
        BrownianPath back(0.1, 8.0, {2, 3}, 5);
        const at::Tensor first = forth.increment(0.5, 2.25);
        const at::Tensor second = forth.increment(2.25, 7.0);
        QVERIFY(at::equal(back.increment(2.25, 7.0), second));
        QVERIFY(at::equal(back.increment(0.5, 2.25), first));
        QVERIFY(at::allclose(forth.increment(0.5, 7.0), first + second, 1e-5, 1e-6));
        QVERIFY(at::equal(forth.increment(9.0, 12.0), at::zeros({2, 3})));
    }

    /// NumPy: SeedSequence(42).generate_state(4), and SeedSequence(42, spawn_key=(3, 2**40), pool_size=24).
    void seedSequencesEqualNumpys()
    {
        using Words = std::vector<std::uint32_t>;
        QCOMPARE(spawnSeeds(42, {}, 4, 4), (Words{3444837047, 2669555309, 2046530742, 3581440988}));
        const std::array<std::uint64_t, 2> key{3, std::uint64_t{1} << 40};
        QCOMPARE(spawnSeeds(42, key, 24, 3), (Words{4209076795, 531905612, 1639493739}));
    }
};

QTEST_GUILESS_MAIN(TestSamplerVectors)
#include "tst_sampler_vectors.moc"
