#include "core/base/error.h"
#include "core/weights/format/safetensors.h"
#include "core/weights/format/upscaler_file.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace studio;

namespace {

const std::filesystem::path kFolder = std::string(STUDIO_SOURCE_DIR) + "/tests/oracle/upscale";

Failure refusal(const std::filesystem::path& path)
{
    try {
        UpscalerFile::open(path);
    } catch (const Error& error) {
        return {error.kind(), error.what()};
    }
    return {ErrorKind::Internal, "nothing was refused"};
}

bool says(const Failure& failure, const std::string& words)
{
    return failure.detail.find(words) != std::string::npos;
}

/// A file of small convolutions under the given names.
void writeConvolutions(const std::filesystem::path& path, const std::vector<std::string>& names,
    const std::vector<std::int64_t>& shape = {1, 3, 3, 3})
{
    std::vector<SafetensorsWriter::Tensor> tensors;
    for (const std::string& name : names)
        tensors.push_back({name, StoredType::F32, shape});
    SafetensorsWriter writer(path, tensors);
    writer.finish();
}

} // namespace

Q_DECLARE_METATYPE(std::string)
Q_DECLARE_METATYPE(studio::RrdbConfig)

class TestUpscalerFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keysOfEveryGenerationBecomeRealEsrgans_data()
    {
        QTest::addColumn<std::string>("key");
        QTest::addColumn<int>("blocks");
        QTest::addColumn<int>("upsamplings");
        QTest::addColumn<std::string>("modern");
        const auto row = [](const char* key, int blocks, int upsamplings, const char* modern) {
            QTest::addRow("%s of %d, %d", key, blocks, upsamplings)
                << std::string(key) << blocks << upsamplings << std::string(modern);
        };
        row("model.0.weight", 23, 2, "conv_first.weight");
        row("model.1.sub.0.RDB1.conv1.0.weight", 23, 2, "body.0.rdb1.conv1.weight");
        row("model.1.sub.22.RDB3.conv5.0.bias", 23, 2, "body.22.rdb3.conv5.bias");
        row("model.1.sub.23.bias", 23, 2, "conv_body.bias");
        row("model.1.sub.16.weight", 16, 2, "conv_body.weight");
        row("model.3.weight", 23, 2, "conv_up1.weight");
        row("model.6.bias", 23, 2, "conv_up2.bias");
        row("model.9.weight", 23, 3, "conv_up3.weight");
        row("model.8.weight", 23, 2, "conv_hr.weight");
        row("model.10.weight", 23, 2, "conv_last.weight");
        row("model.5.weight", 23, 1, "conv_hr.weight");
        row("model.7.bias", 23, 1, "conv_last.bias");
        row("model.2.weight", 23, 0, "conv_hr.weight");
        row("model.4.weight", 23, 0, "conv_last.weight");
        row("RRDB_trunk.4.RDB2.conv3.weight", 0, 0, "body.4.rdb2.conv3.weight");
        row("trunk_conv.bias", 0, 0, "conv_body.bias");
        row("upconv1.weight", 0, 0, "conv_up1.weight");
        row("upconv2.bias", 0, 0, "conv_up2.bias");
        row("HRconv.weight", 0, 0, "conv_hr.weight");
        row("conv_last.weight", 0, 0, "conv_last.weight");
        row("body.7.rdb3.conv4.bias", 0, 0, "body.7.rdb3.conv4.bias");
        row("params_ema.conv_first.weight", 0, 0, "conv_first.weight");
        row("params.body.0.rdb1.conv1.weight", 0, 0, "body.0.rdb1.conv1.weight");
        row("module.RRDB_trunk.0.RDB1.conv1.weight", 0, 0, "body.0.rdb1.conv1.weight");
        // What is no ESRGAN key stays what it is, so that loading can name it.
        row("model.1.sub.0.RDB1.conv1x1.weight", 23, 2, "model.1.sub.0.RDB1.conv1x1.weight");
        row("model.1.sub.nine.weight", 23, 2, "model.1.sub.nine.weight");
        row("model.11.weight", 23, 2, "model.11.weight");
        row("layers.0.residual_group.blocks.0.norm1.weight", 0, 0,
            "layers.0.residual_group.blocks.0.norm1.weight");
        row("", 0, 0, "");
    }
    void keysOfEveryGenerationBecomeRealEsrgans()
    {
        QFETCH(std::string, key);
        QFETCH(int, blocks);
        QFETCH(int, upsamplings);
        QFETCH(std::string, modern);
        QCOMPARE(modernUpscalerKey(key, blocks, upsamplings), modern);
    }

    void shapesAreReadOffTheKeys_data()
    {
        QTest::addColumn<std::string>("file");
        QTest::addColumn<RrdbConfig>("config");
        QTest::addColumn<int>("scale");
        const auto row = [](const char* file, std::int64_t upsamplings, std::int64_t unshuffle, int scale) {
            QTest::addRow("%s", file)
                << std::string(file) << RrdbConfig{6, 3, 2, upsamplings, unshuffle} << scale;
        };
        row("first_x4", 2, 1, 4);
        row("first_x1", 0, 1, 1);
        row("second_x4", 2, 1, 4);
        row("present_x4", 2, 1, 4);
        row("present_x2", 1, 1, 2);
        row("unshuffled_x2", 2, 2, 2);
        row("unshuffled_x1", 2, 4, 1);
    }
    void shapesAreReadOffTheKeys()
    {
        QFETCH(std::string, file);
        QFETCH(RrdbConfig, config);
        QFETCH(int, scale);
        const UpscalerFile upscaler = UpscalerFile::open(kFolder / (file + ".safetensors"));
        QVERIFY(upscaler.config == config);
        QCOMPARE(upscaler.config.scale(), scale);
        QCOMPARE(upscaler.tensors.count("conv_last.weight"), std::size_t(1));
    }

    void picklesAreRefusedWithTheReason()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString() + "/4x-UltraSharp.pth";
        std::ofstream(path) << "PK\x03\x04 archive/data.pkl";
        const Failure failure = refusal(path);
        QCOMPARE(failure.kind, ErrorKind::UnsupportedModel);
        QVERIFY2(says(failure, "can run any code") && says(failure, ".safetensors"), failure.detail.c_str());
    }

    void networksOfOtherFormsAreRefusedByName()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString() + "/swinir.safetensors";
        writeConvolutions(path, {"conv_first.weight", "layers.0.residual_group.blocks.0.norm1.weight"});
        const Failure failure = refusal(path);
        QCOMPARE(failure.kind, ErrorKind::UnsupportedModel);
        QVERIFY2(says(failure, "swinir.safetensors is an upscaling network of another form"),
            failure.detail.c_str());
    }

    void filesOfOtherKindsAreRefusedWithWhatTheyAre()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString() + "/adapter.safetensors";
        writeConvolutions(path, {"lora_unet_a.lora_down.weight", "lora_unet_a.lora_up.weight"});
        const Failure failure = refusal(path);
        QCOMPARE(failure.kind, ErrorKind::UnsupportedModel);
        QVERIFY2(says(failure, "a LoRA") && says(failure, "ESRGAN"), failure.detail.c_str());
    }

    void layersGivenTwiceAreRefused()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString() + "/twice.safetensors";
        writeConvolutions(path, {"conv_first.weight", "params.conv_first.weight"});
        QCOMPARE(refusal(path).kind, ErrorKind::FileCorrupt);
    }

    void networksOfOtherColoursAreRefused()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString() + "/grey.safetensors";
        writeConvolutions(
            path, {"conv_first.weight", "body.0.rdb1.conv1.weight", "conv_last.weight"}, {1, 1, 3, 3});
        const Failure failure = refusal(path);
        QCOMPARE(failure.kind, ErrorKind::UnsupportedModel);
        QVERIFY2(says(failure, "red, green and blue"), failure.detail.c_str());
    }
};

QTEST_GUILESS_MAIN(TestUpscalerFile)
#include "tst_upscaler_file.moc"
