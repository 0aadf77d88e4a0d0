#include "core/api/picture_file.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/image/decoded_picture.h"

#include <QtTest>

#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdlib>

using namespace studio;

namespace {

const std::string kData = STUDIO_SOURCE_DIR "/tests/core/image/data/";
const std::string kWide = "a lighthouse, \u706f\u53f0 \U0001f30a\nSteps: 20, Sampler: Euler a, CFG scale: 7, "
                          "Seed: 1, Size: 512x512";
const std::string kLatin
    = "a lighthouse, caf\u00e9\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512";

/// A gradient with a diagonal: every pixel differs from its neighbours.
Picture8 gradient(Extent size)
{
    Picture8 picture{size, {}};
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (const int value : {x * 7, y * 5, (x + y) * 3})
                picture.values.push_back(static_cast<std::uint8_t>(value & 255));
    return picture;
}

int worstDifference(const std::vector<std::uint8_t>& a, const QByteArray& b)
{
    int worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        worst = std::max(
            worst, std::abs(int(a[i]) - int(static_cast<unsigned char>(b[static_cast<qsizetype>(i)]))));
    return worst;
}

QByteArray bytesOf(const std::string& file)
{
    QFile in(QString::fromStdString(kData + file));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

} // namespace

class TestPictureFile : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::filesystem::path fileOf(const QByteArray& bytes, const char* name = "file")
    {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
            qFatal("The test's folder cannot be written.");
        return path.toStdString();
    }

    Outcome<LoadedPicture> loadBytes(const QByteArray& bytes) { return loadPicture(fileOf(bytes)); }

private Q_SLOTS:
    void initTestCase() { startLog({}, LogLevel::Error); }

    void everyKindLooksAsPillowSeesIt_data()
    {
        QTest::addColumn<QJsonObject>("expected");
        const QJsonArray files = QJsonDocument::fromJson(bytesOf("expected.json")).array();
        QVERIFY(files.size() > 25);
        for (const QJsonValue& file : files)
            QTest::addRow("%s", qPrintable(file[QStringLiteral("file")].toString())) << file.toObject();
    }
    void everyKindLooksAsPillowSeesIt()
    {
        QFETCH(QJsonObject, expected);
        const std::string name = expected[QStringLiteral("file")].toString().toStdString();
        const Outcome<LoadedPicture> outcome = loadPicture(kData + name);
        QVERIFY2(!failureOf(outcome), failureOf(outcome) ? failureOf(outcome)->detail.c_str() : "");
        const LoadedPicture& loaded = std::get<LoadedPicture>(outcome);
        const QJsonArray size = expected[QStringLiteral("size")].toArray();
        QCOMPARE(loaded.picture.size, (Extent{size[0].toInt(), size[1].toInt()}));
        const QByteArray rgb = QByteArray::fromHex(expected[QStringLiteral("rgb")].toString().toLatin1());
        QCOMPARE(loaded.picture.values.size(), static_cast<std::size_t>(rgb.size()));
        // JPEG libraries and the blending with white may round the other way.
        const bool exact = name.ends_with(".png") && name.find("a") == std::string::npos;
        const int worst = worstDifference(loaded.picture.values, rgb);
        QVERIFY2(worst <= (exact ? 0 : 1), std::to_string(worst).c_str());
        QCOMPARE(loaded.sourceBitDepth, expected[QStringLiteral("depth")].toInt());
    }

    void aProfileThatSaysSrgbChangesNothing()
    {
        const auto plain = std::get<LoadedPicture>(loadPicture(kData + "rgb.png"));
        const auto tagged = std::get<LoadedPicture>(loadPicture(kData + "rgb_srgb_profile.png"));
        const auto wide = std::get<LoadedPicture>(loadPicture(kData + "rgb_profile.png"));
        QCOMPARE(tagged.picture, plain.picture);
        QVERIFY(wide.picture != plain.picture);
    }

