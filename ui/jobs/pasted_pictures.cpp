#include "ui/jobs/pasted_pictures.h"

#include "ui/convert/strings.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QImageWriter>

namespace studio::ui {

namespace {

constexpr qsizetype kMostKept = 50;

QString nameOf(const QImage& picture)
{
    QCryptographicHash hash(QCryptographicHash::Sha1);
    for (int row = 0; row < picture.height(); ++row)
        hash.addData(QByteArrayView(picture.constScanLine(row), qsizetype(picture.width()) * 4));
    return QStringLiteral("pasted_%1.png").arg(QString::fromLatin1(hash.result().toHex().first(12)));
}

void removeOldest(const QString& folder, const QString& newest)
{
    const QFileInfoList files
        = QDir(folder).entryInfoList({QStringLiteral("pasted_*.png")}, QDir::Files, QDir::Time);
    for (const QFileInfo& file : files.mid(kMostKept)) {
        if (file.filePath() != newest)
            QFile::remove(file.filePath());
    }
}

} // namespace

PastedPictures::PastedPictures(std::filesystem::path folder, QObject* parent)
    : QObject(parent)
    , m_folder(folder.empty() ? toPath(QDir::tempPath()) / "hires-studio" : std::move(folder))
    , m_task(m_lane, std::chrono::milliseconds(0), [this](const Written& written) {
        if (written.fault.isEmpty())
            Q_EMIT kept(written.path);
        else
            Q_EMIT notKept(written.fault);
    })
{
    m_lane.setMaxThreadCount(1);
}

void PastedPictures::keep(const QImage& picture)
{
    m_task.ask([picture, folder = pathToQt(m_folder)]() -> Written {
        const QImage rgba = picture.convertToFormat(QImage::Format_RGBA8888);
        const QString path = folder + u'/' + nameOf(rgba);
        QDir().mkpath(folder);
        QImageWriter writer(path, "png");
        writer.setCompression(30); // it is read once or twice: speed counts more than size
        if (!writer.write(picture.hasAlphaChannel() ? rgba : picture.convertToFormat(QImage::Format_RGB888)))
            return {path, tr("%1 could not be written: %2").arg(path, writer.errorString())};
        removeOldest(folder, path);
        return {path, {}};
    });
}

} // namespace studio::ui
