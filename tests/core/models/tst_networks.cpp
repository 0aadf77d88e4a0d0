#include "core/models/clip_text.h"
#include "core/models/unet.h"
#include "core/models/vae.h"
#include "core/weights/format/model_files.h"
#include "core/weights/load_weights.h"
#include "tests/support/oracle.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <QtTest>

using namespace studio;
using studio::testing::Oracle;
using studio::testing::relativeError;
using studio::testing::tinyModel;

namespace {

/// Each network alone, in float32 on a CPU.
constexpr double kTolerance = 1e-5;

const std::vector<std::string> kModels{"tiny_base", "tiny_base_odd", "tiny_base_v", "tiny_refiner"};

void addModels(bool needsVector, const std::string& suffix)
{
    QTest::addColumn<std::string>("model");
    QTest::addColumn<std::string>("form");
    for (const std::string& model : kModels)
        for (const char* form : {"folder", "single"}) {
            const QString file = QString::fromStdString(
                std::string(STUDIO_SOURCE_DIR) + "/tests/oracle/vectors/" + model + suffix + ".safetensors");
            if (needsVector && !QFile::exists(file))
                continue;
            QTest::addRow("%s, %s", model.c_str(), form) << model << std::string(form);
        }
}

} // namespace

Q_DECLARE_METATYPE(std::string)

class TestNetworks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void unetEqualsTheReference_data() { addModels(true, "_unet"); }
    void unetEqualsTheReference()
    {
        QFETCH(std::string, model);
        QFETCH(std::string, form);
        const ModelFiles files = ModelFiles::open(tinyModel(model, form));
        models::Unet unet(files.unet);
        loadInto(unet, files.unetTensors, {}, "The UNet");
        const Oracle oracle(model + "_unet");
        const auto& cases = oracle.settings().at("cases");
        QVERIFY(!cases.empty());
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const std::string n = std::to_string(i) + ".";
            const auto conditioning = unet.condition(
                oracle.tensor(n + "context"), oracle.tensor(n + "pooled"), oracle.tensor(n + "time_ids"));
            const at::Tensor out
                = unet(oracle.tensor(n + "sample"), cases[i].at("timestep").get<double>(), conditioning, {});
            const double error = relativeError(out, oracle.tensor(n + "out"));
            QVERIFY2(error < kTolerance, qPrintable(QString::number(error)));
        }
    }

    void textEncodersEqualTheReference_data() { addModels(true, "_text"); }
    void textEncodersEqualTheReference()
    {
        QFETCH(std::string, model);
        QFETCH(std::string, form);
        const ModelFiles files = ModelFiles::open(tinyModel(model, form));
        const Oracle oracle(model + "_text");
        int compared = 0;
        for (const auto& [config, tensors, prefix] :
            {std::tuple(files.textEncoder, &files.textEncoderTensors, std::string("1.")),
                std::tuple(files.textEncoder2, &files.textEncoder2Tensors, std::string("2."))}) {
            if (!config)
                continue;
            models::ClipText encoder(*config);
            loadInto(encoder, *tensors, {}, "The text encoder");
            const auto out = encoder(oracle.tensor(prefix + "ids"), at::kFloat, {});
            QVERIFY(relativeError(out.penultimate, oracle.tensor(prefix + "penultimate")) < kTolerance);
            if (config->projection > 0)
                QVERIFY(relativeError(out.pooled, oracle.tensor(prefix + "pooled")) < kTolerance);
            ++compared;
        }
        QCOMPARE(compared, model == "tiny_refiner" ? 1 : 2);
    }

    void autoencoderEqualsTheReference_data() { addModels(true, "_vae"); }
    void autoencoderEqualsTheReference()
    {
        QFETCH(std::string, model);
        QFETCH(std::string, form);
        const ModelFiles files = ModelFiles::open(tinyModel(model, form));
        models::Vae vae(files.vae);
        loadInto(vae, files.vaeTensors, {}, "The autoencoder");
        const Oracle oracle(model + "_vae");
        int compared = 0;
        for (int i = 0; oracle.has(std::to_string(i) + ".latent"); ++i) {
            const std::string n = std::to_string(i) + ".";
            QVERIFY(relativeError(vae.decode(oracle.tensor(n + "latent"), {}), oracle.tensor(n + "decoded"))
                < kTolerance);
            const auto encoded = vae.encode(oracle.tensor(n + "picture"), {});
            QVERIFY(relativeError(encoded.mean, oracle.tensor(n + "mean")) < kTolerance);
            QVERIFY(relativeError(encoded.logVariance, oracle.tensor(n + "logvar")) < kTolerance);
            ++compared;
        }
        QVERIFY(compared >= 2);
    }

    void cancellationEndsAUnetBetweenItsBlocks()
    {
        const ModelFiles files = ModelFiles::open(tinyModel("tiny_base"));
        models::Unet unet(files.unet);
        loadInto(unet, files.unetTensors, {}, "The UNet");
        const Oracle oracle("tiny_base_unet");
        const auto conditioning = unet.condition(
            oracle.tensor("0.context"), oracle.tensor("0.pooled"), oracle.tensor("0.time_ids"));
        int passed = 0;
        const auto stop = [&passed] {
            if (++passed == 20)
                throw Cancelled{};
        };
        QVERIFY_EXCEPTION_THROWN(unet(oracle.tensor("0.sample"), 500.0, conditioning, stop), Cancelled);
        int all = 0;
        unet(oracle.tensor("0.sample"), 500.0, conditioning, [&all] { ++all; });
        QVERIFY2(all >= 50, "a step must be left at fifty places or more");
    }
};

QTEST_GUILESS_MAIN(TestNetworks)
#include "tst_networks.moc"
