#include "core/api/engine.h"
#include "core/api/adapter_files.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/base/file_hashes.h"
#include "core/base/system_memory.h"
#include "core/pipeline/recipes.h"
#include "core/pipeline/runner.h"
#include "core/pipeline/timings.h"
#include "core/pipeline/torch_errors.h"
#include "core/sampling/samplers.h"
#include "core/sampling/schedules.h"
#include "core/text/prompt_chunks.h"
#include "core/upscale/upscaler_library.h"

#include <ATen/Parallel.h>
#include <torch/headeronly/version.h>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <thread>

namespace studio::pipeline {

namespace {

template <class Rows> std::vector<CatalogEntry> entries(const Rows& rows)
{
    std::vector<CatalogEntry> out;
    for (const auto& row : rows)
        out.push_back({std::string(row.id), std::string(row.label), std::string(row.description)});
    return out;
}

std::vector<std::filesystem::path> upscalerFolders(const EngineOptions& options)
{
    std::vector<std::filesystem::path> folders = options.upscalers;
    if (!options.demoModel.empty())
        folders.push_back(options.demoModel / "upscaler");
    return folders;
}

Catalog makeCatalog(const upscale::UpscalerLibrary& upscalers)
{
    Catalog catalog{entries(sampling::samplers()), entries(sampling::schedules()), upscalers.entries(), {}};
    for (const std::string& name : availableDevices())
        catalog.devices.push_back({name, name == "cpu" ? "CPU" : "GPU " + name.substr(5), {}});
    return catalog;
}

/// Inference beside a window: the networks' threads get what the interface leaves over. Children of the calling
/// thread inherit it, so it is set before the first parallel region.
void lowerPriority()
{
    constexpr int kNice = 10;
    if (setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice) != 0)
        logDebug("The priority of the networks' threads could not be lowered.");
}

/// Stages run one behind the other, so torch's pool for independent operations would only hold memory. Torch takes
/// the number once in a process, before its first parallel work: a second engine keeps what is set.
void useOneInteropThread()
{
    if (at::get_num_interop_threads() == 1)
        return;
    try {
        at::set_num_interop_threads(1);
    } catch (const c10::Error& error) {
        logDebug(error.what_without_backtrace());
    }
}

/// A GPU's memory is its own; what a run there needs is not known from this process's size.
void warnOfMemory(Plan& plan)
{
    constexpr double kGigabyte = 1e9;
    const std::int64_t total = totalMemory();
    if (plan.device != "cpu" || total <= 0 || plan.predictedPeakBytes <= total)
        return;
    const auto words
        = [](std::int64_t bytes) { return std::to_string(std::llround(double(bytes) / kGigabyte)) + " GB"; };
    plan.warnings.push_back("This can take up to " + words(plan.predictedPeakBytes)
        + " of memory, and the machine has " + words(total) + ": choose a smaller size.");
}

/// As many threads as a run wants, to its end.
class ThreadsForARun {
public:
    ThreadsForARun(int wanted, int otherwise)
        : m_otherwise(otherwise)
    {
        if (wanted > 0 && wanted != otherwise)
            at::set_num_threads(wanted);
    }
    ~ThreadsForARun()
    {
        if (at::get_num_threads() != m_otherwise)
            at::set_num_threads(m_otherwise);
    }
    ThreadsForARun(const ThreadsForARun&) = delete;
    ThreadsForARun& operator=(const ThreadsForARun&) = delete;

private:
    int m_otherwise;
};

class StudioEngine : public Engine {
public:
    explicit StudioEngine(const EngineOptions& options)
        : m_options(options)
        , m_store(options.vocabulary)
        , m_upscalers(upscalerFolders(options))
        , m_timings(options.state)
        , m_hashes(options.state)
        , m_catalog(makeCatalog(m_upscalers))
        , m_threads(
              options.threads > 0 ? options.threads : int(std::max(1u, std::thread::hardware_concurrency())))
    {
        at::set_num_threads(m_threads);
        useOneInteropThread();
    }

    const Catalog& catalog() const noexcept override { return m_catalog; }

    EngineReport report() const noexcept override
    {
        return {TORCH_VERSION, m_catalog.devices.back().id, m_threads, totalMemory(), availableMemory()};
    }

    Outcome<Plan> plan(const Request& request) noexcept override
    {
        return settle(
            [&] {
                const c10::InferenceMode inference;
                return planOf(resolved(request), request);
            },
            &describeTorch);
    }

    Take run(const Request& request, const JobContext& context) noexcept override
    {
        const std::lock_guard lane(m_lane);
        Take take;
        take.plan.request = request;
        const auto start = std::chrono::steady_clock::now();
        std::vector<StageCost> costs;
        const Outcome<bool> outcome = settle(
            [&] {
                execute(take, request, context, costs);
                return true;
            },
            &describeTorch);
        nn::releaseConversionRoom();
        take.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        take.ending = Ending::Finished;
        if (std::holds_alternative<Cancelled>(outcome))
            take.ending = Ending::Cancelled;
        if (const Failure* failure = failureOf(outcome)) {
            take.ending = Ending::Failed;
            take.failure = *failure; // said, and logged, by the front that asked for the run
        }
        m_timings.learn(take, costs);
        return take;
    }

