#include "core/api/take_store.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/replace_file.h"
#include "core/takes/file_lock.h"
#include "core/takes/folder_list.h"
#include "core/takes/run_sources.h"
#include "core/takes/store_layout.h"
#include "core/takes/take_files.h"
#include "core/takes/take_reader.h"
#include "core/takes/take_recorder.h"

#include <mutex>

namespace studio {

namespace {

namespace fs = std::filesystem;

void requireId(const std::string& id)
{
    if (!isTakeId(id))
        throw Error(ErrorKind::BadInput,
            "\"" + id
                + "\" is no name of a take; the list of takes shows them, such as 20260131-120000-0a1b2c.");
}

class FolderStore : public TakeStore {
public:
    explicit FolderStore(const TakeStoreSettings& settings)
        : m_settings(settings)
        , m_list(settings.folder)
    { }

    const TakeStoreSettings& settings() const noexcept override { return m_settings; }

    std::unique_ptr<TakeRecorder> record() override
    {
        return std::make_unique<FolderRecorder>(m_settings.folder, m_settings.answersEvery, whenChanged());
    }

    Outcome<UnfinishedRun> goOn(const std::string& id) noexcept override
    {
        return settle([&] {
            const auto [folder, take] = unfinished(id);
            UnfinishedRun run;
            run.plan = take.runs.back().take.plan;
            refuseOtherSources(id, folder, run.plan);
            const FileLock beginning = whileNobodyTidies();
            // What is written goes by the names of the beginning.
            run.recorder
                = std::make_unique<FolderRecorder>(folder, m_settings.answersEvery, whenChanged(), run.plan);
            // The store may have been moved since, and the picture that lay elsewhere may be another now.
            if (!run.plan.request.firstPass.empty() && !take.firstPass.empty())
                run.plan.request.firstPass = take.firstPass.string();
            if (const fs::path copy = initPictureIn(folder); !copy.empty())
                run.plan.request.initPicture = copy.string();
            auto answers = std::make_shared<StoredAnswers>(folder / kAnswersFolder);
            run.answers = answers->count();
            run.knownAnswer = [answers](int stage, int call) { return answers->find(stage, call); };
            return run;
        });
    }

    Outcome<std::vector<TakeSummary>> list(const TakeQuery& query) noexcept override
    {
        return alone([&] { return m_list.list(query); });
    }

    Outcome<StoredTake> read(const std::string& id) noexcept override
    {
        return alone([&] {
            const auto [folder, trashed] = place(id);
            return readTake(folder, trashed);
        });
    }

    Outcome<bool> star(const std::string& id, bool starred) noexcept override
    {
        return alone([&] {
            const fs::path folder = place(id).first;
            setStar(folder, starred);
            m_list.refresh(id);
            return true;
        });
    }

    Outcome<bool> trash(const std::string& id) noexcept override
    {
        return alone([&] {
            const auto [folder, trashed] = place(id);
            if (trashed)
                return true;
            if (readSummary(folder, false).state == TakeState::Running)
                throw Error(ErrorKind::BadInput, "Take " + id + " is still being made; stop it first.");
            fs::create_directories(m_settings.folder / kTrashFolder);
            fs::rename(folder, m_settings.folder / kTrashFolder / id);
            m_list.refresh(id);
            return true;
        });
    }

    Outcome<bool> restore(const std::string& id) noexcept override
    {
        return alone([&] {
            const auto [folder, trashed] = place(id);
            if (trashed)
                fs::rename(folder, m_settings.folder / id);
            m_list.refresh(id);
            return true;
        });
    }

    Outcome<int> emptyTrash() noexcept override
    {
        return alone([&] {
            int removed = 0;
            for (const TakeSummary& take : m_list.list({.text = {}, .trashed = true})) {
                remove(take.id);
                ++removed;
            }
            return removed;
        });
    }

    Outcome<LimitReport> applyLimit() noexcept override
    {
        return alone([&] { return limit(); });
    }

    Outcome<int> rebuildIndex() noexcept override
    {
        return alone([&] { return m_list.rebuild(); });
    }

private:
    FolderRecorder::Changed whenChanged()
    {
        return [this](const std::string& id, bool ended) {
            const std::lock_guard lock(m_lock);
            m_list.refresh(id);
            if (ended && m_settings.limitBytes > 0)
                limit(id);
        };
    }

    /// From looking at a take until its files are locked or replaced: unfinished files are not taken for leftovers.
    FileLock whileNobodyTidies() const
    {
        return FileLock::wait(m_settings.folder / kStoreLockFile, FileLock::Kind::Shared);
    }

    /// A take.json that is there and cannot be read is not replaced: it may be read one day.
    void setStar(const fs::path& folder, bool starred)
    {
        const FileLock changing = whileNobodyTidies();
        upgradeTake(folder);
        TakeRecord record = fs::exists(folder / kTakeFile) ? readTakeRecord(folder) : recordFromName(folder);
        record.starred = starred;
        replaceFile(folder / kTakeFile, takeJson(record));
    }

    /// The folder of a take's last run, which must not be finished, and the take.
    std::pair<fs::path, StoredTake> unfinished(const std::string& id)
    {
        const std::lock_guard lock(m_lock);
        const auto [folder, trashed] = place(id);
        if (trashed)
            throw Error(ErrorKind::BadInput, "Take " + id + " lies in the trash; bring it back first.");
        upgradeTake(folder);
        StoredTake take = readTake(folder, false);
        const StoredRun& last = take.runs.back();
        if (last.state == TakeState::Finished)
            throw Error(ErrorKind::BadInput, "Take " + id + " is finished; there is nothing to go on with.");
        const fs::path run = runFolders(folder).back();
        if (run != last.folder || !last.damage.empty())
            throw Error(ErrorKind::FileCorrupt,
                "The last run of take " + id + " cannot be gone on with; run its request again. "
                    + take.summary.damage);
        return {run, std::move(take)};
    }

