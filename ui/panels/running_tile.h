#pragma once

#include "core/api/picture.h"
#include "ui/models/take_list.h"

#include <QAbstractButton>
#include <QCoreApplication>

namespace studio::ui {

class Filmstrip;
class ThumbnailLoader;

/// The run in progress, before the takes of the filmstrip: its last preview and how far it has come. Checked while it is
/// what the canvas shows. There only while something runs.
class RunningTile : public QAbstractButton {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::RunningTile)

public:
    /// Stands in line with the tiles of `strip`.
    RunningTile(ThumbnailLoader& thumbnails, const Filmstrip& strip, QWidget* parent);

    /// A run begins: nothing of it is to be seen yet.
    void begin();
    void end();
    void setPicture(const std::shared_ptr<const Picture8>& picture);
    void setFraction(double fraction); ///< of the whole run, 0..1

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void nextCheckState() override { } // whoever answers the click decides

private:
    ThumbnailLoader& m_thumbnails;
    const Filmstrip& m_strip;
    TakeRow m_row; ///< holds the preview
    double m_fraction = 0.0;
};

} // namespace studio::ui
