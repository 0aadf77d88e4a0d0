#include "core/weights/format/file_kind.h"

#include "core/base/error.h"

#include <QtTest>

#include <algorithm>
#include <cstring>

using namespace studio;

namespace {

using Shape = std::vector<std::int64_t>;
using Tensors = std::vector<std::pair<std::string, Shape>>;

SafetensorsHeader headerOf(const Tensors& tensors)
{
    SafetensorsHeader header;
    for (const auto& [name, shape] : tensors)
        header.tensors.push_back({name, StoredType::F16, shape, 0, 0});
    std::sort(header.tensors.begin(), header.tensors.end(),
        [](const SafetensorsEntry& a, const SafetensorsEntry& b) { return a.name < b.name; });
    return header;
}

/// The telling tensors of an LDM checkpoint's UNet.
Tensors ldm(std::int64_t inChannels, std::int64_t context, std::int64_t labels, Tensors more,
    const std::string& prefix = "model.diffusion_model.")
{
    more.push_back({prefix + "input_blocks.0.0.weight", {320, inChannels, 3, 3}});
    more.push_back({prefix + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight", {640, context}});
    if (!prefix.empty())
        more.push_back({"first_stage_model.decoder.conv_in.weight", {512, 4, 3, 3}});
    if (labels > 0)
        more.push_back({prefix + "label_emb.0.0.weight", {1280, labels}});
    return more;
}

const Tensors kClip{{"conditioner.embedders.0.transformer.text_model.final_layer_norm.weight", {768}}};
const Tensors kBoth{{"conditioner.embedders.0.transformer.text_model.final_layer_norm.weight", {768}},
    {"conditioner.embedders.1.model.ln_final.weight", {1280}}};
const Tensors kOpenClipFirst{{"conditioner.embedders.0.model.ln_final.weight", {1280}}};

} // namespace

Q_DECLARE_METATYPE(studio::FileKind)

class TestFileKind : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theKindIsToldFromKeysAndShapes_data();
    void theKindIsToldFromKeysAndShapes()
    {
        QFETCH(FileKind, kind);
        QFETCH(int, index);
        const KnownKind known = kindOf(headerOf(m_files.at(static_cast<std::size_t>(index))));
        QVERIFY2(known.kind == kind, known.words.c_str());
        QVERIFY(!known.words.empty());
    }

    void firstBytesTellPicturesAndPickles_data()
    {
        QTest::addColumn<QByteArray>("front");
        QTest::addColumn<FileKind>("kind");
        QTest::newRow("PNG") << QByteArray("\x89PNG\r\n\x1a\n") << FileKind::Picture;
        QTest::newRow("JPEG") << QByteArray("\xFF\xD8\xFF\xE0") << FileKind::Picture;
        QTest::newRow("WebP") << QByteArray("RIFF\x10\x20\x30\x40WEBPVP8 ") << FileKind::Picture;
        QTest::newRow("zip pickle") << QByteArray("PK\x03\x04\x00\x00", 6) << FileKind::Pickle;
        QTest::newRow("bare pickle") << QByteArray("\x80\x02\x8a\n") << FileKind::Pickle;
        QTest::newRow("new pickle") << QByteArray("\x80\x05\x95") << FileKind::Pickle;
        QTest::newRow("GGUF") << QByteArray("GGUF\x03") << FileKind::Unknown;
        QTest::newRow("LFS pointer") << QByteArray("version https://git-lfs.github.com/spec/v1\n")
                                     << FileKind::Unknown;
        QTest::newRow("web page") << QByteArray("<!DOCTYPE html><html>") << FileKind::Unknown;
    }
    void firstBytesTellPicturesAndPickles()
    {
        QFETCH(QByteArray, front);
        QFETCH(FileKind, kind);
        const auto known = kindFromFirstBytes(
            std::as_bytes(std::span(front.constData(), static_cast<std::size_t>(front.size()))));
        QVERIFY(known);
        QVERIFY(known->kind == kind);
    }

    void aSafetensorsFileIsNotMistakenForAPickle()
    {
        // A header's length may begin with any byte, 0x80 too; the brace comes at byte 8.
        for (int low = 0; low < 256; ++low)
            for (int high = 0; high < 8; ++high) {
                const unsigned char front[10] = {static_cast<unsigned char>(low),
                    static_cast<unsigned char>(high), 0, 0, 0, 0, 0, 0, '{', '"'};
                QVERIFY(!kindFromFirstBytes(std::as_bytes(std::span(front))));
            }
        QVERIFY(!kindFromFirstBytes({}));
    }

    void theRefusalSaysWhatItIsAndWhatIsNeeded()
    {
        try {
            refuseKind("x.safetensors", {FileKind::StableDiffusion1, "a Stable Diffusion 1.x checkpoint"},
                kCheckpointNeeded);
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::UnsupportedModel);
            QCOMPARE(std::string(error.what()),
                std::string(
                    "x.safetensors is a Stable Diffusion 1.x checkpoint; what is needed is an SDXL base or "
                    "refiner checkpoint: one .safetensors file, or a diffusers folder."));
        }
        QVERIFY_EXCEPTION_THROWN(refuseKind("x.ckpt", {FileKind::Pickle, ""}, kCheckpointNeeded), Error);
    }

