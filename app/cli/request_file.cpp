#include "app/cli/request_file.h"

#include "app/cli/usage_error.h"
#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "core/api/take_store.h"

#include <fstream>
#include <iostream>
#include <iterator>

namespace studio::cli {

namespace {

constexpr std::size_t kMostJsonBytes = 4u << 20;

template <class T> T valueOf(Outcome<T> outcome)
{
    if (const Failure* failure = failureOf(outcome))
        throw UsageError(failure->detail);
    return std::get<T>(std::move(outcome));
}

std::ifstream opened(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw UsageError(file.string() + " cannot be opened.");
    return in;
}

/// JSON starts with a brace; no picture does.
bool startsWithBrace(const std::filesystem::path& file)
{
    std::ifstream in = opened(file);
    char first = 0;
    in >> std::ws >> first;
    return first == '{';
}

/// Of a file, or of what comes through a pipe.
std::string readText(const std::filesystem::path& file)
{
    std::ifstream in = opened(file);
    std::string text(kMostJsonBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMostJsonBytes)
        throw UsageError(file.string() + " is too large for a request.");
    return text;
}

std::string trimmed(const std::string& line)
{
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos)
        return {};
    return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

/// A JSON object, and not a choice of words: {red|blue}.
bool isObject(const std::string& line)
{
    const std::size_t next = line.find_first_not_of(" \t", 1);
    return line.front() == '{' && (next == std::string::npos || line[next] == '"' || line[next] == '}');
}

void dropByteOrderMark(std::string& line)
{
    if (line.rfind("\xEF\xBB\xBF", 0) == 0)
        line.erase(0, 3);
}

std::string whyNoFirstPass(const StoredTake& take)
{
    const auto& layers = take.runs.front().layers;
    return "Take " + take.summary.id
        + " has no latent of its first pass: it was removed for room, or the pass never ended. Its picture "
          "can "
          "stand for it: --init "
        + (layers.empty() ? std::string("a picture") : layers.front().file.string());
}

} // namespace

ImportedRequest readRequestFile(const std::filesystem::path& file)
{
    std::error_code ignored; // what cannot be asked about cannot be opened either, which is said then
    // A pipe can be read once, and carries text: a picture is a file.
    if (std::filesystem::is_fifo(file, ignored) || startsWithBrace(file))
        return {valueOf(requestFromJson(readText(file))), {}, "Hires Studio"};
    Outcome<ImportedRequest> imported = requestFromPicture(valueOf(loadPictureMetadata(file)));
    if (const Failure* failure = failureOf(imported))
        throw UsageError(file.string() + ": " + failure->detail);
    return std::get<ImportedRequest>(std::move(imported));
}

Request readTakeRequest(const std::filesystem::path& folder)
{
    const std::filesystem::path whole = std::filesystem::absolute(folder / "").parent_path();
    if (!std::filesystem::is_directory(whole))
        throw UsageError(folder.string() + " is no folder of a take; hires-studio takes DIR lists them.");
    const auto store = valueOf(openTakeStore({whole.parent_path(), 0}));
    const StoredTake take = valueOf(store->read(whole.filename().string()));
    Request request = take.runs.back().take.plan.request;
    request.firstPass = take.firstPass.string();
    // What began with a picture begins with it again; there is no latent to go on from.
    request.initPicture = take.firstPass.empty() ? take.initPicture.string() : std::string();
    if (take.firstPass.empty() && take.initPicture.empty())
        throw UsageError(whyNoFirstPass(take));
    if (request.mode != Mode::Simple || request.standard.useRefiner)
        request.mode = Mode::Hires;
    return request;
}

std::vector<Request> readPrompts(std::istream& lines, const Request& defaults)
{
    std::vector<Request> requests;
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (number == 1)
            dropByteOrderMark(line);
        line = trimmed(line);
        if (line.empty())
            continue;
        if (!isObject(line)) {
            requests.push_back(defaults);
            requests.back().prompt = line;
            if (const std::vector<Issue> issues = check(requests.back()); !issues.empty())
                throw UsageError("line " + std::to_string(number) + ": " + issues.front().message);
            continue;
        }
        Outcome<Request> request = requestFromJson(line, defaults);
        if (const Failure* failure = failureOf(request))
            throw UsageError("line " + std::to_string(number) + ": " + failure->detail);
        requests.push_back(std::get<Request>(std::move(request)));
    }
    if (requests.empty())
        throw UsageError("there is no prompt in it.");
    return requests;
}

std::vector<Request> readPromptsFile(const std::filesystem::path& file, const Request& defaults)
{
    try {
        if (file == "-")
            return readPrompts(std::cin, defaults);
        std::ifstream in(file);
        if (!in)
            throw UsageError("cannot be opened.");
        return readPrompts(in, defaults);
    } catch (const UsageError& error) {
        throw UsageError(file.string() + ": " + error.what());
    }
}

} // namespace studio::cli
