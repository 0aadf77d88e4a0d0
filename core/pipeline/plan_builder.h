#pragma once

#include "core/api/plan.h"
#include "core/pipeline/resolve.h"

#include <optional>
#include <string>

namespace studio::pipeline {

/// Settings of a pass that starts from a picture.
struct SecondPass {
    LoadedModel* model = nullptr;
    std::string modelPath;
    ModelRole role = ModelRole::Refiner;
    SamplingSettings sampling;
    double strength = 0.35;
    StrengthMeaning meaning = StrengthMeaning::Diffusers;
    PromptPair prompts;
    int rung = -1;
    std::string name; ///< for labels: "Refiner", "Second pass"
};

/// Writes stages one behind the other; each function answers the index of the stage that holds its result. Text is
/// encoded first and once: stages of equal text are shared.
class PlanBuilder {
public:
    explicit PlanBuilder(const Resolved& resolved);

    /// From noise at `size`, decoded; the picture becomes `layer`.
    int firstPass(const Extent& size, std::optional<LayerKind> layer);

    /// A stored latent in the place of the first pass, decoded; the picture becomes `layer`.
    int storedFirstPass(const Extent& size, std::optional<LayerKind> layer);

    /// An existing picture in the place of the first pass; what reaches beyond `size` is cut off evenly.
    int loadPicture(const Extent& size, std::optional<LayerKind> layer);

    int upscale(int input, const Extent& size, const std::string& upscaler, std::optional<LayerKind> layer);

    /// Encoded, denoised from part of the way, decoded. A strength that runs no step answers `input`, with a warning.
    int secondPass(int input, const Extent& size, const SecondPass& pass, std::optional<LayerKind> layer);

    PlannedStage& stage(int index) { return m_plan.stages[std::size_t(index)]; }

    void note(std::string sentence);
    void unused(std::string sentence);
    void warn(std::string sentence);

    /// The finished plan, its text stages in front.
    Plan finish();

private:
    /// From noise, as the request's sampling settings have it; without its text.
    PlannedStage firstPassStage(const Extent& size);
    int add(PlannedStage stage);
    void addText(PlannedStage& denoise, LoadedModel& model, const PromptPair& prompts);
    void addAdapters(PlannedStage& denoise, LoadedModel& model, std::vector<PlannedAdapter> named);
    bool isIdleAndGone(const PlannedAdapter& adapter) const;
    bool findAdapter(PlannedAdapter& adapter, LoadedModel& model, bool isNamedInPrompt);
    std::vector<PlannedEmbedding> embeddingsIn(const PromptPair& prompts, LoadedModel& model);
    std::vector<PlannedAdapter> textAdapters(const PlannedStage& denoise, LoadedModel& model) const;
    text::PassClock clockOf(const PlannedStage& denoise) const;
    int decode(
        int input, const PlannedStage& denoise, const std::string& name, std::optional<LayerKind> layer);

    const Resolved& m_resolved;
    Plan m_plan;
    std::vector<PlannedStage> m_texts;
};

} // namespace studio::pipeline
