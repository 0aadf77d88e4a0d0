#include "core/weights/format/model_parts.h"

#include "core/base/error.h"
#include "core/weights/format/config_from_keys.h"
#include "core/weights/format/config_json.h"
#include "core/weights/format/file_kind.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace studio {

namespace {

namespace fs = std::filesystem;

/// "unet/diffusion_pytorch_model" names the files of a network, whole or in shards, of a variant or of none.
struct WeightFiles {
    std::vector<fs::path> files;
    std::optional<fs::path> index;
};

bool isThere(const fs::path& path)
{
    std::error_code ignored; // what cannot be looked at cannot be opened either, which is said then
    return fs::is_regular_file(path, ignored);
}

/// The plain files are the makers' own precision; a variant ("fp16") is taken where there is nothing else.
std::optional<fs::path> variantOf(const fs::path& folder, const std::string& stem, const std::string& ending)
{
    std::vector<fs::path> found;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(stem + ".") && name.ends_with(ending) && name.find("-of-") == std::string::npos)
            found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    const auto half = std::find_if(found.begin(), found.end(),
        [](const fs::path& path) { return path.filename().string().find("fp16") != std::string::npos; });
    if (half != found.end())
        return *half;
    return found.empty() ? std::nullopt : std::optional(found.front());
}

WeightFiles findWeights(const fs::path& folder, const std::string& stem)
{
    const fs::path whole = folder / (stem + ".safetensors");
    if (isThere(whole))
        return {{whole}, std::nullopt};
    const fs::path index = folder / (stem + ".safetensors.index.json");
    if (isThere(index))
        return {{}, index};
    if (const auto variant = variantOf(folder, stem, ".safetensors"))
        return {{*variant}, std::nullopt};
    // Both orders have been in use: NAME.safetensors.index.fp16.json and NAME.fp16.safetensors.index.json.
    if (const auto variant = variantOf(folder, stem, ".json"))
        return {{}, *variant};
    const std::string where = (folder.filename() / stem).string();
    if (isThere(folder / (stem + ".bin")) || variantOf(folder, stem, ".bin"))
        refuseKind(where + ".bin", {FileKind::Pickle, ""}, "the same model as .safetensors");
    throw Error(ErrorKind::FileMissing,
        fmt::format("There is no {}.safetensors in {}; download the whole folder.", where,
            folder.parent_path().string()));
}

void addTensors(TensorMap& tensors, const SafetensorsFile& file, Component component)
{
    for (const SafetensorsEntry& entry : file.header().tensors) {
        const std::string key = component == Component::Vae ? modernVaeKey(entry.name) : entry.name;
        if (!tensors.emplace(key, file.tensor(entry)).second)
            throw Error(ErrorKind::FileCorrupt,
                fmt::format("{} cannot be used; it holds {} a second time.", fileName(file.path()),
                    readable(entry.name)));
    }
}

/// All tensors of a network's folder.
TensorMap openNetwork(const fs::path& folder, const std::string& stem, Component component)
{
    WeightFiles weights = findWeights(folder, stem);
    std::map<std::string, std::string> shards;
    if (weights.index) {
        shards = readShardIndex(*weights.index);
        std::set<std::string> names;
        for (const auto& [key, name] : shards)
            names.insert(name);
        for (const std::string& name : names)
            weights.files.push_back(folder / name);
    }
    TensorMap tensors;
    for (const fs::path& file : weights.files)
        addTensors(tensors, openWeights(file, "a .safetensors file"), component);
    for (const auto& [key, name] : shards)
        if (!tensors.contains(component == Component::Vae ? modernVaeKey(key) : key))
            throw Error(ErrorKind::FileCorrupt,
                fmt::format("{} should hold {} and does not; download it again.", name, readable(key)));
    return tensors;
}

std::optional<TokenizerFiles> tokenizerIn(const fs::path& folder)
{
    TokenizerFiles files{folder / "vocab.json", folder / "merges.txt"};
    if (isThere(files.vocabulary) && isThere(files.merges))
        return files;
    return std::nullopt;
}

