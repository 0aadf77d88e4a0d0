#pragma once

#include "core/api/engine.h"
#include "ui/jobs/latest_task.h"
#include "ui/models/studio_state.h"

#include <memory>
#include <optional>

namespace studio::ui {

/// What the background lane answers about a request.
struct PlanAnswer {
    Outcome<Plan> plan;
    std::optional<Request> defaults; ///< set if they were asked for
    EngineReport report;
    std::optional<int> promptTokens;
    std::optional<int> negativeTokens;
};

/// Keeps a state's plan, its models' defaults and the prompts' token counts up to date while the person works. Never
/// waits for a run: it has a lane of its own.
class PlanWatcher : public QObject {
    Q_OBJECT

public:
    explicit PlanWatcher(StudioState& state, QObject* parent = nullptr);

    void setEngine(std::shared_ptr<Engine> engine);
    const EngineReport& report() const { return m_report; }
    std::optional<int> promptTokens() const { return m_promptTokens; }
    std::optional<int> negativeTokens() const { return m_negativeTokens; }
    /// Asks again: memory may have changed.
    void refresh();

Q_SIGNALS:
    void answered();

private:
    void take(PlanAnswer answer);

    StudioState& m_state;
    std::shared_ptr<Engine> m_engine;
    EngineReport m_report;
    std::optional<int> m_promptTokens;
    std::optional<int> m_negativeTokens;
    std::optional<ModelChoice> m_defaultsOf; ///< the models the state's defaults belong to
    QThreadPool m_lane;
    LatestTask<PlanAnswer> m_task;
};

/// Whether a plan's peak fits into what is free.
enum class Fit { Unknown, Fits, Tight, TooLarge };
Fit judgeMemory(const Plan& plan, const EngineReport& report);

} // namespace studio::ui
