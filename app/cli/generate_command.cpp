#include "app/cli/generate_command.h"

#include "app/cli/picture_line.h"
#include "app/cli/take_options.h"
#include "app/interruption.h"
#include "app/process_setup.h"
#include "app/recording_engine.h"
#include "core/api/request_json.h"

#include <algorithm>
#include <iostream>

namespace studio::cli {

namespace {

void printSentences(std::ostream& out, const std::vector<std::string>& sentences)
{
    for (const std::string& sentence : sentences)
        out << sentence << "\n";
}

/// What only the engine can know to be wrong, a sampler's name for one, is wrong usage all the same.
int codeOf(const Failure& failure)
{
    return failure.kind == ErrorKind::BadInput ? kWrongUsage : kFailed;
}

/// Of a row of requests: what failed on the way weighs more than what was asked for wrongly.
int worse(int code, int other)
{
    return code == kFailed || other == kFailed ? kFailed : std::max(code, other);
}

} // namespace

std::shared_ptr<Engine> openEngineOrSay(const EngineOptions& options, std::ostream& err)
{
    auto engine = openEngine(options);
    if (const Failure* failure = failureOf(engine)) {
        err << failure->detail << std::endl;
        return nullptr;
    }
    return std::get<std::shared_ptr<Engine>>(std::move(engine));
}

void sayIfDemoModel(const Request& request, const EngineOptions& options, std::ostream& err)
{
    if (request.models.base.empty() && !options.demoModel.empty())
        err << "Using the built-in demo model; --model PATH names another." << std::endl;
}

int generate(const std::vector<std::string>& arguments)
{
    GenerateOptions options;
    if (parse(generateSyntax(options), arguments, std::cout) == Parsed::HelpShown)
        return kDone;
    const std::filesystem::path& take = options.resume.empty() ? options.picture.fromTake : options.resume;
    if (!options.resume.empty() || (options.takes.folder.empty() && !take.empty()))
        options.takes.folder = std::filesystem::absolute(take / "").parent_path().parent_path();
    if (!options.resume.empty() && !is_directory(options.resume))
        throw UsageError(
            "There is no folder " + options.resume.string() + "; --resume names a take's folder.");
    std::mt19937_64 random = randomSeeds();
    std::vector<Request> requests = requestsOf(options, random);
    printSentences(std::cerr, options.picture.notes);

    prepareProcessForNetworks();
    const Interruption interruption;
    const auto engine = openEngineOrSay(options.engine, std::cerr);
    if (!engine)
        return kFailed;
    if (!requests.empty())
        sayIfDemoModel(requests.front(), options.engine, std::cerr);
    if (options.dryRun)
        return GenerateRun(options, *engine, std::cout, std::cerr).printPlans(requests);
    TerminalProgress progress = progressOnStandardError();
    if (options.takes.folder.empty())
        return GenerateRun(options, *engine, std::cout, std::cerr)
            .makePictures(requests, interruption.token(), progress);
    const auto store = openStoreOrSay(options.takes, std::cerr);
    if (!store)
        return kFailed;
    RecordingEngine recording(engine, store);
    if (!options.resume.empty()) {
        const Outcome<Request> found
            = recording.goOnWith(absolute(options.resume / "").parent_path().filename());
        if (const Failure* failure = failureOf(found)) {
            std::cerr << failure->detail << std::endl;
            return kFailed;
        }
        requests.push_back(std::get<Request>(found));
    }
    const int code = GenerateRun(options, recording, std::cout, std::cerr)
                         .makePictures(requests, interruption.token(), progress);
    return code == kDone && !recording.keptEverything() ? kFailed : code;
}

GenerateRun::GenerateRun(const GenerateOptions& options, Engine& engine, std::ostream& out, std::ostream& err)
    : m_options(options)
    , m_engine(engine)
    , m_out(out)
    , m_err(err)
{ }

int GenerateRun::printPlans(const std::vector<Request>& requests)
{
    int code = kDone;
    for (const Request& request : requests) {
        const Outcome<Plan> outcome = m_engine.plan(request);
        if (const Failure* failure = failureOf(outcome)) {
            m_err << failure->detail << std::endl;
            code = worse(code, codeOf(*failure));
        } else if (const Plan* plan = std::get_if<Plan>(&outcome)) {
            m_out << (m_options.json ? toJson(*plan) + "\n" : describe(*plan)) << std::flush;
        }
    }
    return code;
}

int GenerateRun::makePictures(
    const std::vector<Request>& requests, std::stop_token stop, TerminalProgress& progress)
{
    if (const auto failure = prepareFolder(m_options.write.folder)) {
        m_err << failure->detail << std::endl;
        return kFailed;
    }
    int code = kDone;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const std::string position = std::to_string(i + 1) + " of " + std::to_string(requests.size());
        progress.begin(requests.size() > 1 ? "Picture " + position : "");
        const int ended = makeOne(requests[i], stop, progress);
        code = worse(code, ended);
        if (ended == kInterrupted || stop.stop_requested()) {
            m_err << "Cancelled; what was finished is saved." << std::endl;
            return kInterrupted;
        }
    }
    return code;
}

int GenerateRun::makeOne(const Request& request, std::stop_token stop, TerminalProgress& progress)
{
    TakeWriter writer(m_options.write);
    JobContext context;
    context.stop = stop;
    context.report = [&progress](const Progress& p) { progress.report(p); };
    context.layerFinished = [&writer](const Layer& layer) { writer.layerFinished(layer); };
    context.planned = [&](const Plan& plan) {
        writer.planned(plan);
        progress.planned(plan);
        printSentences(m_err, plan.unused);
        printSentences(m_err, plan.warnings);
    };
    const Take take = m_engine.run(request, context);
    progress.end();
    writer.finish(take);
    printSentences(m_err, take.notes);
    if (take.failure)
        m_err << take.failure->detail << std::endl;
    if (!saved(writer, take))
        return kFailed;
    if (take.ending == Ending::Cancelled)
        return kInterrupted;
    return take.failure ? codeOf(*take.failure) : kDone;
}

bool GenerateRun::saved(const TakeWriter& writer, const Take& take)
{
    for (const Layer& layer : take.layers) {
        const auto file = writer.written().find(layer.kind);
        if (file == writer.written().end())
            continue;
        m_out << (m_options.json ? pictureLine : pictureSentence)(take, layer, file->second) << std::endl;
    }
    for (const Failure& failure : writer.failures())
        m_err << failure.detail << std::endl;
    return writer.failures().empty();
}

} // namespace studio::cli
