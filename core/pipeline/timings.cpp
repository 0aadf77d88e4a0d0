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

constexpr int kVersion = 1;
constexpr std::size_t kMostEntries = 400;

/// Weight of the newest run against what was known: recent runs count more, one slow run does not spoil it all.
constexpr double kNewest = 0.5;

std::int64_t pixelsOf(const PlannedStage& stage)
{
    return std::int64_t(stage.size.width) * stage.size.height;
}

int repetitions(const PlannedStage& stage)
{
    return stage.kind == StageKind::Denoise ? std::max(1, stage.evaluations) : 1;
}

std::string keyOf(const Plan& plan, const PlannedStage& stage)
{
    std::string key = plan.device + '|' + plan.precision + '|' + std::to_string(int(stage.kind));
    if (stage.kind == StageKind::Upscale)
        return key + '|' + stage.upscaler;
    return key + '|' + stage.model + (stage.kind == StageKind::Denoise && stage.guided ? "|guided" : "");
}

/// The peak at another size. No stage holds more than maps that grow with the pixels: attention's scores are never
/// there at once. The part that does not grow, weights above all, is not told apart, so this is the most it can be.
std::int64_t grown(std::int64_t peakBytes, std::int64_t pixels, std::int64_t knownPixels)
{
    const double ratio = double(std::max<std::int64_t>(1, pixels)) / double(knownPixels);
    return std::int64_t(double(peakBytes) * std::max(1.0, ratio));
}

} // namespace

double stageWork(const PlannedStage& stage)
{
    const double area = double(pixelsOf(stage)) / (1024.0 * 1024.0);
    switch (stage.kind) {
    case StageKind::EncodeText:
        return 0.2;
    case StageKind::Denoise: {
        const double once = 5.957 * area + 0.752 * area * area + 0.052;
        return once * stage.evaluations * (stage.guided ? 2.0 : 1.0);
    }
    case StageKind::Decode:
        return 10.0 * area + 0.5 * area * area;
    case StageKind::EncodeImage:
        return 4.6 * area + 0.5 * area * area;
    case StageKind::Upscale:
        if (!stage.model.empty())
            return 2.4 * area; // ESRGAN's usual size: 64 channels, 23 blocks, four times
        break;
    case StageKind::LoadPicture:
    case StageKind::RestoreFaces:
        break;
    case StageKind::LoadLatent:
        return 0.0;
    }
    return 0.05 * area;
}

Timings::Timings(const std::filesystem::path& folder)
    : m_file(folder.empty() ? folder : folder / "timings.json")
{
    load();
}

const Timings::Entry* Timings::nearest(const std::string& key, std::int64_t pixels) const
{
    const Entry* best = nullptr;
    const auto distance
        = [&](const Entry& entry) { return std::abs(std::log(double(entry.pixels) / double(pixels))); };
    for (const Entry& entry : m_entries)
        if (entry.key == key && entry.pixels > 0 && (!best || distance(entry) < distance(*best)))
            best = &entry;
    return best;
}

void Timings::predict(Plan& plan) const
{
    const std::lock_guard lock(m_lock);
    bool complete = true;
    double seconds = 0.0;
    std::int64_t peak = 0;
    for (PlannedStage& stage : plan.stages) {
        if (stage.kind == StageKind::LoadLatent)
            continue; // a small file: no time that anybody would wait for
        const Entry* known = nearest(keyOf(plan, stage), std::max<std::int64_t>(1, pixelsOf(stage)));
        if (!known) {
            complete = false;
            continue;
        }
        PlannedStage measured = stage;
        measured.size = {int(known->pixels), 1};
        const double ratio = stageWork(stage) / std::max(1e-9, stageWork(measured));
        stage.predictedSeconds = known->seconds * repetitions(stage) * ratio;
        stage.predictedPeakBytes = grown(known->peakBytes, pixelsOf(stage), known->pixels);
        seconds += stage.predictedSeconds;
        peak = std::max(peak, stage.predictedPeakBytes);
    }
    plan.predictedSeconds = complete ? seconds : 0.0;
    plan.predictedPeakBytes = complete ? peak : 0;
}

void Timings::learn(const Take& take)
{
    const std::lock_guard lock(m_lock);
    // A stage that did not finish has no record; records stand in the order of the plan.
    for (std::size_t i = 0; i < take.stages.size() && i < take.plan.stages.size(); ++i) {
        const PlannedStage& stage = take.plan.stages[i];
        const StageRecord& record = take.stages[i];
        if (record.kind != stage.kind)
            break;
        const std::string key = keyOf(take.plan, stage);
        const std::int64_t pixels = std::max<std::int64_t>(1, pixelsOf(stage));
        const double seconds = record.seconds / repetitions(stage);
        const auto same = std::find_if(m_entries.begin(), m_entries.end(),
            [&](const Entry& entry) { return entry.key == key && entry.pixels == pixels; });
        if (same == m_entries.end())
            m_entries.push_back({key, pixels, seconds, record.peakMemoryBytes});
        else
            *same
                = {key, pixels, kNewest * seconds + (1.0 - kNewest) * same->seconds, record.peakMemoryBytes};
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
        for (const auto& row : root.at("stages"))
            m_entries.push_back({row.at("key"), row.at("pixels"), row.at("seconds"), row.at("peak_bytes")});
    } catch (const nlohmann::json::exception& error) {
        logWarning("What earlier runs took is not known: " + m_file.string() + " cannot be read ("
            + error.what() + ").");
        m_entries.clear();
    }
}

void Timings::save() const
{
    if (m_file.empty())
        return;
    nlohmann::json rows = nlohmann::json::array();
    for (const Entry& entry : m_entries)
        rows.push_back({{"key", entry.key}, {"pixels", entry.pixels}, {"seconds", entry.seconds},
            {"peak_bytes", entry.peakBytes}});
    try { // else what was known before stays: half a file is worth less
        std::filesystem::create_directories(m_file.parent_path());
        replaceFile(m_file, nlohmann::json{{"version", kVersion}, {"stages", rows}}.dump(1) + '\n');
    } catch (const std::exception& error) {
        logWarning(std::string("What this run took was not kept: ") + error.what());
    }
}

} // namespace studio::pipeline
