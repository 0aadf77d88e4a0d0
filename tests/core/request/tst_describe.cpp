#include "core/api/plan.h"

#include <QtTest>

using namespace studio;

class TestDescribe : public QObject {
    Q_OBJECT

private:
    static Plan hiresPlan()
    {
        Plan plan;
        plan.request.prompt = "a lighthouse\nat night";
        plan.request.mode = Mode::Hires;
        plan.request.seed = 42;
        plan.device = "cpu";
        plan.precision = "float32";
        const std::string base = "/models/sd_xl_base_1.0.safetensors";
        plan.stages.resize(6);
        plan.stages[0] = {.kind = StageKind::EncodeText, .role = ModelRole::Base, .model = base};
        plan.stages[1]
            = {.kind = StageKind::Denoise, .role = ModelRole::Base, .model = base, .size = {768, 768}};
        plan.stages[1].text = 0;
        plan.stages[1].steps = 30;
        plan.stages[1].sigmas = {12.94, 0.0};
        plan.stages[1].timesteps = {957.0};
        plan.stages[1].guidance = 7.5;
        plan.stages[1].sampler = "euler";
        plan.stages[1].schedule = "leading";
        plan.stages[1].predictedSeconds = 72.0;
        plan.stages[1].predictedPeakBytes = 6'100'000'000;
        plan.stages[2]
            = {.kind = StageKind::Decode, .role = ModelRole::Base, .model = base, .size = {768, 768}};
        plan.stages[2].input = 1;
        plan.stages[2].layer = LayerKind::FirstPass;
        plan.stages[2].predictedSeconds = 3.21;
        plan.stages[3] = {.kind = StageKind::Upscale, .size = {1536, 1536}};
        plan.stages[3].input = 2;
        plan.stages[3].upscaler = "lanczos";
        plan.stages[4]
            = {.kind = StageKind::EncodeImage, .role = ModelRole::Base, .model = base, .size = {1536, 1536}};
        plan.stages[5] = plan.stages[1];
        plan.stages[5].size = {1536, 1536};
        plan.stages[5].rung = 0;
        plan.stages[5].steps = 8;
        plan.stages[5].sigmas = {0.7794, 0.0};
        plan.stages[5].timesteps = {281.0};
        plan.stages[5].layer = LayerKind::Hires;
        return plan;
    }

private Q_SLOTS:
    void aPlanReadsAsATable()
    {
        Plan plan = hiresPlan();
        plan.predictedSeconds = 150.0;
        plan.predictedPeakBytes = 6'100'000'000;
        plan.unused = {"Width and height do not apply."};
        plan.notes = {"The base runs the second pass."};
        const QStringList lines = QString::fromStdString(describe(plan)).split(QLatin1Char('\n'));
        QCOMPARE(lines[0], QStringLiteral("Mode hires, seed 42, cpu, float32"));
        QCOMPARE(lines[1], QStringLiteral("Prompt: a lighthouse at night"));
        QVERIFY(lines[3].contains(
            QStringLiteral("30 steps, starts at σ 12.94 (t 957), euler, leading, guidance 7.5")));
        QVERIFY(lines[3].endsWith(QStringLiteral("72 s  6.1 GB")));
        QVERIFY(lines[4].contains(QStringLiteral("gives first_pass")));
        QVERIFY(lines[5].contains(QStringLiteral("768 × 768 → 1536 × 1536  lanczos")));
        QVERIFY(lines[7].contains(QStringLiteral("8 of 25 steps, starts at σ 0.78 (t 281)")));
        QVERIFY(lines[7].contains(QStringLiteral("; gives hires")));
        QCOMPARE(lines[8], QStringLiteral("Predicted: 2 min 30 s, at most 6.1 GB."));
        QCOMPARE(lines[9], QStringLiteral("Not used in this mode:"));
        QCOMPARE(lines[10], QStringLiteral("  Width and height do not apply."));
        QCOMPARE(lines[11], QStringLiteral("Notes:"));
        QCOMPARE(lines.size(), 14);
        QVERIFY(lines.last().isEmpty());
    }

    void columnsStandUnderEachOther()
    {
        const QStringList lines = QString::fromStdString(describe(hiresPlan())).split(QLatin1Char('\n'));
        const qsizetype column = lines[3].indexOf(QStringLiteral("base sd_xl_base_1.0"));
        QVERIFY(column > 0);
        for (const int line : {2, 4, 6, 7})
            QCOMPARE(lines[line].indexOf(QStringLiteral("base sd_xl_base_1.0")), column);
        QCOMPARE(
            lines[4].indexOf(QStringLiteral("768 × 768")), lines[3].indexOf(QStringLiteral("768 × 768")));
    }

    void whatIsNotKnownIsSaid()
    {
        const std::string words = describe(hiresPlan());
        QVERIFY(words.find("time and memory are not known") != std::string::npos);
        QVERIFY(words.find("Warnings") == std::string::npos);
    }

    void longPromptsAreCutBetweenCharacters()
    {
        Plan plan;
        for (int i = 0; i < 200; ++i)
            plan.request.prompt += "\u706f";
        const QString words = QString::fromStdString(describe(plan));
        QVERIFY(words.contains(QString(100, QChar(0x706f)) + QStringLiteral("...\n")));
        QVERIFY(words.startsWith(QStringLiteral("Mode standard, seed random\n")));
    }
};

QTEST_GUILESS_MAIN(TestDescribe)
#include "tst_describe.moc"
