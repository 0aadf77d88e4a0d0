// Stars, the trash and the way back: a part of TakeCommands.
#include "ui/convert/counted.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/gallery/take_commands.h"
#include "ui/jobs/studio_controller.h"
#include "ui/jobs/take_archive.h"
#include "ui/widgets/notice.h"

#include <algorithm>

namespace studio::ui {

TakeCommands::Change TakeCommands::opposite(Change change)
{
    switch (change) {
    case Change::Star:
        return Change::TakeStarOff;
    case Change::TakeStarOff:
        return Change::Star;
    case Change::Trash:
        return Change::Restore;
    case Change::Restore:
        break;
    }
    return Change::Trash;
}

QString TakeCommands::words(Change change, int count)
{
    switch (change) {
    case Change::Star:
        return counted(count, tr("The take was starred"), tr("%n takes were starred", nullptr, count));
    case Change::TakeStarOff:
        return counted(count, tr("The star was taken off"), tr("%n stars were taken off", nullptr, count));
    case Change::Trash:
        return counted(count, tr("The take was moved to the trash"),
            tr("%n takes were moved to the trash", nullptr, count));
    case Change::Restore:
        break;
    }
    return counted(count, tr("The take is back"), tr("%n takes are back", nullptr, count));
}

void TakeCommands::star()
{
    const auto isStarred = [](const TakeSummary& take) { return take.starred; };
    const bool all = std::all_of(m_targets.begin(), m_targets.end(), isStarred);
    std::vector<std::string> changing;
    for (const TakeSummary& take : m_targets) {
        if (take.starred == all)
            changing.push_back(take.id);
    }
    change(all ? Change::TakeStarOff : Change::Star, changing);
}

void TakeCommands::trash()
{
    change(Change::Trash, ids());
}

void TakeCommands::restore()
{
    change(Change::Restore, ids());
}

void TakeCommands::change(Change change, const std::vector<std::string>& ids, bool isUndo)
{
    const auto settled = [this, change, isUndo](const Outcome<TakeChanges>& outcome) {
        if (sayIfFailed(failureOf(outcome)))
            return;
        const auto& changes = std::get<TakeChanges>(outcome);
        if (!isUndo && !changes.done.empty())
            remember([this, change, done = changes.done] { this->change(opposite(change), done, true); });
        sayChanged(change, changes, isUndo);
    };
    TakeArchive& archive = m_controller.archive();
    switch (change) {
    case Change::Star:
    case Change::TakeStarOff:
        return archive.star(ids, change == Change::Star, settled);
    case Change::Trash:
        return archive.trash(ids, settled);
    case Change::Restore:
        return archive.restore(ids, settled);
    }
}

void TakeCommands::sayChanged(Change change, const TakeChanges& changes, bool isUndo)
{
    const int done = static_cast<int>(changes.done.size());
    const int refused = static_cast<int>(changes.refused.size());
    std::vector<Notice::Remedy> undoing;
    if (done > 0 && !isUndo)
        undoing.push_back({tr("Undo"), [this] { undo(); }});
    if (refused > 0) {
        const QString title = done == 0
            ? counted(
                refused, tr("The take stays as it is"), tr("%n takes stay as they are", nullptr, refused))
            : tr("%1; %2").arg(words(change, done),
                counted(refused, tr("one stays as it is"), tr("%n stay as they are", nullptr, refused)));
        QStringList why;
        for (const TakeChanges::Refusal& refusal : changes.refused)
            why << toQt(refusal.failure.detail);
        why.removeDuplicates();
        const QString first = why.takeFirst();
        return m_notice.say(Notice::Kind::Warning, title, first, why.join(u'\n'), std::move(undoing));
    }
    if (change == Change::Trash && !isUndo)
        return m_notice.say(
            Notice::Kind::Good, words(change, done), whatTrashMeans(), {}, std::move(undoing));
    if (done > 0)
        said(tr("%1.").arg(words(change, done)));
}

QString TakeCommands::whatTrashMeans() const
{
    return m_controller.settings().takesGigabytes > 0
        ? tr("It is kept there until you empty the trash, or the takes outgrow the room the settings give "
             "them.")
        : tr("Nothing is lost before the trash is emptied.");
}

/// The room that the settings give takes is kept without a word as long as latents and the trash can make place.
void TakeCommands::checkRoom()
{
    const std::int64_t room = m_controller.takesPlace().limitBytes;
    if (m_saidRoom || room <= 0 || m_controller.keptAs().empty())
        return;
    m_controller.archive().measure(room, [this, room](const Outcome<LimitReport>& measured) {
        const auto* report = std::get_if<LimitReport>(&measured);
        // What is said already is more urgent; the next run asks again.
        if (!report || !report->exceeded || m_saidRoom || m_notice.isVisible())
            return;
        m_saidRoom = true;
        std::vector<Notice::Remedy> remedies;
        if (settingsWanted)
            remedies.push_back({tr("Settings…"), settingsWanted});
        m_notice.say(Notice::Kind::Warning, tr("The takes have outgrown their room"),
            tr("They hold %1, and the settings give them %2. Pictures are never removed by themselves: throw "
               "takes away and empty the trash, or give them more room.")
                .arg(bytesWords(report->bytes), bytesWords(room)),
            {}, std::move(remedies));
    });
}

void TakeCommands::askToEmptyTrash()
{
    const int count = m_controller.archive().trashed();
    const auto empty = [this] {
        m_controller.archive().emptyTrash([this](const Outcome<int>& outcome) {
            if (sayIfFailed(failureOf(outcome)))
                return;
            m_undoable.clear(); // what they would bring back is gone
            update();
            const int gone = std::get<int>(outcome);
            said(counted(gone, tr("One take was removed for good."),
                tr("%n takes were removed for good.", nullptr, gone)));
        });
    };
    m_notice.say(Notice::Kind::Warning,
        counted(count, tr("Remove one take for good?"), tr("Remove %n takes for good?", nullptr, count)),
        tr("Their pictures and settings are deleted from the disk. There is no undo."), {},
        {{tr("Remove for good"), empty}, {tr("Keep them"), [] {}}});
}

void TakeCommands::remember(std::function<void()> undo)
{
    m_undoable.push_back(std::move(undo));
    update();
}

void TakeCommands::undo()
{
    if (m_undoable.empty())
        return;
    const std::function<void()> last = std::move(m_undoable.back());
    m_undoable.pop_back();
    m_notice.hide();
    update();
    last();
}

} // namespace studio::ui
