#include "app/http/routes.h"

#include "app/http/generate_service.h"
#include "app/http/http_error.h"
#include "app/http/json_body.h"
#include "core/api/log.h"
#include "core/api/picture_file.h"

#include <nlohmann/json.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace studio::http {

namespace {

constexpr std::size_t kBodyLimit = 1u << 20;
constexpr std::size_t kPictureBodyLimit = 64u << 20; // a picture in base64
constexpr auto kPatienceSlice = std::chrono::milliseconds(50);
constexpr int kUsualRetry = 10;
constexpr int kLongestRetry = 600;

std::string pngOf(const Take& take, const Layer& layer)
{
    auto bytes = encodePicture(*layer.picture, metadataFor(take, layer));
    if (const Failure* failure = failureOf(bytes))
        throw HttpError(kInternalError, failure->detail);
    return std::get<std::string>(std::move(bytes));
}

int statusOf(const Failure& failure)
{
    const bool clients = failure.kind == ErrorKind::BadInput || failure.kind == ErrorKind::UnsupportedModel;
    return clients ? kUnprocessable : kInternalError;
}

/// A file that exists in memory only, for functions that take a path.
class MemoryFile {
public:
    explicit MemoryFile(const std::string& bytes)
        : m_file(memfd_create("picture", MFD_CLOEXEC))
    {
        std::size_t written = 0;
        while (m_file >= 0 && written < bytes.size()) {
            const ssize_t count = write(m_file, bytes.data() + written, bytes.size() - written);
            if (count <= 0)
                break;
            written += static_cast<std::size_t>(count);
        }
        if (m_file < 0 || written < bytes.size())
            throw HttpError(kInternalError, "The picture does not fit into memory.");
    }
    ~MemoryFile() { close(m_file); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(m_file); }

private:
    int m_file;
};

} // namespace

Routes::Routes(Engine& engine, Lane& lane, ModelFacts facts)
    : m_engine(engine)
    , m_lane(lane)
    , m_facts(std::move(facts))
{ }

std::vector<Route> Routes::table()
{
    const auto fixed
        = [](std::string text) { return [text = std::move(text)](const Call&) { return text; }; };
    return {
        {"GET", "/health", 0, [this](const Call&) { return health(); }},
        {"POST", "/generate", kBodyLimit, [this](const Call& call) { return generate(call); }},
        {"POST", "/sdapi/v1/txt2img", kBodyLimit, [this](const Call& call) { return textToImage(call); }},
        {"GET", "/sdapi/v1/progress", 0, [this](const Call&) { return progress(); }},
        {"POST", "/sdapi/v1/interrupt", 0, [this](const Call&) { return interrupt(); }},
        {"POST", "/sdapi/v1/png-info", kPictureBodyLimit, [this](const Call& call) { return pngInfo(call); }},
        {"GET", "/sdapi/v1/samplers", 0, fixed(samplersAnswer(m_facts.catalog))},
        {"GET", "/sdapi/v1/schedulers", 0, fixed(schedulersAnswer(m_facts.catalog))},
        {"GET", "/sdapi/v1/upscalers", 0, fixed(upscalersAnswer(m_facts.catalog))},
        {"GET", "/sdapi/v1/sd-models", 0, fixed(modelsAnswer(m_facts))},
        {"GET", "/sdapi/v1/options", 0, fixed(optionsAnswer(m_facts))},
    };
}

std::string Routes::health() const
{
    const EngineReport report = m_engine.report();
    return dump({{"status", "healthy"}, {"model", modelName(m_facts.base)},
        {"refiner", m_facts.refiner.empty() ? Json(nullptr) : Json(modelName(m_facts.refiner))},
        {"device", report.device}, {"torch", report.torchVersion}, {"version", STUDIO_VERSION},
        {"busy", m_lane.running() != nullptr}, {"waiting", m_lane.waiting()}});
}

