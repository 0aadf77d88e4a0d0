#pragma once

#include "core/api/engine.h"
#include "core/api/take_store.h"
#include "ui/jobs/latest_task.h"
#include "ui/jobs/picture_saver.h"
#include "ui/jobs/plan_watcher.h"
#include "ui/jobs/settings_store.h"
#include "ui/jobs/unsaved_pictures.h"
#include "ui/models/prompt_history.h"
#include "ui/models/settings.h"
#include "ui/models/studio_state.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <functional>
#include <memory>

namespace studio::ui {

class AdapterLibrary;
class AdapterUse;
class GenerationJob;
class ModelLibrary;
class PictureSeries;
class QueueRunner;
class TakeArchive;
class TakeList;
enum class ModelSlot;

/// Which pictures of a run are saved beside its take. TakeOnly: none, as long as the take keeps them.
enum class Saving { AsSettings, TakeOnly };

/// What became of a run on the disk. Told on the run's thread, before its end.
struct TakeListener {
    std::function<void(const Failure&)> notKept;         ///< why nothing, or not all of it, lies there
    std::function<void(const std::string& takeId)> kept; ///< the take it is, or is a part of
    /// The same, as soon as its folder is there.
    std::function<void(const std::string& takeId)> begun = {};
};

/// A run that was cut off: the engine goes on with it if the next thing it runs is this request.
struct Continuation {
    std::shared_ptr<Engine> engine;
    Request request;
};

/// What the window gets from the program around it.
struct StudioServices {
    /// Called once, in the background, after the window was painted.
    std::function<Outcome<std::shared_ptr<Engine>>()> openEngine;
    /// An engine in front of `engine` that keeps each run as a take in `place`; opens nothing before a run. Empty:
    /// takes are not kept.
    std::function<std::shared_ptr<Engine>(
        std::shared_ptr<Engine> engine, const TakeStoreSettings& place, TakeListener listener)>
        keepTakes;
    /// The same for the take `id` that was cut off, in the background. Empty: it cannot be gone on with.
    std::function<Outcome<Continuation>(std::shared_ptr<Engine> engine, const TakeStoreSettings& place,
        const std::string& id, TakeListener listener)>
        goOn;
    std::filesystem::path takesFolder; ///< where takes are kept unless the person chose another folder
    std::filesystem::path cacheFolder; ///< for what can be made again; empty: nothing is kept
    /// The file name, without folder and ending, of a layer.
    std::function<std::string(const std::string& pattern, const Plan& plan, LayerKind layer)> fileName;
    /// What is wrong with a name pattern, as a sentence; empty: nothing.
    std::function<std::string(const std::string& pattern)> patternFault;
    std::vector<std::filesystem::path> adapterFolders;   ///< the program's own, behind those of the settings
    std::vector<std::filesystem::path> embeddingFolders; ///< likewise
    std::vector<std::filesystem::path> upscalerFolders;  ///< likewise
    std::filesystem::path wildcards;                     ///< folder of NAME.txt
    std::string nameTags;                                ///< "[date] [seed] ..."
    std::filesystem::path demoModel;                     ///< empty: there is none
    std::filesystem::path stylesFile;                    ///< A1111's styles.csv
    QString settingsFile;
    QString queueFile; ///< empty: the queue ends with the program
    QString version;
};

/// Joins state, settings, engine and jobs; the window shows it. Lives on the thread of the window.
class StudioController : public QObject {
    Q_OBJECT

public:
    explicit StudioController(StudioServices services, QObject* parent = nullptr);
    ~StudioController() override;

    StudioState& state() { return m_state; }
    TakeArchive& archive() { return *m_archive; }
    TakeList& takes();
    PlanWatcher& planner() { return m_planner; }
    ModelLibrary& library() { return *m_library; }
    QueueRunner& queue() { return *m_queue; }
    PictureSeries& series() { return *m_series; }
    AdapterLibrary& adapters() { return *m_adapters; }
    AdapterUse& adapterUse() { return *m_adapterUse; }
    const StudioServices& services() const { return m_services; }
    const PromptHistory& prompts() const { return m_prompts; }
    PictureSaver& saver() { return m_saver; }
    UnsavedPictures& unsaved() { return m_unsaved; }

    const Settings& settings() const { return m_settings; }
    void setSettings(Settings settings);
    /// To the file, with the request of the moment. By itself that happens soon after each change, in the background.
    bool storeSettings();

