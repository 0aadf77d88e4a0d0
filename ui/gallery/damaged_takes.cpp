#include "ui/gallery/damaged_takes.h"

#include "ui/convert/strings.h"

#include <QDesktopServices>
#include <QUrl>

#include <algorithm>

namespace studio::ui {

QString unlessSound(TakeCommand command, const std::vector<TakeSummary>& takes)
{
    const auto damaged = std::find_if(
        takes.begin(), takes.end(), [](const TakeSummary& take) { return take.state == TakeState::Damaged; });
    if (damaged == takes.end())
        return {};
    switch (command) {
    case TakeCommand::ShowFolder:
    case TakeCommand::Trash:
    case TakeCommand::Restore:
    case TakeCommand::EmptyTrash:
    case TakeCommand::Undo:
        return {};
    case TakeCommand::Open:
    case TakeCommand::Compare:
    case TakeCommand::SecondPass:
    case TakeCommand::FinishRun:
    case TakeCommand::UseRecipe:
    case TakeCommand::UseSeed:
    case TakeCommand::Star:
        break;
    }
    return TakeCommands::tr("It is damaged: %1").arg(toQt(damaged->damage));
}

void showDamagedTake(const std::filesystem::path& store, const TakeSummary& take)
{
    const std::filesystem::path folder = (take.trashed ? store / "trash" : store) / take.id;
    QDesktopServices::openUrl(QUrl::fromLocalFile(pathToQt(folder)));
}

} // namespace studio::ui
