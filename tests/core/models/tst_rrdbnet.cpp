#include "core/base/error.h"
#include "core/models/rrdbnet.h"
#include "core/weights/load_weights.h"
#include "tests/support/vector_file.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <QtTest>

using namespace studio;
using studio::tests::relativeError;
using studio::tests::VectorFile;

namespace {

constexpr double kTolerance = 1e-5;

UpscalerFile tinyFile(const std::string& name)
{
    return UpscalerFile::open(
        std::string(STUDIO_SOURCE_DIR) + "/tests/oracle/upscale/" + name + ".safetensors");
}

} // namespace

Q_DECLARE_METATYPE(std::string)

class TestRrdbnet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void networksOfEveryGenerationEqualTheReference_data()
    {
        QTest::addColumn<std::string>("name");
        const QJsonObject cases
            = VectorFile("upscale/vectors.safetensors").settings()[QStringLiteral("cases")].toObject();
        QCOMPARE(cases.size(), 7);
        for (const QString& name : cases.keys())
            QTest::addRow("%s", qPrintable(name)) << name.toStdString();
    }
    void networksOfEveryGenerationEqualTheReference()
    {
        QFETCH(std::string, name);
        const VectorFile vectors("upscale/vectors.safetensors");
        const UpscalerFile file = tinyFile(name);
        models::RrdbNet network(file.config);
        loadInto(network, file.tensors, {.convertTo = at::kFloat}, "The upscaler");
        const double error = relativeError(network(vectors["picture"], {}), vectors[name]);
        QVERIFY2(error < kTolerance, qPrintable(QString::number(error)));
    }

    void theCheckpointIsPassedBetweenBlocks()
    {
        const UpscalerFile file = tinyFile("present_x4");
        models::RrdbNet network(file.config);
        loadInto(network, file.tensors, {.convertTo = at::kFloat}, "The upscaler");
        int passed = 0;
        network(at::rand({1, 3, 8, 8}), [&] { ++passed; });
        QVERIFY2(passed >= 5, qPrintable(QString::number(passed))); // two blocks, two enlargements, the end
        QVERIFY_EXCEPTION_THROWN(network(at::rand({1, 3, 8, 8}), [] { throw Cancelled{}; }), Cancelled);
    }

    void aLayerThatIsMissingIsNamed()
    {
        UpscalerFile file = tinyFile("present_x2");
        file.tensors.erase("body.1.rdb2.conv3.bias");
        models::RrdbNet network(file.config);
        try {
            loadInto(network, file.tensors, {}, "The upscaler");
            QFAIL("nothing was refused");
        } catch (const Error& error) {
            QVERIFY2(std::string(error.what()).find("missing: body.1.rdb2.conv3.bias") != std::string::npos,
                error.what());
        }
    }
};

QTEST_GUILESS_MAIN(TestRrdbnet)
#include "tst_rrdbnet.moc"
