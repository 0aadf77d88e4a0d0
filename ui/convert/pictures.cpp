#include "ui/convert/pictures.h"

namespace studio::ui {

QImage imageOf(std::shared_ptr<const Picture8> picture)
{
    if (!picture || !picture->size.isSet())
        return {};
    const Extent size = picture->size;
    const uchar* pixels = picture->values.data();
    auto* keeper = new std::shared_ptr<const Picture8>(std::move(picture));
    const auto release = [](void* kept) { delete static_cast<std::shared_ptr<const Picture8>*>(kept); };
    return {pixels, size.width, size.height, 3 * size.width, QImage::Format_RGB888, release, keeper};
}

QImage thumbnailOf(const std::shared_ptr<const Picture8>& picture, int side)
{
    const QImage image = imageOf(picture);
    if (image.isNull() || (image.width() <= side && image.height() <= side))
        return image.copy();
    // Every fourth pixel is plenty for a thumbnail, and spares a large picture most of the work.
    const QImage rough = image.scaled(4 * side, 4 * side, Qt::KeepAspectRatio, Qt::FastTransformation);
    return rough.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

} // namespace studio::ui
