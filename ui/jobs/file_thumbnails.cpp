#include "ui/jobs/file_thumbnails.h"

#include "core/api/log.h"
#include "core/api/picture_file.h"
#include "ui/convert/pictures.h"
#include "ui/convert/strings.h"

#include <algorithm>

namespace studio::ui {

QImage squareThumbnail(const QString& path, int side)
{
    Outcome<LoadedPicture> loaded = loadPicture(toPath(path));
    if (const Failure* failure = failureOf(loaded))
        logWarning("A small picture cannot be shown: " + failure->detail);
    auto* picture = std::get_if<LoadedPicture>(&loaded);
    if (!picture)
        return {};
    const QImage whole = imageOf(std::make_shared<const Picture8>(std::move(picture->picture)));
    const int edge = std::min(whole.width(), whole.height());
    const QImage middle = whole.copy((whole.width() - edge) / 2, (whole.height() - edge) / 2, edge, edge);
    const int to = std::min(side, edge);
    return middle.scaled(to, to, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

FileThumbnails::FileThumbnails(int side, QObject* parent)
    : QObject(parent)
    , m_side(side)
{
    m_lane.setMaxThreadCount(1);
    m_lane.setThreadPriority(QThread::LowestPriority);
}

FileThumbnails::~FileThumbnails()
{
    m_lane.clear();
    m_lane.waitForDone();
}

QImage FileThumbnails::picture(const QString& path)
{
    if (path.isEmpty())
        return {};
    const auto known = m_pictures.constFind(path);
    if (known != m_pictures.constEnd())
        return *known;
    if (m_asked.contains(path))
        return {};
    m_asked.insert(path);
    m_lane.start([this, path, side = m_side] { // waited for before this object goes
        const QImage picture = squareThumbnail(path, side);
        QMetaObject::invokeMethod(
            this, [this, path, picture] { take(path, picture); }, Qt::QueuedConnection);
    });
    return {};
}

void FileThumbnails::take(const QString& path, const QImage& picture)
{
    m_asked.remove(path);
    m_pictures.insert(path, picture);
    Q_EMIT loaded(path);
}

} // namespace studio::ui
