#pragma once

#include "app/cli/generate_options.h"
#include "app/cli/terminal_progress.h"
#include "core/api/engine.h"

#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

namespace studio::cli {

/// `hires-studio generate ARGUMENTS`. Answers an exit code (usage_error.h); throws UsageError.
int generate(const std::vector<std::string>& arguments);

/// What `generate` does once the engine is open.
class GenerateRun {
public:
    /// `out` gets file names or JSON, `err` everything for people. All must outlive this object.
    GenerateRun(const GenerateOptions& options, Engine& engine, std::ostream& out, std::ostream& err);

    /// Prints the plans. kDone, or kFailed or kWrongUsage if one cannot be made.
    int printPlans(const std::vector<Request>& requests);

    /// Makes the pictures one by one. One that fails does not keep the others from being made.
    int makePictures(const std::vector<Request>& requests, std::stop_token stop, TerminalProgress& progress);

private:
    int makeOne(const Request& request, std::stop_token stop, TerminalProgress& progress);
    bool saved(const TakeWriter& writer, const Take& take);

    const GenerateOptions& m_options;
    Engine& m_engine;
    std::ostream& m_out;
    std::ostream& m_err;
};

/// Opens the engine, or says why not and answers null.
std::shared_ptr<Engine> openEngineOrSay(const EngineOptions& options, std::ostream& err);

/// "Using the built-in demo model.", if no model is named.
void sayIfDemoModel(const Request& request, const EngineOptions& options, std::ostream& err);

} // namespace studio::cli
