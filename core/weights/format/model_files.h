#pragma once

#include "core/api/inspection.h"
#include "core/weights/format/canonical_key.h"
#include "core/weights/format/model_config.h"
#include "core/weights/format/stored_tensor.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace studio {

/// A tokenizer that a diffusers folder brings along.
struct TokenizerFiles {
    std::filesystem::path vocabulary; ///< vocab.json
    std::filesystem::path merges;     ///< merges.txt
};

/// A checkpoint, opened: what it is, how its networks are shaped, where their weights lie. Reads headers and
/// configurations only. Copies share the mapped files.
struct ModelFiles {
    /// `path`: a single .safetensors file with LDM keys, or a diffusers folder. `vaePath`: a VAE to use instead of
    /// the checkpoint's own, a file in LDM or diffusers form or a diffusers folder; empty: none.
    /// Throws Error: FileMissing; FileCorrupt; UnsupportedModel for a wrong kind of file, saying what it is and what
    /// is needed.
    static ModelFiles open(const std::filesystem::path& path, const std::filesystem::path& vaePath = {});

    FileKind kind = FileKind::Unknown; ///< SdxlBase or SdxlRefiner
    std::filesystem::path path;
    bool isFolder = false;

    UnetConfig unet;
    std::optional<TextEncoderConfig> textEncoder;  ///< CLIP ViT-L; the refiner has none
    std::optional<TextEncoderConfig> textEncoder2; ///< OpenCLIP bigG
    VaeConfig vae;
    SchedulerConfig scheduler;
    PipelineConfig pipeline;
    ModelDefaults defaults;

    /// Nothing: CLIP's standard vocabulary.
    std::optional<TokenizerFiles> tokenizer;
    std::optional<TokenizerFiles> tokenizer2;

    /// Diffusers keys without the component's name ("conv_in.weight").
    TensorMap unetTensors;
    TensorMap textEncoderTensors;
    TensorMap textEncoder2Tensors;
    TensorMap vaeTensors;

    const TensorMap& tensors(Component component) const noexcept;
    TensorMap& tensors(Component component) noexcept;

    /// Bytes of a network's weights as they are stored.
    std::int64_t storedBytes(Component component) const noexcept;

    /// How most of a network's weights are stored.
    StoredType storedType(Component component) const noexcept;

    /// Takes the pages of a network's weights out of this process's memory. Tensors over them stay valid.
    void dropPages(Component component) const noexcept;
};

} // namespace studio
