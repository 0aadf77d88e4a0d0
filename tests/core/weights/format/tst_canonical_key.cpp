#include "core/weights/format/canonical_key.h"

#include "tests/tools/checkpoint_spec.h"

#include <QtTest>

#include <algorithm>
#include <map>
#include <set>

using namespace studio;

namespace {

std::string unet(const char* key)
{
    return std::string("model.diffusion_model.") + key;
}

Component componentNamed(const std::string& folder)
{
    for (const Component component :
        {Component::Unet, Component::TextEncoder, Component::TextEncoder2, Component::Vae})
        if (folderName(component) == folder)
            return component;
    qFatal("No component %s", folder.c_str());
}

} // namespace

class TestCanonicalKey : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aKeyStandsForOneParameter_data();
    void aKeyStandsForOneParameter()
    {
        QFETCH(QString, stored);
        QFETCH(QString, component);
        QFETCH(QString, key);
        QFETCH(bool, transposed);
        const std::vector<CanonicalKey> keys = toCanonicalKeys(stored.toStdString());
        QCOMPARE(keys.size(), std::size_t(1));
        QCOMPARE(QString::fromStdString(keys[0].key), key);
        QCOMPARE(std::string(folderName(keys[0].component)), component.toStdString());
        QCOMPARE(keys[0].transposed, transposed);
        QCOMPARE(keys[0].parts, 1);
    }

    void aFusedProjectionStandsForThree()
    {
        for (const std::string embedder : {"0", "1"})
            for (const std::string leaf : {"weight", "bias"}) {
                const auto keys = toCanonicalKeys("conditioner.embedders." + embedder
                    + ".model.transformer.resblocks.31.attn.in_proj_" + leaf);
                const std::string place = "text_model.encoder.layers.31.self_attn.";
                QCOMPARE(keys,
                    (std::vector<CanonicalKey>{
                        {Component::TextEncoder2, place + "q_proj." + leaf, false, 0, 3},
                        {Component::TextEncoder2, place + "k_proj." + leaf, false, 1, 3},
                        {Component::TextEncoder2, place + "v_proj." + leaf, false, 2, 3}}));
            }
    }

    void whatBelongsToNoNetworkStandsForNothing()
    {
        for (const char* key : {"alphas_cumprod", "betas", "denoiser.sigmas", "v_pred", "ztsnr",
                 "edm_vpred.sigma_max", "model_ema.decay", "conditioner.embedders.1.model.logit_scale",
                 "conditioner.embedders.0.model.logit_scale",
                 "conditioner.embedders.0.transformer.text_model.embeddings.position_ids", "", ".", "model",
                 "cond_stage_model.transformer.text_model.final_layer_norm.weight",
                 "lora_unet_mid_block.alpha"})
            QVERIFY2(toCanonicalKeys(key).empty(), key);
    }

    void whatHasNoPlaceInItsNetworkKeepsItsName()
    {
        for (const char* key : {"output_blocks.99999999999.0.weight", "input_blocks.", "input_blocks.1",
                 "input_blocks.1.", "input_blocks.1.2.conv.weight", "input_blocks.-1.0.in_layers.0.weight",
                 "middle_block.3.norm.weight", "output_blocks.0.3.weight",
                 "input_blocks.1.0.no_layers.0.weight", "label_emb.0.1.weight"}) {
            const auto keys = toCanonicalKeys(unet(key));
            QCOMPARE(keys, (std::vector<CanonicalKey>{{Component::Unet, key}}));
        }
        QCOMPARE(toCanonicalKeys("first_stage_model.decoder.up.9.block.0.norm1.weight"),
            (std::vector<CanonicalKey>{{Component::Vae, "decoder.up.9.block.0.norm1.weight"}}));
        QCOMPARE(toCanonicalKeys("conditioner.embedders.1.model.transformer.resblocks.x.ln_1.weight"),
            (std::vector<CanonicalKey>{{Component::TextEncoder2, "transformer.resblocks.x.ln_1.weight"}}));
    }

    void otherLayoutsCountOtherwise()
    {
        const LdmLayout layout{.unetLayersPerLevel = 1, .vaeLevels = 3};
        QCOMPARE(toCanonicalKeys(unet("input_blocks.2.0.op.bias"), layout).at(0).key,
            std::string("down_blocks.0.downsamplers.0.conv.bias"));
        QCOMPARE(toCanonicalKeys(unet("output_blocks.3.0.in_layers.0.bias"), layout).at(0).key,
            std::string("up_blocks.1.resnets.1.norm1.bias"));
        QCOMPARE(toCanonicalKeys("decoder.up.0.block.2.conv1.bias", layout).at(0).key,
            std::string("decoder.up_blocks.2.resnets.2.conv1.bias"));
    }

    void wholeCheckpointsMapOneToOne_data()
    {
        QTest::addColumn<QString>("model");
        for (const char* model :
            {"sdxl_base", "sdxl_refiner", "tiny_base", "tiny_base_odd", "tiny_base_v", "tiny_refiner"})
            QTest::newRow(model) << QString::fromUtf8(model);
    }
    void wholeCheckpointsMapOneToOne()
    {
        QFETCH(QString, model);
        const testing::CheckpointSpec spec
            = testing::readSpec(STUDIO_SOURCE_DIR "/tests/oracle/models/" + model.toStdString() + ".json");
        // Each stored name once, and everything it stands for.
        std::map<std::pair<Component, std::string>, std::pair<std::string, CanonicalKey>> parameters;
        std::set<std::string> stored;
        for (const testing::SpecTensor& tensor : spec.tensors)
            stored.insert(tensor.ldmKey);
        for (const testing::SpecExtra& extra : spec.extra)
            stored.insert(extra.name);
        for (const std::string& name : stored)
            for (const CanonicalKey& key : toCanonicalKeys(name))
                QVERIFY2(parameters.emplace(std::pair(key.component, key.key), std::pair(name, key)).second,
                    name.c_str());
        QCOMPARE(parameters.size(), spec.tensors.size());
        for (const testing::SpecTensor& tensor : spec.tensors) {
            const auto found = parameters.find({componentNamed(tensor.component), tensor.key});
            QVERIFY2(found != parameters.end(), tensor.key.c_str());
            const auto& [name, key] = found->second;
            QCOMPARE(name, tensor.ldmKey);
            QCOMPARE(key.transposed, tensor.ldmTransform == "transpose");
            const bool fused = tensor.ldmTransform.starts_with("rows:");
            QCOMPARE(key.parts, fused ? 3 : 1);
            if (fused)
                QCOMPARE(key.part * tensor.shape[0], std::stoll(tensor.ldmTransform.substr(5)));
        }
    }
};

