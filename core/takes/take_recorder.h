#pragma once

#include "core/api/take_store.h"
#include "core/takes/file_lock.h"
#include "core/takes/stored_answers.h"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace studio {

/// Writes the folder of one take. See take_files.h for what lies in it and TakeRecorder for the promise.
class FolderRecorder : public TakeRecorder {
public:
    /// Called with the take's id when its folder appeared and when its run ended.
    using Changed = std::function<void(const std::string&, bool ended)>;

    FolderRecorder(std::filesystem::path store, std::chrono::milliseconds answersEvery, Changed changed);

    /// Goes on in the folder of a run that was cut off. Throws Error (BadInput) if it is still running.
    FolderRecorder(const std::filesystem::path& run, std::chrono::milliseconds answersEvery, Changed changed,
        const Plan& plan);

    void planned(const Plan& plan) noexcept override;
    void firstPassFinished(const Latent& latent) noexcept override;
    void layerFinished(const Layer& layer) noexcept override;
    void answered(const DenoiserAnswer& answer) noexcept override;
    void finish(const Take& take) noexcept override;

    const std::string& id() const noexcept override { return m_id; }
    const std::optional<Failure>& failure() const noexcept override { return m_failure; }

private:
    bool hasBegun() const { return !m_id.empty(); }
    void begin();
    void beginTake();
    bool beginRunOf(const std::filesystem::path& take);
    void writeBeginning(const std::filesystem::path& run);
    void abandon(const std::filesystem::path& hidden);
    void copyInitPicture(const std::filesystem::path& run) const;
    void saveMissing(const Take& take);
    bool makeRoom(const Take& take);
    void saveFirstPass(const Latent& latent);
    void saveLayer(const Layer& layer, int occurrence);
    void attempt(const std::function<void()>& work);
    void tryAnswers(const std::function<void()>& work);
    void keepAnswers();

    std::filesystem::path m_store;
    std::chrono::milliseconds m_answersEvery{};
    Changed m_changed;
    std::optional<FileLock> m_running;
    Take m_begun; // the plan alone: all that a layer's metadata needs
    bool m_planned = false;
    std::string m_id;
    std::filesystem::path m_take;                // the take's folder
    std::filesystem::path m_run;                 // the run's
    std::map<LayerKind, int> m_seen;             // layers reported so far, of each kind
    std::set<std::pair<LayerKind, int>> m_saved; // layer and occurrence
    bool m_firstPassSaved = false;
    std::optional<AnswerWriter> m_answers; // gone once it failed
    std::optional<Failure> m_failure;
    std::set<std::string> m_logged; // each failure once, however often it is met
};

} // namespace studio
