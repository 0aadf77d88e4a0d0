#include "core/request/plan_words.h"

#include "core/request/fields.h"

#include <filesystem>

namespace studio {

namespace {

struct StageWords {
    StageKind kind;
    std::string_view id;
    std::string_view name;
};
constexpr std::array kStages{StageWords{StageKind::EncodeText, "encode_text", "Encode text"},
    StageWords{StageKind::Denoise, "denoise", "Denoise"}, StageWords{StageKind::Decode, "decode", "Decode"},
    StageWords{StageKind::Upscale, "upscale", "Upscale"},
    StageWords{StageKind::EncodeImage, "encode_image", "Encode picture"},
    StageWords{StageKind::LoadPicture, "load_picture", "Load picture"},
    StageWords{StageKind::RestoreFaces, "restore_faces", "Restore faces"},
    StageWords{StageKind::LoadLatent, "load_latent", "Load first pass"}};

constexpr std::array kRoles{Choice<ModelRole>{ModelRole::None, "none"},
    Choice<ModelRole>{ModelRole::Base, "base"}, Choice<ModelRole>{ModelRole::Refiner, "refiner"},
    Choice<ModelRole>{ModelRole::Second, "second"}};

constexpr std::array kLayers{Choice<LayerKind>{LayerKind::Standard, "standard"},
    Choice<LayerKind>{LayerKind::FirstPass, "first_pass"}, Choice<LayerKind>{LayerKind::Simple, "simple"},
    Choice<LayerKind>{LayerKind::Upscaled, "upscaled"}, Choice<LayerKind>{LayerKind::Hires, "hires"}};

const StageWords& wordsOf(StageKind kind)
{
    for (const StageWords& words : kStages)
        if (words.kind == kind)
            return words;
    return kStages.front();
}

template <class Value, std::size_t N>
std::optional<Value> valueOf(std::string_view id, const std::array<Choice<Value>, N>& rows)
{
    for (const Choice<Value>& row : rows)
        if (row.id == id)
            return row.value;
    return std::nullopt;
}

} // namespace

std::optional<StageKind> stageFromId(std::string_view id)
{
    for (const StageWords& words : kStages)
        if (words.id == id)
            return words.kind;
    return std::nullopt;
}

std::optional<ModelRole> roleFromId(std::string_view id)
{
    return valueOf(id, kRoles);
}

std::optional<LayerKind> layerFromId(std::string_view id)
{
    return valueOf(id, kLayers);
}

std::optional<Mode> modeFromId(std::string_view id)
{
    return valueOf(id, kModes);
}

bool isMainLayer(Mode mode, LayerKind kind)
{
    switch (mode) {
    case Mode::Standard:
        return kind == LayerKind::Standard;
    case Mode::Simple:
        return kind == LayerKind::Simple;
    case Mode::Hires:
        return kind == LayerKind::Hires;
    case Mode::Compare:
        return kind == LayerKind::Standard || kind == LayerKind::Simple || kind == LayerKind::Hires;
    }
    return false;
}

std::string layerId(LayerKind kind)
{
    return std::string(idOf(kind, kLayers));
}

std::string modeId(Mode mode)
{
    return std::string(idOf(mode, kModes));
}

std::string_view stageId(StageKind kind)
{
    return wordsOf(kind).id;
}

std::string_view stageName(StageKind kind)
{
    return wordsOf(kind).name;
}

std::string_view roleId(ModelRole role)
{
    return idOf(role, kRoles);
}

std::string modelName(const std::string& path)
{
    std::filesystem::path file(path);
    if (!file.has_filename()) // "folder/"
        file = file.parent_path();
    // Only known endings: "sd_xl_base_1.0" is a folder's whole name.
    for (const char* ending : {".safetensors", ".ckpt", ".sft", ".pt"})
        if (file.extension() == ending)
            return file.stem().string();
    return file.filename().string();
}

int requestedSteps(const Plan& plan, const PlannedStage& stage)
{
    const auto rung = static_cast<std::size_t>(stage.rung);
    if (stage.rung >= 0 && rung < plan.request.hires.rungs.size())
        return plan.request.hires.rungs[rung].steps;
    return plan.request.sampling.steps;
}

} // namespace studio
