#include "core/api/infotext.h"
#include "core/api/picture_file.h"
#include "core/api/request_json.h"

namespace studio {

PictureMetadata metadataFor(const Take& take, const Layer& layer)
{
    // Where a first pass lay on this machine decides nothing: without it the same request gives the same picture.
    Request request = take.plan.request;
    request.firstPass.clear();
    return {toInfotext(take.plan, layer.kind), toJson(request), {}};
}

} // namespace studio
