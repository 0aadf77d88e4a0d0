#pragma once

#include "ui/gallery/take_commands.h"

#include <QString>

#include <vector>

namespace studio::ui {

/// Why a command does not apply to takes of which one is damaged; empty if it does, or none is. Such a take can be
/// found on the disk, thrown away and brought back.
QString unlessSound(TakeCommand command, const std::vector<TakeSummary>& takes);

/// Shows where a take lies that cannot be read.
void showDamagedTake(const std::filesystem::path& store, const TakeSummary& take);

} // namespace studio::ui
