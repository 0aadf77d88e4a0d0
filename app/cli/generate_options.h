#pragma once

#include "app/cli/request_options.h"
#include "app/cli/take_writer.h"
#include "core/api/engine.h"
#include "core/api/take_store.h"

#include <filesystem>
#include <random>
#include <vector>

namespace studio::cli {

struct GenerateOptions {
    RequestOptions picture;
    EngineOptions engine;
    WriteSettings write;
    TakeStoreSettings takes;       ///< no folder: no take is kept
    std::filesystem::path prompts; ///< empty: one request
    int count = 1;
    bool json = false;
    bool dryRun = false;
    std::filesystem::path resume; ///< folder of the take whose unfinished run goes on; empty: none

    GenerateOptions();
};

/// `generate`'s whole table; `options` must outlive it.
CommandSyntax generateSyntax(GenerateOptions& options);

/// Every request to run, in order: each line of --prompts (or the one request), --count times with the seeds that
/// follow its own. Requests without a seed get one of `random`. Throws UsageError.
std::vector<Request> requestsOf(const GenerateOptions& options, std::mt19937_64& random);

/// A generator for seeds nobody chose.
std::mt19937_64 randomSeeds();

/// A seed nobody chose: 32 bits, which every client's number type holds.
std::uint64_t drawSeed(std::mt19937_64& random);

} // namespace studio::cli
