#pragma once

#include <QByteArray>
#include <QCache>
#include <QImage>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <filesystem>
#include <vector>

namespace studio::ui {

/// Small pictures of picture files, made in the background. What was made once lies in a folder as JPEG and is quick to
/// read; what was shown lately is in memory. Lives on the thread of the window; the destructor waits for what is being
/// made.
class ThumbnailLoader : public QObject {
    Q_OBJECT

public:
    static constexpr int kStoredSide = 320;                       ///< pixels of the longer side in the folder
    static constexpr std::int64_t kMostStoredBytes = 256'000'000; ///< in the folder; the oldest go first
    static constexpr qsizetype kMostBytes = qsizetype{96} * 1024 * 1024; ///< in memory

    explicit ThumbnailLoader(QObject* parent = nullptr);
    ~ThumbnailLoader() override;

    /// Where thumbnails are kept; empty: nowhere. Tidies up there in the background.
    void setFolder(const std::filesystem::path& folder);

    struct Thumbnail {
        QImage image;        ///< null: not there yet, or not at all
        bool failed = false; ///< the file cannot be read as a picture
    };

    /// At most `side` pixels on the longer side, never enlarged beyond the file's own. If it is not there yet,
    /// `arrived` follows. What is asked for last is made first; what was asked for long ago is forgotten and must be
    /// asked for again.
    Thumbnail find(const std::filesystem::path& picture, int side);

    bool isIdle() const { return m_running == 0 && m_wanted.empty() && m_asked.empty(); }

Q_SIGNALS:
    /// Some that were asked for are there. Those who show them ask again.
    void arrived();

private:
    struct Wanted {
        QByteArray key;
        std::filesystem::path picture;
        int side = 0;
    };
    void start();
    void finish(const QByteArray& key, const QImage& image);

    std::filesystem::path m_folder;
    QCache<QByteArray, Thumbnail> m_shown;
    std::vector<Wanted> m_asked;  ///< since the last round of the event loop, in the order of the questions
    std::vector<Wanted> m_wanted; ///< the next one is the last
    std::vector<QByteArray> m_making;
    int m_running = 0;
    QTimer m_timer;
    QTimer m_arriving; ///< several that come at once are said once
    QThreadPool m_lane;
};

/// Reads `picture`, or what `folder` keeps of it, and keeps it there. Null if it is no picture. Safe from any thread.
QImage makeThumbnail(const std::filesystem::path& picture, int side, const std::filesystem::path& folder);

/// The square middle of a picture.
QImage squareMiddle(const QImage& image);

} // namespace studio::ui
