#include "core/api/engine.h"
#include "core/weights/format/safetensors.h"
#include "tests/core/pipeline/small_requests.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <fstream>
#include <limits>
#include <memory>

using namespace studio;
using studio::testing::adapter;
using studio::testing::adapterFolder;
using studio::testing::makeEngine;
using studio::testing::planOf;
using studio::testing::says;
using studio::testing::smallOptions;
using studio::testing::tinyModel;

namespace {

namespace fs = std::filesystem;

Request picture()
{
    Request request;
    request.prompt = "a red fox in the snow";
    request.standard.size = Extent{64, 64};
    request.sampling.steps = 2;
    request.models.base = tinyModel("tiny_base").string();
    return request;
}

/// A file of float32 zeros with these tensors; `values` stand at the beginning of each.
fs::path writeAdapter(const fs::path& path, const std::map<std::string, std::vector<std::int64_t>>& shapes,
    const std::vector<float>& values = {})
{
    std::vector<SafetensorsWriter::Tensor> tensors;
    for (const auto& [name, shape] : shapes)
        tensors.push_back({name, StoredType::F32, shape});
    SafetensorsWriter writer(path, tensors);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        std::size_t count = 1;
        for (const std::int64_t extent : tensors[i].shape)
            count *= std::size_t(extent);
        std::vector<float> zeros(count, 0.0f);
        std::copy_n(values.begin(), std::min(values.size(), count), zeros.begin());
        writer.write(i, 0, std::as_bytes(std::span(zeros)));
    }
    writer.finish();
    return path;
}

} // namespace

class TestAdapterRefusals : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Engine> m_engine;

    fs::path file(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }

    Failure refusal(const Request& request) const
    {
        const Outcome<Plan> plan = m_engine->plan(request);
        const Failure* failure = failureOf(plan);
        return failure ? *failure : Failure{ErrorKind::Internal, "nothing was refused"};
    }

