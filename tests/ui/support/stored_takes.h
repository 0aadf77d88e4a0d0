#pragma once

#include "core/api/request.h"
#include "core/api/take_store.h"

#include <filesystem>
#include <string>

namespace studio::test {

/// What a take is asked for with, small enough to be written quickly.
Request smallRequest(const std::string& prompt, std::uint64_t seed, Mode mode = Mode::Hires);

/// Runs a request on an engine without networks and keeps it as a take in `folder`. Answers its id.
std::string storeTake(const std::filesystem::path& folder, const Request& request);

/// A take whose program ended without a word in the second pass, after its first picture; `answers` of its denoiser's
/// were written by then.
std::string storeCutOffTake(const std::filesystem::path& folder, const Request& request, int answers);

/// Another program's view of the store.
std::shared_ptr<TakeStore> openStore(const std::filesystem::path& folder);

} // namespace studio::test
