#include "app/http/model_facts.h"

#include <filesystem>

namespace studio::http {

Outcome<ModelFacts> learnFacts(Engine& engine, const Request& defaults)
{
    ModelFacts facts;
    facts.defaults = defaults;
    facts.catalog = engine.catalog();
    for (const Mode mode : {Mode::Standard, Mode::Simple}) {
        Request asked = defaults;
        asked.mode = mode;
        const Outcome<Plan> outcome = engine.plan(asked);
        if (const Failure* failure = failureOf(outcome))
            return *failure;
        const Request& planned = std::get<Plan>(outcome).request;
        facts.base = planned.models.base;
        facts.refiner = planned.models.refiner;
        if (mode == Mode::Standard)
            facts.standardSize = planned.standard.size.value_or(facts.standardSize);
        else
            facts.firstPassSize = planned.simple.base.value_or(facts.firstPassSize);
    }
    return facts;
}

std::string modelName(const std::string& path)
{
    const std::filesystem::path file(path);
    const std::string stem
        = file.has_filename() ? file.stem().string() : file.parent_path().filename().string();
    return stem.empty() ? "demo" : stem;
}

} // namespace studio::http
