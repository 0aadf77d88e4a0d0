#pragma once

#include "app/cli/argument_parser.h"
#include "app/http/server.h"
#include "core/api/engine.h"
#include "core/api/request.h"
#include "core/api/take_store.h"

#include <string>
#include <vector>

namespace studio::cli {

struct ServeOptions {
    http::ServerSettings server;
    Request defaults; ///< models and execution of every picture
    EngineOptions engine;
    TakeStoreSettings takes; ///< no folder: no take is kept
    int queue = 8;

    ServeOptions();
};

CommandSyntax serveSyntax(ServeOptions& options);

/// The settings of the server, complete. Throws UsageError for what would open this machine to others by accident.
http::ServerSettings serverSettings(const ServeOptions& options);

/// `hires-studio serve`. Answers an exit code (usage_error.h); throws UsageError.
int serve(const std::vector<std::string>& arguments);

} // namespace studio::cli