    void openEngine();
    const std::shared_ptr<Engine>& engine() const { return m_engine; }
    QThreadPool& lane() { return m_lane; } ///< of the device: one run after another

    bool isRunning() const { return m_job != nullptr; }
    bool isCancelling() const;
    /// Of the run in progress, or of the last one; there must have been one.
    const Plan& runningPlan() const { return m_begun->plan; }
    /// Runs the state's request. Nothing happens while one runs or before the engine is open: then `canGenerate` says no.
    void generate() { run(m_state.request()); }
    /// The same for any request.
    void run(const Request& request, Saving saving = Saving::AsSettings);
    bool canGenerate() const { return m_engine && !m_job && !m_goingOn.isBusy(); }
    void cancel();
    /// The take on the disk that the last run is, or is a part of; empty: it was not kept. For takeFinished's ears.
    const std::string& keptAs() const { return m_keptAs; }

    /// Finishes a take that was cut off, from the step it had come to. If that cannot be done, `refused` is told why;
    /// without it, `takeNotContinued` says so.
    void goOnWith(const std::string& takeId, std::function<void(const Failure&)> refused = {},
        Saving saving = Saving::AsSettings);

    /// Uses a model and remembers it.
    void setModel(ModelSlot slot, const QString& path);

    /// A request without the paths of the built-in model: chosen by itself, it is wherever the program is.
    Request portable(Request request) const;

    /// The folder of the takes as the settings have it.
    std::filesystem::path takesFolder() const;
    /// The same, with the room they may take.
    TakeStoreSettings takesPlace() const;

    /// Where and under which name a layer is saved.
    std::filesystem::path pathFor(const Plan& plan, LayerKind layer) const;

Q_SIGNALS:
    void engineOpened();
    void engineFailed(const studio::Failure& failure);
    void settingsChanged();
    void runStarted();
    void runPlanned(const studio::Plan& plan);
    void progressed(const studio::Progress& progress);
    void previewed(const studio::Preview& preview);
    void cancelling();
    void takeFinished(std::shared_ptr<const studio::Take> take);
    /// The run's pictures are there; on the disk there is no take of it, or a part of one. Before `takeFinished`.
    void takeNotKept(const studio::Failure& failure);
    void takeNotContinued(const std::string& takeId, const studio::Failure& failure);
    /// The run's take is on the disk, with nothing in it yet.
    void takeBegun(const std::string& takeId);

private:
    void restoreRequest();
    const Settings& settingsOfTheMoment();
    void storeInBackground();
    void searchAdapters();
    std::shared_ptr<Engine> keepingEngine();
    TakeListener takeListener();
    void start(std::shared_ptr<Engine> engine, const Request& request);
    void connectJob();
    void saveWhenFinished(const Layer& layer);
    void finish(std::shared_ptr<const Take> take);
    void settlePictures(const Take& take);
    bool wants(Mode mode, LayerKind kind) const;
    SaveOptions saveOptions() const;
    void order(const std::shared_ptr<const Take>& take, const Layer& layer);

    StudioServices m_services;
    SettingsStore m_store;
    Settings m_settings;
    QTimer m_storing; ///< runs while changes are not in the file yet
    StudioState m_state;
    TakeArchive* m_archive = nullptr;
    PromptHistory m_prompts;
    PictureSaver m_saver;
    UnsavedPictures m_unsaved;
    PlanWatcher m_planner;
    ModelLibrary* m_library = nullptr;
    QueueRunner* m_queue = nullptr;
    PictureSeries* m_series = nullptr;
    AdapterLibrary* m_adapters = nullptr;
    AdapterUse* m_adapterUse = nullptr;
    std::shared_ptr<Engine> m_engine;
    QThreadPool m_lane;
    LatestTask<Outcome<std::shared_ptr<Engine>>> m_opening;
    std::string m_goingOnWith;
    std::function<void(const Failure&)> m_notGoingOn; ///< empty: takeNotContinued says so
    LatestTask<Outcome<Continuation>> m_goingOn;
    std::shared_ptr<Take> m_begun;        ///< the plan of the run: all that a layer's metadata needs
    std::vector<LayerKind> m_ordered;     ///< layers of the run that are being saved
    Saving m_saving = Saving::AsSettings; ///< of the run
    std::string m_keptAs;                 ///< the take in the store that the run became; empty: none
    bool m_notWhole = false;              ///< on the disk: said of the run in progress
    GenerationJob* m_job = nullptr;
};

} // namespace studio::ui
