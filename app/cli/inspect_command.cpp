#include "app/cli/inspect_command.h"

#include "app/cli/argument_parser.h"
#include "app/cli/option_values.h"
#include "core/api/request_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace studio::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string inWords(const Inspection& inspection)
{
    std::ostringstream out;
    out << inspection.title << "\n";
    std::size_t widest = 0;
    for (const auto& [name, value] : inspection.facts)
        widest = std::max(widest, name.size());
    for (const auto& [name, value] : inspection.facts)
        out << "  " << std::left << std::setw(static_cast<int>(widest) + 2) << name << value << "\n";
    if (!inspection.infotext.empty())
        out << "\nRecipe\n" << inspection.infotext << "\n";
    if (inspection.request)
        out << "\nRequest (hires-studio generate --request takes this file)\n"
            << toJson(*inspection.request, 2) << "\n";
    return out.str();
}

std::string inJson(const Inspection& inspection)
{
    Json facts = Json::object();
    for (const auto& [name, value] : inspection.facts)
        facts[name] = value;
    Json json{{"title", inspection.title}, {"bytes", inspection.bytes}, {"facts", std::move(facts)},
        {"infotext", inspection.infotext.empty() ? Json(nullptr) : Json(inspection.infotext)},
        {"request", inspection.request ? Json::parse(toJson(*inspection.request)) : Json(nullptr)}};
    return dump(json);
}

int inspectFile(const std::vector<std::string>& arguments)
{
    std::filesystem::path file;
    bool json = false;
    const CommandSyntax syntax{"inspect",
        "Say what a checkpoint, LoRA or picture is; for a picture, its full recipe.", "FILE", path(file),
        {{"--json", "", "Output", "print one JSON object", flag(json)}}};
    if (parse(syntax, arguments, std::cout) == Parsed::HelpShown)
        return kDone;
    const Outcome<Inspection> outcome = inspect(file);
    if (const Failure* failure = failureOf(outcome)) {
        std::cerr << failure->detail << std::endl;
        return kFailed;
    }
    const Inspection& inspection = std::get<Inspection>(outcome);
    std::cout << (json ? inJson(inspection) + "\n" : inWords(inspection)) << std::flush;
    return kDone;
}

} // namespace studio::cli
