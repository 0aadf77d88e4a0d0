#include "core/api/plan.h"
#include "core/base/unicode.h"
#include "core/request/plan_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace studio {

namespace {

constexpr std::size_t kColumns = 7; ///< number, stage, size, what, model, seconds, memory
constexpr std::size_t kMaxPromptShown = 100;
using Row = std::array<std::string, kColumns>;

std::size_t charactersOf(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count)
        nextCharacter(text, i);
    return count;
}

std::string sizeWords(Extent size)
{
    return size.isSet() ? fmt::format("{} × {}", size.width, size.height) : std::string();
}

std::string timeWords(double seconds)
{
    if (seconds <= 0.0)
        return {};
    if (seconds < 10.0)
        return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<long>(std::lround(seconds));
    if (whole < 120)
        return fmt::format("{} s", whole);
    if (whole < 7200)
        return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string memoryWords(std::int64_t bytes)
{
    if (bytes <= 0)
        return {};
    const double megabytes = static_cast<double>(bytes) / 1e6;
    return megabytes < 1000 ? fmt::format("{:.0f} MB", megabytes)
                            : fmt::format("{:.1f} GB", megabytes / 1000);
}

/// "8 of 25 steps, starts at σ 0.78 (t 281), euler, leading, guidance 7.5"
std::string denoiseWords(const Plan& plan, const PlannedStage& stage)
{
    const int requested = requestedSteps(plan, stage);
    std::string words = requested == stage.steps ? fmt::format("{} steps", stage.steps)
                                                 : fmt::format("{} of {} steps", stage.steps, requested);
    if (!stage.sigmas.empty() && stage.steps > 0)
        words += fmt::format(", starts at σ {:.2f}", stage.sigmas.front());
    if (!stage.timesteps.empty())
        words += fmt::format(" (t {:.0f})", stage.timesteps.front());
    for (const std::string& id : {stage.sampler, stage.schedule})
        if (!id.empty())
            words += ", " + id;
    return words + fmt::format(", guidance {}", stage.guidance);
}

/// What becomes of a prompt beyond one text: "2 prompts, 5 texts".
std::string textWords(const PlannedStage& stage)
{
    std::size_t texts = 0;
    for (const PromptPart& part : stage.parts)
        texts += part.texts.size();
    std::string words;
    if (stage.parts.size() > 1)
        words = fmt::format("{} prompts", stage.parts.size());
    if (texts > stage.parts.size())
        words += fmt::format("{}{} texts, one after the other", words.empty() ? "" : ", ", texts);
    return words;
}

std::string whatWords(const Plan& plan, const PlannedStage& stage)
{
    std::string words;
    if (stage.kind == StageKind::Denoise)
        words = denoiseWords(plan, stage);
    else if (stage.kind == StageKind::EncodeText)
        words = textWords(stage);
    else if (stage.kind == StageKind::Upscale)
        words = stage.upscaler;
    else if (stage.kind == StageKind::LoadPicture)
        words = plan.request.initPicture;
    else if (stage.kind == StageKind::LoadLatent)
        words = "taken from " + plan.request.firstPass;
    if (stage.layer)
        words += (words.empty() ? "gives " : "; gives ") + layerId(*stage.layer);
    return words;
}

std::string stageSize(const Plan& plan, const PlannedStage& stage)
{
    const auto input = static_cast<std::size_t>(stage.input);
    if (stage.kind != StageKind::Upscale || stage.input < 0 || input >= plan.stages.size())
        return sizeWords(stage.size);
    return sizeWords(plan.stages[input].size) + " → " + sizeWords(stage.size);
}

std::string modelWords(const PlannedStage& stage)
{
    if (stage.role == ModelRole::None)
        return {};
    const std::string name = modelName(stage.model);
    return std::string(roleId(stage.role)) + (name.empty() ? "" : " " + name);
}

void appendTable(std::string& out, const std::vector<Row>& rows)
{
    std::array<std::size_t, kColumns> widths{};
    for (const Row& row : rows)
        for (std::size_t i = 0; i < kColumns; ++i)
            widths[i] = std::max(widths[i], charactersOf(row[i]));
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < kColumns; ++i) {
            if (widths[i] == 0)
                continue;
            const std::string padding(widths[i] - charactersOf(row[i]), ' ');
            const bool right = i == 0 || i >= kColumns - 2; // numbers
            line += "  " + (right ? padding + row[i] : row[i] + padding);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
}

void appendList(std::string& out, const char* title, const std::vector<std::string>& sentences)
{
    if (sentences.empty())
        return;
    out += fmt::format("{}:\n", title);
    for (const std::string& sentence : sentences)
        out += fmt::format("  {}\n", sentence);
}

/// A prompt on one line, cut between two characters.
std::string promptWords(const std::string& prompt)
{
    std::string out;
    std::size_t count = 0;
    for (std::size_t i = 0; i < prompt.size(); ++count) {
        if (count == kMaxPromptShown)
            return out + "...";
        const char32_t character = nextCharacter(prompt, i);
        appendUtf8(out, character < U' ' ? U' ' : character);
    }
    return out;
}

std::string predictionWords(const Plan& plan)
{
    const std::string time = timeWords(plan.predictedSeconds);
    const std::string memory = memoryWords(plan.predictedPeakBytes);
    if (time.empty() && memory.empty())
        return "Nothing like it has run on this machine yet: time and memory are not known.\n";
    return fmt::format("Predicted: {}{}{}.\n", time, time.empty() || memory.empty() ? "" : ", ",
        memory.empty() ? "" : "at most " + memory);
}

} // namespace

std::string describe(const Plan& plan)
{
    std::string out = fmt::format("Mode {}, seed {}", modeId(plan.request.mode),
        plan.request.seed ? std::to_string(*plan.request.seed) : "random");
    for (const std::string& part : {plan.device, plan.precision})
        if (!part.empty())
            out += ", " + part;
    const bool plain = plan.request.prompts.syntax == PromptSyntax::Plain;
    out += fmt::format("\nPrompt{}: {}\n", plain ? ", as plain text" : "", promptWords(plan.request.prompt));
    if (!plan.request.negativePrompt.empty())
        out += fmt::format("Negative prompt: {}\n", promptWords(plan.request.negativePrompt));
    std::vector<Row> rows;
    for (const PlannedStage& stage : plan.stages)
        rows.push_back({std::to_string(rows.size() + 1), std::string(stageName(stage.kind)),
            stageSize(plan, stage), whatWords(plan, stage), modelWords(stage),
            timeWords(stage.predictedSeconds), memoryWords(stage.predictedPeakBytes)});
    appendTable(out, rows);
    out += predictionWords(plan);
    appendList(out, "Not used in this mode", plan.unused);
    appendList(out, "Warnings", plan.warnings);
    appendList(out, "Notes", plan.notes);
    return out;
}

} // namespace studio
