#include "core/adapters/applied_adapters.h"
#include "core/models/clip_text.h"
#include "core/models/unet.h"
#include "core/weights/format/model_files.h"
#include "core/weights/load_weights.h"
#include "tests/support/oracle.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <QtTest>

#include <memory>

using namespace studio;
using namespace studio::adapters;
using studio::testing::Oracle;
using studio::testing::relativeError;
using studio::testing::tinyModel;

namespace {

constexpr double kTolerance = 1e-5;
constexpr double kFault = 20 * kTolerance;

std::filesystem::path adapterFile(const std::string& name)
{
    return std::filesystem::path(STUDIO_SOURCE_DIR) / "tests/oracle/adapters" / (name + ".safetensors");
}

/// What the networks answer, under the oracle's names.
using Answers = std::map<std::string, at::Tensor>;

} // namespace

Q_DECLARE_METATYPE(std::string)

class TestAdapterVectors : public QObject {
    Q_OBJECT

private:
    ModelFiles m_files = ModelFiles::open(tinyModel("tiny_base"));
    models::Unet m_unet{m_files.unet};
    models::ClipText m_first{*m_files.textEncoder};
    models::ClipText m_second{*m_files.textEncoder2};
    std::unique_ptr<ModelLayers> m_layers;
    std::unique_ptr<Oracle> m_oracle;
    std::unique_ptr<Oracle> m_unetInputs;
    std::unique_ptr<Oracle> m_textInputs;

    std::shared_ptr<const Adapter> open(const std::string& name) const
    {
        return Adapter::open(adapterFile(name), *m_layers, at::kCPU);
    }

    Answers answers(const std::vector<AdapterStrength>& adapters)
    {
        const AppliedAdapters onUnet(m_unet, Component::Unet, adapters, {});
        const AppliedAdapters onFirst(m_first, Component::TextEncoder, adapters, {});
        const AppliedAdapters onSecond(m_second, Component::TextEncoder2, adapters, {});
        Answers out;
        const auto conditioning = m_unet.condition(m_unetInputs->tensor("0.context"),
            m_unetInputs->tensor("0.pooled"), m_unetInputs->tensor("0.time_ids"));
        out["unet"] = m_unet(m_unetInputs->tensor("0.sample"),
            m_oracle->settings().at("timestep").get<double>(), conditioning, {});
        out["1.penultimate"]
            = m_first(m_textInputs->tensor("1.ids").narrow(0, 1, 1), at::kFloat, {}).penultimate;
        const auto second = m_second(m_textInputs->tensor("2.ids").narrow(0, 1, 1), at::kFloat, {});
        out["2.penultimate"] = second.penultimate;
        out["2.pooled"] = second.pooled;
        return out;
    }

    double largestError(const Answers& found, const std::string& expected) const
    {
        double worst = 0.0;
        for (const auto& [key, value] : found)
            worst = std::max(worst, relativeError(value, m_oracle->tensor(expected + "." + key)));
        return worst;
    }

private Q_SLOTS:
    void initTestCase()
    {
        at::set_num_threads(1);
        loadInto(m_unet, m_files.unetTensors, {}, "The UNet");
        loadInto(m_first, m_files.textEncoderTensors, {}, "The text encoder");
        loadInto(m_second, m_files.textEncoder2Tensors, {}, "The text encoder");
        m_layers = std::make_unique<ModelLayers>(layersOf("tiny_base", false,
            {{Component::Unet, &m_unet}, {Component::TextEncoder, &m_first},
                {Component::TextEncoder2, &m_second}},
            {}));
        m_oracle = std::make_unique<Oracle>("tiny_base_adapters");
        m_unetInputs = std::make_unique<Oracle>("tiny_base_unet");
        m_textInputs = std::make_unique<Oracle>("tiny_base_text");
    }

