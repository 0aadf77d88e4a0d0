#include "ui/jobs/thumbnail_loader.h"

#include "core/api/picture_file.h"
#include "studio_under_test.h"
#include "test_pictures.h"
#include "ui/convert/strings.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::ui;
using test::waitUntil;

namespace {

std::filesystem::path write(const QTemporaryDir& folder, const char* name, Extent size)
{
    const auto path = toPath(folder.filePath(QString::fromLatin1(name)));
    std::filesystem::create_directories(path.parent_path());
    const auto bytes = encodePicture(test::landscape(size, 4), {});
    return std::get<std::filesystem::path>(writeNewFile(path, std::get<std::string>(bytes)));
}

/// Mean of the absolute differences of all channels, 0..255.
double difference(const QImage& a, const QImage& b)
{
    double sum = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x)
            sum += std::abs(qRed(a.pixel(x, y)) - qRed(b.pixel(x, y)))
                + std::abs(qGreen(a.pixel(x, y)) - qGreen(b.pixel(x, y)))
                + std::abs(qBlue(a.pixel(x, y)) - qBlue(b.pixel(x, y)));
    return sum / (3.0 * a.width() * a.height());
}

} // namespace

class TestThumbnailLoader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aThumbnailArrivesInItsSize();
    void whatWasMadeOnceIsReadFromTheFolder();
    void aPictureThatChangedGetsANewThumbnail();
    void whatIsNoPictureIsSaidOnce();
    void whatWasAskedForLongAgoIsForgotten();
};

void TestThumbnailLoader::aThumbnailArrivesInItsSize()
{
    const QTemporaryDir folder;
    const auto picture = write(folder, "a/run-1/hires.png", {400, 300});
    ThumbnailLoader loader;
    QVERIFY(loader.find(picture, 160).image.isNull());
    QVERIFY(waitUntil([&] { return loader.isIdle(); }, 20000));
    const QImage thumbnail = loader.find(picture, 160).image;
    QCOMPARE(thumbnail.size(), QSize(160, 120));
    const QImage whole
        = QImage(pathToQt(picture)).scaled(160, 120, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    QVERIFY(difference(thumbnail, whole) < 4.0);
    QVERIFY(loader.find({}, 160).image.isNull()); // a take without a picture
    QVERIFY(loader.isIdle());
}

void TestThumbnailLoader::whatWasMadeOnceIsReadFromTheFolder()
{
    const QTemporaryDir folder;
    const auto cache = toPath(folder.filePath(QStringLiteral("cache")));
    const auto picture = write(folder, "a/run-1/hires.png", {800, 800});
    const QImage first = makeThumbnail(picture, 160, cache);
    QCOMPARE(first.size(), QSize(160, 160));
    const QDir kept(pathToQt(cache));
    QCOMPARE(kept.entryList(QDir::Files).size(), 1);
    // The same name, size and time, but other pixels: only the folder can still know the old ones.
    const auto changed = std::filesystem::last_write_time(picture);
    const auto bytes = std::filesystem::file_size(picture);
    QFile file(pathToQt(picture));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(static_cast<qsizetype>(bytes), 'x'));
    file.close();
    std::filesystem::last_write_time(picture, changed);
    const QImage again = makeThumbnail(picture, 160, cache);
    QCOMPARE(again.size(), first.size());
    QVERIFY(difference(again, first) < 4.0);
    // A thumbnail that is damaged is made again.
    QFile thumbnail(kept.filePath(kept.entryList(QDir::Files).front()));
    QVERIFY(thumbnail.open(QIODevice::WriteOnly));
    thumbnail.close();
    QVERIFY(makeThumbnail(picture, 160, cache).isNull());
}

void TestThumbnailLoader::aPictureThatChangedGetsANewThumbnail()
{
    const QTemporaryDir folder;
    const auto cache = toPath(folder.filePath(QStringLiteral("cache")));
    const auto picture = write(folder, "a/run-1/hires.png", {64, 64});
    QCOMPARE(makeThumbnail(picture, 160, cache).size(), QSize(64, 64)); // nothing is enlarged
    std::filesystem::remove(picture);
    write(folder, "a/run-1/hires.png", {96, 64});
    QCOMPARE(makeThumbnail(picture, 160, cache).size(), QSize(96, 64));
    // Where a take lies does not matter: the trash has the same thumbnail.
    std::filesystem::create_directories(toPath(folder.filePath(QStringLiteral("trash"))));
    std::filesystem::rename(
        toPath(folder.filePath(QStringLiteral("a"))), toPath(folder.filePath(QStringLiteral("trash/a"))));
    makeThumbnail(toPath(folder.filePath(QStringLiteral("trash/a/run-1/hires.png"))), 160, cache);
    QCOMPARE(QDir(pathToQt(cache)).entryList(QDir::Files).size(), 2);
}

void TestThumbnailLoader::whatIsNoPictureIsSaidOnce()
{
    const QTemporaryDir folder;
    ThumbnailLoader loader;
    const auto missing = toPath(folder.filePath(QStringLiteral("missing.png")));
    QVERIFY(!loader.find(missing, 160).failed);
    QVERIFY(waitUntil([&] { return loader.isIdle(); }, 20000));
    QVERIFY(loader.find(missing, 160).failed);
    QVERIFY(loader.isIdle()); // and is not tried again and again
}

void TestThumbnailLoader::whatWasAskedForLongAgoIsForgotten()
{
    const QTemporaryDir folder;
    ThumbnailLoader loader;
    for (int i = 0; i < 2000; ++i)
        loader.find(toPath(folder.filePath(QStringLiteral("%1.png").arg(i))), 160);
    QVERIFY(waitUntil([&] { return loader.isIdle(); }, 20000));
    QVERIFY(loader.find(toPath(folder.filePath(QStringLiteral("0.png"))), 160).failed); // the top of the page
    QVERIFY(!loader.find(toPath(folder.filePath(QStringLiteral("1999.png"))), 160).failed);
}

QTEST_MAIN(TestThumbnailLoader)
#include "tst_thumbnail_loader.moc"
