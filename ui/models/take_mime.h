#pragma once

#include "core/api/take.h"

#include <QMimeData>

#include <memory>

namespace studio::ui {

/// A take's main picture on its way to another program: as a PNG file with its settings, and as an image. Nothing is
/// made before the other program asks for it.
class TakeMime : public QMimeData {
    Q_OBJECT

public:
    explicit TakeMime(std::shared_ptr<const Take> take);

    QStringList formats() const override;
    bool hasFormat(const QString& type) const override;

protected:
    QVariant retrieveData(const QString& type, QMetaType wanted) const override;

private:
    QString writtenFile() const;

    std::shared_ptr<const Take> m_take;
    mutable QString m_file;
};

} // namespace studio::ui
