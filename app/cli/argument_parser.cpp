#include "app/cli/argument_parser.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <numeric>

namespace studio::cli {

namespace {

/// Edit distance of Levenshtein, on bytes.
std::size_t editDistance(const std::string& from, const std::string& to)
{
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

/// Says which option a wrong value belongs to.
void applyNamed(
    const std::string& name, const std::function<void(const std::string&)>& apply, const std::string& value)
{
    try {
        apply(value);
    } catch (const UsageError& error) {
        throw UsageError(name + ": " + error.what());
    }
}

void addRow(CLI::App& app, const OptionRow& row)
{
    if (row.value.empty()) {
        app.add_flag_callback(
               row.name, [&row] { applyNamed(row.name, row.apply, {}); }, row.help)
            ->group(row.group);
        return;
    }
    CLI::Option* option = nullptr;
    if (row.repeats) {
        const auto each = [&row](const std::vector<std::string>& values) {
            for (const std::string& value : values)
                applyNamed(row.name, row.apply, value);
        };
        option = app.add_option_function<std::vector<std::string>>(row.name, each, row.help);
        option->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    } else {
        // As one string, not as a list: a list gives brackets and braces in a prompt a meaning of their own.
        const auto one = [&row](const std::string& value) { applyNamed(row.name, row.apply, value); };
        option = app.add_option_function<std::string>(row.name, one, row.help);
        option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
    option->group(row.group)->type_name(row.value);
}

[[noreturn]] void refuseExtra(const CommandSyntax& syntax, const std::string& extra)
{
    if (extra.rfind('-', 0) != 0)
        throw UsageError("\"" + extra
            + "\" stands alone: put the name of an option before it, and quotes around "
              "a text of several words.");
    std::vector<std::string> known{"--help"};
    for (const OptionRow& row : syntax.options)
        known.push_back(row.name);
    const std::string name = extra.substr(0, extra.find('='));
    const std::string nearest = nearestName(name, known);
    throw UsageError("There is no option " + name + "."
        + (nearest.empty() ? " See hires-studio " + syntax.name + " --help."
                           : " Did you mean " + nearest + "?"));
}

} // namespace

std::string nearestName(const std::string& word, const std::vector<std::string>& known)
{
    std::string nearest;
    std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string& name : known) {
        const std::size_t distance = editDistance(word, name);
        if (distance < least) {
            least = distance;
            nearest = name;
        }
    }
    return nearest;
}

Parsed parse(const CommandSyntax& syntax, const std::vector<std::string>& arguments, std::ostream& help)
{
    CLI::App app(syntax.summary, "hires-studio " + syntax.name);
    app.set_help_flag("-h,--help", "this text");
    app.get_formatter()->column_width(34);
    for (const OptionRow& row : syntax.options)
        addRow(app, row);
    if (!syntax.argument.empty())
        app.add_option_function<std::string>(syntax.argument, syntax.applyArgument)->required();
    else
        app.allow_extras(false);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        app.parse(reversed);
    } catch (const CLI::CallForHelp&) {
        help << app.help();
        return Parsed::HelpShown;
    } catch (const CLI::ExtrasError&) {
        refuseExtra(syntax, app.remaining(true).front());
    } catch (const CLI::ArgumentMismatch& error) {
        const std::string text = error.what();
        throw UsageError(text.substr(0, text.find(':')) + " needs a value.");
    } catch (const CLI::RequiredError&) {
        throw UsageError(
            "Name a " + syntax.argument + ": hires-studio " + syntax.name + " " + syntax.argument + ".");
    } catch (const CLI::ParseError& error) {
        throw UsageError(std::string(error.what()) + ". See hires-studio " + syntax.name + " --help.");
    }
    return Parsed::Ready;
}

} // namespace studio::cli