KnownKind kindOfPipeline(const ModelIndex& index)
{
    const std::string& name = index.pipelineClass;
    if (name.starts_with("StableDiffusionXL"))
        return {index.hasTextEncoder ? FileKind::SdxlBase : FileKind::SdxlRefiner,
            index.hasTextEncoder ? "an SDXL base checkpoint" : "an SDXL refiner checkpoint"};
    if (name.starts_with("StableDiffusion3"))
        return {FileKind::StableDiffusion3, "a Stable Diffusion 3 model"};
    if (name.starts_with("StableDiffusion"))
        return {FileKind::StableDiffusion1, "a Stable Diffusion 1.x or 2.x model"};
    if (name.starts_with("Flux"))
        return {FileKind::Flux, "a Flux model"};
    return {FileKind::Unknown, "a model for " + readable(name, 60)};
}

} // namespace

KnownKind kindOfFolder(const fs::path& path)
{
    if (!isThere(path / "model_index.json"))
        throw Error(ErrorKind::UnsupportedModel,
            fmt::format("{} is a folder without model_index.json; what is needed is {}.", path.string(),
                kCheckpointNeeded));
    return kindOfPipeline(readModelIndex(path / "model_index.json"));
}

ModelFiles openFolder(const fs::path& path)
{
    const std::string name = fileName(path);
    const KnownKind known = kindOfFolder(path);
    const ModelIndex index = readModelIndex(path / "model_index.json");
    if (known.kind != FileKind::SdxlBase && known.kind != FileKind::SdxlRefiner)
        refuseKind(name, known, kCheckpointNeeded);
    if (!index.hasTextEncoder2)
        refuseKind(name, {known.kind, "an SDXL model without its OpenCLIP text encoder"}, kCheckpointNeeded);

    ModelFiles model;
    model.path = path;
    model.isFolder = true;
    model.kind = known.kind;
    model.pipeline = {!index.hasTextEncoder, index.forceZerosForEmptyPrompt};
    model.unet = readUnetConfig(path / "unet" / "config.json");
    if (model.unet.inChannels == 9)
        refuseKind(name, {FileKind::SdxlInpainting, "an SDXL inpainting model (its UNet takes 9 channels)"},
            kCheckpointNeeded);
    model.scheduler = readSchedulerConfig(path / "scheduler" / "scheduler_config.json");
    model.unetTensors = openNetwork(path / "unet", "diffusion_pytorch_model", Component::Unet);
    if (index.hasTextEncoder) {
        model.textEncoder = readTextEncoderConfig(path / "text_encoder" / "config.json");
        model.textEncoder->projection = 0;
        model.textEncoderTensors = openNetwork(path / "text_encoder", "model", Component::TextEncoder);
        model.tokenizer = tokenizerIn(path / "tokenizer");
    }
    model.textEncoder2 = readTextEncoderConfig(path / "text_encoder_2" / "config.json");
    model.textEncoder2Tensors = openNetwork(path / "text_encoder_2", "model", Component::TextEncoder2);
    model.tokenizer2 = tokenizerIn(path / "tokenizer_2");
    if (isThere(path / "vae" / "config.json")) {
        model.vae = readVaeConfig(path / "vae" / "config.json");
        model.vaeTensors = openNetwork(path / "vae", "diffusion_pytorch_model", Component::Vae);
    }
    if (isThere(path / "hires_studio.json"))
        model.defaults = readModelDefaults(path / "hires_studio.json");
    return model;
}

void useExternalVae(ModelFiles& model, const fs::path& vaePath)
{
    const std::string name = fileName(vaePath);
    ModelFiles vae;
    if (fs::is_directory(vaePath)) {
        // A VAE's own folder, or a whole model's.
        const fs::path folder = isThere(vaePath / "config.json") ? vaePath : vaePath / "vae";
        if (!isThere(folder / "config.json"))
            refuseKind(name, {FileKind::Unknown, "a folder without a VAE"}, kVaeNeeded);
        vae.vae = readVaeConfig(folder / "config.json");
        vae.vaeTensors = openNetwork(folder, "diffusion_pytorch_model", Component::Vae);
    } else {
        const SafetensorsFile file = openWeights(vaePath, kVaeNeeded);
        sortIntoNetworks(file, vae);
        if (vae.vaeTensors.empty())
            refuseKind(name, kindOf(file.header()), kVaeNeeded);
        vae.vae = vaeFromWeights(vae.vaeTensors, "The VAE " + name);
    }
    if (vae.vae.latentChannels != model.unet.inChannels)
        refuseKind(name,
            {FileKind::OtherVae, fmt::format("a VAE with {} latent channels", vae.vae.latentChannels)},
            kVaeNeeded);
    model.vae = vae.vae;
    model.vaeTensors = std::move(vae.vaeTensors);
}

} // namespace studio
