#include "app/cli/takes_command.h"

#include "app/cli/argument_parser.h"
#include "app/cli/option_values.h"
#include "app/cli/take_options.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>
#include <functional>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace studio::cli {

namespace {

constexpr std::size_t kMostPromptBytes = 60;

struct TakesOptions {
    TakeStoreSettings store;
    TakeQuery query;
    bool json = false;
    /// What to do before the list is shown, in the order of the table.
    std::vector<std::function<Outcome<bool>(TakeStore&)>> actions;
};

using IdAction = Outcome<bool> (*)(TakeStore&, const std::string&);

Apply action(TakesOptions& options, IdAction act)
{
    return [&options, act](const std::string& id) {
        options.actions.emplace_back([act, id](TakeStore& store) { return act(store, id); });
    };
}

template <class T>
Outcome<bool> said(const Outcome<T>& outcome, const std::function<std::string(const T&)>& words)
{
    if (const Failure* failure = failureOf(outcome))
        return *failure;
    std::cerr << words(std::get<T>(outcome)) << std::endl;
    return true;
}

Outcome<bool> rebuild(TakeStore& store, const std::string&)
{
    return said<int>(store.rebuildIndex(),
        [](int count) { return "The index was made again: " + std::to_string(count) + " takes."; });
}

Outcome<bool> emptyTrash(TakeStore& store, const std::string&)
{
    return said<int>(store.emptyTrash(),
        [](int count) { return std::to_string(count) + " takes were removed for good."; });
}

Outcome<bool> applyLimit(TakeStore& store, const std::string&)
{
    return said<LimitReport>(store.applyLimit(), [](const LimitReport& report) {
        return std::to_string(report.latentsRemoved) + " latents and " + std::to_string(report.takesRemoved)
            + " takes of the trash were removed; " + std::to_string(report.bytes) + " bytes are left"
            + (report.exceeded ? ", more than the limit: only pictures, starred and damaged takes and the "
                                 "newest take's latents are left."
                               : ".");
    });
}

std::vector<OptionRow> rows(TakesOptions& o)
{
    constexpr const char* kList = "List";
    constexpr const char* kChange = "Change";
    return {
        {"--search", "TEXT", kList,
            "only takes in whose prompts, model, mode, seed or day (2026-11-23) all these words occur",
            text(o.query.text)},
        {"--starred", "", kList, "only starred takes", flag(o.query.starredOnly)},
        {"--trashed", "", kList, "what lies in the trash", flag(o.query.trashed)},
        {"--json", "", kList, "print one JSON object a line", flag(o.json)},
        {"--rebuild", "", kChange, "make the index again from the folders", action(o, rebuild)},
        {"--star", "ID", kChange, "mark a take as one to keep whole; may be given again",
            action(o, [](TakeStore& store, const std::string& id) { return store.star(id, true); }), true},
        {"--unstar", "ID", kChange, "the reverse",
            action(o, [](TakeStore& store, const std::string& id) { return store.star(id, false); }), true},
        {"--trash", "ID", kChange, "throw a take away, until the trash is emptied; may be given again",
            action(o, [](TakeStore& store, const std::string& id) { return store.trash(id); }), true},
        {"--restore", "ID", kChange, "bring a take back from the trash; may be given again",
            action(o, [](TakeStore& store, const std::string& id) { return store.restore(id); }), true},
        {"--empty-trash", "", kChange, "remove for good what lies in the trash", action(o, emptyTrash)},
        {"--limit", "SIZE", kChange,
            "remove latents, then trash, oldest first, until the takes fit, such as 20G",
            [&o](const std::string& given) {
                o.store.limitBytes = bytesOf(given);
                o.actions.emplace_back([](TakeStore& store) { return applyLimit(store, {}); });
            }},
    };
}

std::string localTime(std::int64_t milliseconds)
{
    const std::time_t seconds = milliseconds / 1000;
    std::tm local{};
    localtime_r(&seconds, &local);
    std::ostringstream out;
    out << std::put_time(&local, "%Y-%m-%d %H:%M");
    return out.str();
}

/// The beginning of a prompt on one line, not cut within a character.
std::string shortened(std::string prompt)
{
    for (char& c : prompt)
        c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    if (prompt.size() <= kMostPromptBytes)
        return prompt;
    std::size_t end = kMostPromptBytes;
    while (end > 0 && (static_cast<unsigned char>(prompt[end]) & 0xC0u) == 0x80u)
        --end;
    return prompt.substr(0, end) + "...";
}

std::string sizeText(const Extent& size)
{
    return size.isSet() ? std::to_string(size.width) + "x" + std::to_string(size.height) : "-";
}

/// Looking at a folder of something else must not leave a store's files in it. A store whose takes all lie in its trash
/// is one, with or without its index.
bool holdsTakes(const std::filesystem::path& folder)
{
    namespace fs = std::filesystem;
    std::error_code none;
    const auto isOfTakes = [&none](const fs::directory_entry& entry) {
        return entry.path().filename() == "index.sqlite" || fs::exists(entry.path() / "take.json", none)
            || fs::is_directory(entry.path() / "run-1", none);
    };
    for (const fs::path& place : {folder, folder / "trash"}) {
        const fs::directory_iterator entries(place, none);
        if (std::any_of(begin(entries), end(entries), isOfTakes))
            return true;
    }
    return false;
}

/// Whether all of them could be read; of each other a sentence on standard error.
bool sayDamage(const std::vector<TakeSummary>& takes)
{
    bool isWhole = true;
    for (const TakeSummary& take : takes) {
        if (take.damage.empty())
            continue;
        isWhole = false;
        std::cerr << "Take " << take.id << " is damaged: " << take.damage << std::endl;
    }
    return isWhole;
}

int run(const TakesOptions& options)
{
    const auto opened = openTakeStore(options.store);
    if (const Failure* failure = failureOf(opened)) {
        std::cerr << failure->detail << std::endl;
        return kFailed;
    }
    TakeStore& store = *std::get<std::shared_ptr<TakeStore>>(opened);
    for (const auto& act : options.actions) {
        const Outcome<bool> outcome = act(store);
        if (const Failure* failure = failureOf(outcome)) {
            std::cerr << failure->detail << std::endl;
            return kFailed;
        }
    }
    const auto takes = store.list(options.query);
    if (const Failure* failure = failureOf(takes)) {
        std::cerr << failure->detail << std::endl;
        return kFailed;
    }
    const auto& found = std::get<std::vector<TakeSummary>>(takes);
    for (const TakeSummary& take : found)
        std::cout << (options.json ? takeJsonLine(take) : takeLine(take)) << "\n";
    std::cout << std::flush;
    return sayDamage(found) ? kDone : kFailed;
}

} // namespace

