#include "core/sampling/noise.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace studio;
using sampling::NoiseStream;

Q_DECLARE_METATYPE(QJsonObject)

class TestNoise : public QObject {
    Q_OBJECT

private:
    static QJsonArray rows()
    {
        QFile file(QStringLiteral(STUDIO_SOURCE_DIR "/tests/oracle/sampling/noise.json"));
        return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).array()
                                              : QJsonArray();
    }

    static at::Tensor drawn(NoiseSource source, const QJsonObject& row)
    {
        NoiseStream stream(source, row[QStringLiteral("seed")].toString().toULongLong());
        for (const QJsonValue& other : rows()) {
            const QJsonObject earlier = other.toObject();
            if (earlier[QStringLiteral("seed")] != row[QStringLiteral("seed")])
                continue;
            std::vector<std::int64_t> shape;
            for (const QJsonValue& extent : earlier[QStringLiteral("shape")].toArray())
                shape.push_back(extent.toInteger());
            const at::Tensor values = stream.draw(shape);
            if (earlier[QStringLiteral("draw")] == row[QStringLiteral("draw")])
                return values;
        }
        return {};
    }

    static void compare(NoiseSource source, const QString& key, const QJsonObject& row, double tolerance)
    {
        const at::Tensor values = drawn(source, row).flatten();
        QCOMPARE(values.scalar_type(), at::kFloat);
        const QJsonArray pick = row[QStringLiteral("pick")].toArray();
        const QJsonArray expected = row[key].toArray();
        for (qsizetype i = 0; i < pick.size(); ++i) {
            const double value = values[pick[i].toInteger()].item<double>();
            QVERIFY2(std::abs(value - expected[i].toDouble()) <= tolerance,
                qPrintable(QString::number(value, 'g', 9)));
        }
        const double sum = values.to(at::kDouble).sum().item<double>();
        const double slack = tolerance * static_cast<double>(values.numel()) + 1e-9;
        QVERIFY(std::abs(sum - row[key + QStringLiteral("_sum")].toDouble()) <= slack);
    }

private Q_SLOTS:
    void aCopyGoesOnWithTheSameNumbers()
    {
        for (const NoiseSource source : {NoiseSource::Torch, NoiseSource::Philox}) {
            NoiseStream stream(source, 7);
            stream.draw({1, 4, 9, 7});
            NoiseStream other = stream.copy();
            const at::Tensor next = stream.draw({1, 4, 9, 7});
            QVERIFY(at::equal(next, other.draw({1, 4, 9, 7})));
            QVERIFY(!at::equal(next, other.draw({1, 4, 9, 7})));
        }
    }

    void streamsEqualTheReference_data()
    {
        QTest::addColumn<QJsonObject>("row");
        for (const QJsonValue& value : rows()) {
            const QJsonObject row = value.toObject();
            QTest::addRow("seed %s draw %d", qPrintable(row[QStringLiteral("seed")].toString()),
                row[QStringLiteral("draw")].toInt())
                << row;
        }
        QVERIFY(rows().size() > 0);
    }

    void streamsEqualTheReference()
    {
        QFETCH(QJsonObject, row);
        compare(NoiseSource::Torch, QStringLiteral("torch"), row, 0.0);
        // Sines and logarithms differ in the last bit between mathematics libraries.
        compare(NoiseSource::Philox, QStringLiteral("philox"), row, 3e-7);
    }

    /// What PyTorch prints on a GPU for seed 0, as A1111 publishes it beside its generator.
    void philoxAgreesWithNumbersDrawnOnAGpu()
    {
        const std::vector<double> published{-0.92466259, -0.42534415, -2.6438457, 0.14518388, -0.12086647,
            -0.57972564, -0.62285122, -0.32838709, -1.07454231, -0.36314407, -1.67105067, 2.26550497};
        const at::Tensor values = NoiseStream(NoiseSource::Philox, 0).draw({12});
        for (std::size_t i = 0; i < published.size(); ++i)
            QVERIFY(std::abs(values[static_cast<std::int64_t>(i)].item<double>() - published[i]) < 1e-6);
    }

    void philoxNumbersDoNotDependOnTheSizeOfTheDraw()
    {
        const at::Tensor small = NoiseStream(NoiseSource::Philox, 9).draw({7});
        const at::Tensor large = NoiseStream(NoiseSource::Philox, 9).draw({1000});
        QVERIFY(at::equal(small, large.slice(0, 0, 7)));
    }

    void seedsAndDrawsDiffer()
    {
        for (const NoiseSource source : {NoiseSource::Torch, NoiseSource::Philox}) {
            NoiseStream one(source, 1);
            NoiseStream two(source, 2);
            const at::Tensor first = one.draw({1, 4, 8, 8});
            QVERIFY(!at::equal(first, two.draw({1, 4, 8, 8})));
            QVERIFY(!at::equal(first, one.draw({1, 4, 8, 8})));
            QVERIFY(at::equal(first, NoiseStream(source, 1).draw({1, 4, 8, 8})));
        }
    }
};

QTEST_GUILESS_MAIN(TestNoise)
#include "tst_noise.moc"
