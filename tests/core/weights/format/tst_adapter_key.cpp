#include "core/weights/format/adapter_key.h"

#include "tests/tools/checkpoint_spec.h"

#include <QtTest>

#include <algorithm>

using namespace studio;

namespace {

/// The spec of a model of the oracle: its names in single files were written without this program.
studio::testing::CheckpointSpec sdxl()
{
    return studio::testing::readSpec(
        std::filesystem::path(STUDIO_SOURCE_DIR) / "tests/oracle/models/sdxl_base.json");
}

Component componentNamed(const std::string& folder)
{
    for (const Component component :
        {Component::Unet, Component::TextEncoder, Component::TextEncoder2, Component::Vae})
        if (folderName(component) == folder)
            return component;
    qFatal("No component %s", folder.c_str());
}

LayerSpellings spellingsOfSdxl()
{
    std::map<Component, std::vector<std::string>> names;
    for (const auto& tensor : sdxl().tensors)
        if (tensor.component != "vae")
            names[componentNamed(tensor.component)].push_back(tensor.key);
    return LayerSpellings(names);
}

std::string flat(std::string name)
{
    std::ranges::replace(name, '.', '_');
    return name;
}

std::string withoutLeaf(const std::string& key)
{
    return key.substr(0, key.rfind('.'));
}

} // namespace

class TestAdapterKey : public QObject {
    Q_OBJECT

private:
    LayerSpellings m_spellings = spellingsOfSdxl();

private Q_SLOTS:
    void aKeyIsALayerAndAPiece_data();
    void aKeyIsALayerAndAPiece()
    {
        QFETCH(QString, key);
        QFETCH(QString, layer);
        QFETCH(QString, piece);
        const auto split = splitAdapterKey(key.toStdString());
        QCOMPARE(split.has_value(), !piece.isEmpty());
        if (split) {
            QCOMPARE(QString::fromStdString(split->layer), layer);
            QCOMPARE(QString::fromStdString(split->piece), piece);
        }
    }

    void aLayerIsFoundInEverySpelling_data();
    void aLayerIsFoundInEverySpelling()
    {
        QFETCH(QString, spelling);
        QFETCH(QString, component);
        QFETCH(QString, name);
        const auto found = m_spellings.find(spelling.toStdString());
        QCOMPARE(found.has_value(), !name.isEmpty());
        if (found) {
            QCOMPARE(QString::fromStdString(found->name), name);
            QCOMPARE(std::string(folderName(found->component)), component.toStdString());
        }
    }

    void everyLayerOfSdxlIsFoundByKohyaAndDiffusers()
    {
        int found = 0;
        for (const auto& tensor : sdxl().tensors) {
            if (tensor.component == "vae" || !tensor.key.ends_with(".weight"))
                continue;
            const NetworkLayer layer{componentNamed(tensor.component), withoutLeaf(tensor.key)};
            const std::string prefix = tensor.component == "unet" ? "lora_unet_"
                : tensor.component == "text_encoder"              ? "lora_te1_"
                                                                  : "lora_te2_";
            QVERIFY2(m_spellings.find(prefix + flat(layer.name)) == layer, tensor.key.c_str());
            QVERIFY2(m_spellings.find(tensor.component + "." + layer.name) == layer, tensor.key.c_str());
            if (tensor.component != "unet")
                continue;
            const std::string ldm = withoutLeaf(tensor.ldmKey).substr(sizeof("model.diffusion_model.") - 1);
            QVERIFY2(m_spellings.find("lora_unet_" + flat(ldm)) == layer, ldm.c_str());
            QVERIFY2(m_spellings.find("diffusion_model." + ldm) == layer, ldm.c_str());
            const std::vector<std::string> names = ldmUnetNames(layer.name);
            QVERIFY2(std::ranges::find(names, ldm) != names.end(), ldm.c_str());
            ++found;
        }
        QVERIFY(found > 800);
    }
};