    void releaseModels() noexcept override
    {
        const std::lock_guard lane(m_lane);
        m_store.clear();
        m_upscalers.clear();
        returnFreeMemory();
    }

    Outcome<int> countTokens(const std::string& modelPath, const std::string& prompt) noexcept override
    {
        return settle([&] {
            const std::string path = modelPath.empty() ? m_options.demoModel.string() : modelPath;
            const std::shared_ptr<LoadedModel> model = m_store.open(path, {});
            const text::Tokenizer& tokenizer
                = model->files().textEncoder ? model->tokenizer() : model->tokenizer2();
            const ReadPrompts read = readPrompts({prompt, {}}, PromptSyntax::A1111, {});
            const text::EmbeddingWords words(tokenizer, embeddingsIn(prompt, *model, path));
            int most = 0;
            for (const PromptPart& part : read.parts)
                most = std::max(most,
                    text::countTokens(tokenizer, text::readEmphasis(part.texts.front().text).parts, words));
            return most;
        });
    }

private:
    Resolved resolved(const Request& request) { return resolve(request, m_store, m_upscalers, m_options); }

    Plan planOf(const Resolved& resolved, const Request& asked)
    {
        Plan plan = makePlan(resolved, asked);
        plan.threads = m_threads;
        m_timings.predict(
            plan, costsOf(plan, resolved), [&resolved] { return measuredRate(resolved.policy); });
        warnOfMemory(plan);
        return plan;
    }

    /// Those a prompt may name. One for another family of models is none: its name is a word.
    std::vector<text::EmbeddingWord> embeddingsIn(
        const std::string& prompt, LoadedModel& model, const std::string& path) const
    {
        std::vector<text::EmbeddingWord> words;
        for (const auto& file : adapterFilesIn(embeddingFolders(m_options.embeddings, path))) {
            const std::string name = file.stem().string();
            if (!text::mentions(prompt, name))
                continue;
            try {
                words.push_back({name, std::size_t(model.embedding(file)->vectors())});
            } catch (const Error& error) {
                logDebug(std::string("Not counted as an embedding: ") + error.what());
            }
        }
        return words;
    }

    void makeRoomFor(const Plan& plan, const Resolved& resolved)
    {
        std::vector<std::shared_ptr<LoadedModel>> used = resolved.rungModels;
        used.insert(used.end(), {resolved.base, resolved.refiner});
        std::set<std::string> adapters;
        for (const PlannedAdapter& adapter : plan.adapters)
            adapters.insert(adapter.file);
        m_store.makeRoomFor(used, adapters);
    }

    /// Hashes are for what is written into pictures; a plan alone need not read whole files for them.
    static void nameAdapters(Plan& plan, const Resolved& resolved)
    {
        std::vector<std::shared_ptr<LoadedModel>> models = resolved.rungModels;
        models.push_back(resolved.base);
        for (PlannedAdapter& adapter : plan.adapters)
            for (const std::shared_ptr<LoadedModel>& model : models)
                if (const auto known = model->knownAdapter(adapter.file))
                    adapter.hash = known->hash();
    }

    /// As A1111 has it: the first ten digits of the file's SHA-256. Reading a checkpoint for it, once, also brings its
    /// pages in that the networks are about to read.
    void nameModels(Plan& plan, const JobContext& context)
    {
        const auto hashOf = [&](const std::string& file) {
            constexpr std::size_t kShort = 10;
            return std::filesystem::is_regular_file(file)
                ? m_hashes.of(file, [&] { context.checkpoint(); }).substr(0, kShort)
                : std::string();
        };
        for (PlannedStage& stage : plan.stages)
            if (stage.kind == StageKind::Denoise || stage.kind == StageKind::LoadLatent)
                stage.modelHash = hashOf(stage.model);
        plan.vaeHash = hashOf(plan.request.models.vae);
    }

    /// `costs`: set to those of the plan that runs
    void execute(Take& take, const Request& request, const JobContext& context, std::vector<StageCost>& costs)
    {
        const c10::InferenceMode inference;
        if (m_options.lowPriority)
            lowerPriority();
        const Resolved resolved = this->resolved(request);
        take.plan = planOf(resolved, request);
        const ThreadsForARun threads(context.threads, m_threads);
        take.plan.threads = context.threads > 0 ? context.threads : m_threads;
        nameAdapters(take.plan, resolved);
        nameModels(take.plan, context);
        take.device = take.plan.device;
        take.precision = take.plan.precision;
        if (context.planned)
            context.planned(take.plan);
        costs = costsOf(take.plan, resolved);
        makeRoomFor(take.plan, resolved);
        Runner(take, resolved, context).run();
    }

    EngineOptions m_options;
    ModelStore m_store;
    upscale::UpscalerLibrary m_upscalers;
    Timings m_timings;
    FileHashes m_hashes;
    Catalog m_catalog;
    int m_threads;
    std::mutex m_lane;
};

} // namespace

} // namespace studio::pipeline

extern "C" studio::Engine* studioMakeEngine(const studio::EngineOptions* options)
{
    const auto made
        = studio::settle([&]() -> studio::Engine* { return new studio::pipeline::StudioEngine(*options); },
            &studio::pipeline::describeTorch);
    if (const studio::Failure* failure = studio::failureOf(made)) {
        studio::logError("The engine could not start: " + failure->detail);
        return nullptr;
    }
    return std::get<studio::Engine*>(made);
}
