#include "core/base/error.h"
#include "core/sampling/schedules.h"
#include "tests/support/vector_file.h"

#include <QtTest>

using namespace studio;
using namespace studio::sampling;

namespace {

SchedulerConfig configOf(const QJsonObject& settings)
{
    SchedulerConfig config;
    const QString spacing = settings[QStringLiteral("timestep_spacing")].toString();
    config.spacing = spacing == QStringLiteral("trailing") ? TimestepSpacing::Trailing
        : spacing == QStringLiteral("linspace")            ? TimestepSpacing::Linspace
                                                           : TimestepSpacing::Leading;
    config.stepsOffset = settings[QStringLiteral("steps_offset")].toInt();
    config.rescaleZeroTerminalSnr = settings[QStringLiteral("rescale_betas_zero_snr")].toBool();
    return config;
}

at::Tensor asTensor(const std::vector<double>& values)
{
    return at::tensor(at::ArrayRef<double>(values), at::kDouble);
}

double largestRelativeDifference(const std::vector<double>& values, const at::Tensor& expected)
{
    const at::Tensor reference = expected.to(at::kDouble);
    return ((asTensor(values) - reference).abs() / reference.abs().clamp_min(1e-12)).max().item<double>();
}

} // namespace

class TestSchedules : public QObject {
    Q_OBJECT

private:
    const tests::VectorFile m_euler{"vectors/euler.safetensors"};

private Q_SLOTS:
    void trainingLevelsEqualDiffusers()
    {
        for (const bool zeroSnr : {false, true}) {
            SchedulerConfig config;
            config.rescaleZeroTerminalSnr = zeroSnr;
            const at::Tensor bar = m_euler[zeroSnr ? "alphas_cumprod_zero_snr" : "alphas_cumprod"];
            const TrainingSchedule training(config);
            QVERIFY(largestRelativeDifference(training.sigmas(), ((1 - bar) / bar).sqrt()) <= 1e-7);
        }
        QVERIFY(std::abs(TrainingSchedule(SchedulerConfig{}).sigmaMax() - 14.6146) < 1e-4);
        QVERIFY(std::abs(TrainingSchedule(SchedulerConfig{}).sigmaMin() - 0.0292) < 1e-4);
    }

    void spacingsEqualDiffusers()
    {
        const QJsonArray cases = m_euler.settings()[QStringLiteral("cases")].toArray();
        QVERIFY(cases.size() >= 84);
        for (qsizetype n = 0; n < cases.size(); ++n) {
            const QJsonObject settings = cases[n].toObject();
            const std::string prefix = std::to_string(n) + ".";
            const SchedulerConfig config = configOf(settings);
            const NoiseLevels levels
                = noiseLevels("model", config, settings[QStringLiteral("steps")].toInt());

            const auto what = QJsonDocument(settings).toJson(QJsonDocument::Compact);
            QVERIFY2(
                at::equal(asTensor(levels.timesteps), m_euler[prefix + "timesteps"].to(at::kDouble)), what);
            QVERIFY2(largestRelativeDifference(levels.sigmas, m_euler[prefix + "sigmas"]) <= 1e-7, what);
            const double scale = m_euler[prefix + "init_noise_sigma"].item<double>();
            QVERIFY2(std::abs(levels.initialScale - scale) <= 1e-7 * scale, what);

            const std::string id = settings[QStringLiteral("timestep_spacing")].toString().toStdString();
            QCOMPARE(noiseLevels(id, config, levels.steps()).sigmas, levels.sigmas);
        }
    }

    void curvesEqualTheReference()
    {
        const tests::VectorFile file("sampling/schedules.safetensors");
        const QJsonArray cases = file.settings()[QStringLiteral("cases")].toArray();
        QVERIFY(cases.size() >= 130);
        for (qsizetype n = 0; n < cases.size(); ++n) {
            const QJsonObject settings = cases[n].toObject();
            const std::string id = settings[QStringLiteral("schedule")].toString().toStdString();
            const int steps = settings[QStringLiteral("steps")].toInt();
            const NoiseLevels levels = noiseLevels(id, SchedulerConfig{}, steps);
            const at::Tensor expected = file[std::to_string(n) + ".sigmas"];
            QCOMPARE(levels.sigmas.back() == 0.0, expected[-1].item<double>() == 0.0);
            // The references compute in float32.
            const double difference = largestRelativeDifference(levels.sigmas, expected);
            QVERIFY2(difference <= 1e-5,
                qPrintable(QStringLiteral("%1 of %2: %3")
                               .arg(QString::fromStdString(id))
                               .arg(steps)
                               .arg(difference)));
        }
    }