std::string takeLine(const TakeSummary& take)
{
    std::ostringstream out;
    out << take.id << (take.starred ? " * " : "   ") << localTime(take.created) << "  " << std::left
        << std::setw(12) << takeStateId(stateToShow(take));
    if (take.state == TakeState::Damaged)
        out << std::setw(9) << "-" << std::setw(10) << sizeText(take.size) << take.picture.string();
    else
        out << std::setw(9) << modeId(take.mode) << std::setw(10) << sizeText(take.size) << "seed "
            << std::setw(11) << take.seed << shortened(take.prompt);
    return out.str();
}

std::string takeJsonLine(const TakeSummary& take)
{
    const nlohmann::ordered_json line{{"id", take.id}, {"created", take.created},
        {"state", takeStateId(take.state)}, {"starred", take.starred}, {"trashed", take.trashed},
        {"first_pass", take.hasFirstPass}, {"mode", modeId(take.mode)}, {"seed", take.seed},
        {"prompt", take.prompt}, {"negative_prompt", take.negativePrompt}, {"model", take.model},
        {"width", take.size.width}, {"height", take.size.height}, {"picture", take.picture.string()},
        {"layers", take.layers}, {"bytes", take.bytes}, {"finished_runs", take.finishedRuns},
        {"damage", take.damage}};
    // A path may hold any bytes; JSON may not.
    return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

int listTakes(const std::vector<std::string>& arguments)
{
    TakesOptions options;
    const CommandSyntax syntax{"takes", "List the takes of a folder, newest first.", "DIR",
        path(options.store.folder), rows(options)};
    if (parse(syntax, arguments, std::cout) == Parsed::HelpShown)
        return kDone;
    if (!std::filesystem::is_directory(options.store.folder)) {
        std::cerr << "There is no folder " << options.store.folder.string() << "." << std::endl;
        return kFailed;
    }
    if (!holdsTakes(options.store.folder)) {
        std::cerr << options.store.folder.string() << " holds no takes." << std::endl;
        return kDone;
    }
    return run(options);
}

} // namespace studio::cli
