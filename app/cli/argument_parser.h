#pragma once

#include "app/cli/usage_error.h"

#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace studio::cli {

/// One option of a sub-command: one row of its table. The parser, the help text and the tests go along the rows.
struct OptionRow {
    std::string name;  ///< "--steps"
    std::string value; ///< what the help calls its value; empty: a switch without one
    std::string group; ///< heading in the help text
    std::string help;
    std::function<void(const std::string& value)> apply; ///< takes the value; throws UsageError if it cannot
    bool repeats = false; ///< given more than once: applied to each; otherwise the last one counts
};

/// The grammar of one sub-command.
struct CommandSyntax {
    std::string name; ///< "generate"
    std::string summary;
    std::string argument; ///< what the help calls the one thing without a name ("FILE"); empty: there is none
    std::function<void(const std::string&)> applyArgument;
    std::vector<OptionRow> options;
};

enum class Parsed { Ready, HelpShown };

/// Reads `arguments` (without the program's and the command's names). Rows are applied in the order of the table,
/// whatever the order on the command line: a row that loads many settings stands above those that change one.
/// Throws UsageError: unknown option (with the nearest known one), missing or wrong value.
Parsed parse(const CommandSyntax& syntax, const std::vector<std::string>& arguments, std::ostream& help);

/// The known name nearest to `word`, empty if none is near.
std::string nearestName(const std::string& word, const std::vector<std::string>& known);

} // namespace studio::cli
