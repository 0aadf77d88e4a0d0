#pragma once

#include "core/adapters/applied_adapters.h"
#include "core/adapters/embedding.h"
#include "core/api/plan.h"
#include "core/models/clip_text.h"
#include "core/models/operations.h"
#include "core/models/unet.h"
#include "core/models/vae.h"
#include "core/pipeline/device_policy.h"
#include "core/takes/run_sources.h"
#include "core/text/tokenizer.h"
#include "core/weights/format/few_step.h"
#include "core/weights/format/model_files.h"

#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace studio::pipeline {

/// What a model's networks have to do, counted once.
struct ModelOperations {
    models::OperationCount unet;
    models::OperationCount encoder; ///< of the autoencoder
    models::OperationCount decoder;
    double text = 0.0; ///< both text encoders, 77 tokens
};

/// One checkpoint: its open files, and its networks, each made when it is first asked for.
///
/// On a CPU the weights are the mapped file itself, converted layer by layer while the network runs; small models
/// (and large ones where memory is plenty) are converted once. On a GPU they are copied there in the policy's dtype.
class LoadedModel {
public:
    LoadedModel(ModelFiles files, std::filesystem::path vocabulary);

    const ModelFiles& files() const { return m_files; }

    /// Set for checkpoints that make pictures in few steps, as far as their name or metadata says so.
    const std::optional<FewStepModel>& fewStep() const { return m_fewStep; }

    const ModelOperations& operations() const { return m_operations; }

    /// Memory that a network's weights take in this process while it runs on a CPU, as things stand; 0: it has none.
    std::int64_t residentBytes(Component component) const;

    /// The file or folder's name, for people.
    std::string name() const;

    /// A network under a policy; loaded anew if the policy changed. Throws Error if weights are missing.
    const models::Unet& unet(const DevicePolicy& policy);
    const models::ClipText& textEncoder(const DevicePolicy& policy);
    const models::ClipText& textEncoder2(const DevicePolicy& policy);
    const models::Vae& vae(const DevicePolicy& policy);

    const text::Tokenizer& tokenizer();
    const text::Tokenizer& tokenizer2();

    /// An adapter matched with this model, from memory if its file has not changed since. From any thread.
    /// Throws Error as adapters::Adapter::open.
    std::shared_ptr<const adapters::Adapter> adapter(const std::filesystem::path& file, at::Device device);

    /// The adapters of a pass on one network, until the answer is let go. Those without a file do nothing.
    std::unique_ptr<adapters::AppliedAdapters> apply(
        Component component, const std::vector<PlannedAdapter>& planned, const DevicePolicy& policy);

    /// One that was opened for this model before; null: none.
    std::shared_ptr<const adapters::Adapter> knownAdapter(const std::filesystem::path& file);

    /// Lets a GPU's copies of adapters go, but for those of these files. What the CPU has is the mapped file.
    void forgetAdaptersBut(const std::set<std::string>& files);

    /// A textual inversion for this model's text encoders, likewise.
    std::shared_ptr<const adapters::Embedding> embedding(const std::filesystem::path& file);

    /// Lets a network's weights go: the next use brings them back.
    void unload(Component component);

    /// Lets the file's pages of a network go and nothing else: they stay in the system's cache, and the next use finds
    /// them there.
    void rest(Component component) const;

    /// Lets the weights of a network go that is large enough to matter; a small one stays.
    void makeRoom(Component component);

private:
    template <class Network> struct Slot {
        std::unique_ptr<Network> network;
        at::Device device = at::kCPU;
        at::ScalarType dtype = at::kFloat;
        bool loaded = false;
    };

    template <class Network>
    const Network& ready(
        Slot<Network>& slot, Component component, const DevicePolicy& policy, at::ScalarType dtype);

    const text::Tokenizer& tokenizer(
        std::unique_ptr<text::Tokenizer>& slot, const std::optional<TokenizerFiles>& files, bool second);

    void countOperations();

    /// Null if the model has none.
    nn::Module* network(Component component) const;

    struct KnownAdapter {
        std::filesystem::path file;
        std::filesystem::file_time_type changed;
        at::Device device;
        std::shared_ptr<const adapters::Adapter> adapter;
    };

    ModelFiles m_files;
    std::optional<FewStepModel> m_fewStep;
    std::filesystem::path m_vocabulary;
    Slot<models::Unet> m_unet;
    Slot<models::ClipText> m_textEncoder;
    Slot<models::ClipText> m_textEncoder2;
    Slot<models::Vae> m_vae;
    std::unique_ptr<text::Tokenizer> m_tokenizer;
    std::unique_ptr<text::Tokenizer> m_tokenizer2;
    std::mutex m_tokenizerLock; ///< plans are made while a run is on
    LdmLayout m_layout;
    ModelOperations m_operations;
    enum Residence { kNotLoaded, kAsStored, kConverted };
    std::array<std::atomic<int>, 4> m_residence{};   ///< of each Component; plans ask while a run loads
    std::unique_ptr<adapters::ModelLayers> m_layers; ///< made when the first adapter is asked for
    std::vector<KnownAdapter> m_adapters;            ///< the latest at the back
    std::map<std::filesystem::path,
        std::pair<std::filesystem::file_time_type, std::shared_ptr<const adapters::Embedding>>>
        m_embeddings;
    std::mutex m_adapterLock;
};

/// The checkpoints in use. Opening one reads headers only. Safe from any thread.
class ModelStore {
public:
    explicit ModelStore(std::filesystem::path vocabulary);

    /// The checkpoint at `path`, from memory if the files have not changed since.
    std::shared_ptr<LoadedModel> open(const std::string& path, const std::string& vaePath);

    void clear();

    /// Lets the large weights of all other checkpoints go, and a GPU's copies of all other adapters (files): the memory
    /// belongs to the run that begins.
    void makeRoomFor(
        const std::vector<std::shared_ptr<LoadedModel>>& used, const std::set<std::string>& adapters);

private:
    struct Entry {
        std::string path, vaePath;
        std::vector<SourceFile> files;
        std::shared_ptr<LoadedModel> model;
    };

    std::filesystem::path m_vocabulary;
    std::mutex m_lock;
    std::vector<Entry> m_entries;
};

} // namespace studio::pipeline