    void textsOfOtherProgramsAreRead_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("text");
        QTest::newRow("tEXt by Pillow") << "text_latin.png" << QString::fromStdString(kLatin);
        QTest::newRow("iTXt by Pillow") << "text_wide.png" << QString::fromStdString(kWide);
        QTest::newRow("behind the pixels") << "text_after.png" << QStringLiteral("behind the pixels");
        QTest::newRow("JPEG by piexif") << "text_wide.jpg" << QString::fromStdString(kWide);
        QTest::newRow("WebP by piexif") << "text_wide.webp" << QString::fromStdString(kWide);
        QTest::newRow("none") << "rgb.jpg" << QString();
    }
    void textsOfOtherProgramsAreRead()
    {
        QFETCH(QString, file);
        QFETCH(QString, text);
        const std::filesystem::path path = kData + file.toStdString();
        const auto alone = std::get<PictureMetadata>(loadPictureMetadata(path));
        QCOMPARE(QString::fromStdString(alone.parameters), text);
        QCOMPARE(std::get<LoadedPicture>(loadPicture(path)).metadata, alone);
    }

    void furtherPngTextsAreKept()
    {
        const auto metadata = std::get<PictureMetadata>(loadPictureMetadata(kData + "text_latin.png"));
        QCOMPARE(metadata.other.size(), std::size_t(1));
        QCOMPARE(metadata.other[0].first, std::string("Software"));
        QCOMPARE(metadata.other[0].second, std::string("a test"));
    }

    void writtenTextsComeBack_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<QString>("text");
        for (const auto& [name, format] : {std::pair("png", PictureFormat::Png),
                 std::pair("jpeg", PictureFormat::Jpeg), std::pair("webp", PictureFormat::WebP)}) {
            QTest::addRow("%s, Latin-1", name) << int(format) << QString::fromStdString(kLatin);
            QTest::addRow("%s, wide", name) << int(format) << QString::fromStdString(kWide);
        }
    }
    void writtenTextsComeBack()
    {
        QFETCH(int, format);
        QFETCH(QString, text);
        const PictureMetadata metadata{text.toStdString(), R"({"version": 1, "prompt": "caf\u00e9"})", {}};
        const auto bytes = std::get<std::string>(
            encodePicture(gradient({20, 10}), metadata, {.format = static_cast<PictureFormat>(format)}));
        const auto path = fileOf(QByteArray::fromStdString(bytes));
        QCOMPARE(std::get<PictureMetadata>(loadPictureMetadata(path)), metadata);
        QCOMPARE(std::get<LoadedPicture>(loadPicture(path)).picture.size, (Extent{20, 10}));
        const auto bare = std::get<std::string>(encodePicture(
            gradient({20, 10}), metadata, {.format = static_cast<PictureFormat>(format), .metadata = false}));
        QCOMPARE(std::get<PictureMetadata>(loadPictureMetadata(fileOf(QByteArray::fromStdString(bare)))),
            PictureMetadata{});
    }

    void latinTextIsStoredAsPillowStoresIt()
    {
        const auto latin = std::get<std::string>(encodePicture(gradient({4, 4}), {.parameters = kLatin}));
        QVERIFY(latin.find(std::string("tEXtparameters\0a lighthouse, caf\xE9\n", 34)) != std::string::npos);
        const auto wide = std::get<std::string>(encodePicture(gradient({4, 4}), {.parameters = kWide}));
        QVERIFY(wide.find(std::string("iTXtparameters\0\0\0\0\0a lighthouse", 31)) != std::string::npos);
    }

    void losslessFormatsKeepEveryPixel()
    {
        const Picture8 picture = gradient({301, 97});
        for (const SaveOptions& options : {SaveOptions{.format = PictureFormat::Png},
                 SaveOptions{.format = PictureFormat::WebP, .quality = 100}}) {
            const auto bytes = std::get<std::string>(encodePicture(picture, {}, options));
            QCOMPARE(bytes, std::get<std::string>(encodePicture(picture, {}, options)));
            QCOMPARE(std::get<LoadedPicture>(loadBytes(QByteArray::fromStdString(bytes))).picture, picture);
        }
    }

    void jpegStaysCloseToThePicture()
    {
        const Picture8 picture = resizedSmooth();
        const auto bytes = std::get<std::string>(
            encodePicture(picture, {}, {.format = PictureFormat::Jpeg, .quality = 95}));
        const auto loaded = std::get<LoadedPicture>(loadBytes(QByteArray::fromStdString(bytes)));
        const QByteArray values(
            reinterpret_cast<const char*>(picture.values.data()), qsizetype(picture.values.size()));
        QVERIFY(worstDifference(loaded.picture.values, values) <= 6);
    }

    void sixteenBitsKeepWhatEightLose()
    {
        PictureF picture{{3, 1}, {0.0f, 0.25f, 0.5f, 0.75f, 1.0f, 1.2f, -0.1f, 0.001f, 0.999f}};
        const auto bytes = std::get<std::string>(encodePicture16(picture, {.parameters = kLatin}));
        const auto path = fileOf(QByteArray::fromStdString(bytes));
        const auto loaded = std::get<LoadedPicture>(loadPicture(path));
        QCOMPARE(loaded.sourceBitDepth, 16);
        QCOMPARE(loaded.metadata.parameters, kLatin);
        QCOMPARE(loaded.picture.values, (std::vector<std::uint8_t>{0, 191, 0, 64, 255, 0, 128, 255, 255}));
        const QImage independent(QString::fromStdString(path.string()), "png");
        QCOMPARE(independent.pixelColor(2, 0).rgba64().red(), quint16(32768));
        QCOMPARE(independent.pixelColor(1, 0).rgba64().blue(), quint16(66));
    }

    void damageIsSaidInASentence_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("word");
        QByteArray crc = bytesOf("rgb.png");
        crc[crc.size() - 13] = static_cast<char>(crc[crc.size() - 13] ^ 1); // the last byte of IDAT
        QTest::newRow("check sum") << crc << "CRC";
        QByteArray textCrc = bytesOf("text_latin.png");
        textCrc[60] = static_cast<char>(textCrc[60] ^ 1);
        QTest::newRow("check sum of a text") << textCrc << "CRC";
        QTest::newRow("cut PNG") << bytesOf("rgb.png").left(60) << "ends early";
        QTest::newRow("cut JPEG") << bytesOf("rgb.jpg").left(600) << "damaged";
        QTest::newRow("cut WebP") << bytesOf("rgb.webp").left(40) << "damaged";
        QTest::newRow("empty") << QByteArray() << "empty";
        QTest::newRow("something else") << QByteArray("GIF89a, not ours") << "PNG, JPEG or WebP";
        QTest::newRow("animation") << bytesOf("animation.webp") << "animation";
    }
    void damageIsSaidInASentence()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, word);
        const Outcome<LoadedPicture> outcome = loadBytes(bytes);
        QVERIFY(failureOf(outcome));
        const QString sentence = QString::fromStdString(failureOf(outcome)->detail);
        QVERIFY2(sentence.contains(word) && sentence.endsWith(QLatin1Char('.')), qPrintable(sentence));
    }

    void enormousSizesAskForNoMemory_data()
    {
        QTest::addColumn<quint32>("width");
        QTest::addColumn<quint32>("height");
        QTest::newRow("more than the limit") << 100000u << 100000u;
        QTest::newRow("one long line") << 0x7fffffffu << 1u;
        QTest::newRow("allowed, but the file is too short for it") << 15000u << 15000u;
        QTest::newRow("nothing") << 0u << 5u;
    }
    void enormousSizesAskForNoMemory()
    {
        QFETCH(quint32, width);
        QFETCH(quint32, height);
        QByteArray bytes = bytesOf("rgb.png");
        qToBigEndian(width, bytes.data() + 16);
        qToBigEndian(height, bytes.data() + 20);
        qToBigEndian(crc32(bytes.mid(12, 17)), bytes.data() + 29);
        const Outcome<LoadedPicture> outcome = loadBytes(bytes);
        QVERIFY(failureOf(outcome));
        QVERIFY2(failureOf(outcome)->kind != ErrorKind::OutOfMemory, failureOf(outcome)->detail.c_str());
    }

    void noDamageCrashes_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* file : {"text_latin.png", "palette_transparent.png", "interlaced.png",
                 "rgb_profile.png", "text_wide.jpg", "progressive.jpg", "cmyk.jpg", "rgb_profile.jpg",
                 "text_wide.webp", "rgba.webp"})
            QTest::newRow(file) << QString::fromLatin1(file);
    }
    void noDamageCrashes()
    {
        QFETCH(QString, file);
        const QByteArray whole = bytesOf(file.toStdString());
        const qsizetype step = whole.size() > 500 ? 5 : 1;
        for (qsizetype i = 0; i < whole.size(); i += step) {
            const std::string cut = whole.left(i).toStdString();
            // The last bytes may be a chunk's padding, or the mark of an end that JPEG readers can do without.
            QVERIFY(failureOf(settle([&] { return decodePicture(cut); })) || i >= whole.size() - 14);
            std::string changed = whole.toStdString();
            changed[static_cast<std::size_t>(i)] ^= 0x55;
            const Outcome<LoadedPicture> outcome = settle([&] { return decodePicture(changed); });
            QVERIFY(!failureOf(outcome) || failureOf(outcome)->kind != ErrorKind::Internal);
            QVERIFY(!failureOf(outcome) || failureOf(outcome)->kind != ErrorKind::OutOfMemory);
        }
    }

    void whatCannotBeWrittenIsRefused()
    {
        QVERIFY(failureOf(encodePicture(Picture8{{4, 4}, {1, 2}}, {})));
        QVERIFY(
            failureOf(encodePicture(gradient({4, 4}), {}, {.format = PictureFormat::Jpeg, .quality = 0})));
        QVERIFY(failureOf(encodePicture(gradient({16384, 1}), {}, {.format = PictureFormat::WebP})));
        QVERIFY(failureOf(encodePicture(gradient({70000, 1}), {}, {.format = PictureFormat::Jpeg})));
        QVERIFY(failureOf(encodePicture(gradient({4, 4}), {.parameters = std::string("a\0b", 3)})));
        QVERIFY(failureOf(encodePicture(gradient({4, 4}), {.parameters = "\xFF\xFE"})));
        const auto tooLong = encodePicture(
            gradient({4, 4}), {.parameters = std::string(40000, 'a')}, {.format = PictureFormat::Jpeg});
        QVERIFY(failureOf(tooLong));
        QVERIFY(failureOf(tooLong)->detail.find("too long") != std::string::npos);
    }

    void foldersAndMissingFilesAreNamed()
    {
        QVERIFY(failureOf(loadPicture("/no/such/picture.png"))->kind == ErrorKind::FileMissing);
        QVERIFY(failureOf(loadPicture("/tmp"))->detail.find("folder") != std::string::npos);
        QVERIFY(failureOf(loadPicture("/dev/zero")));
    }

    void base64IsTheStandards()
    {
        // RFC 4648, section 10.
        const char* const pairs[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
            {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
        for (const auto& [plain, encoded] : pairs)
            QCOMPARE(base64(plain), std::string(encoded));
        QCOMPARE(base64("\xFB\xFF"), std::string("+/8="));
    }

private:
    static Picture8 resizedSmooth()
    {
        Picture8 picture{{64, 48}, {}};
        for (int y = 0; y < 48; ++y)
            for (int x = 0; x < 64; ++x)
                for (const int value : {x * 3, y * 4, 200 - x - y})
                    picture.values.push_back(static_cast<std::uint8_t>(value));
        return picture;
    }

    static quint32 crc32(const QByteArray& bytes)
    {
        quint32 crc = ~0u;
        for (const char c : bytes) {
            crc ^= static_cast<unsigned char>(c);
            for (int bit = 0; bit < 8; ++bit)
                crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0u);
        }
        return ~crc;
    }
};

QTEST_GUILESS_MAIN(TestPictureFile)
#include "tst_picture_file.moc"
