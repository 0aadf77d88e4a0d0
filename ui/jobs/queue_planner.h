#pragma once

#include "core/api/engine.h"
#include "ui/jobs/latest_task.h"
#include "ui/models/queue_list.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace studio::ui {

/// Asks the engine what each waiting entry will take, in the background. An entry that cannot be planned is marked as
/// failed at once: nobody should wait for its turn to hear why.
class QueuePlanner : public QObject {
    Q_OBJECT

public:
    /// `takesFolder`: where stored first passes are looked for if they are not where an entry says.
    QueuePlanner(
        QueueList& list, std::function<std::filesystem::path()> takesFolder, QObject* parent = nullptr);

    void setEngine(std::shared_ptr<Engine> engine);
    /// Asks again for all that wait: the engine has learned from a run.
    void refresh();

private:
    struct Answer {
        QueueEntry entry; ///< what was asked; it may have been changed since
        Request request;  ///< its first pass where it lies now
        Request planned;
        QueueForecast forecast;
        std::optional<Failure> failure;
    };
    using Answers = std::vector<Answer>;
    static Answers work(Engine& engine, Answers questions, const std::filesystem::path& takesFolder);
    void take(const Answers& answers);
    void take(const Answer& answer);

    QueueList& m_list;
    std::function<std::filesystem::path()> m_takesFolder;
    std::shared_ptr<Engine> m_engine;
    QThreadPool m_lane;
    LatestTask<Answers> m_task;
};

/// What a plan says, in short.
QueueForecast forecastOf(const Plan& plan);

} // namespace studio::ui
