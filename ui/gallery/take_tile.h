#pragma once

#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QRect>

class QPainter;

namespace studio::ui {

class ThumbnailLoader;
struct TakeRow;

/// How the filmstrip and the gallery draw one take.
struct TakeTile {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::TakeTile)

public:
    /// Cover: the middle of the picture fills the frame. Fit: the whole picture lies in it.
    enum class Fill { Cover, Fit };

    const TakeRow& row;
    ThumbnailLoader& thumbnails;
    const Tokens& tokens;
    Fill fill = Fill::Fit;

    /// The picture, or a sign in its place while it loads or if there is none; what the frame is for.
    void drawPicture(QPainter& painter, const QRect& frame) const;
    /// A star, and a word if the run did not end well. State is never colour alone.
    void drawMarks(QPainter& painter, const QRect& frame) const;
    /// A line of words on the lower edge of the picture.
    void drawBadge(QPainter& painter, const QRect& frame, const QString& text) const;

private:
    void drawPlaceholder(QPainter& painter, const QRect& frame, bool failed) const;
};

} // namespace studio::ui