    void automaticIsTheSamplersOwn()
    {
        const SchedulerConfig config;
        for (const SamplerInfo& sampler : samplers()) {
            const auto automatic = noiseLevels(sampler, "automatic", config, 20);
            QCOMPARE(automatic.sigmas, noiseLevels(sampler, sampler.automatic, config, 20).sigmas);
            QCOMPARE(automatic.steps(), 20);
        }
        QCOMPARE(noiseLevels(samplerById("dpmpp_2m"), "automatic", config, 20).sigmas,
            noiseLevels("karras", config, 20).sigmas);
        QCOMPARE(noiseLevels("automatic", config, 20).sigmas, noiseLevels("uniform", config, 20).sigmas);
    }

    void aSamplerThatWantsTheLastLevelButOneGoneGetsAStepMoreWithoutIt()
    {
        const SchedulerConfig config;
        const SamplerInfo& dpm2 = samplerById("dpm2");
        std::vector<double> expected = noiseLevels("karras", config, 21).sigmas;
        expected.erase(expected.end() - 2);
        QCOMPARE(noiseLevels(dpm2, "karras", config, 20).sigmas, expected);
        QCOMPARE(noiseLevels(dpm2, "leading", config, 20).sigmas, noiseLevels("leading", config, 20).sigmas);
        const auto half = partialLevels(dpm2, "karras", config, 20, 0.5, StrengthMeaning::A1111);
        QCOMPARE(half.steps(), 20);
        QCOMPARE(half.sigmas.front(), noiseLevels("karras", config, 41).sigmas[20]);
    }

    void levelsMayBeGivenOneByOne()
    {
        const SchedulerConfig config;
        const NoiseLevels levels = customLevels({10.0, 1.0, 0.0}, config);
        QCOMPARE(levels.steps(), 2);
        QCOMPARE(levels.initialScale, 10.0);
        QCOMPARE(levels.timesteps[1], TrainingSchedule(config).timestepOf(1.0));
        for (const std::vector<double>& wrong :
            {std::vector<double>{}, {1.0}, {1.0, 1.0}, {1.0, 2.0}, {1.0, -0.5}, {std::nan(""), 1.0}})
            QVERIFY_EXCEPTION_THROWN(customLevels(wrong, config), Error);
    }

    void theLastLevelMayBeTheSmallestOfTraining()
    {
        SchedulerConfig config;
        config.finalSigmaZero = false;
        QCOMPARE(noiseLevels("model", config, 20).sigmas.back(), TrainingSchedule(config).sigmaMin());
    }

    void stepsAreExactlyThoseAskedFor()
    {
        for (const ScheduleInfo& schedule : schedules()) {
            for (int steps = 1; steps <= 1000; steps += steps < 130 ? 1 : 29) {
                const NoiseLevels levels = noiseLevels(schedule.id, SchedulerConfig{}, steps);
                QCOMPARE(levels.steps(), steps);
                QCOMPARE(static_cast<int>(levels.sigmas.size()), steps + 1);
                QVERIFY2(std::ranges::is_sorted(levels.sigmas, std::greater()), schedule.id.data());
                QVERIFY(levels.timesteps.back() >= 0.0);
            }
        }
    }

    void timestepsAndLevelsAreInverse()
    {
        const TrainingSchedule training(SchedulerConfig{});
        for (double timestep = 0.0; timestep <= 999.0; timestep += 0.37)
            QVERIFY(std::abs(training.timestepOf(training.sigmaAt(timestep)) - timestep) < 1e-6);
        QCOMPARE(training.timestepOf(1e9), 999.0);
        QCOMPARE(training.timestepOf(0.0), 0.0);
        QCOMPARE(training.sigmaAt(-5.0), training.sigmaMin());
        QCOMPARE(training.sigmaAt(5000.0), training.sigmaMax());
    }

