#include "core/weights/load_weights.h"

#include "core/base/error.h"
#include "core/models/clip_text.h"
#include "core/models/unet.h"
#include "core/models/vae.h"
#include "core/nn/leaves.h"
#include "core/weights/format/model_files.h"
#include "core/weights/format/safetensors.h"
#include "tests/core/weights/checkpoint_folder.h"
#include "tests/tools/random_values.h"

#include <QtTest>

#include <cmath>
#include <cstring>
#include <fstream>

using namespace studio;
using namespace studio::testing;

namespace {

class Pair : public nn::Module {
public:
    Pair()
        : linear(3, 4)
        , conv(3, 4, 1)
    {
        own("linear", linear);
        own("conv", conv);
    }
    nn::Linear linear;
    nn::Conv2d conv;
};

/// Tensors of a small file that holds `rows` of (name, type, shape), all zeros.
TensorMap smallFile(const CheckpointFolder& folder, const std::vector<SafetensorsWriter::Tensor>& rows)
{
    const auto path = folder.root() / "small.safetensors";
    SafetensorsWriter(path, rows).finish();
    return SafetensorsFile(path).tensors();
}

const std::vector<SafetensorsWriter::Tensor> kPair{{"linear.weight", StoredType::F16, {4, 3}},
    {"linear.bias", StoredType::F16, {4}}, {"conv.weight", StoredType::F16, {4, 3, 1, 1}},
    {"conv.bias", StoredType::F16, {4}}};

std::string refusal(const TensorMap& tensors)
{
    Pair pair;
    try {
        loadInto(pair, tensors, {}, "The pair");
    } catch (const Error& error) {
        return error.kind() == ErrorKind::FileCorrupt ? error.what() : "another kind of error";
    }
    return "nothing was refused";
}

/// Bytes of the file at `path` that are in this process's memory.
std::size_t residentBytes(const std::filesystem::path& path)
{
    std::ifstream maps("/proc/self/smaps");
    bool inside = false;
    std::size_t kilobytes = 0;
    for (std::string line; std::getline(maps, line);) {
        if (line.find('-') < line.find(' '))
            inside = line.ends_with(path.string());
        else if (inside && line.starts_with("Rss:"))
            kilobytes += std::stoull(line.substr(4));
    }
    return kilobytes * 1024;
}

/// Every value of the network's parameters against the weight rule.
void compareWithRule(
    nn::Module& network, const CheckpointSpec& spec, const std::string& component, at::ScalarType type)
{
    std::map<std::string, const SpecTensor*> rows;
    for (const SpecTensor& tensor : spec.tensors)
        if (tensor.component == component)
            rows.emplace(tensor.key, &tensor);
    const auto parameters = network.parameters();
    QCOMPARE(parameters.size(), rows.size());
    for (const auto& [name, parameter] : parameters) {
        const SpecTensor& row = *rows.at(name);
        const RandomValues values(spec.seed, row);
        at::Tensor wanted = at::empty(row.shape, at::kFloat);
        values.fill(0, row.values(), StoredType::F32, reinterpret_cast<std::byte*>(wanted.data_ptr()));
        QVERIFY2(parameter->value.scalar_type() == type, name.c_str());
        QVERIFY2(at::equal(parameter->value, wanted.to(type)), name.c_str());
    }
}

} // namespace

