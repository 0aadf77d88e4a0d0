#pragma once

#include "core/api/picture.h"

#include <QImage>
#include <QSize>

#include <memory>

namespace studio::ui {

inline QSize toQt(Extent size)
{
    return {size.width, size.height};
}

/// The picture as an image that shares its pixels and keeps them alive. Null in, null out.
QImage imageOf(std::shared_ptr<const Picture8> picture);

/// At most `side` pixels on the longer side; never enlarged. Safe from any thread.
QImage thumbnailOf(const std::shared_ptr<const Picture8>& picture, int side);

} // namespace studio::ui
