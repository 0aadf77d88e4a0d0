#include "ui/models/take_mime.h"

#include "core/api/log.h"
#include "core/api/picture_file.h"
#include "ui/convert/pictures.h"
#include "ui/convert/strings.h"

#include <QDir>
#include <QUrl>

namespace studio::ui {

namespace {

const QString kFiles = QStringLiteral("text/uri-list");
const QString kImage = QStringLiteral("application/x-qt-image");

} // namespace

TakeMime::TakeMime(std::shared_ptr<const Take> take, std::optional<LayerKind> layer)
    : m_take(std::move(take))
    , m_layer(layer)
{ }

const Layer* TakeMime::picture() const
{
    return m_layer ? m_take->find(*m_layer) : m_take->mainLayer();
}

QStringList TakeMime::formats() const
{
    return {kFiles, kImage};
}

bool TakeMime::hasFormat(const QString& type) const
{
    return formats().contains(type);
}

QString TakeMime::writtenFile() const
{
    const Layer* layer = picture();
    if (!m_file.isEmpty() || !layer)
        return m_file;
    const Outcome<std::string> bytes = encodePicture(*layer->picture, metadataFor(*m_take, *layer));
    if (const Failure* failure = failureOf(bytes)) {
        logError("The picture could not be handed over: " + failure->detail);
        return {};
    }
    const QString name = QStringLiteral("hires_studio_%1_%2.png")
                             .arg(m_take->plan.request.seed.value_or(0))
                             .arg(toQt(layerId(layer->kind)));
    const Outcome<std::filesystem::path> written
        = writeNewFile(toPath(QDir::temp().filePath(name)), std::get<std::string>(bytes));
    if (const Failure* failure = failureOf(written))
        logError("The picture could not be handed over: " + failure->detail);
    else
        m_file = pathToQt(std::get<std::filesystem::path>(written));
    return m_file;
}

QVariant TakeMime::retrieveData(const QString& type, QMetaType) const
{
    if (type == kImage) {
        const Layer* layer = picture();
        return layer ? QVariant(imageOf(layer->picture).copy()) : QVariant();
    }
    if (type != kFiles)
        return {};
    const QString file = writtenFile();
    return file.isEmpty() ? QVariant() : QVariant(QVariantList{QUrl::fromLocalFile(file)});
}

QMimeData* fileMime(const std::filesystem::path& file)
{
    auto* mime = new QMimeData;
    mime->setUrls({QUrl::fromLocalFile(pathToQt(file))});
    return mime;
}

} // namespace studio::ui
