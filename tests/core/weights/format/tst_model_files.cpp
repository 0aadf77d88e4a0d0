#include "core/weights/format/model_files.h"

#include "core/base/error.h"
#include "core/weights/format/safetensors.h"
#include "tests/core/weights/checkpoint_folder.h"
#include "tests/core/weights/format/refusal.h"

#include <QtTest>

#include <cstring>
#include <functional>

using namespace studio;
using namespace studio::testing;
namespace fs = std::filesystem;

namespace {

constexpr CheckpointOptions kSingle{.form = CheckpointForm::SingleFile, .dtype = StoredType::F16};

/// Copies a single file, with tensors left out or reshaped on the way.
using Change = std::function<bool(SafetensorsWriter::Tensor&)>;
void copyChanged(const fs::path& from, const fs::path& to, const Change& keep,
    const std::map<std::string, std::string, std::less<>>& metadata = {})
{
    const SafetensorsFile file(from);
    std::vector<SafetensorsWriter::Tensor> tensors;
    std::vector<StoredTensor> data;
    for (const SafetensorsEntry& entry : file.header().tensors) {
        SafetensorsWriter::Tensor tensor{entry.name, entry.dtype, entry.shape};
        if (keep(tensor)) {
            tensors.push_back(tensor);
            data.push_back(file.tensor(entry));
        }
    }
    SafetensorsWriter writer(to, tensors, metadata);
    for (std::size_t i = 0; i < data.size(); ++i)
        writer.write(i, 0, data[i].range());
    writer.finish();
}

/// The values in the network's order.
std::vector<std::byte> networkBytes(const StoredTensor& tensor)
{
    if (!tensor.transposed)
        return {tensor.data, tensor.data + tensor.bytes};
    std::vector<std::byte> out;
    const std::size_t size = byteSize(tensor.dtype);
    for (std::int64_t column = 0; column < tensor.shape[1]; ++column)
        for (std::int64_t row = 0; row < tensor.shape[0]; ++row) {
            const std::byte* value
                = tensor.data + static_cast<std::size_t>(row * tensor.shape[1] + column) * size;
            out.insert(out.end(), value, value + size);
        }
    return out;
}

void compareModels(const ModelFiles& a, const ModelFiles& b)
{
    QVERIFY(a.kind == b.kind);
    QVERIFY(a.unet == b.unet);
    QVERIFY(a.textEncoder == b.textEncoder);
    QVERIFY(a.textEncoder2 == b.textEncoder2);
    QVERIFY(a.vae == b.vae);
    QVERIFY(a.scheduler == b.scheduler);
    for (const Component component :
        {Component::Unet, Component::TextEncoder, Component::TextEncoder2, Component::Vae}) {
        QCOMPARE(a.tensors(component).size(), b.tensors(component).size());
        auto other = b.tensors(component).begin();
        for (const auto& [key, tensor] : a.tensors(component)) {
            QCOMPARE(key, other->first);
            QVERIFY2(networkBytes(tensor) == networkBytes(other->second), key.c_str());
            ++other;
        }
    }
}

} // namespace

class TestModelFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_base = m_folder.write("tiny_base", "base.safetensors", kSingle);
        m_baseFolder = m_folder.write("tiny_base", "base");
    }

    void foldersAndSingleFilesHoldTheSame_data()
    {
        QTest::addColumn<QString>("model");
        for (const char* model : {"tiny_base", "tiny_base_odd", "tiny_base_v", "tiny_refiner"})
            QTest::newRow(model) << QString::fromUtf8(model);
    }
    void foldersAndSingleFilesHoldTheSame()
    {
        QFETCH(QString, model);
        const std::string name = model.toStdString();
        const ModelFiles folder = ModelFiles::open(m_folder.write(name, "same/" + name));
        const ModelFiles single
            = ModelFiles::open(m_folder.write(name, "same/" + name + ".safetensors", kSingle));
        compareModels(folder, single);
        QVERIFY(folder.isFolder && !single.isFolder);
        QCOMPARE(folder.pipeline.isRefiner, name == "tiny_refiner");
        QCOMPARE(single.pipeline.isRefiner, name == "tiny_refiner");
        QVERIFY((folder.scheduler.prediction == PredictionType::VPrediction) == (name == "tiny_base_v"));
        QCOMPARE(folder.pipeline.forceZerosForEmptyPrompt, name != "tiny_base_odd" && name != "tiny_refiner");
    }

    void shardsAndVariantsHoldTheSame()
    {
        const ModelFiles plain = ModelFiles::open(m_baseFolder);
        compareModels(plain, ModelFiles::open(m_folder.write("tiny_base", "sharded", {.shards = 3})));
        compareModels(plain, ModelFiles::open(m_folder.write("tiny_base", "fp16", {.variant = "fp16"})));
        compareModels(
            plain, ModelFiles::open(m_folder.write("tiny_base", "both", {.shards = 2, .variant = "fp16"})));
    }

    void thePlainFilesArePreferredToAVariant()
    {
        const fs::path path = m_folder.write("tiny_base", "preferred", {.dtype = StoredType::F32});
        m_folder.write("tiny_base", "preferred", {.variant = "fp16"});
        QVERIFY(ModelFiles::open(path).storedType(Component::Unet) == StoredType::F32);
    }

    void aCheckpointSaysHowItIsStored_data()
    {
        QTest::addColumn<int>("type");
        for (const StoredType type :
            {StoredType::F32, StoredType::F16, StoredType::BF16, StoredType::F8E4M3, StoredType::F8E5M2})
            QTest::newRow(std::string(shortName(type)).c_str()) << static_cast<int>(type);
    }
    void aCheckpointSaysHowItIsStored()
    {
        QFETCH(int, type);
        const auto wanted = static_cast<StoredType>(type);
        const fs::path path = m_folder.write(
            "tiny_base", "typed.safetensors", {.form = CheckpointForm::SingleFile, .dtype = wanted});
        const ModelFiles model = ModelFiles::open(path);
        QVERIFY(model.storedType(Component::Unet) == wanted);
        QVERIFY(model.storedType(Component::Vae) == wanted);
        QCOMPARE(model.storedBytes(Component::Unet),
            std::int64_t(9643844 * static_cast<std::int64_t>(byteSize(wanted))));
    }

    void markersAndNotesTellThePrediction()
    {
        const fs::path path = m_folder.root() / "marked.safetensors";
        const auto all = [](SafetensorsWriter::Tensor&) { return true; };
        const ModelFiles markers = ModelFiles::open(m_folder.write("tiny_base_v", "v.safetensors", kSingle));
        QVERIFY(markers.scheduler.prediction == PredictionType::VPrediction);
        QVERIFY(markers.scheduler.rescaleZeroTerminalSnr);
        QVERIFY(markers.scheduler.spacing == TimestepSpacing::Trailing);
        copyChanged(m_base, path, all, {{"modelspec.prediction_type", "v"}});
        const ModelFiles note = ModelFiles::open(path);
        QVERIFY(note.scheduler.prediction == PredictionType::VPrediction);
        QVERIFY(!note.scheduler.rescaleZeroTerminalSnr);
        QVERIFY(note.scheduler.spacing == TimestepSpacing::Leading);
        copyChanged(m_base, path, all, {{"modelspec.prediction_type", "epsilon"}});
        QVERIFY(ModelFiles::open(path).scheduler == SchedulerConfig());
        copyChanged(m_base, path, [](SafetensorsWriter::Tensor& tensor) {
            if (tensor.name == "denoiser.sigmas")
                tensor.name = "edm_mean";
            return true;
        });
        QVERIFY(says(openRefusal(path, ErrorKind::UnsupportedModel), "EDM's noise levels"));
    }

    void anExternalVaeTakesThePlaceOfTheOwn()
    {
        const ModelFiles other = ModelFiles::open(m_folder.write("tiny_base_odd", "odd"));
        const fs::path folder = m_folder.root() / "odd" / "vae";
        const fs::path diffusersFile = folder / "diffusion_pytorch_model.safetensors";
        const fs::path whole = m_folder.write("tiny_base_odd", "odd.safetensors", kSingle);
        const fs::path ldmFile = m_folder.root() / "vae_prefixed.safetensors";
        const fs::path bareFile = m_folder.root() / "vae_bare.safetensors";
        copyChanged(
            whole, ldmFile, [](auto& tensor) { return tensor.name.starts_with("first_stage_model."); });
        copyChanged(
            ldmFile, bareFile, [](auto& tensor) { return !(tensor.name = tensor.name.substr(18)).empty(); });
        for (const fs::path& vae : {folder, m_folder.root() / "odd", diffusersFile, ldmFile, bareFile}) {
            const ModelFiles model = ModelFiles::open(m_base, vae);
            QVERIFY2(model.vae == other.vae, vae.c_str());
            QCOMPARE(model.vaeTensors.size(), other.vaeTensors.size());
            QVERIFY2(networkBytes(model.vaeTensors.at("decoder.mid_block.attentions.0.to_out.0.weight"))
                    == networkBytes(other.vaeTensors.at("decoder.mid_block.attentions.0.to_out.0.weight")),
                vae.c_str());
        }
        QVERIFY(says(openRefusal(m_base, ErrorKind::UnsupportedModel, m_folder.root() / "odd" / "unet"),
            "unet/config.json asks for a network of type \"UNet2DConditionModel\""));
        QVERIFY(says(openRefusal(m_base, ErrorKind::UnsupportedModel, m_folder.root() / "odd" / "scheduler"),
            "without a VAE"));
        QVERIFY(says(openRefusal(m_base, ErrorKind::UnsupportedModel,
                         m_folder.root() / "odd" / "unet" / "diffusion_pytorch_model.safetensors"),
            "is an SDXL UNet without its text encoders; what is needed is an SDXL VAE"));
    }

    void aCheckpointWithoutAVaeNeedsOne()
    {
        const fs::path path = m_folder.root() / "no_vae.safetensors";
        copyChanged(
            m_base, path, [](auto& tensor) { return !tensor.name.starts_with("first_stage_model."); });
        QVERIFY(says(openRefusal(path, ErrorKind::UnsupportedModel), "has no VAE"));
        QVERIFY(!ModelFiles::open(path, m_base).vaeTensors.empty());
    }

    void missingTensorsAreNamed_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("says");
        QTest::newRow("conv_in") << "model.diffusion_model.out.2.weight"
                                 << "it lacks conv_out.weight";
        QTest::newRow("sizes") << "model.diffusion_model.label_emb.0.2.weight"
                               << "";
        QTest::newRow("words") << "conditioner.embedders.1.model.token_embedding.weight"
                               << "it lacks text_model.embeddings.token_embedding.weight";
        QTest::newRow("projection") << "conditioner.embedders.1.model.text_projection"
                                    << "its text encoder gives 0";
        QTest::newRow("VAE") << "first_stage_model.decoder.conv_in.weight"
                             << "it lacks decoder.conv_in.weight";
    }
    void missingTensorsAreNamed()
    {
        QFETCH(QString, key);
        QFETCH(QString, says);
        const fs::path path = m_folder.root() / "lacking.safetensors";
        copyChanged(m_base, path, [&](auto& tensor) { return tensor.name != key.toStdString(); });
        if (says.isEmpty()) // no part of a network's shape: found when the network is filled
            ModelFiles::open(path);
        else
            QVERIFY(::says(openRefusal(path, ErrorKind::FileCorrupt), says.toStdString()));
    }

    void misshapenTensorsAreNamed_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("says");
        const char* tokens = "conditioner.embedders.1.model.token_embedding.weight";
        QTest::newRow("flat") << tokens << "token_embedding.weight is of shape [6324224]";
        QTest::newRow("projection") << "conditioner.embedders.1.model.text_projection"
                                    << "text_projection\" is of shape [16384]";
        QTest::newRow("UNet") << "model.diffusion_model.input_blocks.0.0.weight"
                              << "conv_in.weight is of shape [2304]";
    }
    void misshapenTensorsAreNamed()
    {
        QFETCH(QString, key);
        QFETCH(QString, says);
        const fs::path path = m_folder.root() / "misshapen.safetensors";
        copyChanged(m_base, path, [&](auto& tensor) {
            if (tensor.name == key.toStdString()) {
                std::int64_t values = 1;
                for (const std::int64_t extent : tensor.shape)
                    values *= extent;
                tensor.shape = {values};
            }
            return true;
        });
        QVERIFY(::says(openRefusal(path, ErrorKind::FileCorrupt), says.toStdString()));
    }

    void aWeightUnderTwoNamesIsRefused()
    {
        const fs::path path = m_folder.root() / "twice.safetensors";
        copyChanged(m_base, path, [](auto& tensor) {
            if (tensor.name == "first_stage_model.encoder.norm_out.bias")
                tensor.name = "first_stage_model.encoder.conv_norm_out.weight";
            return true;
        });
        QVERIFY(says(openRefusal(path, ErrorKind::FileCorrupt), "twice"));
    }

private:
    CheckpointFolder m_folder;
    fs::path m_base;
    fs::path m_baseFolder;
};

QTEST_GUILESS_MAIN(TestModelFiles)
#include "tst_model_files.moc"