void TestCanonicalKey::aKeyStandsForOneParameter_data()
{
    QTest::addColumn<QString>("stored");
    QTest::addColumn<QString>("component");
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("transposed");
    const auto row
        = [](const std::string& stored, const char* component, const char* key, bool transposed = false) {
              QTest::newRow(stored.c_str()) << QString::fromStdString(stored) << QString::fromUtf8(component)
                                            << QString::fromUtf8(key) << transposed;
          };
    // The UNet's ends.
    row(unet("input_blocks.0.0.weight"), "unet", "conv_in.weight");
    row(unet("time_embed.0.weight"), "unet", "time_embedding.linear_1.weight");
    row(unet("time_embed.2.bias"), "unet", "time_embedding.linear_2.bias");
    row(unet("label_emb.0.0.weight"), "unet", "add_embedding.linear_1.weight");
    row(unet("label_emb.0.2.bias"), "unet", "add_embedding.linear_2.bias");
    row(unet("out.0.weight"), "unet", "conv_norm_out.weight");
    row(unet("out.2.bias"), "unet", "conv_out.bias");
    // Going down.
    row(unet("input_blocks.1.0.in_layers.0.weight"), "unet", "down_blocks.0.resnets.0.norm1.weight");
    row(unet("input_blocks.2.0.in_layers.2.bias"), "unet", "down_blocks.0.resnets.1.conv1.bias");
    row(unet("input_blocks.3.0.op.weight"), "unet", "down_blocks.0.downsamplers.0.conv.weight");
    row(unet("input_blocks.4.0.emb_layers.1.weight"), "unet", "down_blocks.1.resnets.0.time_emb_proj.weight");
    row(unet("input_blocks.4.0.out_layers.0.bias"), "unet", "down_blocks.1.resnets.0.norm2.bias");
    row(unet("input_blocks.4.0.out_layers.3.weight"), "unet", "down_blocks.1.resnets.0.conv2.weight");
    row(unet("input_blocks.4.0.skip_connection.weight"), "unet",
        "down_blocks.1.resnets.0.conv_shortcut.weight");
    row(unet("input_blocks.4.1.norm.weight"), "unet", "down_blocks.1.attentions.0.norm.weight");
    row(unet("input_blocks.5.1.proj_in.weight"), "unet", "down_blocks.1.attentions.1.proj_in.weight");
    row(unet("input_blocks.8.1.transformer_blocks.9.attn2.to_k.weight"), "unet",
        "down_blocks.2.attentions.1.transformer_blocks.9.attn2.to_k.weight");
    row(unet("input_blocks.7.1.transformer_blocks.0.ff.net.0.proj.bias"), "unet",
        "down_blocks.2.attentions.0.transformer_blocks.0.ff.net.0.proj.bias");
    row(unet("input_blocks.9.0.op.bias"), "unet", "down_blocks.2.downsamplers.0.conv.bias"); // the refiner's
    row(unet("input_blocks.11.0.in_layers.0.bias"), "unet", "down_blocks.3.resnets.1.norm1.bias");
    // The middle.
    row(unet("middle_block.0.in_layers.2.weight"), "unet", "mid_block.resnets.0.conv1.weight");
    row(unet("middle_block.1.transformer_blocks.3.norm3.weight"), "unet",
        "mid_block.attentions.0.transformer_blocks.3.norm3.weight");
    row(unet("middle_block.1.proj_out.bias"), "unet", "mid_block.attentions.0.proj_out.bias");
    row(unet("middle_block.2.out_layers.3.bias"), "unet", "mid_block.resnets.1.conv2.bias");
    // Going up: the upsampler lies behind the attention, or in its place.
    row(unet("output_blocks.0.0.skip_connection.bias"), "unet", "up_blocks.0.resnets.0.conv_shortcut.bias");
    row(unet("output_blocks.2.1.proj_in.bias"), "unet", "up_blocks.0.attentions.2.proj_in.bias");
    row(unet("output_blocks.2.2.conv.weight"), "unet", "up_blocks.0.upsamplers.0.conv.weight");
    row(unet("output_blocks.2.1.conv.weight"), "unet", "up_blocks.0.upsamplers.0.conv.weight");
    row(unet("output_blocks.5.2.conv.bias"), "unet", "up_blocks.1.upsamplers.0.conv.bias");
    row(unet("output_blocks.8.0.in_layers.0.weight"), "unet", "up_blocks.2.resnets.2.norm1.weight");
    row(unet("output_blocks.11.0.out_layers.0.weight"), "unet", "up_blocks.3.resnets.2.norm2.weight");
    row("input_blocks.0.0.bias", "unet", "conv_in.bias"); // a UNet alone

    row("conditioner.embedders.0.transformer.text_model.encoder.layers.0.self_attn.q_proj.weight",
        "text_encoder", "text_model.encoder.layers.0.self_attn.q_proj.weight");
    row("conditioner.embedders.0.transformer.text_model.embeddings.token_embedding.weight", "text_encoder",
        "text_model.embeddings.token_embedding.weight");

    const std::string clip = "conditioner.embedders.1.model.";
    row(clip + "token_embedding.weight", "text_encoder_2", "text_model.embeddings.token_embedding.weight");
    row(clip + "positional_embedding", "text_encoder_2", "text_model.embeddings.position_embedding.weight");
    row(clip + "ln_final.weight", "text_encoder_2", "text_model.final_layer_norm.weight");
    row(clip + "text_projection", "text_encoder_2", "text_projection.weight", true);
    row(clip + "text_projection.weight", "text_encoder_2", "text_projection.weight"); // as ComfyUI saves it
    row(clip + "transformer.resblocks.12.ln_1.bias", "text_encoder_2",
        "text_model.encoder.layers.12.layer_norm1.bias");
    row(clip + "transformer.resblocks.12.ln_2.weight", "text_encoder_2",
        "text_model.encoder.layers.12.layer_norm2.weight");
    row(clip + "transformer.resblocks.0.mlp.c_fc.weight", "text_encoder_2",
        "text_model.encoder.layers.0.mlp.fc1.weight");
    row(clip + "transformer.resblocks.0.mlp.c_proj.bias", "text_encoder_2",
        "text_model.encoder.layers.0.mlp.fc2.bias");
    row(clip + "transformer.resblocks.0.attn.out_proj.weight", "text_encoder_2",
        "text_model.encoder.layers.0.self_attn.out_proj.weight");
    row("conditioner.embedders.0.model.ln_final.bias", "text_encoder_2", "text_model.final_layer_norm.bias");

    for (const std::string prefix : {"first_stage_model.", ""}) {
        row(prefix + "encoder.conv_in.weight", "vae", "encoder.conv_in.weight");
        row(prefix + "encoder.down.0.block.1.norm1.weight", "vae",
            "encoder.down_blocks.0.resnets.1.norm1.weight");
        row(prefix + "encoder.down.1.block.0.nin_shortcut.bias", "vae",
            "encoder.down_blocks.1.resnets.0.conv_shortcut.bias");
        row(prefix + "encoder.down.2.downsample.conv.weight", "vae",
            "encoder.down_blocks.2.downsamplers.0.conv.weight");
        row(prefix + "encoder.mid.block_1.conv1.weight", "vae", "encoder.mid_block.resnets.0.conv1.weight");
        row(prefix + "encoder.mid.attn_1.norm.weight", "vae",
            "encoder.mid_block.attentions.0.group_norm.weight");
        row(prefix + "encoder.mid.attn_1.q.weight", "vae", "encoder.mid_block.attentions.0.to_q.weight");
        row(prefix + "encoder.norm_out.weight", "vae", "encoder.conv_norm_out.weight");
        row(prefix + "decoder.conv_in.bias", "vae", "decoder.conv_in.bias");
        row(prefix + "decoder.mid.block_2.norm2.bias", "vae", "decoder.mid_block.resnets.1.norm2.bias");
        row(prefix + "decoder.mid.attn_1.k.bias", "vae", "decoder.mid_block.attentions.0.to_k.bias");
        row(prefix + "decoder.mid.attn_1.v.bias", "vae", "decoder.mid_block.attentions.0.to_v.bias");
        row(prefix + "decoder.mid.attn_1.proj_out.weight", "vae",
            "decoder.mid_block.attentions.0.to_out.0.weight");
        row(prefix + "decoder.up.3.block.2.conv2.weight", "vae",
            "decoder.up_blocks.0.resnets.2.conv2.weight");
        row(prefix + "decoder.up.1.upsample.conv.bias", "vae", "decoder.up_blocks.2.upsamplers.0.conv.bias");
        row(prefix + "decoder.up.0.block.0.nin_shortcut.weight", "vae",
            "decoder.up_blocks.3.resnets.0.conv_shortcut.weight");
        row(prefix + "decoder.norm_out.bias", "vae", "decoder.conv_norm_out.bias");
        row(prefix + "quant_conv.weight", "vae", "quant_conv.weight");
        row(prefix + "post_quant_conv.bias", "vae", "post_quant_conv.bias");
    }
    // A VAE that is in diffusers' form already, of today and of the early days.
    row("encoder.down_blocks.0.resnets.1.norm1.weight", "vae",
        "encoder.down_blocks.0.resnets.1.norm1.weight");
    row("encoder.conv_norm_out.weight", "vae", "encoder.conv_norm_out.weight");
    row("decoder.up_blocks.3.resnets.0.conv_shortcut.bias", "vae",
        "decoder.up_blocks.3.resnets.0.conv_shortcut.bias");
    row("decoder.mid_block.attentions.0.to_out.0.bias", "vae",
        "decoder.mid_block.attentions.0.to_out.0.bias");
    row("encoder.mid_block.attentions.0.query.weight", "vae", "encoder.mid_block.attentions.0.to_q.weight");
    row("encoder.mid_block.attentions.0.key.bias", "vae", "encoder.mid_block.attentions.0.to_k.bias");
    row("decoder.mid_block.attentions.0.value.weight", "vae", "decoder.mid_block.attentions.0.to_v.weight");
    row("decoder.mid_block.attentions.0.proj_attn.bias", "vae",
        "decoder.mid_block.attentions.0.to_out.0.bias");
    row("decoder.mid_block.attentions.0.group_norm.bias", "vae",
        "decoder.mid_block.attentions.0.group_norm.bias");
}

QTEST_GUILESS_MAIN(TestCanonicalKey)
#include "tst_canonical_key.moc"
