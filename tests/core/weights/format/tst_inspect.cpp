#include "core/api/inspection.h"

#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "core/weights/format/safetensors.h"
#include "tests/core/weights/checkpoint_folder.h"
#include "tests/core/weights/format/raw_file.h"

#include <QtTest>

using namespace studio;
using namespace studio::testing;
namespace fs = std::filesystem;

namespace {

Inspection inspected(const fs::path& path)
{
    const Outcome<Inspection> outcome = inspect(path);
    if (const Failure* failure = failureOf(outcome))
        qFatal("%s", failure->detail.c_str());
    return std::get<Inspection>(outcome);
}

std::string fact(const Inspection& inspection, std::string_view name)
{
    for (const auto& [known, value] : inspection.facts)
        if (known == name)
            return value;
    return "none";
}

std::string failure(const fs::path& path)
{
    const Outcome<Inspection> outcome = inspect(path);
    return failureOf(outcome) ? failureOf(outcome)->detail : "no failure";
}

} // namespace

class TestInspect : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSingleFileCheckpointIsDescribed()
    {
        const fs::path path
            = m_folder.write("tiny_base_v", "v.safetensors", {.form = CheckpointForm::SingleFile});
        const Inspection found = inspected(path);
        QVERIFY(found.kind == FileKind::SdxlBase);
        QCOMPARE(found.title, std::string("SDXL base checkpoint (single file, fp16)"));
        QCOMPARE(found.bytes, static_cast<std::int64_t>(fs::file_size(path)));
        QCOMPARE(fact(found, "Prediction"), std::string("v-prediction, zero terminal SNR"));
        QCOMPARE(fact(found, "Text encoders"),
            std::string("CLIP ViT-L (3 layers of 64 channels), OpenCLIP bigG (3 layers of 128 channels)"));
        QCOMPARE(fact(found, "VAE"), std::string("included (fp16)"));
    }

    void aFolderIsDescribed()
    {
        const Inspection found = inspected(m_folder.write("tiny_refiner", "refiner") / "");
        QVERIFY(found.kind == FileKind::SdxlRefiner);
        QCOMPARE(found.title, std::string("SDXL refiner checkpoint (diffusers folder, fp16)"));
        QCOMPARE(fact(found, "Text encoders"), std::string("OpenCLIP bigG (3 layers of 128 channels)"));
        QCOMPARE(fact(found, "Tokenizer"), std::string("CLIP's standard vocabulary"));
        QCOMPARE(fact(found, "Prediction"), std::string("epsilon"));
        std::int64_t values = 0;
        for (const SpecTensor& tensor : CheckpointFolder::spec("tiny_refiner").tensors)
            values += tensor.values();
        QCOMPARE(
            fact(found, "Parameters"), QLocale(QLocale::English).toString(qlonglong(values)).toStdString());
    }

    void aLoraIsDescribedWithItsTrainersNotes()
    {
        const fs::path path = m_folder.root() / "lora.safetensors";
        SafetensorsWriter(path,
            {{"lora_unet_x_attn2_to_k.lora_down.weight", StoredType::BF16, {16, 2048}},
                {"lora_unet_x_attn2_to_k.lora_up.weight", StoredType::BF16, {640, 16}}},
            {{"ss_output_name", "lines\nand more"}, {"ss_tag_frequency", std::string(100'000, 'x')},
                {"modelspec.thumbnail", "data:image/jpeg;base64,AAAA"}, {"modelspec.title", "Lines"}})
            .finish();
        const Inspection found = inspected(path);
        QVERIFY(found.kind == FileKind::Lora);
        QCOMPARE(found.title, std::string("LoRA (kohya's form, bf16)"));
        QCOMPARE(fact(found, "Made for"), std::string("SDXL"));
        QCOMPARE(fact(found, "Rank"), std::string("16"));
        QCOMPARE(fact(found, "Parameters"), std::string("43,008"));
        QCOMPARE(fact(found, "modelspec.title"), std::string("Lines"));
        QCOMPARE(fact(found, "ss_output_name"), std::string("lines and more"));
        QVERIFY(fact(found, "ss_tag_frequency").size() < 400);
        QCOMPARE(fact(found, "modelspec.thumbnail"), std::string("none"));
    }

    void aPickleIsDescribedAndNotRead()
    {
        const Inspection found = inspected(writeFile(m_folder.root() / "model.ckpt", "PK\x03\x04 data.pkl"));
        QVERIFY(found.kind == FileKind::Pickle);
        QVERIFY(fact(found, "Not read").find("run any code") != std::string::npos);
        QVERIFY(found.bytes > 0);
    }

    void aPicturesRecipeIsRead()
    {
        Request request;
        request.prompt = "a lighthouse";
        const fs::path path = m_folder.root() / "picture.png";
        const auto write = [&](const PictureMetadata& metadata) {
            const Picture8 picture{{8, 8}, std::vector<std::uint8_t>(192, 7)};
            const Outcome<std::string> bytes = encodePicture(picture, metadata);
            writeFile(path, QByteArray::fromStdString(std::get<std::string>(bytes)));
        };
        write({.parameters = "a boat\nSteps: 20, Sampler: Euler, Size: 512x512",
            .requestJson = toJson(request)});
        const Inspection own = inspected(path);
        QVERIFY(own.kind == FileKind::Picture);
        QCOMPARE(own.title, std::string("Picture (with its recipe)"));
        QCOMPARE(own.request.value().prompt, std::string("a lighthouse"));
        QVERIFY(own.infotext.starts_with("a boat"));
        write({.parameters = "a boat\nSteps: 20, Sampler: Euler, Size: 512x512"});
        QCOMPARE(inspected(path).request.value().prompt, std::string("a boat"));
        write({.requestJson = "{\"version\":"});
        QVERIFY(!inspected(path).request);
        QVERIFY(fact(inspected(path), "Recipe not read") != "none");
        write({});
        QCOMPARE(inspected(path).title, std::string("Picture (without a recipe)"));
    }

    void anUpscalerOfAnotherDesignIsUnfit()
    {
        const Inspection esrgan
            = inspected(fs::path(STUDIO_SOURCE_DIR) / "tests/oracle/upscale/present_x4.safetensors");
        QVERIFY(esrgan.kind == FileKind::Upscaler);
        QCOMPARE(fact(esrgan, "Enlarges"), std::string("4 times"));
        QVERIFY(esrgan.unfit.empty());

        const fs::path other = m_folder.root() / "compact.safetensors";
        SafetensorsWriter writer(other,
            {{"body.0.weight", StoredType::F32, {64, 3, 3, 3}}, {"body.1.weight", StoredType::F32, {64}}});
        writer.finish();
        const Inspection compact = inspected(other);
        QVERIFY(compact.kind == FileKind::Upscaler);
        QVERIFY(compact.unfit.find("compact.safetensors") != std::string::npos);
        QCOMPARE(fact(compact, "Cannot be used"), compact.unfit);
    }

    void whatIsBrokenIsAFailureWithOneSentence()
    {
        const fs::path root = m_folder.root();
        QCOMPARE(failure(root / "none"), "There is no file " + (root / "none").string() + ".");
        QVERIFY(failure(writeFile(root / "page.safetensors", "<html>")).find("is a web page")
            != std::string::npos);
        QVERIFY(failure(writeFile(root / "text.txt", "Some words, and then some."))
                    .find("text.txt is nothing that is read here")
            != std::string::npos);
        QVERIFY(failure(writeFile(root / "text.safetensors", "Some words, and then some."))
                    .find("text.safetensors is not a sound .safetensors file")
            != std::string::npos);
        fs::create_directory(root / "empty");
        QVERIFY(failure(root / "empty").find("without model_index.json") != std::string::npos);
        QVERIFY(failure(writeFile(root / "cut.png", "\x89PNG\r\n\x1a\n")) != "no failure");
        QVERIFY(failure("/dev/zero").find("not a regular file") != std::string::npos);
    }

private:
    CheckpointFolder m_folder;
};

QTEST_GUILESS_MAIN(TestInspect)
#include "tst_inspect.moc"