    void whatPeftItselfSavesIsAppliedAsItApplies_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<std::string>("file");
        const Oracle oracle("tiny_base_peft");
        for (const auto& one : oracle.settings().at("cases"))
            QTest::newRow(one.at("name").get<std::string>().c_str())
                << one.at("name").get<std::string>() << one.at("file").get<std::string>();
    }
    void whatPeftItselfSavesIsAppliedAsItApplies()
    {
        QFETCH(std::string, name);
        QFETCH(std::string, file);
        const Oracle oracle("tiny_base_peft");
        const at::Tensor untouched = answers({})["unet"];
        QVERIFY(relativeError(untouched, oracle.tensor("none.unet")) < kTolerance);
        const auto adapter = open(file);
        QVERIFY2(adapter->unmatched().empty(),
            adapter->unmatched().empty() ? "" : adapter->unmatched()[0].c_str());
        const at::Tensor changed = answers({{adapter, 1.0, 1.0, {}}})["unet"];
        const double error = relativeError(changed, oracle.tensor(name + ".unet"));
        QVERIFY2(error < kTolerance, std::to_string(error).c_str());
        QVERIFY(relativeError(changed, oracle.tensor("none.unet")) > kFault); // it can fail
        for (const auto& other : oracle.settings().at("cases"))
            if (const auto its = other.at("name").get<std::string>(); its != name)
                QVERIFY(relativeError(changed, oracle.tensor(its + ".unet")) > kFault);
        QVERIFY(at::equal(answers({})["unet"], untouched)); // afterwards it is what it was
        QVERIFY(at::equal(answers({{adapter, 0.0, 0.0, {}}})["unet"], untouched));
    }

    void networksEqualTheReference_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<std::string>("file");
        QTest::addColumn<double>("weight");
        int rows = 0;
        for (const auto& one : m_oracle->settings().at("cases"))
            for (const auto& file : one.at("files")) {
                const auto name = one.at("name").get<std::string>();
                QTest::addRow("%s from %s", name.c_str(), file.get<std::string>().c_str())
                    << name << file.get<std::string>() << one.at("weight").get<double>();
                ++rows;
            }
        QVERIFY(rows >= 19);
    }
    void networksEqualTheReference()
    {
        QFETCH(std::string, name);
        QFETCH(std::string, file);
        QFETCH(double, weight);
        const auto adapter = open(file);
        QVERIFY2(adapter->unmatched().empty(),
            adapter->unmatched().empty() ? "" : adapter->unmatched()[0].c_str());
        const Answers changed = answers({{adapter, weight, weight, {}}});
        for (const auto& [key, value] : changed) {
            // Those of the UNet alone have no vectors of text.
            if (key != "unet" && !m_oracle->has(name + "." + key))
                continue;
            const double error = relativeError(value, m_oracle->tensor(name + "." + key));
            QVERIFY2(error < kTolerance, qPrintable(QString::fromStdString(key) + QString::number(error)));
        }
        // An oracle must be able to fail: without the adapter, or with another weight, the UNet is far away.
        QVERIFY(relativeError(answers({})["unet"], m_oracle->tensor(name + ".unet")) > kFault);
        const Answers weaker = answers({{adapter, weight * 0.9, weight, {}}});
        QVERIFY(relativeError(weaker.at("unet"), m_oracle->tensor(name + ".unet")) > kFault);
    }

    void removedItLeavesNoTrace()
    {
        const Answers before = answers({});
        QVERIFY(largestError(before, "none") < kTolerance);
        for (const char* file :
            {"lora_peft", "dora_peft", "loha", "lokr_full", "oft", "boft", "ia3", "full", "norm"})
            answers({{open(file), 1.0, 1.0, {}}});
        for (const auto& [key, value] : answers({}))
            QVERIFY2(at::equal(value, before.at(key)), key.c_str());
        // Nor does one of no strength.
        for (const auto& [key, value] : answers({{open("lora_peft"), 0.0, 0.0, {}}}))
            QVERIFY2(at::equal(value, before.at(key)), key.c_str());
    }

    void spellingsOfOneAdapterAgreeToTheBit()
    {
        const Answers peft = answers({{open("lora_peft"), 1.0, 1.0, {}}});
        for (const char* file : {"lora_kohya_ldm", "lora_onetrainer"})
            for (const auto& [key, value] : answers({{open(file), 1.0, 1.0, {}}}))
                QVERIFY2(at::equal(value, peft.at(key)), key.c_str());
    }

    void severalAddUp()
    {
        // Half and half of one LoRA is the whole; the order of two additive ones changes only the rounding.
        const auto lora = open("lora_peft");
        const auto loha = open("loha");
        QVERIFY(largestError(answers({{lora, 0.5, 0.5, {}}, {lora, 0.5, 0.5, {}}}), "lora") < kTolerance);
        const Answers one = answers({{lora, 1.0, 1.0, {}}, {loha, 1.0, 1.0, {}}});
        const Answers other = answers({{loha, 1.0, 1.0, {}}, {lora, 1.0, 1.0, {}}});
        for (const auto& [key, value] : one) {
            QVERIFY(relativeError(value, other.at(key)) < kTolerance);
            QVERIFY(relativeError(value, m_oracle->tensor("lora." + key)) > kFault);
            QVERIFY(relativeError(value, m_oracle->tensor("loha." + key)) > kFault);
        }
    }

    void weightsOfUnetAndTextEncodersAreApart()
    {
        const auto lora = open("lora_peft");
        const Answers unetAlone = answers({{lora, 1.0, 0.0, {}}});
        QVERIFY(relativeError(unetAlone.at("unet"), m_oracle->tensor("lora.unet")) < kTolerance);
        QVERIFY(relativeError(unetAlone.at("1.penultimate"), m_oracle->tensor("none.1.penultimate"))
            < kTolerance);
        const Answers textAlone = answers({{lora, 0.0, 1.0, {}}});
        QVERIFY(relativeError(textAlone.at("unet"), m_oracle->tensor("none.unet")) < kTolerance);
        QVERIFY(relativeError(textAlone.at("2.pooled"), m_oracle->tensor("lora.2.pooled")) < kTolerance);
    }

    void blocksWeighWhatTheyName()
    {
        const auto lora = open("lora_peft");
        QVERIFY(largestError(answers({{lora, 1.0, 1.0, std::vector<double>(20, 1.0)}}), "lora") < kTolerance);
        QVERIFY(largestError(answers({{lora, 1.0, 1.0, std::vector<double>(20, 0.0)}}), "none") < kTolerance);
        // BASE alone: the text encoders change, the UNet's blocks do not.
        std::vector<double> base(20, 0.0);
        base[0] = 1.0;
        const Answers out = answers({{lora, 1.0, 1.0, base}});
        QVERIFY(relativeError(out.at("unet"), m_oracle->tensor("none.unet")) < kTolerance);
        QVERIFY(relativeError(out.at("2.pooled"), m_oracle->tensor("lora.2.pooled")) < kTolerance);
    }
};

QTEST_GUILESS_MAIN(TestAdapterVectors)
#include "tst_adapter_vectors.moc"
