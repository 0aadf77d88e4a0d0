#include "core/api/take.h"

namespace studio {

const Layer* Take::find(LayerKind kind) const
{
    for (const Layer& layer : layers)
        if (layer.kind == kind)
            return &layer;
    return nullptr;
}

const Layer* Take::mainLayer() const
{
    for (const LayerKind kind : {LayerKind::Hires, LayerKind::Simple, LayerKind::Standard})
        if (const Layer* layer = find(kind))
            return layer;
    return layers.empty() ? nullptr : &layers.back();
}

} // namespace studio
