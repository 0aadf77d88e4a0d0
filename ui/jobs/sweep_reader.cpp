#include "ui/jobs/sweep_reader.h"

#include "core/api/picture_file.h"
#include "core/api/take_store.h"
#include "ui/convert/strings.h"
#include "ui/jobs/sweep_run.h"

#include <algorithm>
#include <map>

namespace studio::ui {

namespace {

/// The file of a run's hires picture, if the run is one of the sweep's; a take may have others.
const StoredLayer* hiresOf(const StoredRun& run, const StoredSweep& sweep)
{
    const Request& ran = run.take.plan.request;
    const auto& target = sweep.setup.request.hires.rungs.back().target;
    if (run.state != TakeState::Finished || ran.mode != Mode::Hires || ran.hires.rungs.empty()
        || (target && ran.hires.rungs.back().target != target))
        return nullptr;
    const auto found = std::find_if(run.layers.begin(), run.layers.end(),
        [](const StoredLayer& layer) { return layer.kind == LayerKind::Hires; });
    return found == run.layers.end() ? nullptr : &*found;
}

} // namespace

SweepReader::SweepReader(SweepRun& run, const std::filesystem::path& takesFolder)
    : m_run(run)
    , m_task(m_lane, std::chrono::milliseconds(0), [this](const Found& found) {
        if (!found.firstPass.empty())
            m_run.setFirstPass(found.firstPass);
        for (const auto& [cell, picture] : found.pictures)
            m_run.addFinished(cell, picture);
    })
{
    m_lane.setMaxThreadCount(1);
    m_task.ask([sweep = run.stored(), takesFolder] { return read(sweep, takesFolder); });
}

SweepReader::Found SweepReader::read(const StoredSweep& sweep, const std::filesystem::path& takesFolder)
{
    Found found;
    const auto opened = openTakeStore({takesFolder});
    const auto* store = std::get_if<std::shared_ptr<TakeStore>>(&opened);
    if (!store)
        return found;
    std::map<int, std::filesystem::path> files; // of each cell the newest run's
    for (const std::string& id : sweep.takes) {
        const Outcome<StoredTake> outcome = (*store)->read(id);
        const StoredTake* take = std::get_if<StoredTake>(&outcome);
        if (!take)
            continue; // thrown away since
        if (!take->firstPass.empty())
            found.firstPass = toStd(pathToQt(take->firstPass));
        for (const StoredRun& run : take->runs) {
            const StoredLayer* layer = hiresOf(run, sweep);
            const int cell = layer ? sweepCellOf(sweep.setup, run.take.plan.request) : -1;
            if (cell >= 0)
                files[cell] = layer->file;
        }
    }
    for (const auto& [cell, file] : files) {
        Outcome<LoadedPicture> loaded = loadPicture(file);
        if (auto* picture = std::get_if<LoadedPicture>(&loaded))
            found.pictures.emplace_back(cell, std::make_shared<const Picture8>(std::move(picture->picture)));
    }
    return found;
}

} // namespace studio::ui
