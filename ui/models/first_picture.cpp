#include "ui/models/first_picture.h"

namespace studio::ui {

void startFrom(Request& request, const std::string& picture, Extent size)
{
    request.initPicture = picture;
    request.firstPass.clear();
    if (request.mode == Mode::Compare || request.mode == Mode::Standard)
        request.mode = Mode::Hires;
    const auto& last = request.hires.rungs.back().target;
    if (!last || (last->width > size.width && last->height > size.height))
        return;
    for (Rung& rung : request.hires.rungs)
        rung.target.reset();
}

} // namespace studio::ui
