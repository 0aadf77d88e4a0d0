#include "app/cli/bench_command.h"

#include "app/cli/check_command.h"
#include "app/cli/generate_command.h"
#include "app/cli/option_values.h"
#include "app/interruption.h"
#include "app/process_setup.h"
#include "app/resources.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace studio::cli {

namespace {

constexpr const char* kBenchPrompt = "a red circle on a blue background";
constexpr std::uint64_t kBenchSeed = 42;
constexpr int kBenchSteps
    = 4; // enough for the time of one; a whole picture of a large model takes long on a processor
constexpr int kMostRuns = 1000;
constexpr double kMebibyte = 1024.0 * 1024.0;

struct BenchOptions {
    RequestOptions picture;
    EngineOptions engine = defaultEngineOptions();
    int runs = 3;
    bool json = false;
};

CommandSyntax benchSyntax(BenchOptions& options)
{
    constexpr const char* kGroup = "Benchmark";
    CommandSyntax syntax{"bench",
        "Measure how fast pictures are made here, stage by stage. Nothing is saved. Four steps, unless "
        "--steps says "
        "otherwise.",
        {}, {}, requestRows(options.picture)};
    append(syntax.options, engineRows(options.engine));
    append(syntax.options,
        {{"--runs", "N", kGroup, "how often, after a first run that loads the model (3)",
             integer(options.runs, 1, kMostRuns)},
            {"--json", "", kGroup, "print one JSON object", flag(options.json)}});
    return syntax;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2.0;
}

std::string fixed(double value, int digits)
{
    std::ostringstream out;
    out << std::fixed << std::setprecision(digits) << value;
    return out.str();
}

std::string mebibytes(std::int64_t bytes)
{
    return fixed(double(bytes) / kMebibyte, 0) + " MiB";
}

/// Medians over runs of the same plan.
BenchResult resultOf(const Take& first, const std::vector<Take>& takes)
{
    BenchResult result;
    const Layer* layer = first.mainLayer();
    result.mode = modeId(first.plan.request.mode);
    result.resolution
        = layer ? std::to_string(layer->size.width) + "x" + std::to_string(layer->size.height) : "";
    result.device = first.device;
    result.precision = first.precision;
    result.runs = static_cast<int>(takes.size());
    result.firstSeconds = first.seconds;
    const auto medianOf = [&](const auto& value) {
        std::vector<double> values;
        std::transform(takes.begin(), takes.end(), std::back_inserter(values), value);
        return median(std::move(values));
    };
    result.seconds = medianOf([](const Take& take) { return take.seconds; });
    for (std::size_t i = 0; i < first.stages.size(); ++i) {
        BenchedStage stage{first.stages[i].label, first.stages[i].steps};
        stage.seconds = medianOf([i](const Take& take) { return take.stages.at(i).seconds; });
        for (const Take& take : takes)
            stage.peakMemoryBytes = std::max(stage.peakMemoryBytes, take.stages.at(i).peakMemoryBytes);
        result.peakMemoryBytes = std::max(result.peakMemoryBytes, stage.peakMemoryBytes);
        result.stages.push_back(std::move(stage));
    }
    return result;
}

} // namespace

Outcome<BenchResult> bench(Engine& engine, const Request& request, int runs, std::stop_token stop)
{
    std::vector<Take> takes;
    for (int i = 0; i <= runs; ++i) {
        JobContext context;
        context.stop = stop;
        takes.push_back(engine.run(request, context));
        const Take& take = takes.back();
        if (take.ending == Ending::Cancelled)
            return Cancelled{};
        if (take.ending == Ending::Failed)
            return take.failure.value_or(Failure{ErrorKind::Internal, "The run failed."});
        if (i > 0)
            takes.back()
                .layers.clear(); // pictures that are kept would count as memory of the runs that follow
    }
    const Take first = std::move(takes.front());
    takes.erase(takes.begin());
    return resultOf(first, takes);
}

std::string inWords(const BenchResult& result)
{
    std::size_t widest = 5;
    for (const BenchedStage& stage : result.stages)
        widest = std::max(widest, stage.name.size());
    std::ostringstream out;
    out << result.mode << ", " << result.resolution << ", " << result.device << " (" << result.precision
        << "): medians of " << result.runs << (result.runs == 1 ? " run" : " runs") << " after a first of "
        << fixed(result.firstSeconds, 2) << " s\n";
    const auto line
        = [&](const std::string& name, double seconds, const std::string& perStep, std::int64_t peak) {
              out << "  " << std::left << std::setw(int(widest)) << name << std::right << std::setw(10)
                  << fixed(seconds, 3) << " s" << std::setw(16) << perStep << std::setw(14) << mebibytes(peak)
                  << "\n";
          };
    for (const BenchedStage& stage : result.stages)
        line(stage.name, stage.seconds,
            stage.steps > 0 ? fixed(stage.seconds / stage.steps, 3) + " s a step" : "",
            stage.peakMemoryBytes);
    line("Whole", result.seconds, "", result.peakMemoryBytes);
    return out.str();
}

std::string inJson(const BenchResult& result, const EngineReport& report)
{
    using Json = nlohmann::ordered_json;
    Json stages = Json::array();
    for (const BenchedStage& stage : result.stages)
        stages.push_back({{"name", stage.name}, {"seconds", stage.seconds}, {"steps", stage.steps},
            {"seconds_per_step", stage.steps > 0 ? Json(stage.seconds / stage.steps) : Json(nullptr)},
            {"peak_memory_bytes", stage.peakMemoryBytes}});
    return Json{{"mode", result.mode}, {"final_resolution", result.resolution}, {"device", result.device},
        {"dtype", result.precision}, {"torch", report.torchVersion}, {"threads", report.threads},
        {"runs", result.runs}, {"first_seconds", result.firstSeconds}, {"seconds", result.seconds},
        {"peak_memory_bytes", result.peakMemoryBytes}, {"stages", std::move(stages)}}
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

int benchMachine(const std::vector<std::string>& arguments)
{
    BenchOptions options;
    options.picture.prompt = kBenchPrompt;
    options.picture.request.seed = kBenchSeed;
    options.picture.request.sampling.steps = kBenchSteps;
    if (parse(benchSyntax(options), arguments, std::cout) == Parsed::HelpShown)
        return kDone;
    const Request request = options.picture.resolved();
    prepareProcessForNetworks();
    const Interruption interruption;
    const auto engine = openEngineOrSay(options.engine, std::cerr);
    if (!engine)
        return kFailed;
    sayIfDemoModel(request, options.engine, std::cerr);
    const Outcome<BenchResult> outcome = bench(*engine, request, options.runs, interruption.token());
    if (const Failure* failure = failureOf(outcome)) {
        std::cerr << failure->detail << std::endl;
        return kFailed;
    }
    const BenchResult* result = std::get_if<BenchResult>(&outcome);
    if (!result) {
        std::cerr << "Cancelled." << std::endl;
        return kInterrupted;
    }
    if (options.json)
        std::cout << inJson(*result, engine->report()) << std::endl;
    else
        std::cout << healthText(engine->report()) << inWords(*result) << std::flush;
    return kDone;
}

} // namespace studio::cli
