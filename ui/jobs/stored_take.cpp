#include "ui/jobs/stored_take.h"

#include "core/api/picture_file.h"

#include <algorithm>

namespace studio::ui {

Outcome<StoredTake> readStoredTake(const std::filesystem::path& store, const std::string& id) noexcept
{
    const Outcome<std::shared_ptr<TakeStore>> opened = openTakeStore({store});
    if (const Failure* failure = failureOf(opened))
        return *failure;
    return std::get<std::shared_ptr<TakeStore>>(opened)->read(id);
}

Outcome<OpenedTake> openStoredTake(
    const std::filesystem::path& store, const std::string& id, std::optional<std::size_t> run) noexcept
{
    Outcome<StoredTake> read = readStoredTake(store, id);
    if (const Failure* failure = failureOf(read))
        return *failure;
    OpenedTake opened;
    opened.stored = std::get<StoredTake>(std::move(read));
    opened.run = run && *run < opened.stored.runs.size() ? *run : runToShow(opened.stored);
    const StoredRun& shown = opened.stored.runs[opened.run];
    auto take = std::make_shared<Take>(shown.take);
    take->layers.clear();
    for (std::size_t i = 0; i < shown.layers.size(); ++i) {
        Outcome<LoadedPicture> loaded = loadPicture(shown.layers[i].file);
        if (const Failure* failure = failureOf(loaded)) {
            take->notes.push_back(failure->detail);
            continue;
        }
        // The record of the run knows when a layer was finished; the file knows the rest.
        Layer layer = i < shown.take.layers.size() ? shown.take.layers[i] : Layer{};
        layer.kind = shown.layers[i].kind;
        auto picture = std::make_shared<const Picture8>(std::move(std::get<LoadedPicture>(loaded).picture));
        layer.size = picture->size;
        layer.picture = std::move(picture);
        take->layers.push_back(std::move(layer));
    }
    opened.take = std::move(take);
    return opened;
}

std::size_t runToShow(const StoredTake& take)
{
    for (std::size_t i = take.runs.size(); i-- > 0;) {
        if (!take.runs[i].layers.empty())
            return i;
    }
    return take.runs.size() - 1;
}

Request secondPassRequest(const StoredTake& take, std::size_t run)
{
    Request request = take.runs[run].take.plan.request;
    request.firstPass = take.firstPass.string();
    // What began with a picture begins with it again; there is no latent to go on from.
    request.initPicture = take.firstPass.empty() ? take.initPicture.string() : std::string();
    request.mode = Mode::Hires;
    return request;
}

Request wholeRequest(const StoredTake& take, std::size_t run)
{
    Request request = take.runs[run].take.plan.request;
    // A run from a kept first pass gives what the same settings give from the start.
    request.firstPass.clear();
    return request;
}

Outcome<std::optional<CutOff>> findCutOff(
    const std::filesystem::path& store, const std::vector<std::string>& declined) noexcept
{
    std::error_code none;
    if (!std::filesystem::exists(store, none))
        return std::optional<CutOff>(); // looking makes no folder
    const Outcome<std::shared_ptr<TakeStore>> opened = openTakeStore({store});
    if (const Failure* failure = failureOf(opened))
        return *failure;
    const auto& takes = std::get<std::shared_ptr<TakeStore>>(opened);
    const Outcome<std::vector<TakeSummary>> listed = takes->list();
    if (const Failure* failure = failureOf(listed))
        return *failure;
    for (const TakeSummary& take : std::get<std::vector<TakeSummary>>(listed)) {
        if (take.state != TakeState::Interrupted
            || std::find(declined.begin(), declined.end(), take.id) != declined.end())
            continue;
        const Outcome<UnfinishedRun> run = takes->goOn(take.id);
        // One that another program has begun to go on with is none of ours.
        if (const auto* found = std::get_if<UnfinishedRun>(&run); found && found->answers > 0)
            return std::optional<CutOff>({take.id, found->plan, found->answers});
    }
    return std::optional<CutOff>();
}

Standing standingOf(const Plan& plan, int answers)
{
    Standing standing;
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
        const PlannedStage& stage = plan.stages[i];
        if (stage.kind != StageKind::Denoise || stage.evaluations <= 0)
            continue;
        if (standing.stage >= 0 && answers <= 0)
            break;
        const int done = std::clamp(answers, 0, stage.evaluations);
        standing = {static_cast<int>(i), stage.steps * done / stage.evaluations};
        answers -= stage.evaluations;
    }
    return standing;
}

} // namespace studio::ui
