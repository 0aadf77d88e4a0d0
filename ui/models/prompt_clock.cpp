#include "ui/models/prompt_clock.h"

#include <algorithm>

namespace studio::ui {

namespace {

int callsPerStep(const PlannedStage& stage)
{
    return stage.evaluations > stage.steps ? 2 : 1;
}

} // namespace

std::optional<PromptClock> clockOf(const Plan& plan, int rung)
{
    const auto found = std::ranges::find_if(plan.stages, [rung](const PlannedStage& stage) {
        return stage.kind == StageKind::Denoise && (rung < 0 || stage.rung == rung);
    });
    if (found == plan.stages.end())
        return std::nullopt;
    PromptClock clock{found->steps, callsPerStep(*found), 0, 0};
    for (int i = found->input; i >= 0; i = plan.stages[static_cast<std::size_t>(i)].input) {
        const PlannedStage& stage = plan.stages[static_cast<std::size_t>(i)];
        const bool hasRun = stage.kind == StageKind::Denoise || stage.kind == StageKind::LoadLatent;
        if (hasRun)
            clock.callsBefore += stage.steps * callsPerStep(stage);
        if (hasRun || stage.kind == StageKind::LoadPicture)
            ++clock.passesBefore;
    }
    return clock;
}

} // namespace studio::ui
