#pragma once

#include "ui/jobs/latest_task.h"

#include <QImage>
#include <QObject>

#include <filesystem>

namespace studio::ui {

/// Gives pictures from the clipboard a file, so that a request can name them: a take that starts from one keeps a copy
/// of its own. One file for each picture, and no more than the last fifty.
class PastedPictures : public QObject {
    Q_OBJECT

public:
    explicit PastedPictures(std::filesystem::path folder, QObject* parent = nullptr);

    /// Writes it as PNG, in the background.
    void keep(const QImage& picture);

Q_SIGNALS:
    void kept(const QString& path);
    void notKept(const QString& sentence);

private:
    struct Written {
        QString path;
        QString fault; ///< empty: it is there
    };

    std::filesystem::path m_folder;
    QThreadPool m_lane;
    LatestTask<Written> m_task;
};

} // namespace studio::ui