std::string Routes::generate(const Call& call)
{
    GenerateCall parsed = parseGenerate(call.body, m_facts);
    if (!parsed.request.seed)
        parsed.request.seed = std::random_device{}(); // 32 bits: exact in every client's numbers
    refuseWhatCannotRun(parsed.request);
    const auto job = submit({parsed.request});
    waitFor(job, call);
    refuseFailedTakes(*job);
    if (job->takes().empty() || job->takes().front().ending == Ending::Cancelled)
        throw HttpError(m_lane.closed() ? kUnavailable : kConflict,
            m_lane.closed() ? "The service is ending." : "The picture was cancelled.");
    const Take& take = job->takes().front();
    const Layer* layer = take.mainLayer();
    if (!layer)
        throw HttpError(kInternalError, "The run ended without a picture.");
    return generateAnswer(take, *layer, pngOf(take, *layer), parsed.notes);
}

std::string Routes::textToImage(const Call& call)
{
    const TextToImageCall parsed = parseTextToImage(call.body, m_facts);
    refuseWhatCannotRun(parsed.requests.front());
    const auto job = submit(parsed.requests);
    waitFor(job, call);
    refuseFailedTakes(*job);
    if (m_lane.closed() && job->cancelled())
        throw HttpError(kUnavailable, "The service is ending.");
    std::vector<SentPicture> pictures; // of an interrupted job: what was finished
    for (const Take& take : job->takes()) {
        if (const Layer* layer = take.mainLayer())
            pictures.push_back({&take, layer, pngOf(take, *layer)});
    }
    return textToImageAnswer(parsed, pictures);
}

std::string Routes::progress() const
{
    const auto job = m_lane.running();
    if (!job)
        return progressAnswer(nullptr, m_lane.waiting(), false, {});
    const Job::State state = job->state();
    std::string preview;
    if (state.preview) {
        const auto bytes = encodePicture(*state.preview, {});
        if (const std::string* png = std::get_if<std::string>(&bytes))
            preview = *png;
    }
    return progressAnswer(&state, m_lane.waiting(), job->cancelled(), preview);
}

std::string Routes::interrupt()
{
    if (const auto job = m_lane.running())
        job->cancel();
    return "{}";
}

std::string Routes::pngInfo(const Call& call) const
{
    const MemoryFile file(pictureOf(call.body));
    const Outcome<PictureMetadata> metadata = loadPictureMetadata(file.path());
    if (failureOf(metadata))
        throw HttpError(kUnprocessable, "image is no PNG, JPEG or WebP picture, or a damaged one.", "image");
    const auto& found = std::get<PictureMetadata>(metadata);
    auto items = found.other;
    if (!found.requestJson.empty())
        items.emplace_back("hires-studio", found.requestJson);
    return pngInfoAnswer(found.parameters, items);
}

void Routes::refuseWhatCannotRun(const Request& request)
{
    const Outcome<Plan> plan = m_engine.plan(request);
    if (const Failure* failure = failureOf(plan))
        throw HttpError(statusOf(*failure), failure->detail);
}

std::shared_ptr<Job> Routes::submit(std::vector<Request> requests)
{
    if (auto job = m_lane.submit(std::move(requests)))
        return job;
    int seconds = kUsualRetry;
    if (const auto running = m_lane.running()) {
        const double left = running->state().progress.secondsLeft;
        if (left >= 0.0)
            seconds = std::clamp(static_cast<int>(std::ceil(left)), 1, kLongestRetry);
    }
    throw HttpError(kTooManyRequests, "Too many pictures wait already; try again later.", seconds);
}

void Routes::waitFor(const std::shared_ptr<Job>& job, const Call& call)
{
    while (!job->waitFor(kPatienceSlice)) {
        if (!call.stillThere()) {
            m_lane.withdraw(job);
            throw HttpError(kConflict, "The client went away.");
        }
    }
}

void Routes::refuseFailedTakes(const Job& job) const
{
    for (const Take& take : job.takes()) {
        if (take.ending == Ending::Failed) {
            const Failure failure = take.failure.value_or(Failure{ErrorKind::Internal, "The run failed."});
            if (statusOf(failure) == kInternalError)
                logError(failure.detail);
            throw HttpError(statusOf(failure), failure.detail);
        }
    }
}

} // namespace studio::http
