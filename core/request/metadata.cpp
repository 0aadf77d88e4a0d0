#include "core/api/infotext.h"
#include "core/api/picture_file.h"
#include "core/api/request_json.h"

namespace studio {

PictureMetadata metadataFor(const Take& take, const Layer& layer)
{
    return {toInfotext(take.plan, layer.kind), toJson(take.plan.request), {}};
}

} // namespace studio