void TestAdapterKey::aKeyIsALayerAndAPiece_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("layer");
    QTest::addColumn<QString>("piece");
    const auto row = [](const char* key, const char* layer, const char* piece) {
        QTest::newRow(key) << QString::fromLatin1(key) << QString::fromLatin1(layer)
                           << QString::fromLatin1(piece);
    };
    row("lora_unet_a.lora_down.weight", "lora_unet_a", "lora_down");
    row("lora_unet_a.lora_up.weight", "lora_unet_a", "lora_up");
    row("lora_unet_a.lora_mid.weight", "lora_unet_a", "lora_mid");
    row("lora_unet_a.alpha", "lora_unet_a", "alpha");
    row("lora_unet_a.dora_scale", "lora_unet_a", "dora_scale");
    row("unet.a.b.lora_A.weight", "unet.a.b", "lora_down");
    row("unet.a.b.lora_B.weight", "unet.a.b", "lora_up");
    row("unet.a.b.lora_A.default.weight", "unet.a.b", "lora_down");
    row("unet.a.b.lora_magnitude_vector", "unet.a.b", "magnitude");
    row("unet.a.b.lora_magnitude_vector.weight", "unet.a.b", "magnitude");
    row("unet.a.b.lora.down.weight", "unet.a.b", "lora_down");
    row("text_encoder.a.q_proj.lora_linear_layer.up.weight", "text_encoder.a.q_proj", "lora_up");
    row("unet.a.attn1.processor.to_q_lora.down.weight", "unet.a.attn1.processor.to_q", "lora_down");
    row("lora_unet_a.hada_w2_b", "lora_unet_a", "hada_w2_b");
    row("lora_unet_a.hada_t1", "lora_unet_a", "hada_t1");
    row("lora_unet_a.lokr_w1", "lora_unet_a", "lokr_w1");
    row("lora_unet_a.lokr_w1_a", "lora_unet_a", "lokr_w1_a");
    row("lora_unet_a.lokr_t2", "lora_unet_a", "lokr_t2");
    row("oft_unet_a.oft_blocks", "oft_unet_a", "oft_blocks");
    row("lora_unet_a.rescale", "lora_unet_a", "rescale");
    row("base_model.model.a.b.oft_R.weight", "base_model.model.a.b", "peft_oft");
    row("base_model.model.a.b.boft_R", "base_model.model.a.b", "peft_boft");
    row("base_model.model.a.b.boft_s", "base_model.model.a.b", "peft_boft_s");
    row("base_model.model.a.b.ia3_l", "base_model.model.a.b", "peft_ia3");
    row("lora_unet_a.weight", "lora_unet_a", "ia3");
    row("lora_unet_a.on_input", "lora_unet_a", "on_input");
    row("diffusion_model.a.diff", "diffusion_model.a", "diff");
    row("diffusion_model.a.diff_b", "diffusion_model.a", "diff_b");
    row("lora_unet_a.w_norm", "lora_unet_a", "w_norm");
    row("lora_unet_a.b_norm", "lora_unet_a", "b_norm");
    row("lora_unet_a.unheard_of", "", "");
    row(".alpha", "", "");
    row("", "", "");
}

void TestAdapterKey::aLayerIsFoundInEverySpelling_data()
{
    QTest::addColumn<QString>("spelling");
    QTest::addColumn<QString>("component");
    QTest::addColumn<QString>("name");
    const auto row = [](const char* spelling, const char* component, const char* name) {
        QTest::newRow(spelling) << QString::fromLatin1(spelling) << QString::fromLatin1(component)
                                << QString::fromLatin1(name);
    };
    const char* query = "up_blocks.0.attentions.1.transformer_blocks.2.attn1.to_q";
    row("lora_unet_output_blocks_1_1_transformer_blocks_2_attn1_to_q", "unet", query);
    row("lora_unet_up_blocks_0_attentions_1_transformer_blocks_2_attn1_to_q", "unet", query);
    row("lycoris_up_blocks_0_attentions_1_transformer_blocks_2_attn1_to_q", "unet", query);
    row("unet.up_blocks.0.attentions.1.transformer_blocks.2.attn1.to_q", "unet", query);
    row("unet.up_blocks.0.attentions.1.transformer_blocks.2.attn1.processor.to_q", "unet", query);
    row("unet.base_model.model.up_blocks.0.attentions.1.transformer_blocks.2.attn1.to_q", "unet", query);
    row("base_model.model.up_blocks.0.attentions.1.transformer_blocks.2.attn1.to_q", "unet", query);
    row("up_blocks.0.attentions.1.transformer_blocks.2.attn1.to_q", "unet", query);
    row("diffusion_model.output_blocks.1.1.transformer_blocks.2.attn1.to_q", "unet", query);
    row("model.diffusion_model.output_blocks.1.1.transformer_blocks.2.attn1.to_q", "unet", query);
    const char* out = "mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0";
    row("unet.mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_out", "unet", out);
    row("lora_unet_middle_block_1_transformer_blocks_0_attn2_to_out_0", "unet", out);
    row("lora_unet_input_blocks_3_0_op", "unet", "down_blocks.0.downsamplers.0.conv");
    row("lora_unet_output_blocks_2_2_conv", "unet", "up_blocks.0.upsamplers.0.conv");
    row("lora_unet_label_emb_0_0", "unet", "add_embedding.linear_1");
    const char* first = "text_model.encoder.layers.0.self_attn.q_proj";
    row("lora_te1_text_model_encoder_layers_0_self_attn_q_proj", "text_encoder", first);
    row("lora_te2_text_model_encoder_layers_0_self_attn_q_proj", "text_encoder_2", first);
    row("text_encoder.text_model.encoder.layers.0.self_attn.q_proj", "text_encoder", first);
    row("text_encoder_2.encoder.layers.0.self_attn.q_proj", "text_encoder_2", first);
    row("clip_g.text_model.encoder.layers.0.self_attn.q_proj", "text_encoder_2", first);
    row("text_encoders.clip_l.transformer.text_model.encoder.layers.0.self_attn.q_proj", "text_encoder",
        first);
    row("lora_te2_text_projection", "text_encoder_2", "text_projection");
    row("lora_te_text_model_encoder_layers_0_self_attn_q_proj", "", "");
    row("lora_unet_double_blocks_0_img_attn_qkv", "", "");
    row("lora_te2_text_model_encoder_layers_32_mlp_fc1", "", "");
    row("transformer.single_transformer_blocks.0.attn.to_q", "", "");
    row("", "", "");
}

QTEST_GUILESS_MAIN(TestAdapterKey)
#include "tst_adapter_key.moc"
