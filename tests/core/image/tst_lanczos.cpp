#include "core/image/lanczos.h"

#include "core/base/error.h"

#include <QtTest>

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <atomic>
#include <cmath>

using namespace studio;

namespace {

/// The generator of tests/oracle/lanczos/make_lanczos.py.
std::vector<std::uint8_t> generated(std::size_t count)
{
    std::uint64_t state = 1;
    std::vector<std::uint8_t> out(count);
    for (std::uint8_t& value : out) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        value = static_cast<std::uint8_t>(state >> 40);
    }
    return out;
}

std::size_t valuesOf(Extent size)
{
    return 3 * static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

Picture8 eightBitPicture(Extent size)
{
    return {size, generated(valuesOf(size))};
}

PictureF floatPicture(Extent size)
{
    PictureF picture{size, {}};
    for (const std::uint8_t value : generated(valuesOf(size)))
        picture.values.push_back(static_cast<float>(value) / 200.0f - 0.1f);
    return picture;
}

Extent extentFrom(const QJsonValue& value)
{
    return {value.toArray().at(0).toInt(), value.toArray().at(1).toInt()};
}

} // namespace

class TestLanczos : public QObject {
    Q_OBJECT

private:
    QJsonArray m_cases;

    void addRows(const QString& key)
    {
        QTest::addColumn<QJsonObject>("expected");
        for (const QJsonValue& value : std::as_const(m_cases)) {
            const QJsonObject row = value.toObject();
            const Extent from = extentFrom(row[QStringLiteral("from")]);
            const Extent to = extentFrom(row[QStringLiteral("to")]);
            if (row.contains(key))
                QTest::addRow("%dx%d to %dx%d", from.width, from.height, to.width, to.height) << row;
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(QStringLiteral(STUDIO_SOURCE_DIR "/tests/oracle/lanczos/lanczos.json"));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        m_cases = QJsonDocument::fromJson(file.readAll()).object()[QStringLiteral("cases")].toArray();
        QVERIFY(m_cases.size() >= 10);
    }

    void eightBitEqualsPillow_data() { addRows(QStringLiteral("eight_bit")); }
    void eightBitEqualsPillow()
    {
        QFETCH(QJsonObject, expected);
        const Picture8 out = resizeLanczos(eightBitPicture(extentFrom(expected[QStringLiteral("from")])),
            extentFrom(expected[QStringLiteral("to")]));
        const QJsonArray values = expected[QStringLiteral("eight_bit")].toArray();
        QCOMPARE(out.values.size(), static_cast<std::size_t>(values.size()));
        for (qsizetype i = 0; i < values.size(); ++i)
            QCOMPARE(int(out.values[static_cast<std::size_t>(i)]), values[i].toInt());
    }

    void floatEqualsPillow_data() { addRows(QStringLiteral("float")); }
    void floatEqualsPillow()
    {
        QFETCH(QJsonObject, expected);
        const PictureF out = resizeLanczos(floatPicture(extentFrom(expected[QStringLiteral("from")])),
            extentFrom(expected[QStringLiteral("to")]));
        const QJsonArray values = expected[QStringLiteral("float")].toArray();
        QCOMPARE(out.values.size(), static_cast<std::size_t>(values.size()));
        double worst = 0.0;
        for (qsizetype i = 0; i < values.size(); ++i)
            worst = std::max(
                worst, std::abs(double(out.values[static_cast<std::size_t>(i)]) - values[i].toDouble()));
        QVERIFY2(worst <= 1e-6, qPrintable(QString::number(worst)));
    }

    void largePicturesEqualPillowToTheBit_data() { addRows(QStringLiteral("eight_bit_sha256")); }
    void largePicturesEqualPillowToTheBit()
    {
        QFETCH(QJsonObject, expected);
        const Picture8 out = resizeLanczos(eightBitPicture(extentFrom(expected[QStringLiteral("from")])),
            extentFrom(expected[QStringLiteral("to")]));
        const QByteArrayView bytes(out.values.data(), static_cast<qsizetype>(out.values.size()));
        QCOMPARE(QString::fromLatin1(
                     QCryptographicHash::hash(bytes.toByteArray(), QCryptographicHash::Sha256).toHex()),
            expected[QStringLiteral("eight_bit_sha256")].toString());
    }

    void aFlatPictureStaysFlat()
    {
        const Picture8 flat{{31, 17}, std::vector<std::uint8_t>(3 * 31 * 17, 201)};
        const Picture8 out = resizeLanczos(flat, {50, 60});
        QVERIFY(std::all_of(out.values.begin(), out.values.end(), [](std::uint8_t v) { return v == 201; }));
    }

    void aCheckpointCanEndTheWork()
    {
        std::atomic<int> calls{0};
        const auto stopFromTheThird = [&] { // on every thread, as a cancelled run does
            if (++calls >= 3)
                throw Cancelled{};
        };
        QVERIFY_EXCEPTION_THROWN(
            resizeLanczos(floatPicture({600, 600}), {700, 700}, stopFromTheThird), Cancelled);
        QVERIFY(calls < 10); // of more than 100 bands
    }

    void impossibleSizesAreRefused()
    {
        QVERIFY_EXCEPTION_THROWN(resizeLanczos(eightBitPicture({4, 4}), {0, 4}), Error);
        QVERIFY_EXCEPTION_THROWN(resizeLanczos(Picture8{{4, 4}, {1, 2, 3}}, {8, 8}), Error);
        QVERIFY_EXCEPTION_THROWN(resizeLanczos(PictureF{}, {8, 8}), Error);
    }
};

QTEST_GUILESS_MAIN(TestLanczos)
#include "tst_lanczos.moc"
