#include "ui/convert/stage_words.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"

#include <optional>

namespace studio::ui {

namespace {

/// The picture a stage works for: the next one that comes of it.
std::optional<LayerKind> layerAfter(const Plan& plan, std::size_t stage)
{
    for (std::size_t i = stage; i < plan.stages.size(); ++i) {
        if (plan.stages[i].layer)
            return plan.stages[i].layer;
    }
    return std::nullopt;
}

} // namespace

QString stageNameIn(const Plan& plan, std::size_t index)
{
    const PlannedStage& stage = plan.stages[index];
    if (plan.request.mode != Mode::Compare)
        return stageName(stage);
    if (stage.kind == StageKind::Upscale && stage.layer == LayerKind::Simple)
        return layerName(LayerKind::Simple);
    const bool first = stage.kind == StageKind::Denoise && stage.role == ModelRole::Base && stage.rung < 0;
    const std::optional<LayerKind> layer = layerAfter(plan, index);
    return first && layer ? layerName(*layer) : stageName(stage);
}

QString stageLineIn(const Plan& plan, std::size_t index)
{
    const PlannedStage& stage = plan.stages[index];
    const QString label = toQt(stage.label);
    const std::optional<LayerKind> layer = layerAfter(plan, index);
    if (plan.request.mode != Mode::Compare || stage.kind == StageKind::EncodeText || !layer)
        return label;
    return QStringLiteral("%1 · %2").arg(layerName(*layer), label);
}

} // namespace studio::ui