class TestLoadWeights : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyNetworkOfEveryFormHoldsItsWeights_data();
    void everyNetworkOfEveryFormHoldsItsWeights()
    {
        QFETCH(QString, model);
        QFETCH(bool, single);
        const std::string name = model.toStdString();
        const CheckpointSpec spec = CheckpointFolder::spec(name);
        const ModelFiles files = ModelFiles::open(m_folder.write(name, single ? name + ".safetensors" : name,
            {.form = single ? CheckpointForm::SingleFile : CheckpointForm::Folder}));
        models::Unet unet(files.unet);
        loadInto(unet, files.unetTensors, {}, "The UNet");
        compareWithRule(unet, spec, "unet", at::kHalf);
        models::Vae vae(files.vae);
        loadInto(vae, files.vaeTensors, {}, "The VAE");
        compareWithRule(vae, spec, "vae", at::kHalf);
        models::ClipText second(files.textEncoder2.value());
        loadInto(second, files.textEncoder2Tensors, {}, "The second text encoder");
        compareWithRule(second, spec, "text_encoder_2", at::kHalf);
        if (files.textEncoder) {
            models::ClipText first(*files.textEncoder);
            loadInto(first, files.textEncoderTensors, {}, "The first text encoder");
            compareWithRule(first, spec, "text_encoder", at::kHalf);
        }
    }

    void everyStorageTypeIsReadExactly_data();
    void everyStorageTypeIsReadExactly()
    {
        QFETCH(int, stored);
        QFETCH(int, type);
        const CheckpointSpec spec = CheckpointFolder::spec("tiny_base");
        const ModelFiles files = ModelFiles::open(m_folder.write("tiny_base", "typed.safetensors",
            {.form = CheckpointForm::SingleFile, .dtype = static_cast<StoredType>(stored)}));
        models::Vae vae(files.vae);
        loadInto(vae, files.vaeTensors, {}, "The VAE");
        compareWithRule(vae, spec, "vae", static_cast<at::ScalarType>(type));
    }

    void eightBitFloatsBecomeFloatsExactly()
    {
        // Each of the 256 codes against the definition: sign, exponent, mantissa (OCP 8-bit floating point, 2023).
        const auto check = [](at::ScalarType type, int mantissaBits, int bias, auto isSpecial) {
            at::Tensor codes = at::empty({256}, at::kByte);
            for (int code = 0; code < 256; ++code)
                codes.data_ptr<std::uint8_t>()[code] = static_cast<std::uint8_t>(code);
            const at::Tensor values = codes.view(type).to(at::kFloat);
            for (int code = 0; code < 256; ++code) {
                const int exponent = (code & 0x7F) >> mantissaBits;
                const int mantissa = code & ((1 << mantissaBits) - 1);
                const float value = values.data_ptr<float>()[code];
                if (isSpecial(exponent, mantissa)) {
                    QVERIFY(!std::isfinite(value));
                    continue;
                }
                const int ulps = exponent == 0 ? mantissa : mantissa + (1 << mantissaBits);
                const double magnitude = std::ldexp(ulps, std::max(exponent, 1) - bias - mantissaBits);
                QCOMPARE(static_cast<double>(value), code & 0x80 ? -magnitude : magnitude);
            }
        };
        check(at::kFloat8_e4m3fn, 3, 7,
            [](int exponent, int mantissa) { return exponent == 15 && mantissa == 7; });
        check(at::kFloat8_e5m2, 2, 15, [](int exponent, int) { return exponent == 31; });
    }

    void arithmeticConvertsEightBitWeights()
    {
        nn::Linear linear(2, 1, /*withBias=*/false);
        linear.weight.value = at::tensor({0.5f, -3.0f}).view({1, 2}).to(at::kFloat8_e4m3fn);
        QCOMPARE(linear(at::tensor({2.0f, 1.0f}).view({1, 2})).item<float>(), -2.0f);
        linear.weight.value = linear.weight.value.to(at::kFloat).to(at::kFloat8_e5m2);
        QCOMPARE(linear(at::tensor({2.0f, 1.0f}).view({1, 2})).item<float>(), -2.0f);
    }

    void theDefaultReadsAndCopiesNothing()
    {
        const auto path
            = m_folder.write("tiny_base", "lazy.safetensors", {.form = CheckpointForm::SingleFile});
        const ModelFiles files = ModelFiles::open(path);
        models::Unet unet(files.unet);
        loadInto(unet, files.unetTensors, {}, "The UNet");
        for (const auto& [name, parameter] : unet.parameters())
            QCOMPARE(parameter->value.data_ptr(), static_cast<const void*>(files.unetTensors.at(name).data));
        QVERIFY2(residentBytes(path) < 2'000'000, qPrintable(QString::number(residentBytes(path))));
        double sum = 0.0;
        for (const auto& [name, parameter] : unet.parameters())
            sum += parameter->value.sum().item<double>();
        QVERIFY(std::isfinite(sum));
        QVERIFY(residentBytes(path) > 18'000'000);
        files.dropPages(Component::Unet);
        QVERIFY2(residentBytes(path) < 4'000'000, qPrintable(QString::number(residentBytes(path))));
        QCOMPARE(unet.parameters().front().parameter->value.sum().isfinite().item<bool>(), true);
    }

    void weightsOutliveTheModelTheyCameFrom()
    {
        models::ClipText encoder(TextEncoderConfig{});
        {
            const ModelFiles files = ModelFiles::open(m_folder.write("tiny_base", "gone"));
            models::ClipText own(files.textEncoder.value());
            loadInto(own, files.textEncoderTensors, {}, "The text encoder");
            encoder.parameters().front().parameter->value = own.parameters().front().parameter->value;
        }
        std::filesystem::remove_all(m_folder.root() / "gone");
        QVERIFY(encoder.parameters().front().parameter->value.abs().sum().item<float>() > 0.0f);
    }

    void copiesAreConvertedAndLeaveTheFilesPagesBehind()
    {
        const auto path
            = m_folder.write("tiny_base", "copied.safetensors", {.form = CheckpointForm::SingleFile});
        const ModelFiles files = ModelFiles::open(path);
        models::Unet unet(files.unet);
        loadInto(unet, files.unetTensors, {.convertTo = at::kFloat}, "The UNet");
        QVERIFY2(residentBytes(path) < 6'000'000, qPrintable(QString::number(residentBytes(path))));
        for (const auto& [name, parameter] : unet.parameters()) {
            QVERIFY(parameter->value.scalar_type() == at::kFloat);
            QVERIFY2(at::equal(parameter->value, asTensor(files.unetTensors.at(name)).to(at::kFloat)),
                name.c_str());
        }
        models::ClipText encoder(files.textEncoder2.value());
        loadInto(encoder, files.textEncoder2Tensors, {.copy = true}, "The text encoder");
        for (const auto& [name, parameter] : encoder.parameters()) {
            QVERIFY(parameter->value.data_ptr()
                != static_cast<const void*>(files.textEncoder2Tensors.at(name).data));
            QVERIFY(parameter->value.is_contiguous());
        }
    }

    void aConvolutionMayStandForALinearLayerAndTheReverse()
    {
        std::vector<SafetensorsWriter::Tensor> rows = kPair;
        rows[0].shape = {4, 3, 1, 1};
        rows[2].shape = {4, 3};
        Pair pair;
        loadInto(pair, smallFile(m_folder, rows), {}, "The pair");
        QCOMPARE(pair.linear.weight.value.sizes().vec(), (std::vector<std::int64_t>{4, 3}));
        QCOMPARE(pair.conv.weight.value.sizes().vec(), (std::vector<std::int64_t>{4, 3, 1, 1}));
    }

    void whatDoesNotFitIsNamed()
    {
        std::vector<SafetensorsWriter::Tensor> rows = kPair;
        QCOMPARE(refusal(smallFile(m_folder, rows)), std::string("nothing was refused"));
        rows.push_back({"text_model.embeddings.position_ids", StoredType::I64, {1, 77}});
        rows.push_back({"logit_scale", StoredType::F32, {}});
        QCOMPARE(refusal(smallFile(m_folder, rows)), std::string("nothing was refused"));
        rows.push_back({"more.weight", StoredType::F16, {1}});
        QCOMPARE(refusal(smallFile(m_folder, rows)),
            std::string("The pair cannot be used; unknown: more.weight."));
        rows[0].shape = {3, 4};
        rows[1].name = "linear.shift";
        rows[3].dtype = StoredType::I8;
        QCOMPARE(refusal(smallFile(m_folder, rows)),
            std::string(
                "The pair cannot be used; missing: linear.bias; of the wrong shape or type: linear.weight "
                "([3, 4] instead of [4, 3]) and conv.bias (stored as int8); unknown: linear.shift and "
                "more.weight."));
        QCOMPARE(refusal({}),
            std::string(
                "The pair cannot be used; missing: linear.weight, linear.bias, conv.weight and conv.bias."));
    }

    void nothingIsGivenWhenSomethingDoesNotFit()
    {
        std::vector<SafetensorsWriter::Tensor> rows = kPair;
        rows.pop_back();
        Pair pair;
        QVERIFY_EXCEPTION_THROWN(loadInto(pair, smallFile(m_folder, rows), {}, "The pair"), Error);
        QVERIFY(!pair.linear.weight.value.defined());
    }

    void anUnalignedTensorIsCopied()
    {
        const TensorMap tensors
            = smallFile(m_folder, {{"one", StoredType::U8, {1}}, {"shifted", StoredType::F32, {2}}});
        const StoredTensor& shifted = tensors.at("shifted");
        QVERIFY(reinterpret_cast<std::uintptr_t>(shifted.data) % 4 != 0);
        const at::Tensor tensor = asTensor(shifted);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(tensor.data_ptr()) % 4, std::uintptr_t(0));
        QVERIFY(at::equal(tensor, at::zeros({2})));
    }

private:
    CheckpointFolder m_folder;
};

void TestLoadWeights::everyNetworkOfEveryFormHoldsItsWeights_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("single");
    for (const char* model : {"tiny_base", "tiny_base_odd", "tiny_refiner"})
        for (const bool single : {false, true})
            QTest::addRow("%s %s", model, single ? "single file" : "folder")
                << QString::fromUtf8(model) << single;
}

void TestLoadWeights::everyStorageTypeIsReadExactly_data()
{
    QTest::addColumn<int>("stored");
    QTest::addColumn<int>("type");
    const auto row = [](StoredType stored, at::ScalarType type) {
        QTest::newRow(std::string(shortName(stored)).c_str())
            << static_cast<int>(stored) << static_cast<int>(type);
    };
    row(StoredType::F32, at::kFloat);
    row(StoredType::BF16, at::kBFloat16);
    row(StoredType::F8E4M3, at::kFloat8_e4m3fn);
    row(StoredType::F8E5M2, at::kFloat8_e5m2);
}

QTEST_GUILESS_MAIN(TestLoadWeights)
#include "tst_load_weights.moc"
