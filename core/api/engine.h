#pragma once

#include "core/api/catalog.h"
#include "core/api/job_context.h"
#include "core/api/outcome.h"
#include "core/api/plan.h"
#include "core/api/request.h"
#include "core/api/take.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace studio {

struct EngineOptions {
    std::filesystem::path demoModel; ///< folder of the built-in model; empty: there is none
    std::filesystem::path
        vocabulary; ///< CLIP's merges (bpe_simple_vocab_16e6.txt), for single-file checkpoints
    std::filesystem::path wildcards; ///< folder of the files NAME.txt that __NAME__ in a prompt chooses from
    std::filesystem::path styles;    ///< A1111's styles.csv
    /// Folders of upscaling networks: NAME.safetensors is the upscaler NAME; of two with one name the first counts.
    std::vector<std::filesystem::path> upscalers;
    std::vector<std::filesystem::path> adapters; ///< folders of LoRAs and their kin, searched in this order
    std::vector<std::filesystem::path>
        embeddings;              ///< folders of textual inversions, which prompts name by word
    std::filesystem::path state; ///< folder for what the engine learns (timings); empty: nothing is kept
    int threads = 0;             ///< of the CPU kernels; 0: as many as there are cores
    bool lowPriority = false;    ///< the calling thread's work yields to the interface's
};

/// What a self-test page shows.
struct EngineReport {
    std::string torchVersion;
    std::string device; ///< the device "auto" means, in words
    int threads = 0;
    std::int64_t memoryTotalBytes = 0;
    std::int64_t memoryFreeBytes = 0;
};

/// The one door to the networks. Its functions may be called from any thread, one run at a time: a second run waits.
/// `catalog`, `plan` and `report` never wait for a run.
class Engine {
public:
    virtual ~Engine() = default;

    virtual const Catalog& catalog() const noexcept = 0;
    virtual EngineReport report() const noexcept = 0;

    /// Resolves every default and says what would run. Opens checkpoints' headers, loads no weights.
    virtual Outcome<Plan> plan(const Request& request) noexcept = 0;

    /// Runs a request to its end, its cancellation or its failure; Take::ending says which. Layers finished before a
    /// cancellation or failure are in the take.
    virtual Take run(const Request& request, const JobContext& context) noexcept = 0;

    /// Lets go of all weights. The next run loads them again.
    virtual void releaseModels() noexcept = 0;

    /// Number of tokens a prompt in A1111's syntax needs in the given model's first text encoder, without start and
    /// end; of a text that changes on the way, the first. What a chunk before the last holds counts as 75.
    virtual Outcome<int> countTokens(const std::string& modelPath, const std::string& prompt) noexcept = 0;
};

/// The C entry point of the engine's library: `extern "C" studio::Engine* studioMakeEngine(const EngineOptions*)`.
/// Answers null and logs the reason if the engine cannot start.
using MakeEngine = Engine* (*)(const EngineOptions*);
inline constexpr const char* kMakeEngineSymbol = "studioMakeEngine";

/// Opens the engine's shared library (it takes a large part of a second: libtorch comes with it) and makes an
/// engine. Empty path: looked for beside this library. Keeps the library open for the life of the process.
Outcome<std::shared_ptr<Engine>> openEngine(
    const EngineOptions& options, const std::filesystem::path& library = {});

} // namespace studio
