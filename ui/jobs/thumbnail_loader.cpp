#include "ui/jobs/thumbnail_loader.h"

#include "core/api/picture_file.h"
#include "ui/convert/pictures.h"
#include "ui/convert/strings.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kThreads = 2;
constexpr std::size_t kMostWanted = 200; ///< more than two screens full
constexpr int kQuality = 85;
constexpr std::chrono::milliseconds kBetweenArrivals{40};

QImage fitted(const QImage& image, int side)
{
    const bool fits = image.width() <= side && image.height() <= side;
    return (fits ? image : image.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation))
        .convertToFormat(QImage::Format_RGB32);
}

QImage read(const std::filesystem::path& file)
{
    Outcome<LoadedPicture> loaded = loadPicture(file);
    auto* picture = std::get_if<LoadedPicture>(&loaded);
    return picture ? imageOf(std::make_shared<const Picture8>(std::move(picture->picture))) : QImage();
}

/// The file of a picture's thumbnail: another one if the picture changes. Empty if there is no such picture.
std::filesystem::path storedFile(const std::filesystem::path& picture, const std::filesystem::path& folder)
{
    std::error_code error;
    const auto changed = std::filesystem::last_write_time(picture, error).time_since_epoch().count();
    const auto bytes = std::filesystem::file_size(picture, error);
    if (error)
        return {};
    QCryptographicHash hash(QCryptographicHash::Sha1);
    // Not the whole path: takes move into the trash and back, and stores to other disks.
    const std::filesystem::path run = picture.parent_path();
    hash.addData(QByteArray::fromStdString(
        (run.parent_path().filename() / run.filename() / picture.filename()).string()));
    hash.addData(QByteArray::number(static_cast<qint64>(changed)) + '/'
        + QByteArray::number(static_cast<qint64>(bytes)));
    return folder / (hash.result().toHex().toStdString() + ".jpg");
}

/// What cannot be kept is made again the next time.
void keep(const QImage& thumbnail, const std::filesystem::path& file)
{
    const QImage rgb = thumbnail.convertToFormat(QImage::Format_RGB888);
    Picture8 picture{{rgb.width(), rgb.height()}, {}};
    for (int y = 0; y < rgb.height(); ++y)
        picture.values.insert(
            picture.values.end(), rgb.constScanLine(y), rgb.constScanLine(y) + 3 * rgb.width());
    const Outcome<std::string> bytes
        = encodePicture(picture, {}, {PictureFormat::Jpeg, kQuality, /*metadata*/ false});
    const auto* text = std::get_if<std::string>(&bytes);
    if (!text)
        return;
    // Renamed into place, but not flushed: a loss of power may leave an empty file, which is made again.
    QFile beside(pathToQt(file) + QStringLiteral(".%1").arg(reinterpret_cast<quintptr>(&picture), 0, 16));
    if (!beside.open(QIODevice::WriteOnly))
        return;
    const bool whole
        = beside.write(text->data(), static_cast<qint64>(text->size())) == static_cast<qint64>(text->size());
    beside.close();
    if (!whole || !beside.rename(pathToQt(file)))
        beside.remove();
}

void tidyUp(const std::filesystem::path& folder)
{
    QFileInfoList files = QDir(pathToQt(folder)).entryInfoList(QDir::Files, QDir::Time); // the newest first
    std::int64_t bytes = 0;
    for (const QFileInfo& file : files) {
        bytes += file.size();
        if (bytes > ThumbnailLoader::kMostStoredBytes)
            QFile::remove(file.filePath());
    }
}

} // namespace

QImage makeThumbnail(const std::filesystem::path& picture, int side, const std::filesystem::path& folder)
{
    const bool stores = !folder.empty() && side <= ThumbnailLoader::kStoredSide;
    const std::filesystem::path stored = stores ? storedFile(picture, folder) : std::filesystem::path();
    std::error_code none;
    if (!stored.empty() && std::filesystem::exists(stored, none)) {
        if (const QImage kept = read(stored); !kept.isNull())
            return fitted(kept, side);
        std::filesystem::remove(stored, none);
    }
    const QImage whole = read(picture);
    if (whole.isNull() || stored.empty())
        return whole.isNull() ? QImage() : fitted(whole, side);
    const QImage thumbnail = fitted(whole, ThumbnailLoader::kStoredSide);
    std::filesystem::create_directories(folder, none);
    keep(thumbnail, stored);
    return fitted(thumbnail, side);
}

QImage squareMiddle(const QImage& image)
{
    const int edge = std::min(image.width(), image.height());
    return image.copy((image.width() - edge) / 2, (image.height() - edge) / 2, edge, edge);
}

ThumbnailLoader::ThumbnailLoader(QObject* parent)
    : QObject(parent)
    , m_shown(kMostBytes)
{
    m_lane.setMaxThreadCount(kThreads);
    m_lane.setThreadPriority(QThread::LowPriority);
    m_timer.setSingleShot(true);
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &ThumbnailLoader::start);
    m_arriving.setSingleShot(true);
    m_arriving.setInterval(kBetweenArrivals);
    connect(&m_arriving, &QTimer::timeout, this, &ThumbnailLoader::arrived);
}

ThumbnailLoader::~ThumbnailLoader()
{
    m_lane.clear();
    m_lane.waitForDone();
}

void ThumbnailLoader::setFolder(const std::filesystem::path& folder)
{
    m_folder = folder;
    if (!folder.empty())
        m_lane.start([folder] { tidyUp(folder); });
}

ThumbnailLoader::Thumbnail ThumbnailLoader::find(const std::filesystem::path& picture, int side)
{
    if (picture.empty())
        return {};
    const QByteArray key = QByteArray::number(side) + ':' + QByteArray::fromStdString(picture.string());
    if (const Thumbnail* shown = m_shown.object(key))
        return *shown;
    const auto hasKey = [&key](const Wanted& wanted) { return wanted.key == key; };
    if (std::find(m_making.begin(), m_making.end(), key) == m_making.end()
        && std::none_of(m_asked.begin(), m_asked.end(), hasKey)) {
        m_asked.push_back({key, picture, side});
        m_timer.start();
    }
    return {};
}

void ThumbnailLoader::start()
{
    // The newest round goes first, in the order it asked: from the top of the page.
    std::erase_if(m_wanted, [this](const Wanted& old) {
        return std::any_of(
            m_asked.begin(), m_asked.end(), [&](const Wanted& fresh) { return fresh.key == old.key; });
    });
    m_wanted.insert(m_wanted.end(), m_asked.rbegin(), m_asked.rend());
    m_asked.clear();
    if (m_wanted.size() > kMostWanted)
        m_wanted.erase(m_wanted.begin(), m_wanted.end() - kMostWanted);
    while (m_running < kThreads && !m_wanted.empty()) {
        Wanted next = std::move(m_wanted.back());
        m_wanted.pop_back();
        m_making.push_back(next.key);
        ++m_running;
        // The destructor waits for the lane, so `this` is there whenever the worker calls.
        m_lane.start([this, next = std::move(next), folder = m_folder] {
            QImage image = makeThumbnail(next.picture, next.side, folder);
            QMetaObject::invokeMethod(
                this, [this, key = next.key, image = std::move(image)] { finish(key, image); },
                Qt::QueuedConnection);
        });
    }
}

void ThumbnailLoader::finish(const QByteArray& key, const QImage& image)
{
    --m_running;
    std::erase(m_making, key);
    m_shown.insert(key, new Thumbnail{image, image.isNull()}, std::max<qsizetype>(1, image.sizeInBytes()));
    start();
    if (!m_arriving.isActive())
        m_arriving.start();
}

} // namespace studio::ui
