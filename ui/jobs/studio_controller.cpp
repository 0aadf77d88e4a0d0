#include "ui/jobs/studio_controller.h"

#include "core/api/log.h"
#include "core/api/request_json.h"
#include "ui/convert/strings.h"
#include "ui/jobs/generation_job.h"
#include "ui/jobs/picture_series.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/take_archive.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_use.h"
#include "ui/models/model_library.h"

#include <algorithm>

namespace studio::ui {

namespace {

/// A crash loses no more than what was typed in it.
constexpr std::chrono::milliseconds kStoringPatience{1500};

} // namespace

StudioController::StudioController(StudioServices services, QObject* parent)
    : QObject(parent)
    , m_services(std::move(services))
    , m_store(m_services.settingsFile)
    , m_settings(m_store.loaded())
    , m_archive(new TakeArchive(this))
    , m_prompts(m_settings.promptHistory)
    , m_unsaved(m_saver)
    , m_planner(m_state)
    , m_library(new ModelLibrary(this))
    , m_adapters(new AdapterLibrary(this))
    , m_adapterUse(new AdapterUse(m_state, this))
    , m_opening(m_lane, std::chrono::milliseconds(0),
          [this](Outcome<std::shared_ptr<Engine>> opened) {
              if (const Failure* failure = failureOf(opened)) {
                  logError("The engine did not start: " + failure->detail);
                  Q_EMIT engineFailed(*failure);
                  return;
              }
              m_engine = std::get<std::shared_ptr<Engine>>(opened);
              m_state.setCatalog(m_engine->catalog());
              m_planner.setEngine(m_engine);
              m_library->setFolders(m_settings.modelFolders);
              searchAdapters();
              Q_EMIT engineOpened();
          })
    , m_goingOn(m_lane, std::chrono::milliseconds(0), [this](const Outcome<Continuation>& found) {
        const Failure* failure = failureOf(found);
        if (failure && m_notGoingOn)
            m_notGoingOn(*failure);
        else if (failure)
            Q_EMIT takeNotContinued(m_goingOnWith, *failure);
        else if (const auto* go = std::get_if<Continuation>(&found); go && canGenerate())
            start(go->engine, go->request);
    })
{
    m_lane.setMaxThreadCount(1);
    m_lane.setExpiryTimeout(-1); // thread-bound state of the kernels is kept between runs
    restoreRequest();
    m_queue = new QueueRunner(*this, m_services.queueFile, this);
    m_series = new PictureSeries(*this, this);
    m_archive->setFolder(takesFolder());
    m_archive->setDragged(m_settings.metadata ? Recipe::With : Recipe::Without);
    m_adapterUse->setResting(m_settings.restingAdapters);
    connect(&m_state, &StudioState::requestChanged, this, [this] {
        if (m_engine)
            searchAdapters(); // another model may have folders beside it
    });
    m_storing.setSingleShot(true);
    m_storing.setInterval(kStoringPatience);
    connect(&m_storing, &QTimer::timeout, this, &StudioController::storeInBackground);
    const auto soon = [this] {
        if (!m_storing.isActive())
            m_storing.start();
    };
    connect(&m_state, &StudioState::requestChanged, this, soon);
    connect(this, &StudioController::settingsChanged, this, soon);
}

void StudioController::searchAdapters()
{
    const auto all = [](QStringList folders, const std::vector<std::filesystem::path>& own) {
        for (const std::filesystem::path& folder : own)
            folders << pathToQt(folder);
        return folders;
    };
    m_adapters->setFolders({all(m_settings.adapterFolders, m_services.adapterFolders),
        all(m_settings.embeddingFolders, m_services.embeddingFolders), pathToQt(m_services.wildcards),
        m_state.request().models.base.empty() ? pathToQt(m_services.demoModel)
                                              : toQt(m_state.request().models.base)});
}

void StudioController::restoreRequest()
{
    // The first start shows what the program is for.
    if (m_settings.lastRequest.isEmpty())
        return m_state.change([](Request& request) { request.mode = Mode::Hires; });
    const Outcome<Request> last = requestFromJson(toStd(m_settings.lastRequest));
    if (const Request* request = std::get_if<Request>(&last))
        m_state.setRequest(*request);
    else if (const Failure* failure = failureOf(last))
        logWarning("The last settings could not be read again: " + failure->detail);
    // Until the engine answers, sizes that are nobody's choice are those it answered last.
    const Outcome<Request> usual = requestFromJson(toStd(m_settings.lastDefaults));
    if (const Request* known = std::get_if<Request>(&usual);
        known && known->models == m_state.request().models)
        m_state.setDefaults(*known);
}

StudioController::~StudioController()
{
    delete m_job; // waits, while everything it talks to is still there
    if (m_storing.isActive())
        storeSettings();
}

TakeList& StudioController::takes()
{
    return m_archive->takes();
}

void StudioController::setSettings(Settings settings)
{
    if (settings == m_settings)
        return;
    const bool folders = settings.modelFolders != m_settings.modelFolders;
    const bool adapters = settings.adapterFolders != m_settings.adapterFolders
        || settings.embeddingFolders != m_settings.embeddingFolders;
    const bool upscalers = settings.upscalerFolders != m_settings.upscalerFolders;
    m_settings = std::move(settings);
    if (folders)
        m_library->setFolders(m_settings.modelFolders);
    m_archive->setFolder(takesFolder());
    m_archive->setDragged(m_settings.metadata ? Recipe::With : Recipe::Without);
    if (adapters && m_engine)
        searchAdapters();
    if ((adapters || upscalers) && m_engine) {
        storeSettings();
        openEngine(); // with the new folders, where requests find what they name
    }
    Q_EMIT settingsChanged();
}

const Settings& StudioController::settingsOfTheMoment()
{
    m_storing.stop();
    m_settings.lastRequest = toQt(toJson(m_state.request()));
    if (m_state.defaults().models == m_state.request().models && m_state.plan())
        m_settings.lastDefaults = toQt(toJson(m_state.defaults()));
    m_settings.promptHistory = m_prompts.entries();
    m_settings.restingAdapters = m_adapterUse->resting();
    return m_settings;
}

bool StudioController::storeSettings()
{
    return m_store.storeNow(settingsOfTheMoment());
}

void StudioController::storeInBackground()
{
    m_store.store(settingsOfTheMoment());
}

void StudioController::openEngine()
{
    m_opening.ask(m_services.openEngine);
    if (!m_services.cacheFolder.empty())
        m_archive->thumbnails().setFolder(m_services.cacheFolder / "thumbnails");
    m_archive->begin();
}

bool StudioController::isCancelling() const
{
    return m_job && m_job->isCancelling();
}

void StudioController::run(const Request& request, Saving saving)
{
    if (!canGenerate())
        return;
    m_saving = saving;
    m_prompts.add(toQt(request.prompt));
    start(keepingEngine(), request);
}

void StudioController::goOnWith(
    const std::string& takeId, std::function<void(const Failure&)> refused, Saving saving)
{
    if (!canGenerate() || !m_services.goOn)
        return;
    m_saving = saving;
    m_goingOnWith = takeId;
    m_notGoingOn = std::move(refused);
    m_goingOn.ask([go = m_services.goOn, engine = m_engine, place = takesPlace(), takeId,
                      listener = takeListener()] { return go(engine, place, takeId, listener); });
}

void StudioController::start(std::shared_ptr<Engine> engine, const Request& request)
{
    m_begun = std::make_shared<Take>();
    m_begun->plan.request = request;
    m_ordered.clear();
    m_keptAs.clear();
    m_notWhole = false;
    m_job = new GenerationJob(std::move(engine), request, m_lane, this);
    connectJob();
    storeInBackground();
    Q_EMIT runStarted();
    m_job->start();
}

std::shared_ptr<Engine> StudioController::keepingEngine()
{
    if (!m_settings.keepTakes || !m_services.keepTakes || takesFolder().empty())
        return m_engine;
    return m_services.keepTakes(m_engine, takesPlace(), takeListener());
}

TakeListener StudioController::takeListener()
{
    // Called on the worker; the job is waited for before this object goes.
    return {[this](const Failure& failure) {
                QMetaObject::invokeMethod(
                    this,
                    [this, failure] {
                        m_notWhole = true;
                        Q_EMIT takeNotKept(failure);
                    },
                    Qt::QueuedConnection);
            },
        [this](const std::string& id) {
            QMetaObject::invokeMethod(
                this, [this, id] { m_keptAs = id; }, Qt::QueuedConnection);
        },
        [this](const std::string& id) {
            QMetaObject::invokeMethod(
                this, [this, id] { Q_EMIT takeBegun(id); }, Qt::QueuedConnection);
        }};
}

void StudioController::connectJob()
{
    connect(m_job, &GenerationJob::planned, this, [this](const Plan& plan) {
        // A new value: what is being saved goes on with the old one.
        m_begun = std::make_shared<Take>();
        m_begun->plan = plan;
        Q_EMIT runPlanned(plan);
    });
    connect(m_job, &GenerationJob::progressed, this, &StudioController::progressed);
    connect(m_job, &GenerationJob::previewed, this, &StudioController::previewed);
    connect(m_job, &GenerationJob::layerFinished, this, &StudioController::saveWhenFinished);
    connect(m_job, &GenerationJob::finished, this, &StudioController::finish);
}

void StudioController::cancel()
{
    if (!m_job || m_job->isCancelling())
        return;
    m_job->cancel();
    Q_EMIT cancelling();
}

void StudioController::finish(std::shared_ptr<const Take> take)
{
    m_job->deleteLater();
    m_job = nullptr;
    for (const std::string& note : take->notes)
        logInfo(note); // what happened on the way; where the take is kept, too
    if (take->failure)
        logError(take->failure->detail);
    // What was finished before the end came is kept, whatever the settings say about layers.
    const bool everything = take->ending != Ending::Finished && m_settings.autoSave != AutoSave::Nothing;
    if (m_keptAs.empty() || m_notWhole)
        m_saving = Saving::AsSettings; // no take has them all
    for (const Layer& layer : take->layers) {
        const bool ordered = std::find(m_ordered.begin(), m_ordered.end(), layer.kind) != m_ordered.end();
        if (!ordered && m_saving == Saving::AsSettings
            && (everything || wants(take->plan.request.mode, layer.kind)))
            order(take, layer);
    }
    settlePictures(*take);
    if (take->plan.request.seed)
        m_state.setLastSeed(*take->plan.request.seed);
    m_archive->add(take, m_keptAs);
    m_planner.refresh();
    storeInBackground();
    Q_EMIT takeFinished(take);
}

void StudioController::settlePictures(const Take& take)
{
    if (m_notWhole) {
        const auto path = [&](LayerKind kind) { return pathFor(take.plan, kind); };
        m_unsaved.takeNotKept(take, path, saveOptions());
    } else if (!m_keptAs.empty()) {
        m_unsaved.takeKept(take);
    } else if (const Layer* layer = take.mainLayer(); layer && m_settings.autoSave == AutoSave::Nothing) {
        m_unsaved.notWanted(take, *layer, pathFor(take.plan, layer->kind), saveOptions());
    }
}

SaveOptions StudioController::saveOptions() const
{
    return {m_settings.format, m_settings.quality, m_settings.metadata};
}

void StudioController::saveWhenFinished(const Layer& layer)
{
    if (m_saving == Saving::AsSettings && wants(m_begun->plan.request.mode, layer.kind))
        order(m_begun, layer);
}

bool StudioController::wants(Mode mode, LayerKind kind) const
{
    if (m_settings.autoSave == AutoSave::Finished)
        return isMainLayer(mode, kind);
    return m_settings.autoSave == AutoSave::Everything;
}

void StudioController::order(const std::shared_ptr<const Take>& take, const Layer& layer)
{
    m_ordered.push_back(layer.kind);
    m_saver.save(saveLayer(take, layer, pathFor(take->plan, layer.kind), saveOptions()));
}

void StudioController::setModel(ModelSlot slot, const QString& path)
{
    m_state.change([&](Request& request) {
        std::string ModelChoice::*member = slot == ModelSlot::Base ? &ModelChoice::base
            : slot == ModelSlot::Refiner                           ? &ModelChoice::refiner
                                                                   : &ModelChoice::vae;
        request.models.*member = toStd(path);
    });
    if (slot != ModelSlot::Base)
        return;
    Settings settings = m_settings;
    remember(settings.recentModels, path);
    setSettings(std::move(settings));
}

Request StudioController::portable(Request request) const
{
    const std::string folder = toStd(pathToQt(m_services.demoModel));
    if (folder.empty() || request.models.base != folder)
        return request;
    request.models.base.clear();
    const std::string refiner = request.models.refiner;
    if (!refiner.starts_with(folder + '/'))
        return request;
    request.models.refiner.clear();
    for (Rung& rung : request.hires.rungs) {
        if (rung.model == refiner)
            rung.model.clear();
    }
    return request;
}

std::filesystem::path StudioController::takesFolder() const
{
    return m_settings.takesFolder.isEmpty() ? m_services.takesFolder : toPath(m_settings.takesFolder);
}

TakeStoreSettings StudioController::takesPlace() const
{
    constexpr std::int64_t kGigabyte = 1'000'000'000;
    return {takesFolder(), kGigabyte * m_settings.takesGigabytes};
}

std::filesystem::path StudioController::pathFor(const Plan& plan, LayerKind layer) const
{
    const std::string name = m_services.fileName(toStd(m_settings.namePattern), plan, layer);
    return toPath(outputFolder(m_settings)) / (name + extensionOf(m_settings.format));
}

} // namespace studio::ui