    /// The answers of one model are none of another's. Takes of earlier versions do not say what they were made from.
    static void refuseOtherSources(const std::string& id, const fs::path& run, const Plan& plan)
    {
        if (!fs::exists(run / kSourcesFile))
            return;
        const std::string changed
            = changedSource(readSources(readFile(run / kSourcesFile, kMostJsonBytes)), sourcesOf(plan));
        if (!changed.empty())
            throw Error(ErrorKind::BadInput,
                "Take " + id + " cannot be finished as it was begun: " + changed
                    + " is another file now, or gone. Run its request again.");
    }

    template <class Work> Outcome<std::invoke_result_t<Work>> alone(Work&& work) noexcept
    {
        return settle([&] {
            const std::lock_guard lock(m_lock);
            return work();
        });
    }

    /// The folder of a take, and whether it lies in the trash.
    std::pair<fs::path, bool> place(const std::string& id) const
    {
        requireId(id);
        if (fs::exists(m_settings.folder / id))
            return {m_settings.folder / id, false};
        if (fs::exists(m_settings.folder / kTrashFolder / id))
            return {m_settings.folder / kTrashFolder / id, true};
        throw Error(
            ErrorKind::FileMissing, "There is no take " + id + " in " + m_settings.folder.string() + ".");
    }

    /// Out of the trash, for good. Renamed first: a crash on the way leaves no half take.
    void remove(const std::string& id)
    {
        const fs::path gone = m_settings.folder / (kGonePrefix + id);
        fs::rename(m_settings.folder / kTrashFolder / id, gone);
        fs::remove_all(gone);
        m_list.refresh(id);
    }

    /// The take that was worked on last: whose newest run was begun last.
    std::string newestOf(const std::vector<TakeSummary>& takes) const
    {
        std::string newest;
        fs::file_time_type last = fs::file_time_type::min();
        for (const TakeSummary& take : takes) {
            if (take.trashed || !take.damage.empty())
                continue;
            const std::vector<fs::path> runs = runFolders(m_settings.folder / take.id);
            std::error_code gone;
            const auto begun = runs.empty() ? last : fs::last_write_time(runs.back() / kPlanFile, gone);
            if (!runs.empty() && !gone && begun >= last) {
                last = begun;
                newest = take.id;
            }
        }
        return newest;
    }

    /// Spares the take that was just made, or else the one that was worked on last.
    LimitReport limit(const std::string& justMade = {})
    {
        LimitReport report;
        const std::vector<TakeSummary> takes = m_list.all();
        for (const TakeSummary& take : takes)
            report.bytes += take.bytes;
        const auto tooMuch
            = [&] { return m_settings.limitBytes > 0 && report.bytes > m_settings.limitBytes; };
        const std::string spared = tooMuch() && justMade.empty() ? newestOf(takes) : justMade;
        const auto mayLose = [](const TakeSummary& take) { return !take.starred && take.damage.empty(); };
        for (const TakeSummary& take : takes) {
            if (!tooMuch())
                break;
            if (!mayLose(take) || take.state == TakeState::Running || take.id == spared)
                continue;
            const std::int64_t removed = removeLatents(place(take.id).first);
            if (removed == 0)
                continue;
            report.bytes -= removed;
            m_list.refresh(take.id);
            ++report.latentsRemoved;
        }
        for (const TakeSummary& take : m_list.all()) {
            if (!tooMuch())
                break;
            if (!take.trashed || !mayLose(take))
                continue;
            report.bytes -= take.bytes;
            remove(take.id);
            ++report.takesRemoved;
        }
        report.exceeded = tooMuch();
        say(report);
        return report;
    }

    void say(const LimitReport& report) const
    {
        if (report.latentsRemoved > 0 || report.takesRemoved > 0)
            logInfo("To keep the takes within their limit, " + std::to_string(report.latentsRemoved)
                + " first passes' latents and " + std::to_string(report.takesRemoved)
                + " takes from the trash were removed.");
        if (report.exceeded)
            logWarning(
                "The takes need more room than their limit, though only pictures, starred takes and the "
                "newest take's latents are left; raise it, or throw takes away.");
    }

    TakeStoreSettings m_settings;
    std::mutex m_lock;
    FolderList m_list;
};

} // namespace

namespace {

/// A store in a store's trash would list what was thrown away, and leave its own files there.
void refuseTrash(const fs::path& folder)
{
    const fs::path place = fs::weakly_canonical(folder);
    const fs::path whole = place.has_filename() ? place : place.parent_path(); // without a slash at its end
    const fs::path store = whole.parent_path();
    if (whole.filename() == kTrashFolder
        && (fs::exists(store / kStoreLockFile) || fs::exists(store / kIndexFile)))
        throw Error(ErrorKind::BadInput,
            whole.string() + " is the trash of the takes in " + store.string()
                + ". Bring a take back from it first: hires-studio takes " + store.string()
                + " --restore ID.");
}

} // namespace

Outcome<std::shared_ptr<TakeStore>> openTakeStore(const TakeStoreSettings& settings) noexcept
{
    return settle([&]() -> std::shared_ptr<TakeStore> {
        refuseTrash(settings.folder);
        TakeStoreSettings complete = settings;
        std::error_code error;
        fs::create_directories(complete.folder, error);
        if (error)
            throw Error(ErrorKind::BadInput,
                "Takes cannot be kept in " + complete.folder.string() + " (" + error.message()
                    + "); choose another folder.");
        complete.folder = fs::canonical(complete.folder);
        return std::make_shared<FolderStore>(complete);
    });
}

} // namespace studio
