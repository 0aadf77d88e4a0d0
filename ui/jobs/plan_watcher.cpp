#include "ui/jobs/plan_watcher.h"

namespace studio::ui {

namespace {

constexpr std::chrono::milliseconds kPatience{120};
constexpr double kTightShare = 0.85; // of the free memory

PlanAnswer work(Engine& engine, const Request& request, bool withDefaults)
{
    PlanAnswer answer{engine.plan(request), {}, engine.report(), {}, {}};
    if (withDefaults) {
        Request plain;
        plain.mode = Mode::Compare;
        plain.models = request.models;
        if (const Outcome<Plan> outcome = engine.plan(plain);
            const Plan* plan = std::get_if<Plan>(&outcome)) {
            answer.defaults = plan->request;
            // What is resolved for one run is no default.
            answer.defaults->seed.reset();
            answer.defaults->models = request.models;
            answer.defaults->sampling = SamplingSettings{};
        }
    }
    const auto count = [&](const std::string& text) -> std::optional<int> {
        const Outcome<int> tokens = engine.countTokens(request.models.base, text);
        const int* number = std::get_if<int>(&tokens);
        return number ? std::optional<int>(*number) : std::nullopt;
    };
    answer.promptTokens = count(request.prompt);
    answer.negativeTokens = count(request.negativePrompt);
    return answer;
}

} // namespace

PlanWatcher::PlanWatcher(StudioState& state, QObject* parent)
    : QObject(parent)
    , m_state(state)
    , m_task(m_lane, kPatience, [this](PlanAnswer answer) { take(std::move(answer)); })
{
    m_lane.setMaxThreadCount(1);
    connect(&state, &StudioState::requestChanged, this, &PlanWatcher::refresh);
}

void PlanWatcher::setEngine(std::shared_ptr<Engine> engine)
{
    m_engine = std::move(engine);
    m_defaultsOf.reset();
    refresh();
}

void PlanWatcher::refresh()
{
    if (!m_engine)
        return;
    const Request& request = m_state.request();
    const bool withDefaults = m_defaultsOf != request.models;
    m_task.ask([engine = m_engine, request, withDefaults] { return work(*engine, request, withDefaults); });
}

void PlanWatcher::take(PlanAnswer answer)
{
    m_report = std::move(answer.report);
    m_promptTokens = answer.promptTokens;
    m_negativeTokens = answer.negativeTokens;
    if (answer.defaults) {
        m_defaultsOf = answer.defaults->models;
        m_state.setDefaults(std::move(*answer.defaults));
    }
    if (auto* plan = std::get_if<Plan>(&answer.plan))
        m_state.setPlan(std::move(*plan));
    else if (const Failure* failure = failureOf(answer.plan))
        m_state.setPlanFailure(*failure);
    Q_EMIT answered();
}

Fit judgeMemory(const Plan& plan, const EngineReport& report)
{
    if (plan.predictedPeakBytes <= 0 || report.memoryFreeBytes <= 0)
        return Fit::Unknown;
    const double share
        = static_cast<double>(plan.predictedPeakBytes) / static_cast<double>(report.memoryFreeBytes);
    if (share > 1.0)
        return Fit::TooLarge;
    return share > kTightShare ? Fit::Tight : Fit::Fits;
}

} // namespace studio::ui
