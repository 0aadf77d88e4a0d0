#pragma once

#include "core/api/outcome.h"
#include "core/api/picture_file.h"
#include "core/api/take.h"

#include <QImage>
#include <QObject>
#include <QThreadPool>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace studio::ui {

/// A file to write: where, and how to make its bytes. Holds what it writes, so an order that failed can be given
/// again for another place.
struct SaveOrder {
    std::filesystem::path path;
    std::function<Outcome<std::string>()> encode; ///< called in the background
    /// Orders of one subject are for one picture, whatever the file. Null: the saver makes one up.
    std::shared_ptr<const void> subject;
};

/// One layer of a take. `sixteenBit`: a PNG of the picture before rounding.
SaveOrder saveLayer(std::shared_ptr<const Take> take, const Layer& layer, std::filesystem::path path,
    SaveOptions options, bool sixteenBit = false);
SaveOrder saveImage(const QImage& image, std::filesystem::path path, SaveOptions options);
/// The same for a picture that takes a while to draw: `draw` is called in the background.
SaveOrder saveDrawing(std::function<QImage()> draw, std::filesystem::path path, SaveOptions options);

/// What a path's ending says: ".jpg", ".jpeg", ".webp"; PNG otherwise.
PictureFormat formatOf(const std::filesystem::path& path);

/// Writes pictures one after another in the background, whole or not at all; folders are made. Nothing is ever
/// written over: a name that is taken gets a number. The destructor finishes what was ordered.
class PictureSaver : public QObject {
    Q_OBJECT

public:
    explicit PictureSaver(QObject* parent = nullptr);
    ~PictureSaver() override;

    void save(SaveOrder order);
    /// Something that was ordered is not settled yet.
    bool isBusy() const { return m_open > 0; }

Q_SIGNALS:
    void saved(const QString& path, const studio::ui::SaveOrder& order);
    void failed(const studio::ui::SaveOrder& order, const studio::Failure& failure);
    /// Everything that was ordered is written, or refused.
    void settled();

private:
    void settle(const SaveOrder& order, const Outcome<std::filesystem::path>& written);

    int m_open = 0; ///< orders that are not settled
    QThreadPool m_lane;
};

} // namespace studio::ui
