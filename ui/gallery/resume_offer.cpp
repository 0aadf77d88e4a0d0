// Going on with runs that were cut off: a part of TakeCommands.
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/gallery/take_commands.h"
#include "ui/jobs/studio_controller.h"
#include "ui/jobs/take_archive.h"
#include "ui/widgets/notice.h"

namespace studio::ui {

namespace {

QString standingInWords(const CutOff& run)
{
    const Standing standing = standingOf(run.plan, run.answers);
    if (standing.stage < 0)
        return TakeCommands::tr("A run was cut off");
    const PlannedStage& stage = run.plan.stages[static_cast<std::size_t>(standing.stage)];
    const QString where = stage.rung < 0
        ? TakeCommands::tr("A run was cut off at step %1 of %2")
        : TakeCommands::tr("A run was cut off in its second pass, at step %1 of %2");
    return where.arg(standing.step).arg(stage.steps);
}

constexpr int kMostDeclined = 50;
constexpr int kMostPrompt = 80; ///< characters that are quoted

} // namespace

void TakeCommands::offerToFinish()
{
    if (!m_controller.services().goOn)
        return;
    std::vector<std::string> declined;
    for (const QString& id : m_controller.settings().declinedTakes)
        declined.push_back(toStd(id));
    m_controller.archive().findCutOff(declined, [this](const Outcome<std::optional<CutOff>>& found) {
        const auto* run = std::get_if<std::optional<CutOff>>(&found);
        // Who is making a picture already, or reads of something worse, is left alone; the gallery keeps the offer.
        if (!run || !*run || m_controller.isRunning() || m_notice.isVisible())
            return;
        const std::string id = (*run)->id;
        const auto decline = [this, id] {
            Settings settings = m_controller.settings();
            ui::remember(settings.declinedTakes, toQt(id), kMostDeclined);
            m_controller.setSettings(std::move(settings));
            said(tr("The gallery keeps it: Finish the run goes on with it at any time."));
        };
        m_notice.say(Notice::Kind::Warning, standingInWords(**run),
            tr("“%1” can go on from there; nothing of it is lost.")
                .arg(toQt((*run)->plan.request.prompt).simplified().left(kMostPrompt)),
            tr("Take %1").arg(toQt(id)),
            {{tr("Finish it"), [this, id] { finish(id); }}, {tr("Not now"), decline}});
    });
}

void TakeCommands::finish(const std::string& id)
{
    if (!m_controller.canGenerate())
        return said(tr("Another run is going on, or the engine is still starting."));
    opened({});
    m_controller.goOnWith(id);
}

void TakeCommands::sayNotContinued(const std::string& id, const Failure& failure)
{
    m_notice.say(Notice::Kind::Bad, tr("The run cannot be finished"), toQt(failure.detail), toQt(id),
        {{tr("Use its settings"), [this, id] { useRecipe(id); }}});
}

} // namespace studio::ui
