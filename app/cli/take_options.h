#pragma once

#include "app/cli/argument_parser.h"
#include "core/api/take_store.h"

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace studio::cli {

/// "20G", "500M", "64k" or bytes. Throws UsageError.
std::int64_t bytesOf(const std::string& text);

/// --takes and --takes-limit.
std::vector<OptionRow> takeRows(TakeStoreSettings& settings);

/// The store where a front keeps its takes: it must be writable before the minutes it takes to make a picture. Null,
/// and a sentence on `err`, if it is not.
std::shared_ptr<TakeStore> openStoreOrSay(const TakeStoreSettings& settings, std::ostream& err);

} // namespace studio::cli
