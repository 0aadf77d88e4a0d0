#include "core/pipeline/timings.h"

#include "core/api/log.h"
#include "core/base/replace_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <system_error>

namespace studio::pipeline {

namespace {

constexpr int kVersion = 2;
constexpr std::size_t kMostEntries = 400;

/// Weight of the newest run against what was known: recent runs count more, one slow run does not spoil it all.
constexpr double kNewest = 0.5;

std::int64_t pixelsOf(const PlannedStage& stage)
{
    return std::max<std::int64_t>(1, std::int64_t(stage.size.width) * stage.size.height);
}

std::string machineOf(const Plan& plan)
{
    return plan.device + '|' + plan.precision;
}

std::string kindOf(const Plan& plan, const PlannedStage& stage)
{
    return machineOf(plan) + '|' + std::to_string(int(stage.kind))
        + (stage.kind == StageKind::Denoise && stage.guided ? "|guided" : "");
}

std::string modelOf(const PlannedStage& stage)
{
    return stage.kind == StageKind::Upscale ? stage.upscaler : stage.model;
}

bool areAlike(double oneSize, double otherSize)
{
    return oneSize < 2.0 * otherSize && otherSize < 2.0 * oneSize;
}

} // namespace

Timings::Timings(const std::filesystem::path& folder)
    : m_file(folder.empty() ? folder : folder / "timings.json")
{
    load();
}

/// What ran at the nearest size: of this very model, else of one with the same architecture.
const Timings::Entry* Timings::nearest(
    const std::string& kind, const PlannedStage& stage, const StageCost& cost) const
{
    const std::string model = modelOf(stage);
    const auto distance = [&](const Entry& entry) {
        return std::abs(std::log(double(entry.pixels) / double(pixelsOf(stage))));
    };
    const Entry* best = nullptr;
    for (const Entry& entry : m_entries) {
        const bool own = entry.model == model;
        if (entry.kind != kind || entry.pixels <= 0
            || (!own && !areAlike(entry.networkSize, cost.networkSize)))
            continue;
        const bool bestIsOwn = best && best->model == model;
        if (!best || (own && !bestIsOwn) || (own == bestIsOwn && distance(entry) < distance(*best)))
            best = &entry;
    }
    return best;
}

double Timings::paceHere(const Plan& plan, StageKind kind, const std::function<double()>& rate)
{
    double& known = m_rates[machineOf(plan)];
    if (known <= 0.0) {
        known = std::max(1.0, rate());
        save();
    }
    return 1.0 / (known * shareOfRate(kind, plan.device == "cpu"));
}

void Timings::predict(Plan& plan, std::span<const StageCost> costs, const std::function<double()>& rate)
{
    const std::lock_guard lock(m_lock);
    plan.predictedSeconds = 0.0;
    plan.predictedPeakBytes = 0;
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
        PlannedStage& stage = plan.stages[i];
        const StageCost& cost = costs[i];
        if (stage.kind == StageKind::LoadLatent)
            continue; // a small file: no time that anybody would wait for
        if (const Entry* known = nearest(kindOf(plan, stage), stage, cost)) {
            stage.predictedSeconds = known->pace * cost.operations;
            // The weights are the same; the maps grow with the picture.
            stage.predictedPeakBytes
                = std::max<std::int64_t>(0, known->peakBytes + cost.bytes - known->countedBytes);
        } else {
            stage.predictedSeconds = cost.operations * paceHere(plan, stage.kind, rate);
            stage.predictedPeakBytes = cost.bytes;
        }
        plan.predictedSeconds += stage.predictedSeconds;
        plan.predictedPeakBytes = std::max(plan.predictedPeakBytes, stage.predictedPeakBytes);
    }
}

void Timings::learn(const Take& take, std::span<const StageCost> costs)
{
    const std::lock_guard lock(m_lock);
    // A stage that did not finish has no record; records stand in the order of the plan.
    for (std::size_t i = 0; i < std::min({take.stages.size(), take.plan.stages.size(), costs.size()}); ++i) {
        const PlannedStage& stage = take.plan.stages[i];
        const StageRecord& record = take.stages[i];
        if (record.kind != stage.kind)
            break;
        // A run that went on with what another had found out did a part of the work only.
        const bool isWhole = stage.kind != StageKind::Denoise || record.evaluations >= stage.evaluations;
        if (!isWhole || costs[i].operations <= 0.0)
            continue;
        Entry entry{kindOf(take.plan, stage), modelOf(stage), pixelsOf(stage), costs[i].networkSize,
            record.seconds / costs[i].operations, record.peakMemoryBytes, costs[i].bytes};
        const auto same = std::ranges::find_if(m_entries, [&](const Entry& known) {
            return known.kind == entry.kind && known.model == entry.model && known.pixels == entry.pixels;
        });
        if (same == m_entries.end()) {
            m_entries.push_back(std::move(entry));
        } else {
            entry.pace = kNewest * entry.pace + (1.0 - kNewest) * same->pace;
            *same = std::move(entry);
        }
    }
    if (m_entries.size() > kMostEntries)
        m_entries.erase(m_entries.begin(), m_entries.end() - kMostEntries);
    save();
}

void Timings::load()
{
    std::ifstream in(m_file);
    if (m_file.empty() || !in)
        return;
    try {
        const nlohmann::json root = nlohmann::json::parse(in);
        if (root.at("version") != kVersion)
            return;
        root.at("rates").get_to(m_rates);
        for (const auto& row : root.at("stages"))
            m_entries.push_back({row.at("kind"), row.at("model"), row.at("pixels"), row.at("network_size"),
                row.at("seconds_per_operation"), row.at("peak_bytes"), row.at("counted_bytes")});
    } catch (const nlohmann::json::exception& error) {
        logWarning("What earlier runs took is not known: " + m_file.string() + " cannot be read ("
            + error.what() + ").");
        m_entries.clear();
        m_rates.clear();
    }
}

void Timings::save() const
{
    if (m_file.empty())
        return;
    nlohmann::json rows = nlohmann::json::array();
    for (const Entry& entry : m_entries)
        rows.push_back({{"kind", entry.kind}, {"model", entry.model}, {"pixels", entry.pixels},
            {"network_size", entry.networkSize}, {"seconds_per_operation", entry.pace},
            {"peak_bytes", entry.peakBytes}, {"counted_bytes", entry.countedBytes}});
    try { // else what was known before stays: half a file is worth less
        std::filesystem::create_directories(m_file.parent_path());
        const nlohmann::json root{{"version", kVersion}, {"rates", m_rates}, {"stages", rows}};
        replaceFile(m_file, root.dump(1) + '\n');
    } catch (const std::exception& error) {
        logWarning(std::string("What this run took was not kept: ") + error.what());
    }
}

} // namespace studio::pipeline
