#pragma once

#include "core/api/take.h"

#include <QMimeData>

#include <filesystem>
#include <memory>
#include <optional>

namespace studio::ui {

/// One picture of a take on its way to another program: as a PNG file with its settings, and as an image. Nothing is
/// made before the other program asks for it.
class TakeMime : public QMimeData {
    Q_OBJECT

public:
    /// `layer`: absent: the take's main one.
    explicit TakeMime(std::shared_ptr<const Take> take, std::optional<LayerKind> layer = {});

    QStringList formats() const override;
    bool hasFormat(const QString& type) const override;

protected:
    QVariant retrieveData(const QString& type, QMetaType wanted) const override;

private:
    const Layer* picture() const;
    QString writtenFile() const;

    std::shared_ptr<const Take> m_take;
    std::optional<LayerKind> m_layer;
    mutable QString m_file;
};

/// A file on its way to another program, which copies it.
QMimeData* fileMime(const std::filesystem::path& file);

} // namespace studio::ui
