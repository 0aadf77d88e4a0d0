#pragma once

#include "core/api/outcome.h"
#include "core/api/take.h"

#include <QMimeData>

#include <filesystem>
#include <memory>
#include <optional>

namespace studio::ui {

/// Whether a picture that leaves the program carries prompt and settings with it.
enum class Recipe { With, Without };

/// One picture of a take on its way to another program: as a PNG file, and as an image. Nothing is made before the
/// other program asks for it.
class TakeMime : public QMimeData {
    Q_OBJECT

public:
    /// `layer`: absent: the take's main one.
    TakeMime(std::shared_ptr<const Take> take, Recipe recipe, std::optional<LayerKind> layer = {});

    QStringList formats() const override;
    bool hasFormat(const QString& type) const override;

protected:
    QVariant retrieveData(const QString& type, QMetaType wanted) const override;

private:
    const Layer* picture() const;
    QString writtenFile() const;

    std::shared_ptr<const Take> m_take;
    Recipe m_recipe;
    std::optional<LayerKind> m_layer;
    mutable QString m_file;
};

/// A picture file on its way to another program, which copies it: the file itself, or without its recipe a new one of
/// the same picture, which is made when the other program asks for it.
class FileMime : public QMimeData {
    Q_OBJECT

public:
    FileMime(std::filesystem::path file, Recipe recipe);

    QStringList formats() const override;
    bool hasFormat(const QString& type) const override;

protected:
    QVariant retrieveData(const QString& type, QMetaType wanted) const override;

private:
    std::filesystem::path m_source;
    mutable QString m_file; ///< what is handed over; empty: not made yet
};

} // namespace studio::ui
