#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace studio::adapters {

/// Vectors that a word stands for in the two text encoders of SDXL: the tensors clip_l and clip_g of a .safetensors
/// file, as sd-scripts, OneTrainer and diffusers write them.
struct Embedding {
    at::Tensor first;  ///< [n, width of CLIP ViT-L]; undefined if the model has no such encoder
    at::Tensor second; ///< [n, width of OpenCLIP bigG]
    std::string hash;  ///< A1111's short hash of the file

    std::int64_t vectors() const { return second.size(0); }
};

/// `firstWidth`: of the model's first text encoder, 0 if it has none (a refiner). Throws Error with a sentence:
/// FileMissing, FileCorrupt; UnsupportedModel for a file of another kind or for another family of models.
std::shared_ptr<const Embedding> openEmbedding(
    const std::filesystem::path& file, std::int64_t firstWidth, std::int64_t secondWidth);

} // namespace studio::adapters