    void theNetworkIsToldTheSchedulesOwnTimesteps()
    {
        const SchedulerConfig config;
        const TrainingSchedule training(config);
        const NoiseLevels levels = noiseLevels("linspace", config, 25);
        for (std::size_t i = 0; i < levels.timesteps.size(); ++i)
            QCOMPARE(timestepFor(levels, training, levels.sigmas[i]), levels.timesteps[i]);
        QCOMPARE(timestepFor(levels, training, 1.0), training.timestepOf(1.0));
    }

    void a1111StrengthStartsWhereA1111Starts_data()
    {
        QTest::addColumn<int>("steps");
        QTest::addColumn<double>("strength");
        QTest::addColumn<double>("uniform");
        QTest::addColumn<int>("uniformTimestep");
        QTest::addColumn<double>("karras");
        QTest::addColumn<int>("karrasTimestep");
        QTest::addColumn<double>("exponential");
        QTest::addColumn<int>("exponentialTimestep");
        QTest::newRow("20 at .70") << 20 << .70 << 3.3747 << 703 << 3.8213 << 733 << 2.3164 << 604;
        QTest::newRow("30 at .70") << 30 << .70 << 3.4241 << 707 << 3.8908 << 738 << 2.3691 << 610;
        QTest::newRow("20 at .50") << 20 << .50 << 1.5482 << 487 << 1.1817 << 405 << .6029 << 213;
        QTest::newRow("10 at .40") << 10 << .40 << 1.0712 << 375 << .5895 << 207 << .3002 << 81;
        QTest::newRow("20 at .35") << 20 << .35 << .9512 << 339 << .4653 << 154 << .2404 << 56;
        QTest::newRow("25 at .35") << 25 << .35 << .9627 << 343 << .4766 << 159 << .2458 << 58;
        QTest::newRow("30 at .35") << 30 << .35 << .9704 << 345 << .4843 << 162 << .2495 << 60;
        QTest::newRow("25 at .30") << 25 << .30 << .8109 << 292 << .3374 << 97 << .1799 << 33;
        QTest::newRow("30 at .30") << 30 << .30 << .8116 << 293 << .3380 << 97 << .1802 << 33;
    }

    void a1111StrengthStartsWhereA1111Starts()
    {
        QFETCH(int, steps);
        QFETCH(double, strength);
        for (const char* id : {"uniform", "karras", "exponential"}) {
            const NoiseLevels levels
                = partialLevels(id, SchedulerConfig{}, steps, strength, StrengthMeaning::A1111);
            QCOMPARE(levels.steps(), steps);
            const QByteArray timestep = QByteArray(id) + "Timestep";
            const double sigma = *static_cast<double*>(QTest::qData(id, qMetaTypeId<double>()));
            const int start = *static_cast<int*>(QTest::qData(timestep, qMetaTypeId<int>()));
            QVERIFY2(std::abs(levels.sigmas.front() - sigma) < 1e-3, id);
            QCOMPARE(static_cast<int>(std::lround(levels.timesteps.front())), start);
            QCOMPARE(levels.initialScale, levels.sigmas.front());
        }
    }

    void diffusersStrengthRunsPartOfTheSteps_data()
    {
        QTest::addColumn<int>("steps");
        QTest::addColumn<double>("strength");
        QTest::addColumn<int>("run");
        QTest::addColumn<int>("timestep");
        QTest::addColumn<double>("sigma");
        QTest::newRow("25 at .35") << 25 << .35 << 8 << 281 << .779;
        QTest::newRow("30 at .35") << 30 << .35 << 10 << 298 << .827;
        QTest::newRow("50 at .35") << 50 << .35 << 17 << 321 << .895;
        QTest::newRow("30 at .30") << 30 << .30 << 9 << 265 << .735;
        QTest::newRow("25 at .30") << 25 << .30 << 7 << 241 << .673;
    }

    void diffusersStrengthRunsPartOfTheSteps()
    {
        QFETCH(int, steps);
        QFETCH(double, strength);
        QFETCH(int, run);
        QFETCH(int, timestep);
        QFETCH(double, sigma);
        const auto levels
            = partialLevels("model", SchedulerConfig{}, steps, strength, StrengthMeaning::Diffusers);
        QCOMPARE(levels.steps(), run);
        QCOMPARE(levels.timesteps.front(), static_cast<double>(timestep));
        QVERIFY(std::abs(levels.sigmas.front() - sigma) < 1e-3);
        QCOMPARE(levels.initialScale, levels.sigmas.front());
    }

