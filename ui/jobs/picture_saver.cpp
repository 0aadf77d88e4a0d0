#include "ui/jobs/picture_saver.h"

#include "ui/convert/strings.h"

#include <QPointer>
#include <QtConcurrentRun>

namespace studio::ui {

namespace {

Picture8 pictureOf(const QImage& image)
{
    const QImage rgb = image.convertToFormat(QImage::Format_RGB888);
    Picture8 picture{{rgb.width(), rgb.height()}, {}};
    const auto row = static_cast<std::size_t>(3 * rgb.width());
    picture.values.reserve(row * static_cast<std::size_t>(rgb.height()));
    for (int y = 0; y < rgb.height(); ++y)
        picture.values.insert(picture.values.end(), rgb.constScanLine(y), rgb.constScanLine(y) + row);
    return picture;
}

Outcome<std::filesystem::path> write(const SaveOrder& order)
{
    const Outcome<std::string> bytes = order.encode();
    if (const Failure* failure = failureOf(bytes))
        return *failure;
    std::error_code error;
    std::filesystem::create_directories(order.path.parent_path(), error);
    // If that did not work, writing says why.
    return writeNewFile(order.path, std::get<std::string>(bytes));
}

} // namespace

SaveOrder saveLayer(std::shared_ptr<const Take> take, const Layer& layer, std::filesystem::path path,
    SaveOptions options, bool sixteenBit)
{
    return {std::move(path),
        [take = std::move(take), layer, options, sixteenBit] {
            const PictureMetadata metadata = options.metadata ? metadataFor(*take, layer) : PictureMetadata{};
            return sixteenBit ? encodePicture16(*layer.precise, metadata)
                              : encodePicture(*layer.picture, metadata, options);
        },
        layer.picture};
}

SaveOrder saveImage(const QImage& image, std::filesystem::path path, SaveOptions options)
{
    return {
        std::move(path), [image, options] { return encodePicture(pictureOf(image), {}, options); }, nullptr};
}

SaveOrder saveDrawing(std::function<QImage()> draw, std::filesystem::path path, SaveOptions options)
{
    return {std::move(path),
        [draw = std::move(draw), options] { return encodePicture(pictureOf(draw()), {}, options); }, nullptr};
}

PictureFormat formatOf(const std::filesystem::path& path)
{
    const QString ending = pathToQt(path.extension()).toLower();
    if (ending == QLatin1String(".jpg") || ending == QLatin1String(".jpeg"))
        return PictureFormat::Jpeg;
    return ending == QLatin1String(".webp") ? PictureFormat::WebP : PictureFormat::Png;
}

PictureSaver::PictureSaver(QObject* parent)
    : QObject(parent)
{
    m_lane.setMaxThreadCount(1);
    m_lane.setThreadPriority(QThread::LowPriority);
}

PictureSaver::~PictureSaver()
{
    m_lane.waitForDone();
}

void PictureSaver::save(SaveOrder order)
{
    if (!order.subject)
        order.subject = std::make_shared<int>();
    ++m_open;
    // The destructor waits for the lane, so `this` is there whenever the worker calls; what it posts after that is
    // dropped with this object.
    m_lane.start([this, order = std::move(order)] {
        const Outcome<std::filesystem::path> written = write(order);
        QMetaObject::invokeMethod(
            this, [this, order, written] { settle(order, written); }, Qt::QueuedConnection);
    });
}

void PictureSaver::settle(const SaveOrder& order, const Outcome<std::filesystem::path>& written)
{
    --m_open;
    if (const Failure* failure = failureOf(written))
        Q_EMIT failed(order, *failure);
    else
        Q_EMIT saved(pathToQt(std::get<std::filesystem::path>(written)), order);
    if (m_open == 0)
        Q_EMIT settled();
}

} // namespace studio::ui