    void anAdaptersFamilyIsToldFromTheWidthOfItsText()
    {
        const auto family = [](const char* key, std::int64_t width) {
            return adapterFamily(headerOf({{key, {16, width}}}));
        };
        QCOMPARE(family("lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight", 2048),
            std::string("SDXL"));
        QCOMPARE(
            family("unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight", 2048),
            std::string("SDXL"));
        QCOMPARE(
            family(
                "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight", 768),
            std::string("Stable Diffusion 1.x"));
        QCOMPARE(family("lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight", 1280),
            std::string("SDXL"));
        QCOMPARE(family("lora_unet_x_attn1_to_k.lora_down.weight", 640), std::string());
    }

private:
    std::vector<Tensors> m_files;
};

void TestFileKind::theKindIsToldFromKeysAndShapes_data()
{
    QTest::addColumn<FileKind>("kind");
    QTest::addColumn<int>("index");
    m_files.clear();
    const auto row = [this](const char* name, FileKind kind, const Tensors& tensors) {
        QTest::newRow(name) << kind << static_cast<int>(m_files.size());
        m_files.push_back(tensors);
    };
    const Tensors sd1{{"cond_stage_model.transformer.text_model.final_layer_norm.weight", {768}}};
    const Tensors sd2{{"cond_stage_model.model.ln_final.weight", {1024}}};
    row("SDXL base", FileKind::SdxlBase, ldm(4, 2048, 2816, kBoth));
    row("SDXL base of a small family", FileKind::SdxlBase, ldm(4, 192, 1664, kBoth));
    row("SDXL refiner", FileKind::SdxlRefiner, ldm(4, 1280, 2560, kOpenClipFirst));
    row("SDXL inpainting", FileKind::SdxlInpainting, ldm(9, 2048, 2816, kBoth));
    row("SDXL editing", FileKind::Unknown, ldm(8, 2048, 2816, kBoth));
    row("SDXL without the second text encoder", FileKind::SdxlUnet, ldm(4, 2048, 2816, kClip));
    row("SDXL UNet with LDM keys", FileKind::SdxlUnet, ldm(4, 2048, 2816, {}));
    row("SDXL UNet with bare LDM keys", FileKind::SdxlUnet, ldm(4, 2048, 2816, {}, ""));
    row("SDXL UNet with diffusers keys", FileKind::SdxlUnet,
        {{"conv_in.weight", {320, 4, 3, 3}}, {"down_blocks.0.resnets.0.norm1.weight", {320}},
            {"add_embedding.linear_1.weight", {1280, 2816}}});
    row("SDXL inpainting UNet with diffusers keys", FileKind::SdxlInpainting,
        {{"conv_in.weight", {320, 9, 3, 3}}, {"down_blocks.0.resnets.0.norm1.weight", {320}},
            {"add_embedding.linear_1.weight", {1280, 2816}}});
    row("SD 1.x", FileKind::StableDiffusion1, ldm(4, 768, 0, sd1));
    row("SD 1.x inpainting", FileKind::StableDiffusion1, ldm(9, 768, 0, sd1));
    row("SD 2.x", FileKind::StableDiffusion2, ldm(4, 1024, 0, sd2));
    row("SD 2.x unclip, which has labels too", FileKind::StableDiffusion2, ldm(4, 1024, 2048, sd2));
    row("SD 1.x UNet alone", FileKind::StableDiffusion1, ldm(4, 768, 0, {}));
    row("SD 2.x UNet alone", FileKind::StableDiffusion2, ldm(4, 1024, 0, {}));
    row("SD 3", FileKind::StableDiffusion3,
        {{"model.diffusion_model.joint_blocks.0.context_block.attn.qkv.weight", {4608, 1536}},
            {"first_stage_model.decoder.conv_in.weight", {512, 16, 3, 3}}});
    row("SD 3 of diffusers", FileKind::StableDiffusion3,
        {{"transformer_blocks.0.ff_context.net.0.proj.weight", {6144, 1536}}});
    row("Flux", FileKind::Flux, {{"double_blocks.0.img_attn.qkv.weight", {9216, 3072}}});
    row("Flux checkpoint", FileKind::Flux,
        {{"model.diffusion_model.double_blocks.0.img_attn.qkv.weight", {9216, 3072}},
            {"vae.decoder.conv_in.weight", {512, 16, 3, 3}}});
    row("Flux of diffusers", FileKind::Flux,
        {{"single_transformer_blocks.0.attn.to_q.weight", {3072, 3072}}});
    row("VAE with LDM keys", FileKind::SdxlVae,
        {{"decoder.conv_in.weight", {512, 4, 3, 3}}, {"encoder.down.0.block.0.norm1.weight", {128}}});
    row("VAE with a prefix", FileKind::SdxlVae,
        {{"first_stage_model.decoder.conv_in.weight", {512, 4, 3, 3}}});
    row("VAE with diffusers keys", FileKind::SdxlVae,
        {{"decoder.conv_in.weight", {512, 4, 3, 3}},
            {"encoder.down_blocks.0.resnets.0.norm1.weight", {128}}});
    row("VAE with 16 channels", FileKind::OtherVae, {{"decoder.conv_in.weight", {512, 16, 3, 3}}});
    row("kohya LoRA", FileKind::Lora,
        {{"lora_unet_input_blocks_4_1_proj_in.lora_down.weight", {8, 640}},
            {"lora_unet_input_blocks_4_1_proj_in.lora_up.weight", {640, 8}},
            {"lora_unet_input_blocks_4_1_proj_in.alpha", {}}});
    row("kohya LoRA of a text encoder", FileKind::Lora,
        {{"lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_down.weight", {8, 768}}});
    row("PEFT LoRA", FileKind::Lora,
        {{"unet.down_blocks.1.attentions.0.proj_in.lora_A.weight", {8, 640}},
            {"unet.down_blocks.1.attentions.0.proj_in.lora_B.weight", {640, 8}}});
    row("PEFT LoRA of Flux", FileKind::Lora,
        {{"transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight", {8, 3072}}});
    row("diffusers LoRA", FileKind::Lora,
        {{"unet.mid_block.attentions.0.processor.to_q_lora.down.weight", {4, 1280}}});
    row("LoHa", FileKind::Lora, {{"lora_unet_mid_block_attentions_0_proj_in.hada_w1_a", {1280, 8}}});
    row("PEFT OFT", FileKind::Lora,
        {{"base_model.model.mid_block.attentions.0.proj_in.oft_R.weight", {160, 28}}});
    row("PEFT IA3", FileKind::Lora, {{"base_model.model.mid_block.attentions.0.proj_in.ia3_l", {1280, 1}}});
    row("LoKr", FileKind::Lora, {{"lora_unet_mid_block_attentions_0_proj_in.lokr_w1", {8, 8}}});
    row("ControlNet of diffusers", FileKind::ControlNet,
        {{"controlnet_cond_embedding.conv_in.weight", {16, 3, 3, 3}}, {"conv_in.weight", {320, 4, 3, 3}},
            {"down_blocks.0.resnets.0.norm1.weight", {320}},
            {"add_embedding.linear_1.weight", {1280, 2816}}});
    row("ControlNet of LDM", FileKind::ControlNet,
        {{"control_model.input_hint_block.0.weight", {16, 3, 3, 3}}});
    row("ESRGAN", FileKind::Upscaler,
        {{"model.0.weight", {64, 3, 3, 3}}, {"model.1.sub.0.RDB1.conv1.0.weight", {32, 64, 3, 3}}});
    row("RealESRGAN", FileKind::Upscaler,
        {{"conv_first.weight", {64, 3, 3, 3}}, {"body.0.rdb1.conv1.weight", {32, 64, 3, 3}}});
    row("RealESRGAN as it is trained", FileKind::Upscaler,
        {{"params_ema.conv_first.weight", {64, 3, 3, 3}},
            {"params_ema.body.0.rdb1.conv1.weight", {32, 64, 3, 3}}});
    row("RealESRGAN compact", FileKind::Upscaler,
        {{"body.0.weight", {64, 3, 3, 3}}, {"body.1.weight", {64}}});
    row("textual inversion of SDXL", FileKind::TextualInversion,
        {{"clip_l", {4, 768}}, {"clip_g", {4, 1280}}});
    row("textual inversion of SD 1.x", FileKind::TextualInversion, {{"emb_params", {2, 768}}});
    row("textual inversion under its word", FileKind::TextualInversion, {{"<my-style>", {768}}});
    row("CLIP", FileKind::TextEncoder, {{"text_model.embeddings.token_embedding.weight", {49408, 768}}});
    row("T5", FileKind::TextEncoder, {{"encoder.block.0.layer.0.SelfAttention.q.weight", {4096, 4096}}});
    row("nothing", FileKind::Unknown, {});
    row("something else", FileKind::Unknown, {{"layer.weight", {10, 10}}});
}

QTEST_GUILESS_MAIN(TestFileKind)
#include "tst_file_kind.moc"
