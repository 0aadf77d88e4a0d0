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

/// Writes a PNG file for another program to copy; answers its path, or nothing if that failed.
QString writeForOthers(const Picture8& picture, const PictureMetadata& metadata, const QString& name)
{
    const Outcome<std::string> bytes = encodePicture(picture, metadata);
    const Failure* failure = failureOf(bytes);
    Outcome<std::filesystem::path> written;
    if (!failure) {
        written = writeNewFile(toPath(QDir::temp().filePath(name)), std::get<std::string>(bytes));
        failure = failureOf(written);
    }
    if (!failure)
        return pathToQt(std::get<std::filesystem::path>(written));
    logError("The picture could not be handed over: " + failure->detail);
    return {};
}

QVariant urlsOf(const QString& file)
{
    return file.isEmpty() ? QVariant() : QVariant(QVariantList{QUrl::fromLocalFile(file)});
}

} // namespace

TakeMime::TakeMime(std::shared_ptr<const Take> take, Recipe recipe, std::optional<LayerKind> layer)
    : m_take(std::move(take))
    , m_recipe(recipe)
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
    const QString name = QStringLiteral("hires_studio_%1_%2.png")
                             .arg(m_take->plan.request.seed.value_or(0))
                             .arg(toQt(layerId(layer->kind)));
    m_file = writeForOthers(
        *layer->picture, m_recipe == Recipe::With ? metadataFor(*m_take, *layer) : PictureMetadata{}, name);
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
    return urlsOf(writtenFile());
}

FileMime::FileMime(std::filesystem::path file, Recipe recipe)
    : m_source(std::move(file))
    , m_file(recipe == Recipe::With ? pathToQt(m_source) : QString())
{ }

QStringList FileMime::formats() const
{
    return {kFiles};
}

bool FileMime::hasFormat(const QString& type) const
{
    return formats().contains(type);
}

QVariant FileMime::retrieveData(const QString& type, QMetaType) const
{
    if (type != kFiles)
        return {};
    if (!m_file.isEmpty())
        return urlsOf(m_file);
    const Outcome<LoadedPicture> loaded = loadPicture(m_source);
    if (const Failure* failure = failureOf(loaded)) {
        logError("The picture could not be handed over: " + failure->detail);
        return {};
    }
    const QString name = QStringLiteral("hires_studio_%1.png").arg(pathToQt(m_source.stem()));
    m_file = writeForOthers(std::get<LoadedPicture>(loaded).picture, {}, name);
    return urlsOf(m_file);
}

} // namespace studio::ui
