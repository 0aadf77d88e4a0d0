#include "core/weights/format/model_parts.h"

#include "core/base/error.h"
#include "core/weights/format/config_from_keys.h"
#include "core/weights/format/file_kind.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>

namespace studio {

namespace {

/// The part of a fused tensor that a key stands for: a block of its rows.
StoredTensor partOf(StoredTensor whole, const CanonicalKey& key, std::string_view storedName)
{
    whole.transposed = key.transposed;
    const bool fused = key.parts > 1;
    if ((fused && (whole.shape.empty() || whole.shape[0] % key.parts != 0))
        || (key.transposed && whole.shape.size() != 2))
        throw Error(ErrorKind::FileCorrupt,
            fmt::format("{} cannot be used; {} is of shape {}.", fileName(whole.file->path()),
                readable(storedName), shapeText(whole.shape)));
    if (fused) {
        whole.shape[0] /= key.parts;
        whole.bytes /= static_cast<std::size_t>(key.parts);
        whole.data += whole.bytes * static_cast<std::size_t>(key.part);
    }
    return whole;
}

} // namespace

SafetensorsFile openWeights(const std::filesystem::path& path, std::string_view needed)
{
    std::shared_ptr<const MappedFile> file = MappedFile::open(path);
    if (const std::optional<KnownKind> known = kindFromFirstBytes(file->bytes()))
        refuseKind(fileName(path), *known, needed);
    return SafetensorsFile(std::move(file));
}

void sortIntoNetworks(const SafetensorsFile& file, ModelFiles& model)
{
    const LdmLayout layout = layoutFromKeys(file.header());
    for (const SafetensorsEntry& entry : file.header().tensors)
        for (const CanonicalKey& key : toCanonicalKeys(entry.name, layout))
            if (!model.tensors(key.component)
                     .emplace(key.key, partOf(file.tensor(entry), key, entry.name))
                     .second)
                throw Error(ErrorKind::FileCorrupt,
                    fmt::format("{} cannot be used; it holds {} of its {} twice, once as {}.",
                        fileName(file.path()), oneLine(key.key, 120), folderName(key.component),
                        readable(entry.name)));
}

ModelFiles openSingleFile(const std::filesystem::path& path)
{
    const SafetensorsFile file = openWeights(path, kCheckpointNeeded);
    const std::string name = fileName(path);
    const KnownKind known = kindOf(file.header());
    if (known.kind != FileKind::SdxlBase && known.kind != FileKind::SdxlRefiner)
        refuseKind(name, known, kCheckpointNeeded);

    ModelFiles model;
    model.path = path;
    model.kind = known.kind;
    model.pipeline.isRefiner = known.kind == FileKind::SdxlRefiner;
    model.pipeline.forceZerosForEmptyPrompt = !model.pipeline.isRefiner;
    model.scheduler = schedulerFromMarkers(file.header(), name);
    sortIntoNetworks(file, model);
    model.unet = unetFromWeights(model.unetTensors, "The UNet of " + name);
    if (!model.pipeline.isRefiner) {
        model.textEncoder = textEncoderFromWeights(
            model.textEncoderTensors, Activation::QuickGelu, "The first text encoder of " + name);
        model.textEncoder->projection = 0; // some files carry one; SDXL does not use it
    }
    model.textEncoder2 = textEncoderFromWeights(
        model.textEncoder2Tensors, Activation::Gelu, "The OpenCLIP text encoder of " + name);
    if (!model.vaeTensors.empty())
        model.vae = vaeFromWeights(model.vaeTensors, "The VAE of " + name);
    return model;
}

} // namespace studio
