#pragma once

#include "core/api/catalog.h"
#include "core/api/engine.h"
#include "core/api/request.h"

#include <string>

namespace studio::http {

/// What the service knows about its models from the start: chosen on its command line, the same for every request.
struct ModelFacts {
    Request defaults;    ///< models and execution; everything else at its default
    std::string base;    ///< path of the checkpoint, resolved
    std::string refiner; ///< empty: none
    Extent standardSize{1024, 1024};
    Extent firstPassSize{768, 768};
    Catalog catalog;
};

/// Asks the engine with plans; runs nothing. A Failure if the models cannot be opened.
Outcome<ModelFacts> learnFacts(Engine& engine, const Request& defaults);

/// The name of a model in answers: the file's stem.
std::string modelName(const std::string& path);

} // namespace studio::http
