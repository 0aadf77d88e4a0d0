#include "core/image/exif.h"

#include <QtTest>

using namespace studio;

namespace {

std::string little(std::size_t value, int bytes)
{
    std::string out;
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> 8 * i & 0xFF);
    return out;
}

/// A TIFF block with two texts, Make and Model.
std::string blockOf(const std::string& make, const std::string& model)
{
    constexpr std::size_t kTexts = 8 + 2 + 2 * 12 + 4;
    const auto entry = [](std::size_t tag, std::size_t length, std::size_t place) {
        return little(tag, 2) + little(2, 2) + little(length, 4) + little(place, 4);
    };
    return "II*" + std::string(1, '\0') + little(8, 4) + little(2, 2) + entry(0x010F, make.size() + 1, kTexts)
        + entry(0x0110, model.size() + 1, kTexts + make.size() + 1) + little(0, 4) + make + '\0' + model
        + '\0';
}

std::string text(const Exif& exif, const std::string& name)
{
    for (const auto& [key, value] : exif.others)
        if (key == name)
            return value;
    return {};
}

} // namespace

class TestExif : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textsOfTheFirstDirectoryAreRead()
    {
        const Exif exif = readExif(blockOf("workflow:{}", "prompt:{}"));
        QCOMPARE(text(exif, "Make"), std::string("workflow:{}"));
        QCOMPARE(text(exif, "Model"), std::string("prompt:{}"));
    }

    void textsBeyondAJpegSegmentAreReadWhole()
    {
        const std::string make = "workflow:" + std::string(90'000, 'x');
        const std::string model = "prompt:" + std::string(70'000, 'y');
        for (const std::string& head : {std::string(), std::string("Exif\0\0", 6)}) {
            const Exif exif = readExif(head + blockOf(make, model));
            QVERIFY(text(exif, "Make") == make);
            QVERIFY(text(exif, "Model") == model);
        }
    }

    void placesOutsideOfTheBlockAreLeftOut()
    {
        const std::string whole = blockOf(std::string(90'000, 'x'), std::string(70'000, 'y'));
        for (std::size_t size = 65'600; size < whole.size(); size += 5003)
            QVERIFY(text(readExif(whole.substr(0, size)), "Model").empty());
        std::string far = whole;
        far.replace(4, 4, "\xFF\xFF\xFF\xFF");
        QVERIFY(readExif(far).others.empty());
    }

    void aDescriptionThatIsNoRequestIsATextLikeAnother()
    {
        Exif exif;
        exif.imageDescription = "Sunset";
        const PictureMetadata metadata = metadataFrom(exif, {});
        QVERIFY(metadata.requestJson.empty());
        QVERIFY(metadata.other == (decltype(metadata.other){{"ImageDescription", "Sunset"}}));
        exif.imageDescription = "{\"version\": 1}";
        QCOMPARE(metadataFrom(exif, {}).requestJson, exif.imageDescription);
    }
};

QTEST_GUILESS_MAIN(TestExif)
#include "tst_exif.moc"