private Q_SLOTS:
    void initTestCase()
    {
        EngineOptions options = smallOptions();
        options.adapters = {adapterFolder(), m_folder.path().toStdString()};
        m_engine = makeEngine(options);
        QVERIFY(m_engine);
    }

    void whatMatchesNothingIsListed()
    {
        writeAdapter(file("strange.safetensors"),
            {{"lora_unet_mid_block_attentions_0_proj_in.lora_down.weight", {2, 128}},
                {"lora_unet_mid_block_attentions_0_proj_in.lora_up.weight", {128, 2}},
                {"lora_unet_mid_block_attentions_7_proj_in.lora_down.weight", {2, 128}},
                {"lora_unet_mid_block_attentions_7_proj_in.lora_up.weight", {128, 2}},
                {"lora_unet_conv_in.lora_down.weight", {2, 4, 3, 3}}, {"what.is.this", {3}}});
        Request request = picture();
        request.adapters = {adapter("strange")};
        const Plan plan = planOf(*m_engine, request);
        QVERIFY(says(plan.warnings, "4 keys of strange.safetensors match nothing"));
        QVERIFY(says(plan.warnings, "attentions_7_proj_in.lora_down.weight"));
        QVERIFY(says(plan.warnings, "lora_unet_conv_in.lora_down.weight"));
        QVERIFY(says(plan.warnings, "what.is.this"));
    }

    void aNameThatIsNotThereIsSaid()
    {
        Request request = picture();
        request.prompt += " <lora:nowhere:1> <hypernet:old:1>";
        const Plan plan = planOf(*m_engine, request);
        QVERIFY(says(plan.warnings, "There is no adapter \"nowhere\""));
        QVERIFY(says(plan.warnings, "hypernet:old"));
        request = picture();
        request.adapters = {adapter("nowhere")};
        QCOMPARE(int(refusal(request).kind), int(ErrorKind::FileMissing));
        QVERIFY(refusal(request).detail.find(adapterFolder().string()) != std::string::npos);
    }

    void blocksInAPromptAreTwelveOrTwenty()
    {
        Request request = picture();
        request.prompt = "<lora:d:1:lbw=1,0,0.5,1,1,1,1,1,1,1,1,1> <lora:e:1:lbw=1,2>";
        const Plan weighed = planOf(*m_engine, request);
        QVERIFY(weighed.adapters[0].blocks == (std::vector<double>{1, 0, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
        QVERIFY(weighed.adapters[1].blocks.empty());
        QVERIFY(says(weighed.warnings, "12 or 20 numbers"));
    }

    void otherFamiliesAreRefused_data();
    void otherFamiliesAreRefused()
    {
        QFETCH(QString, key);
        QFETCH(QList<int>, shape);
        QFETCH(QString, sentence);
        std::vector<std::int64_t> extents(shape.begin(), shape.end());
        std::map<std::string, std::vector<std::int64_t>> shapes{{key.toStdString(), extents}};
        if (key.endsWith(QStringLiteral("lora_up.weight")))
            shapes[key.chopped(14).toStdString() + "lora_down.weight"] = {4, 640};
        writeAdapter(file("other.safetensors"), shapes);
        Request request = picture();
        request.adapters = {adapter("other")};
        const Failure failure = refusal(request);
        QCOMPARE(int(failure.kind), int(ErrorKind::UnsupportedModel));
        QVERIFY2(failure.detail.find(sentence.toStdString()) != std::string::npos, failure.detail.c_str());
        // What a prompt names is refused, too.
        request.adapters.clear();
        request.prompt += " <lora:other:1>";
        QCOMPARE(refusal(request).detail, failure.detail);
    }

    void aDamagedFileIsRefusedWithASentence()
    {
        std::ifstream whole(adapterFolder() / "lora_peft.safetensors", std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(whole)), {});
        Request request = picture();
        request.adapters = {adapter("cut")};
        for (const std::size_t length :
            {std::size_t(0), std::size_t(5), std::size_t(300), bytes.size() - 1}) {
            std::ofstream(file("cut.safetensors"), std::ios::binary | std::ios::trunc)
                << bytes.substr(0, length);
            const Failure failure = refusal(request);
            QCOMPARE(int(failure.kind), int(ErrorKind::FileCorrupt));
            QVERIFY2(failure.detail.find("cut.safetensors") != std::string::npos, failure.detail.c_str());
        }
    }

    void hostileNumbersAreRefusedWithASentence_data();
    void hostileNumbersAreRefusedWithASentence()
    {
        QFETCH(QString, piece);
        QFETCH(QList<int>, shape);
        QFETCH(double, value);
        std::map<std::string, std::vector<std::int64_t>> shapes{
            {"lora_unet_mid_block_attentions_0_proj_in.lora_down.weight", {2, 128}},
            {"lora_unet_mid_block_attentions_0_proj_in.lora_up.weight", {128, 2}},
            {"lora_unet_mid_block_attentions_0_proj_in.alpha", {}}};
        shapes["lora_unet_mid_block_attentions_0_proj_in." + piece.toStdString()]
            = std::vector<std::int64_t>(shape.begin(), shape.end());
        writeAdapter(file("hostile.safetensors"), shapes, {float(value)});
        Request request = picture();
        request.adapters = {adapter("hostile")};
        const Failure failure = refusal(request);
        QCOMPARE(int(failure.kind), int(ErrorKind::UnsupportedModel));
        QVERIFY2(failure.detail.find("mid_block.attentions.0.proj_in") != std::string::npos,
            failure.detail.c_str());
    }
};

void TestAdapterRefusals::otherFamiliesAreRefused_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QList<int>>("shape");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* key, const QList<int>& shape, const char* sentence) {
        QTest::newRow(name) << QString::fromLatin1(key) << shape << QString::fromLatin1(sentence);
    };
    const char* text = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight";
    row("SD 1.5", text, {4, 768}, "is an adapter for Stable Diffusion 1.x");
    row("SD 2.1", text, {4, 1024}, "is an adapter for Stable Diffusion 2.x");
    row("SDXL refiner", text, {4, 1280}, "is an adapter for the SDXL refiner");
    row("SD 1.5's text encoder", "lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight",
        {4, 768}, "is an adapter for Stable Diffusion 1.x");
    row("Flux, kohya", "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight", {4, 3072},
        "is an adapter for Flux");
    row("Flux, diffusers", "transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight", {4, 3072},
        "is an adapter for Flux");
    row("SD 3", "lora_unet_joint_blocks_0_context_block_attn_qkv.lora_down.weight", {4, 1536},
        "is an adapter for Stable Diffusion 3");
    row("LoHa of SD 1.5", "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.hada_w1_b",
        {4, 768}, "is an adapter for Stable Diffusion 1.x");
    row("another network", "lora_unet_blocks_0_self_attn_q.lora_down.weight", {4, 64}, "changes no layer of");
    row("an upscaler", "conv_first.weight", {64, 3, 3, 3}, "what is needed is a LoRA");
    row("an embedding", "emb_params", {1, 768}, "is a textual inversion embedding");
    row("SDXL of other sizes", "lora_unet_mid_block_attentions_0_proj_in.lora_up.weight", {640, 4},
        "does not fit");
}

void TestAdapterRefusals::hostileNumbersAreRefusedWithASentence_data()
{
    QTest::addColumn<QString>("piece");
    QTest::addColumn<QList<int>>("shape");
    QTest::addColumn<double>("value");
    const auto row = [](const char* name, const char* piece, const QList<int>& shape, double value) {
        QTest::newRow(name) << QString::fromLatin1(piece) << shape << value;
    };
    row("alpha is no number", "alpha", {}, std::numeric_limits<double>::quiet_NaN());
    row("alpha is infinite", "alpha", {}, std::numeric_limits<double>::infinity());
    row("alpha is a list", "alpha", {3}, 1.0);
    row("another rank", "lora_up.weight", {128, 3}, 1.0);
    row("rank 0", "lora_down.weight", {0, 128}, 1.0);
    row("one dimension", "lora_up.weight", {256}, 1.0);
    row("another width", "lora_down.weight", {2, 127}, 1.0);
    row("five dimensions", "lora_down.weight", {2, 2, 2, 2, 2}, 1.0);
    row("a kernel for a linear layer", "lora_mid.weight", {2, 2, 3, 3}, 1.0);
    row("lengths of another layer", "dora_scale", {64, 1}, 1.0);
    row("a second, broken adapter", "hada_w1_a", {128, 2}, 1.0);
    row("blocks that are not square", "oft_blocks", {4, 32, 16}, 1.0);
    row("a butterfly without end", "oft_blocks", {40, 64, 2, 2}, 1.0);
    row("Kronecker's factors of another size", "lokr_w1", {7, 7}, 1.0);
}

QTEST_GUILESS_MAIN(TestAdapterRefusals)
#include "tst_adapter_refusals.moc"
