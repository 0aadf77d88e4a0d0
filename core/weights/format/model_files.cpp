#include "core/weights/format/model_files.h"

#include "core/base/error.h"
#include "core/weights/format/config_from_keys.h"
#include "core/weights/format/file_kind.h"
#include "core/weights/format/model_parts.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace studio {

namespace {

/// The UNet is told the pooled text and a few size numbers; their widths must add up.
void settleSizeEmbedding(ModelFiles& model, const std::string& name)
{
    const std::int64_t numbers = model.pipeline.isRefiner ? 5 : 6;
    const std::int64_t rest = model.unet.projectionInputDim - model.textEncoder2->projection;
    if (model.textEncoder2->projection == 0 || rest <= 0 || rest % numbers != 0)
        throw Error(ErrorKind::FileCorrupt,
            fmt::format("{} cannot be used; its UNet takes {} channels of pooled text and sizes, its text "
                        "encoder gives "
                        "{} of them.",
                name, model.unet.projectionInputDim, model.textEncoder2->projection));
    model.unet.additionTimeEmbedDim = rest / numbers;
    const std::int64_t context
        = model.textEncoder2->hidden + (model.textEncoder ? model.textEncoder->hidden : 0);
    if (model.unet.crossAttentionDim != context)
        throw Error(ErrorKind::FileCorrupt,
            fmt::format("{} cannot be used; its UNet takes a text of {} channels, its text encoders give {}.",
                name, model.unet.crossAttentionDim, context));
    if (model.vae.latentChannels != model.unet.inChannels || model.unet.outChannels != model.unet.inChannels)
        throw Error(ErrorKind::UnsupportedModel,
            fmt::format("{} cannot be used; its UNet works on {} channels, the VAE on {}.", name,
                model.unet.inChannels, model.vae.latentChannels));
}

} // namespace

ModelFiles ModelFiles::open(const std::filesystem::path& path, const std::filesystem::path& vaePath)
{
    // Without a slash at the end, which would hide the folder's name.
    const std::filesystem::path plain = path.has_filename() ? path : path.parent_path();
    ModelFiles model = std::filesystem::is_directory(plain) ? openFolder(plain) : openSingleFile(plain);
    const std::string name = fileName(model.path);
    if (!vaePath.empty())
        useExternalVae(model, vaePath);
    if (model.vaeTensors.empty())
        throw Error(ErrorKind::UnsupportedModel,
            fmt::format("{} has no VAE; name one beside it ({}).", name, kVaeNeeded));
    settleSizeEmbedding(model, name);
    return model;
}

const TensorMap& ModelFiles::tensors(Component component) const noexcept
{
    switch (component) {
    case Component::Unet:
        return unetTensors;
    case Component::TextEncoder:
        return textEncoderTensors;
    case Component::TextEncoder2:
        return textEncoder2Tensors;
    case Component::Vae:
        break;
    }
    return vaeTensors;
}

TensorMap& ModelFiles::tensors(Component component) noexcept
{
    return const_cast<TensorMap&>(std::as_const(*this).tensors(component));
}

std::int64_t ModelFiles::storedBytes(Component component) const noexcept
{
    std::int64_t sum = 0;
    for (const auto& [key, tensor] : tensors(component))
        sum += static_cast<std::int64_t>(tensor.bytes);
    return sum;
}

StoredType ModelFiles::storedType(Component component) const noexcept
{
    std::array<std::size_t, static_cast<std::size_t>(StoredType::Bool) + 1> bytes{};
    for (const auto& [key, tensor] : tensors(component))
        bytes[static_cast<std::size_t>(tensor.dtype)] += tensor.bytes;
    return static_cast<StoredType>(std::max_element(bytes.begin(), bytes.end()) - bytes.begin());
}

void ModelFiles::dropPages(Component component) const noexcept
{
    for (const auto& [key, tensor] : tensors(component))
        tensor.file->dropPages(tensor.range());
}

} // namespace studio
