#include "app/cli/commands.h"

#include "app/cli/argument_parser.h"
#include "app/cli/bench_command.h"
#include "app/cli/check_command.h"
#include "app/cli/generate_command.h"
#include "app/cli/inspect_command.h"
#include "app/cli/serve_command.h"
#include "app/cli/takes_command.h"
#include "core/api/log.h"

#include <algorithm>
#include <array>
#include <exception>
#include <iomanip>
#include <iostream>

namespace studio::cli {

namespace {

struct Command {
    const char* name;
    const char* summary;
    int (*run)(const std::vector<std::string>& arguments);
};

/// Handled in `main`, before any of these: the window needs Qt, and they do not.
constexpr const char* kWindowCommand = "studio";

constexpr std::array kCommands{
    Command{"generate", "make pictures", &generate},
    Command{"inspect", "say what a checkpoint, LoRA or picture is", &inspectFile},
    Command{"serve", "make pictures over HTTP", &serve},
    Command{"takes", "list the takes that were kept", &listTakes},
    Command{"check", "see whether everything works here", &checkInstallation},
    Command{"bench", "measure how fast pictures are made here", &benchMachine},
};

void printHelp(std::ostream& out)
{
    out << "Hires Studio: high-resolution pictures with Stable Diffusion XL.\n\nUsage: hires-studio COMMAND "
           "[OPTIONS]\n\n";
    out << "  " << std::left << std::setw(12) << kWindowCommand
        << "open the window; so does no command at all\n";
    for (const Command& command : kCommands)
        out << "  " << std::left << std::setw(12) << command.name << command.summary << "\n";
    out << "\nhires-studio COMMAND --help lists a command's options.\n";
}

int dispatch(const std::vector<std::string>& arguments)
{
    if (arguments.empty() || arguments.front() == "--help" || arguments.front() == "-h") {
        printHelp(arguments.empty() ? std::cerr : std::cout);
        return arguments.empty() ? kWrongUsage : kDone;
    }
    if (arguments.front() == "--version") {
        std::cout << "hires-studio " << STUDIO_VERSION << std::endl;
        return kDone;
    }
    const std::string& name = arguments.front();
    const auto command = std::find_if(
        kCommands.begin(), kCommands.end(), [&](const Command& each) { return each.name == name; });
    if (command != kCommands.end()) {
        startLog({}, LogLevel::Warning);
        return command->run({arguments.begin() + 1, arguments.end()});
    }
    std::vector<std::string> known{kWindowCommand};
    for (const Command& each : kCommands)
        known.emplace_back(each.name);
    const std::string nearest = nearestName(name, known);
    throw UsageError("There is no command \"" + name + "\"."
        + (nearest.empty() ? " See hires-studio --help." : " Did you mean " + nearest + "?"));
}

} // namespace

int runCommand(const std::vector<std::string>& arguments) noexcept
{
    try {
        return dispatch(arguments);
    } catch (const UsageError& error) {
        std::cerr << error.what() << std::endl;
        return kWrongUsage;
    } catch (const std::exception& error) {
        std::cerr << "Something inside the program failed: " << error.what() << std::endl;
        return kFailed;
    }
}

} // namespace studio::cli
