#include "core/weights/format/model_files.h"

#include "tests/core/weights/checkpoint_folder.h"
#include "tests/core/weights/format/raw_file.h"
#include "tests/core/weights/format/refusal.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace studio;
using namespace studio::testing;
namespace fs = std::filesystem;

class TestModelFolder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void foldersThatAreNotWholeAreRefused()
    {
        const fs::path path = m_folder.write("tiny_base", "broken", {.shards = 2});
        const auto restore = [&] { m_folder.write("tiny_base", "broken", {.shards = 2}); };
        const fs::path index = path / "unet" / "diffusion_pytorch_model.safetensors.index.json";

        writeFile(index, R"({"weight_map":{"conv_in.weight":"../../base.safetensors"}})");
        QVERIFY(says(openRefusal(path, ErrorKind::FileCorrupt), "plain file names"));
        writeFile(index, R"({"weight_map":{"conv_in.weight":"/etc/hostname"}})");
        QVERIFY(says(openRefusal(path, ErrorKind::FileCorrupt), "plain file names"));
        writeFile(
            index, R"({"weight_map":{"no.such.key":"diffusion_pytorch_model-00001-of-00002.safetensors"}})");
        QVERIFY(says(openRefusal(path, ErrorKind::FileCorrupt), "should hold \"no.such.key\" and does not"));
        writeFile(index, "{\"weight_map\":");
        QVERIFY(says(openRefusal(path, ErrorKind::FileCorrupt), "is not a JSON object"));
        writeFile(index, QByteArray(100'000, '[') + QByteArray(100'000, ']'));
        QVERIFY(says(openRefusal(path, ErrorKind::FileCorrupt), "nested too deeply"));
        writeFile(index, QByteArray(17 << 20, ' '));
        QVERIFY(says(openRefusal(path, ErrorKind::FileCorrupt), "too large"));
        restore();
        fs::remove(path / "unet" / "diffusion_pytorch_model-00002-of-00002.safetensors");
        QVERIFY(says(openRefusal(path, ErrorKind::FileMissing), "00002-of-00002.safetensors"));
        restore();
        fs::rename(path / "vae" / "diffusion_pytorch_model.safetensors",
            path / "vae" / "diffusion_pytorch_model.bin");
        QVERIFY(says(openRefusal(path, ErrorKind::UnsupportedModel), "is a PyTorch pickle"));
        restore();
        fs::remove(path / "text_encoder_2" / "model.safetensors");
        QVERIFY(says(openRefusal(path, ErrorKind::FileMissing), "text_encoder_2/model.safetensors"));
        restore();
        fs::remove(path / "unet" / "config.json");
        QVERIFY(says(openRefusal(path, ErrorKind::FileMissing), "unet/config.json"));
        fs::remove(path / "model_index.json");
        QVERIFY(says(openRefusal(path, ErrorKind::UnsupportedModel), "without model_index.json"));
    }

    void wrongFilesAreRefusedWithWhatTheyAre()
    {
        const fs::path root = m_folder.root();
        QVERIFY(says(openRefusal(root / "nothing.safetensors", ErrorKind::FileMissing), "There is no file"));
        const fs::path pickle = writeFile(root / "model.ckpt", QByteArray("PK\x03\x04 archive/data.pkl"));
        QVERIFY(says(openRefusal(pickle, ErrorKind::UnsupportedModel), "can run any code"));
        const fs::path page = writeFile(root / "page.safetensors", "<!DOCTYPE html>");
        QVERIFY(says(openRefusal(page, ErrorKind::UnsupportedModel), "is a web page"));
        const fs::path empty = writeFile(root / "empty.safetensors", {});
        QVERIFY(says(openRefusal(empty, ErrorKind::FileCorrupt), "only 0 bytes"));
        const fs::path picture = writeFile(root / "picture.png", "\x89PNG\r\n\x1a\n");
        QVERIFY(says(openRefusal(picture, ErrorKind::UnsupportedModel),
            "is a picture; what is needed is an SDXL base"));
        QVERIFY(says(
            openRefusal(m_folder.write("tiny_base", "base") / "vae" / "diffusion_pytorch_model.safetensors",
                ErrorKind::UnsupportedModel),
            "is a VAE of SDXL's shape; what is needed"));
        writeFile(root / "flux" / "model_index.json", R"({"_class_name":"FluxPipeline"})");
        QVERIFY(says(openRefusal(root / "flux", ErrorKind::UnsupportedModel), "flux is a Flux model"));
    }

    void aModelsDefaultsAreRead()
    {
        const fs::path path = m_folder.write("tiny_base", "wishes");
        const fs::path file = path / "hires_studio.json";
        QVERIFY(ModelFiles::open(path).defaults == ModelDefaults());
        writeFile(file, R"({"name":"Small","standard":[320,320],"simple_base":[256,256],"simple_scale":1.5,
            "hires_base":[256,256],"hires_target":[512,512],"refiner":"../small_refiner",
            "latent_to_rgb":[[1,2,3],[4,5,6],[7,8,9],[0.1,0.2,0.3]],"latent_to_rgb_bias":[0.4,0.5,0.6],
            "example_prompts":["a boat"]})");
        const ModelDefaults defaults = ModelFiles::open(path).defaults;
        QCOMPARE(defaults.name, std::string("Small"));
        QVERIFY(defaults.standard == (Extent{320, 320}));
        QVERIFY(defaults.hiresTarget == (Extent{512, 512}));
        QCOMPARE(fs::path(defaults.refiner), m_folder.root() / "small_refiner");
        QCOMPARE(defaults.latentToRgb.value()[3][2], 0.3);
        QCOMPARE(defaults.latentToRgbBias[1], 0.5);
        QCOMPARE(defaults.examplePrompts, (std::vector<std::string>{"a boat"}));
        writeFile(file, R"({"refiner":"refiner"})");
        QCOMPARE(fs::path(ModelFiles::open(path).defaults.refiner), path / "refiner");
        for (const char* outside : {"../../x", "/etc", "..", "../x/../../y", "../../wishes_not"}) {
            writeFile(file, QByteArray("{\"refiner\":\"") + outside + "\"}");
            QVERIFY2(says(openRefusal(path, ErrorKind::FileCorrupt),
                         "\"refiner\" of wishes/hires_studio.json must be"),
                outside);
        }
        for (const char* wrong : {R"({"standard":[320]})", R"({"standard":[321,320]})",
                 R"({"standard":[1e9,8]})", R"({"simple_scale":0})", R"({"simple_scale":"2"})",
                 R"({"latent_to_rgb":[[1,2,3]]})", R"({"name":7})"}) {
            writeFile(file, wrong);
            QVERIFY2(says(openRefusal(path, ErrorKind::FileCorrupt), "of wishes/hires_studio.json must be"),
                wrong);
        }
    }

    void numbersThatShareOutNoLayerAreRefused_data()
    {
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("field");
        QTest::newRow("heads of the UNet") << QStringLiteral("unet") << QStringLiteral("attention_head_dim");
        QTest::newRow("groups of the UNet") << QStringLiteral("unet") << QStringLiteral("norm_num_groups");
        QTest::newRow("groups of the VAE") << QStringLiteral("vae") << QStringLiteral("norm_num_groups");
        QTest::newRow("heads of a text encoder")
            << QStringLiteral("text_encoder") << QStringLiteral("num_attention_heads");
    }
    void numbersThatShareOutNoLayerAreRefused()
    {
        QFETCH(QString, part);
        QFETCH(QString, field);
        const fs::path path = m_folder.write("tiny_base", "shares");
        QFile file(path / part.toStdString() / "config.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QJsonObject config = QJsonDocument::fromJson(file.readAll()).object();
        file.close();
        QVERIFY(config.contains(field));
        config[field] = 7;
        writeFile(path / part.toStdString() / "config.json", QJsonDocument(config).toJson());
        const auto sentence = openRefusal(path, ErrorKind::FileCorrupt);
        QVERIFY(says(sentence, "channels evenly"));
        QVERIFY(says(sentence, field.toUtf8().constData()));
    }

    void theTokenizersOfAFolderAreFound()
    {
        const fs::path path = m_folder.write("tiny_base", "tokens");
        QVERIFY(!ModelFiles::open(path).tokenizer);
        for (const char* name : {"tokenizer", "tokenizer_2"}) {
            writeFile(path / name / "vocab.json", "{}");
            writeFile(path / name / "merges.txt", "#version: 0.2\n");
        }
        const ModelFiles model = ModelFiles::open(path / "");
        QCOMPARE(model.path, path);
        QCOMPARE(model.tokenizer.value().vocabulary, path / "tokenizer" / "vocab.json");
        QCOMPARE(model.tokenizer2.value().merges, path / "tokenizer_2" / "merges.txt");
    }

private:
    CheckpointFolder m_folder;
};

QTEST_GUILESS_MAIN(TestModelFolder)
#include "tst_model_folder.moc"
