#include "core/takes/take_recorder.h"

#include "core/api/log.h"
#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/takes/first_pass.h"
#include "core/takes/run_json.h"
#include "core/takes/run_sources.h"
#include "core/takes/store_layout.h"
#include "core/takes/take_files.h"

#include <fcntl.h>
#include <unistd.h>

namespace studio {

namespace {

namespace fs = std::filesystem;

template <class T> T valueOf(Outcome<T> outcome)
{
    if (const Failure* failure = failureOf(outcome))
        throw Error(failure->kind, failure->detail);
    return std::get<T>(std::move(outcome));
}

/// The size of the picture that the reported latent decodes to.
Extent firstPassSize(const Request& request)
{
    switch (request.mode) {
    case Mode::Standard:
        return request.standard.size.value_or(Extent{});
    case Mode::Simple:
        return request.simple.base.value_or(Extent{});
    case Mode::Hires:
    case Mode::Compare:
        break;
    }
    return request.hires.base.value_or(Extent{});
}

std::string requestJson(Request request)
{
    // Without its latent, which may be removed one day, the request still says everything.
    request.firstPass.clear();
    return toJson(request, 2);
}

/// What is there and no picture of this size makes way for the one that is made again.
bool isWhole(const fs::path& layer, Extent size)
{
    if (!fs::exists(layer))
        return false;
    const Outcome<LoadedPicture> loaded = loadPicture(layer);
    const auto* found = std::get_if<LoadedPicture>(&loaded);
    if (found && found->picture.size == size)
        return true;
    logWarning(layer.string() + " cannot be read and is made again.");
    fs::rename(layer, fs::path(layer) += ".damaged");
    return false;
}

/// New names outlive a loss of power only if their folder is flushed. Some file systems cannot; that is no failure.
void flushFolder(const fs::path& folder)
{
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return;
    ::fsync(handle);
    ::close(handle);
}

} // namespace

FolderRecorder::FolderRecorder(fs::path store, std::chrono::milliseconds answersEvery, Changed changed)
    : m_store(std::move(store))
    , m_answersEvery(answersEvery)
    , m_changed(std::move(changed))
{ }

FolderRecorder::FolderRecorder(
    const fs::path& run, std::chrono::milliseconds answersEvery, Changed changed, const Plan& plan)
    : m_answersEvery(answersEvery)
    , m_changed(std::move(changed))
    , m_planned(true)
    , m_take(run.parent_path())
    , m_run(run)
{
    m_running = FileLock::tryTake(run / kRunningFile, FileLock::Kind::Exclusive);
    if (!m_running)
        throw Error(ErrorKind::BadInput,
            "Take " + m_take.filename().string() + " is still being made; wait for its end.");
    m_id = m_take.filename().string();
    m_begun.plan = plan;
    m_firstPassSaved = fs::exists(m_take / kFirstPassFile);
    std::map<LayerKind, int> seen;
    for (const PlannedStage& stage : plan.stages)
        if (const int occurrence = stage.layer ? seen[*stage.layer]++ : 0;
            stage.layer && isWhole(run / layerFile(*stage.layer, occurrence), stage.size))
            m_saved.insert({*stage.layer, occurrence});
}

void FolderRecorder::attempt(const std::function<void()>& work)
{
    const Outcome<bool> outcome = settle([&] {
        work();
        return true;
    });
    if (const Failure* failure = failureOf(outcome)) {
        if (m_logged.insert(failure->detail).second)
            logWarning("The take is not complete on the disk: " + failure->detail);
        m_failure = *failure;
    }
}

void FolderRecorder::begin()
{
    // A run that stands on a latent of this store, or on a picture that a take began with, belongs to that take.
    const Request& request = m_begun.plan.request;
    // A picture that a take made is the beginning of something new.
    const fs::path picture = fs::weakly_canonical(request.initPicture);
    const fs::path source = !request.firstPass.empty()
        ? fs::weakly_canonical(request.firstPass).parent_path()
        : (picture.stem() == kInitPicture ? picture.parent_path().parent_path() : fs::path());
    const bool ofThisStore = source.parent_path() == m_store && isTakeId(source.filename().string());
    if (!ofThisStore || !beginRunOf(source))
        beginTake();
    m_changed(m_id, false);
}

void FolderRecorder::writeBeginning(const fs::path& run)
{
    m_running = FileLock::wait(run / kRunningFile, FileLock::Kind::Exclusive);
    valueOf(writeNewFile(run / kRequestFile, requestJson(m_begun.plan.request)));
    valueOf(writeNewFile(run / kPlanFile, toJson(m_begun.plan, 1)));
    valueOf(writeNewFile(run / kSourcesFile, sourcesJson(sourcesOf(m_begun.plan))));
    copyInitPicture(run);
}

/// The picture may be changed or gone before the run is finished, or begun with again.
void FolderRecorder::copyInitPicture(const fs::path& run) const
{
    const fs::path picture = m_begun.plan.request.initPicture;
    if (picture.empty())
        return;
    constexpr std::uintmax_t kMostBytes = 1u << 30;
    valueOf(writeNewFile(run / (kInitPicture + picture.extension().string()), readFile(picture, kMostBytes)));
}

void FolderRecorder::beginTake()
{
    const FileLock creating = FileLock::wait(m_store / kStoreLockFile, FileLock::Kind::Shared);
    const std::int64_t now = nextMoment();
    std::string id = newTakeId(now);
    while (!fs::create_directory(m_store / (kNewPrefix + id)))
        id = newTakeId(now);
    const fs::path hidden = m_store / (kNewPrefix + id);
    try {
        fs::create_directory(hidden / runFolderName(1));
        writeBeginning(hidden / runFolderName(1));
        valueOf(writeNewFile(hidden / kTakeFile, takeJson({id, now, false})));
        fs::rename(hidden, m_store / id);
    } catch (...) {
        abandon(hidden);
        throw;
    }
    flushFolder(m_store);
    m_take = m_store / id;
    m_run = m_take / runFolderName(1);
    m_id = id;
}

bool FolderRecorder::beginRunOf(const fs::path& take)
{
    const FileLock creating = FileLock::wait(m_store / kStoreLockFile, FileLock::Kind::Shared);
    if (!fs::exists(take / kTakeFile))
        return false; // thrown away meanwhile
    upgradeTake(take);
    if (fs::exists(take / kPlanFile))
        return false; // an older version of the program is writing it
    fs::path hidden;
    do
        hidden = m_store / (kNewPrefix + newTakeId(nextMoment()));
    while (!fs::create_directory(hidden));
    try {
        writeBeginning(hidden);
        // Two programs may add a run at once: the name is had by whoever renames first.
        for (int number = static_cast<int>(runFolders(take).size()) + 1; m_run.empty(); ++number) {
            std::error_code taken;
            fs::rename(hidden, take / runFolderName(number), taken);
            if (!taken)
                m_run = take / runFolderName(number);
            else if (taken != std::errc::directory_not_empty && taken != std::errc::file_exists)
                throw fs::filesystem_error("rename", take, taken);
        }
    } catch (...) {
        abandon(hidden);
        throw;
    }
    flushFolder(take);
    m_take = take;
    m_id = take.filename().string();
    m_firstPassSaved = fs::exists(take / kFirstPassFile);
    return true;
}

void FolderRecorder::abandon(const fs::path& hidden)
{
    m_running.reset();
    std::error_code ignored;
    fs::remove_all(hidden, ignored);
}

void FolderRecorder::planned(const Plan& plan) noexcept
{
    attempt([&] {
        if (!hasBegun()) {
            m_begun.plan = plan;
            m_planned = true;
            begin();
        } else {
            fs::remove(m_run / kRunFile); // until it ends again, it has not ended
            m_changed(m_id, false);
        }
        m_answers.emplace(m_run / kAnswersFolder, m_answersEvery);
    });
}

/// Nothing is missing from a take without its answers; it could only not go on after a crash.
void FolderRecorder::tryAnswers(const std::function<void()>& work)
{
    const Outcome<bool> outcome = settle([&] {
        work();
        return true;
    });
    if (const Failure* failure = failureOf(outcome)) {
        logWarning("After a crash this run would have to begin again: " + failure->detail);
        m_answers.reset();
    }
}

void FolderRecorder::answered(const DenoiserAnswer& answer) noexcept
{
    tryAnswers([&] {
        if (m_answers)
            m_answers->add(answer);
    });
}

/// What is shown as finished is not computed again after a crash.
void FolderRecorder::keepAnswers()
{
    tryAnswers([&] {
        if (m_answers)
            m_answers->flush();
    });
}

void FolderRecorder::firstPassFinished(const Latent& latent) noexcept
{
    keepAnswers();
    attempt([&] {
        if (hasBegun() && !m_firstPassSaved)
            saveFirstPass(latent);
    });
}

void FolderRecorder::layerFinished(const Layer& layer) noexcept
{
    const int occurrence = m_seen[layer.kind]++;
    keepAnswers();
    attempt([&] {
        if (hasBegun() && !m_saved.contains({layer.kind, occurrence}))
            saveLayer(layer, occurrence);
    });
}

void FolderRecorder::saveFirstPass(const Latent& latent)
{
    const Request& request = m_begun.plan.request;
    writeFirstPass(m_take / kFirstPassFile, {latent, firstPassSize(request), request});
    flushFolder(m_take);
    m_firstPassSaved = true;
}

void FolderRecorder::saveLayer(const Layer& layer, int occurrence)
{
    const std::string bytes = valueOf(encodePicture(*layer.picture, metadataFor(m_begun, layer)));
    valueOf(writeNewFile(m_run / layerFile(layer.kind, occurrence), bytes));
    m_saved.insert({layer.kind, occurrence});
}

/// Each layer and the latent, as far as they are not on the disk yet.
void FolderRecorder::saveMissing(const Take& take)
{
    std::map<LayerKind, int> seen;
    for (const Layer& layer : take.layers) {
        const int occurrence = seen[layer.kind]++;
        if (!m_saved.contains({layer.kind, occurrence}))
            attempt([&] { saveLayer(layer, occurrence); });
    }
    if (!m_firstPassSaved && !take.firstPassLatent.values.empty())
        attempt([&] { saveFirstPass(take.firstPassLatent); });
}

/// On a full disk the pictures of a finished run come before the answers that led to them. Whether the answers made way.
bool FolderRecorder::makeRoom(const Take& take)
{
    if (take.ending != Ending::Finished || m_failure->kind != ErrorKind::DiskFull)
        return false;
    std::int64_t missing = 0;
    std::map<LayerKind, int> seen;
    for (const Layer& layer : take.layers) {
        if (m_saved.contains({layer.kind, seen[layer.kind]++}))
            continue;
        const auto bytes = encodePicture(*layer.picture, metadataFor(m_begun, layer));
        missing += bytes.index() == 0 ? static_cast<std::int64_t>(std::get<std::string>(bytes).size()) : 0;
    }
    if (!m_firstPassSaved)
        missing += static_cast<std::int64_t>(take.firstPassLatent.values.size() * sizeof(float));
    if (bytesIn(m_run / kAnswersFolder) < missing)
        return false;
    std::error_code ignored;
    fs::remove_all(m_run / kAnswersFolder, ignored);
    return true;
}

void FolderRecorder::finish(const Take& take) noexcept
{
    if (!m_planned)
        return;
    m_failure.reset();
    if (!hasBegun())
        attempt([&] { begin(); });
    if (!hasBegun())
        return;
    saveMissing(take);
    if (m_failure && makeRoom(take)) {
        m_failure.reset();
        saveMissing(take);
    }
    const bool isWhole = !m_failure;
    tryAnswers([&] {
        if (take.ending == Ending::Finished && isWhole)
            fs::remove_all(m_run / kAnswersFolder);
        else if (m_answers)
            m_answers->flush();
    });
    Take ended = take;
    if (!isWhole && ended.ending == Ending::Finished) {
        // It can be finished when there is room again; called finished, it could not.
        ended.ending = Ending::Failed;
        ended.failure = m_failure;
    }
    attempt([&] { valueOf(writeNewFile(m_run / kRunFile, runJson(ended))); });
    std::error_code ignored;
    fs::remove(m_run / kRunningFile, ignored);
    m_running.reset();
    attempt([&] { m_changed(m_id, true); });
}

} // namespace studio