    void aNoiseLevelIsStartedFromExactlyAndAllStepsRun()
    {
        for (const ScheduleInfo& schedule : schedules()) {
            for (const double level : {0.05, 0.96, 14.0}) {
                const auto levels
                    = partialLevels(schedule.id, SchedulerConfig{}, 25, level, StrengthMeaning::Sigma);
                QVERIFY2(levels.steps() == 25, schedule.id.data());
                QVERIFY2(std::abs(levels.sigmas.front() - level) < 1e-9, schedule.id.data());
                QVERIFY2(std::ranges::adjacent_find(levels.sigmas, std::less_equal()) == levels.sigmas.end(),
                    schedule.id.data());
                QCOMPARE(levels.initialScale, levels.sigmas.front());
            }
            const auto above = partialLevels(schedule.id, SchedulerConfig{}, 5, 99.0, StrengthMeaning::Sigma);
            QVERIFY(std::abs(above.sigmas.front() - TrainingSchedule(SchedulerConfig{}).sigmaMax()) < 1e-9);
        }
    }

    void theEndsOfTheStrengthScale()
    {
        for (const ScheduleInfo& schedule : schedules()) {
            for (const auto meaning :
                {StrengthMeaning::Diffusers, StrengthMeaning::A1111, StrengthMeaning::Sigma}) {
                const auto none = partialLevels(schedule.id, SchedulerConfig{}, 25, 0.0, meaning);
                QCOMPARE(none.steps(), 0);
                QCOMPARE(none.sigmas.size(), std::size_t{1});
                QCOMPARE(none.initialScale, 0.0);
                QCOMPARE(partialLevels(schedule.id, SchedulerConfig{}, 1, 1.0, meaning).steps(), 1);
            }
            const auto all
                = partialLevels(schedule.id, SchedulerConfig{}, 25, 1.0, StrengthMeaning::Diffusers);
            QCOMPARE(all.sigmas, noiseLevels(schedule.id, SchedulerConfig{}, 25).sigmas);
        }
        // One step at a small strength rounds to none in diffusers, and runs in A1111.
        QCOMPARE(partialLevels("model", SchedulerConfig{}, 1, 0.35, StrengthMeaning::Diffusers).steps(), 0);
        QCOMPARE(partialLevels("uniform", SchedulerConfig{}, 1, 0.35, StrengthMeaning::A1111).steps(), 1);
        const auto full = partialLevels("uniform", SchedulerConfig{}, 25, 1.0, StrengthMeaning::A1111);
        QVERIFY(std::abs(full.sigmas.front() - 14.6146) < 1e-4);
    }

    void badInputIsRefusedWithASentence()
    {
        const SchedulerConfig config;
        QVERIFY_EXCEPTION_THROWN(noiseLevels("nonsense", config, 20), Error);
        QVERIFY_EXCEPTION_THROWN(noiseLevels("model", config, 0), Error);
        QVERIFY_EXCEPTION_THROWN(noiseLevels("model", config, 1000000), Error);
        QVERIFY_EXCEPTION_THROWN(partialLevels("model", config, 20, 1.5, StrengthMeaning::Diffusers), Error);
        QVERIFY_EXCEPTION_THROWN(partialLevels("model", config, 20, -0.1, StrengthMeaning::A1111), Error);
        QVERIFY_EXCEPTION_THROWN(
            partialLevels("model", config, 20, std::nan(""), StrengthMeaning::Sigma), Error);
        QVERIFY_EXCEPTION_THROWN(
            partialLevels("uniform", config, 1000, 0.001, StrengthMeaning::A1111), Error);
        SchedulerConfig flat;
        flat.betaStart = flat.betaEnd = 0.0;
        QVERIFY_EXCEPTION_THROWN(noiseLevels("model", flat, 20), Error);
        try {
            scheduleById("nonsense");
        } catch (const Error& error) {
            QVERIFY(QByteArray(error.what()).contains("karras"));
        }
    }
};

QTEST_GUILESS_MAIN(TestSchedules)
#include "tst_schedules.moc"
