#pragma once

#include "core/api/catalog.h"
#include "core/api/request.h"
#include "ui/panels/field_form.h"

#include <vector>

namespace studio::ui {

/// Rows of one of the engine's tables as choices. `first`: choices put before them.
std::vector<Choice> choicesOf(const std::vector<CatalogEntry>& table, std::vector<Choice> first = {});

/// The same for the long tables, under headings by what one chooses between. A row that no heading names stands under
/// the last one.
std::vector<Choice> samplerChoices(const std::vector<CatalogEntry>& table, std::vector<Choice> first = {});
std::vector<Choice> scheduleChoices(const std::vector<CatalogEntry>& table, std::vector<Choice> first = {});

/// What a strength number may mean, with the words for it.
std::vector<Choice> strengthMeanings();
QString strengthMeaningId(StrengthMeaning meaning);
StrengthMeaning strengthMeaningOf(const QString& id);

} // namespace studio::ui
