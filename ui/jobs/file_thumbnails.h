#pragma once

#include <QHash>
#include <QImage>
#include <QObject>
#include <QSet>
#include <QThreadPool>

namespace studio::ui {

/// Small pictures of files, read in the background when they are first asked for and kept. Lives on the thread of the
/// window; the destructor waits for the one that is being read.
class FileThumbnails : public QObject {
    Q_OBJECT

public:
    /// `side`: of the squares, in pixels of the screen.
    explicit FileThumbnails(int side, QObject* parent = nullptr);
    ~FileThumbnails() override;

    /// The square middle of the picture; null while it is not there, and for files that are no pictures.
    QImage picture(const QString& path);

Q_SIGNALS:
    void loaded(const QString& path);

private:
    void take(const QString& path, const QImage& picture);

    int m_side = 0;
    QHash<QString, QImage> m_pictures;
    QSet<QString> m_asked;
    QThreadPool m_lane;
};

/// The square middle of a PNG, JPEG or WebP file, `side` pixels large or smaller; null if it cannot be read.
QImage squareThumbnail(const QString& path, int side);

} // namespace studio::ui
