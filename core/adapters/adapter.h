#pragma once

#include "core/adapters/change.h"
#include "core/nn/module.h"
#include "core/weights/format/adapter_key.h"
#include "core/weights/format/safetensors.h"

#include <c10/core/Device.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace studio::adapters {

/// What adapters can change of one model: names and shapes, no values.
struct ModelLayers {
    std::string model; ///< its name, for sentences
    bool isRefiner = false;
    LdmLayout layout;
    LayerSpellings spellings;
    std::map<NetworkLayer, std::map<std::string, Shape>> shapes; ///< layer -> "weight", "bias" -> shape
};

/// `networks`: those that the model has.
ModelLayers layersOf(std::string model, bool isRefiner, const std::map<Component, nn::Module*>& networks,
    const LdmLayout& layout);

/// An adapter file, matched with the layers of a model. The tensors are the mapped file; on a GPU, copies there.
class Adapter {
public:
    struct Target {
        NetworkLayer layer;
        std::string parameter; ///< "weight" or "bias"
        Change change;
    };

    /// Throws Error with a sentence: FileMissing, FileCorrupt; UnsupportedModel for a file that is no adapter, for one
    /// of another family of models, and for one that fits this model nowhere or has other shapes.
    static std::shared_ptr<const Adapter> open(
        const std::filesystem::path& file, const ModelLayers& model, c10::Device device);

    const std::vector<Target>& targets() const { return m_targets; }

    /// Whether it changes a text encoder.
    bool changesText() const;

    /// Keys of the file that change nothing, because the model has no such layer or because they are no complete
    /// adapter; in byte order.
    const std::vector<std::string>& unmatched() const { return m_unmatched; }

    /// The twelve digits by which A1111 knows the file: what its trainer wrote down (sshs_model_hash), or the beginning of
    /// the SHA-256 of its data. Reads the whole file when it is first asked. From any thread.
    const std::string& hash() const;

private:
    using PiecesOfLayers = std::map<NetworkLayer, std::map<std::string, std::string>>; // piece -> key

    explicit Adapter(SafetensorsFile file)
        : m_file(std::move(file))
    { }
    PiecesOfLayers sort(const ModelLayers& model);
    void addLayer(const PiecesOfLayers::value_type& layer, const Pieces& pieces, const ModelLayers& model);

    SafetensorsFile m_file;
    std::vector<Target> m_targets;
    std::vector<std::string> m_unmatched;
    std::vector<std::string> m_misfits; // while a file is opened
    mutable std::once_flag m_hashed;
    mutable std::string m_hash;
};

} // namespace studio::adapters
