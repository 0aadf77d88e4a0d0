#include "core/weights/format/few_step.h"

#include <QtTest>

using namespace studio;

class TestFewStep : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesTellTheFamilyAndTheSteps_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("family");
        QTest::addColumn<int>("steps");
        const auto row = [](const char* name, const char* family, int steps) {
            QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(family) << steps;
        };
        row("sd_xl_turbo_1.0_fp16.safetensors", "SDXL Turbo", 4);
        row("DreamShaperXL_Turbo_v2_1", "SDXL Turbo", 4);
        row("sdxl_lightning_2step.safetensors", "SDXL Lightning", 2);
        row("juggernautXL_v9Rdphoto2Lightning", "SDXL Lightning", 4);
        row("Hyper-SDXL-8steps-lora", "Hyper-SDXL", 8);
        row("Hyper-SDXL-1step-Unet", "Hyper-SDXL", 1);
        row("Hyper-SDXL-12steps-CFG-lora", "Hyper-SDXL", 12);
        row("lcm-lora-sdxl", "LCM", 4);
        row("dmd2_sdxl_4step_unet_fp16", "DMD2", 4);
        row("tcd-sdxl-lora", "TCD", 4);
    }
    void namesTellTheFamilyAndTheSteps()
    {
        QFETCH(QString, name);
        QFETCH(QString, family);
        QFETCH(int, steps);
        const std::optional<FewStepModel> model = fewStepModel(name.toStdString(), {});
        QVERIFY(model);
        QCOMPARE(QString::fromStdString(model->family), family);
        QCOMPARE(model->steps, steps);
        QVERIFY(model->fewest <= steps && steps <= model->most && model->guidance <= model->mostGuidance);
    }

    void otherNamesTellNothing_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"sd_xl_base_1.0", "hyperrealistic_v3", "HyperRealisticXL", "turbocharged",
                 "album_cover", "lcmix", "overnightlightnings", "step_by_step_2", ""})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void otherNamesTellNothing()
    {
        QFETCH(QString, name);
        QVERIFY(!fewStepModel(name.toStdString(), {}));
    }

    void metadataTellsWhereTheNameDoesNot()
    {
        QCOMPARE(fewStepModel("model", {{"modelspec.title", "My model, Lightning 8-step"}})->steps, 8);
        QCOMPARE(fewStepModel("lcm", {{"modelspec.title", "Lightning"}})->family, std::string("LCM"));
        QVERIFY(!fewStepModel("model", {{"other", "Lightning"}}));
        QVERIFY(fewStepModel(std::filesystem::path("/none/sdxl_lightning_4step/")));
        QVERIFY(!fewStepModel(std::filesystem::path("/none/model.safetensors")));
    }

    void itIsSaidInWords()
    {
        QCOMPARE(describe(*fewStepModel("sdxl_lightning_4step", {})),
            std::string("SDXL Lightning: 4 steps (1 to 8), guidance 1, euler, trailing"));
    }
};

QTEST_GUILESS_MAIN(TestFewStep)
#include "tst_few_step.moc"
