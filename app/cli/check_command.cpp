#include "app/cli/check_command.h"

#include "app/cli/file_names.h"
#include "app/cli/generate_command.h"
#include "app/cli/option_values.h"
#include "app/interruption.h"
#include "app/process_setup.h"

#include <algorithm>
#include <array>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace studio::cli {

namespace {

constexpr const char* kCheckPrompt = "a red circle on a blue background";
constexpr std::uint64_t kCheckSeed = 42;
constexpr double kMebibyte = 1024.0 * 1024.0;

struct CheckedMode {
    Mode mode;
    LayerKind layer;
    const char* title;
};

constexpr std::array kModes{
    CheckedMode{Mode::Standard, LayerKind::Standard, "Standard"},
    CheckedMode{Mode::Simple, LayerKind::Simple, "Simple hires"},
    CheckedMode{Mode::Hires, LayerKind::Hires, "Hires fix"},
};

std::string seconds(double value)
{
    std::ostringstream out;
    out << std::fixed << std::setprecision(1) << value << " s";
    return out.str();
}

/// What is wrong with a take, empty if it is as it should be.
std::string faultOf(const Take& take, LayerKind wanted)
{
    if (take.failure)
        return take.failure->detail;
    const Layer* layer = take.find(wanted);
    if (!layer || !layer->picture)
        return "The run ended without its picture.";
    return showsSomething(*layer->picture) ? "" : "The picture is one flat colour.";
}

/// Runs the modes one after another and collects the verdict.
class Check {
public:
    Check(const GenerateOptions& options, Engine& engine, std::stop_token stop)
        : m_options(options)
        , m_engine(engine)
        , m_stop(std::move(stop))
    { }

    int run()
    {
        std::cout << healthText(m_engine.report());
        if (const auto failure = prepareFolder(m_options.write.folder)) {
            std::cerr << failure->detail << std::endl;
            return kFailed;
        }
        for (const CheckedMode& mode : kModes) {
            if (runMode(mode) == Ending::Cancelled) {
                std::cerr << "Cancelled." << std::endl;
                return kInterrupted;
            }
        }
        std::cout << (m_faults == 0 ? "All three modes work on " + m_where + ":" + m_times + "."
                                    : std::to_string(m_faults) + " of 3 modes failed; see above.")
                  << std::endl;
        return m_faults == 0 ? kDone : kFailed;
    }

private:
    Ending runMode(const CheckedMode& mode)
    {
        Request request = m_options.picture.resolved();
        request.mode = mode.mode;
        WriteSettings write = m_options.write;
        write.namePattern = fixedName(mode.layer);
        TakeWriter writer(write);
        TerminalProgress progress = progressOnStandardError();
        progress.begin(mode.title);
        JobContext context;
        context.stop = m_stop;
        context.report = [&progress](const Progress& p) { progress.report(p); };
        context.layerFinished = [&writer](const Layer& layer) { writer.layerFinished(layer); };
        context.planned = [&](const Plan& plan) {
            writer.planned(plan);
            progress.planned(plan);
        };
        const Take take = m_engine.run(request, context);
        progress.end();
        if (take.ending != Ending::Cancelled) {
            writer.finish(take);
            judge(mode, take, writer);
        }
        return take.ending;
    }

    void judge(const CheckedMode& mode, const Take& take, const TakeWriter& writer)
    {
        std::string fault = faultOf(take, mode.layer);
        if (fault.empty() && !writer.failures().empty())
            fault = writer.failures().front().detail;
        std::cout << std::left << std::setw(14) << mode.title;
        if (!fault.empty()) {
            ++m_faults;
            std::cout << "failed: " << fault << std::endl;
            return;
        }
        const Layer& layer = *take.find(mode.layer);
        m_where = take.device + " (" + take.precision + ")";
        m_times += std::string(m_times.empty() ? " " : ", ") + mode.title + " " + seconds(take.seconds);
        std::cout << seconds(take.seconds) << ", " << layer.size.width << "x" << layer.size.height
                  << ", peak memory " << static_cast<long>(double(take.peakMemoryBytes) / kMebibyte)
                  << " MiB, " << writer.written().at(mode.layer).string() << std::endl;
    }

    const GenerateOptions& m_options;
    Engine& m_engine;
    std::stop_token m_stop;
    int m_faults = 0;
    std::string m_where;
    std::string m_times;
};

CommandSyntax checkSyntax(GenerateOptions& options)
{
    constexpr const char* kGroup = "What to run";
    CommandSyntax syntax{"check", "See whether everything works here: the machine, then each mode once.", {},
        {},
        {{"--prompt", "TEXT", kGroup, kCheckPrompt, optionalText(options.picture.prompt)},
            {"--steps", "N", kGroup, "steps of the first pass (30)",
                integer(options.picture.request.sampling.steps, 1, 1000)},
            {"--out", "DIR", kGroup, "folder for the three pictures (the current one)",
                path(options.write.folder)}}};
    append(syntax.options, modelRows(options.picture.request));
    append(syntax.options, engineRows(options.engine));
    return syntax;
}

} // namespace

std::string healthText(const EngineReport& report)
{
    std::ostringstream out;
    out << "Engine        libtorch " << report.torchVersion << "\n"
        << "Device        " << report.device << "\n"
        << "Threads       " << report.threads << "\n"
        << "Memory        " << static_cast<long>(double(report.memoryFreeBytes) / kMebibyte) << " of "
        << static_cast<long>(double(report.memoryTotalBytes) / kMebibyte) << " MiB free\n";
    return out.str();
}

bool showsSomething(const Picture8& picture)
{
    const auto& values = picture.values;
    for (std::size_t i = 3; i < values.size(); ++i) {
        if (values[i] != values[i % 3])
            return true;
    }
    return false;
}

int checkInstallation(const std::vector<std::string>& arguments)
{
    GenerateOptions options;
    options.picture.prompt = kCheckPrompt;
    options.picture.request.seed = kCheckSeed;
    if (parse(checkSyntax(options), arguments, std::cout) == Parsed::HelpShown)
        return kDone;
    const Request request = options.picture.resolved();
    prepareProcessForNetworks();
    const Interruption interruption;
    const auto engine = openEngineOrSay(options.engine, std::cerr);
    if (!engine)
        return kFailed;
    sayIfDemoModel(request, options.engine, std::cerr);
    return Check(options, *engine, interruption.token()).run();
}

} // namespace studio::cli
