#include "core/models/clip_text.h"
#include "core/models/operations.h"
#include "core/models/unet.h"
#include "core/models/vae.h"
#include "core/weights/format/config_json.h"
#include "tests/tools/checkpoint_spec.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <fstream>
#include <map>
#include <set>

using namespace studio;
using studio::testing::CheckpointSpec;

namespace {

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

Shapes shapesOf(nn::Module& network)
{
    Shapes shapes;
    for (const auto& named : network.parameters())
        shapes.emplace(named.name, named.parameter->shape);
    return shapes;
}

Shapes shapesOf(const CheckpointSpec& spec, const std::string& component)
{
    Shapes shapes;
    for (const auto& row : spec.tensors)
        if (row.component == component)
            shapes.emplace(row.key, row.shape);
    return shapes;
}

std::int64_t count(const Shapes& shapes)
{
    std::int64_t sum = 0;
    for (const auto& [name, shape] : shapes) {
        std::int64_t values = 1;
        for (const std::int64_t side : shape)
            values *= side;
        sum += values;
    }
    return sum;
}

/// Names that only one side has, and shapes that differ, as one line.
std::string difference(const Shapes& ours, const Shapes& theirs)
{
    std::string out;
    for (const auto& [name, shape] : ours) {
        const auto found = theirs.find(name);
        if (found == theirs.end())
            out += " only here: " + name;
        else if (found->second != shape)
            out += " misshapen: " + name;
    }
    for (const auto& [name, shape] : theirs)
        if (!ours.contains(name))
            out += " missing: " + name;
    return out.substr(0, 500);
}

} // namespace

/// The real base and refiner, built at full size from their configurations without loading a weight.
class TestFullSize : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::filesystem::path configOf(const CheckpointSpec& spec, const std::string& component) const
    {
        const std::filesystem::path file = m_folder.filePath(QStringLiteral("config.json")).toStdString();
        std::ofstream(file) << spec.components.at(component);
        return file;
    }

    static CheckpointSpec specOf(const char* name)
    {
        return testing::readSpec(
            std::filesystem::path(STUDIO_SOURCE_DIR) / "tests/oracle/models" / (std::string(name) + ".json"));
    }

    void compare(const CheckpointSpec& spec, const std::string& component, std::int64_t values)
    {
        std::unique_ptr<nn::Module> network;
        const std::filesystem::path config = configOf(spec, component);
        if (component == "unet")
            network = std::make_unique<models::Unet>(readUnetConfig(config));
        else if (component == "vae")
            network = std::make_unique<models::Vae>(readVaeConfig(config));
        else
            network = std::make_unique<models::ClipText>(readTextEncoderConfig(config));
        const Shapes ours = shapesOf(*network);
        const std::string different = difference(ours, shapesOf(spec, component));
        QVERIFY2(different.empty(), different.c_str());
        QCOMPARE(count(ours), values);
    }

private Q_SLOTS:
    void everyNameAndShapeOfTheBaseHasItsPlace()
    {
        const CheckpointSpec spec = specOf("sdxl_base");
        compare(spec, "unet", 2'567'463'684);
        compare(spec, "text_encoder", 123'060'480);
        compare(spec, "text_encoder_2", 694'659'840);
        compare(spec, "vae", 83'653'863);
    }

    void everyNameAndShapeOfTheRefinerHasItsPlace()
    {
        const CheckpointSpec spec = specOf("sdxl_refiner");
        compare(spec, "unet", 2'259'526'660);
        compare(spec, "text_encoder_2", 694'659'840);
        compare(spec, "vae", 83'653'863);
    }

    /// Held against a count by hand, layer by layer: at 1024 pixels the base's 60 blocks of 1280 channels take 4.02 of
    /// these 6.7 teraflops, its convolutions 1.62, its self-attention 0.75.
    void operationsAreCountedAsTheArchitectureHasThem()
    {
        const auto teraflops = [](const models::OperationCount& count, double side) {
            return count.at(side / 8 * side / 8) * 1e-12;
        };
        const auto near
            = [](double found, double expected) { return std::abs(found / expected - 1.0) < 0.004; };
        const CheckpointSpec base = specOf("sdxl_base");
        models::Unet unet(readUnetConfig(configOf(base, "unet")));
        const models::OperationCount ofBase = models::unetOperations(unet, 3, 77);
        QVERIFY(near(teraflops(ofBase, 512), 1.589 - 0.052)); // without the text's keys and values
        QVERIFY(near(teraflops(ofBase, 1024), 6.761 - 0.052));
        QVERIFY(near(teraflops(ofBase, 2048), 35.91 - 0.052));
        models::Unet refiner(readUnetConfig(configOf(specOf("sdxl_refiner"), "unet")));
        const models::OperationCount ofRefiner = models::unetOperations(refiner, 4, 77);
        QVERIFY(near(teraflops(ofRefiner, 1024), 7.286 - 0.021));
        QVERIFY(near(teraflops(ofRefiner, 1536), 19.634 - 0.021));
        models::Vae vae(readVaeConfig(configOf(base, "vae")));
        QVERIFY(near(teraflops(models::decoderOperations(vae, 4), 1024), 10.47));
        QVERIFY(near(teraflops(models::decoderOperations(vae, 4), 1536), 25.1));
        QVERIFY(near(teraflops(models::encoderOperations(vae, 4), 1024), 4.88));
        QVERIFY(near(teraflops(models::encoderOperations(vae, 4), 1536), 12.5));
        models::ClipText clip(readTextEncoderConfig(configOf(base, "text_encoder")));
        QVERIFY(near(models::textOperations(clip, 77) * 1e-12, 0.0131));
        models::ClipText bigG(readTextEncoderConfig(configOf(base, "text_encoder_2")));
        QVERIFY(near(models::textOperations(bigG, 77) * 1e-12, 0.0971));
    }

    void theDefaultConfigurationIsTheBases()
    {
        const CheckpointSpec spec = specOf("sdxl_base");
        QVERIFY(readUnetConfig(configOf(spec, "unet")) == UnetConfig{});
        QVERIFY(readVaeConfig(configOf(spec, "vae")) == VaeConfig{});
    }
};

QTEST_GUILESS_MAIN(TestFullSize)
#include "tst_full_size.moc"
