#include "core/pipeline/model_store.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/base/system_memory.h"
#include "core/weights/load_weights.h"

#include <algorithm>

namespace studio::pipeline {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kOpenModels = 4;
constexpr std::size_t kOpenAdapters = 64;

/// A network this small is converted once, whatever memory there is: conversion would be most of its run time.
constexpr std::int64_t kSmallNetwork = std::int64_t(256) << 20;

const char* nameOf(Component component)
{
    switch (component) {
    case Component::Unet:
        return "UNet";
    case Component::TextEncoder:
        return "first text encoder";
    case Component::TextEncoder2:
        return "second text encoder";
    case Component::Vae:
        break;
    }
    return "autoencoder";
}

/// Whether a network on the CPU is worth a float32 copy, held in memory: the UNet, which runs many times, where twice
/// the room it takes stays free. A large text encoder runs once or twice and leaves.
bool worthConverting(Component component, std::int64_t storedBytes)
{
    return storedBytes <= kSmallNetwork
        || (component == Component::Unet && availableMemory() > 6 * storedBytes);
}

LoadPolicy loadPolicy(
    const ModelFiles& files, Component component, const DevicePolicy& policy, at::ScalarType dtype)
{
    LoadPolicy load{.device = policy.device};
    if (!policy.isCpu() || worthConverting(component, files.storedBytes(component)))
        load.convertTo = dtype;
    // In a file tensors lie where they fall. A copy lies on cache lines, which kernels like better, and which makes
    // the results of a single file equal to a folder's to the bit.
    load.copy = files.storedBytes(component) <= kSmallNetwork;
    return load;
}

} // namespace

LoadedModel::LoadedModel(ModelFiles files, fs::path vocabulary)
    : m_files(std::move(files))
    , m_fewStep(fewStepModel(m_files.path))
    , m_vocabulary(std::move(vocabulary))
    , m_layout{.unetLayersPerLevel = int(m_files.unet.layersPerLevel)}
{
    m_unet.network = std::make_unique<models::Unet>(m_files.unet);
    if (m_files.textEncoder)
        m_textEncoder.network = std::make_unique<models::ClipText>(*m_files.textEncoder);
    if (m_files.textEncoder2)
        m_textEncoder2.network = std::make_unique<models::ClipText>(*m_files.textEncoder2);
    m_vae.network = std::make_unique<models::Vae>(m_files.vae);
    const auto fits = [&](nn::Module* network, Component component) {
        if (network)
            checkFits(*network, m_files.tensors(component),
                std::string("The ") + nameOf(component) + " of " + name());
    };
    fits(m_unet.network.get(), Component::Unet);
    fits(m_textEncoder.network.get(), Component::TextEncoder);
    fits(m_textEncoder2.network.get(), Component::TextEncoder2);
    fits(m_vae.network.get(), Component::Vae);
    countOperations();
}

void LoadedModel::countOperations()
{
    constexpr int kTokens = 77;
    const int ofVae = int(m_files.vae.channels.size());
    m_operations.unet = models::unetOperations(*m_unet.network, int(m_files.unet.channels.size()), kTokens);
    m_operations.encoder = models::encoderOperations(*m_vae.network, ofVae);
    m_operations.decoder = models::decoderOperations(*m_vae.network, ofVae);
    for (const auto* slot : {&m_textEncoder, &m_textEncoder2})
        if (slot->network)
            m_operations.text += models::textOperations(*slot->network, kTokens);
}

std::int64_t LoadedModel::residentBytes(Component component) const
{
    const std::int64_t stored = m_files.storedBytes(component);
    // Once loaded it is what it is: a large float32 copy leaves less free memory to judge by.
    const int loaded = m_residence[std::size_t(component)];
    const bool converted
        = loaded == kConverted || (loaded == kNotLoaded && stored > 0 && worthConverting(component, stored));
    if (!converted)
        return stored;
    return stored / std::int64_t(byteSize(m_files.storedType(component))) * std::int64_t(sizeof(float));
}

std::string LoadedModel::name() const
{
    if (!m_files.defaults.name.empty())
        return m_files.defaults.name;
    const fs::path path = m_files.path;
    return (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

template <class Network>
const Network& LoadedModel::ready(
    Slot<Network>& slot, Component component, const DevicePolicy& policy, at::ScalarType dtype)
{
    if (!slot.network)
        throw Error(ErrorKind::UnsupportedModel, name() + " has no " + nameOf(component) + ".");
    if (slot.loaded && slot.device == policy.device && slot.dtype == dtype)
        return *slot.network;
    logDebug("Load the " + std::string(nameOf(component)) + " of " + name() + ".");
    const std::string what = std::string("The ") + nameOf(component) + " of " + name();
    const LoadPolicy load = loadPolicy(m_files, component, policy, dtype);
    loadInto(*slot.network, m_files.tensors(component), load, what);
    m_residence[std::size_t(component)] = load.convertTo ? kConverted : kAsStored;
    slot.device = policy.device;
    slot.dtype = dtype;
    slot.loaded = true;
    return *slot.network;
}

const models::Unet& LoadedModel::unet(const DevicePolicy& policy)
{
    return ready(m_unet, Component::Unet, policy, policy.compute);
}

const models::ClipText& LoadedModel::textEncoder(const DevicePolicy& policy)
{
    return ready(m_textEncoder, Component::TextEncoder, policy, policy.compute);
}

const models::ClipText& LoadedModel::textEncoder2(const DevicePolicy& policy)
{
    return ready(m_textEncoder2, Component::TextEncoder2, policy, policy.compute);
}

const models::Vae& LoadedModel::vae(const DevicePolicy& policy)
{
    return ready(m_vae, Component::Vae, policy, policy.vae);
}

const text::Tokenizer& LoadedModel::tokenizer(
    std::unique_ptr<text::Tokenizer>& slot, const std::optional<TokenizerFiles>& files, bool second)
{
    const std::lock_guard lock(m_tokenizerLock);
    if (!slot) {
        if (!files && m_vocabulary.empty())
            throw Error(ErrorKind::FileMissing,
                "CLIP's vocabulary, bpe_simple_vocab_16e6.txt, is missing from this program's resources; a "
                "checkpoint in one file cannot be used without it. Install the program again.");
        const text::Padding padding = second ? text::Padding::Exclamation : text::Padding::EndToken;
        slot = std::make_unique<text::Tokenizer>(files
                ? text::Tokenizer::fromFolder(files->vocabulary.parent_path())
                : text::Tokenizer::fromMerges(m_vocabulary, padding));
    }
    return *slot;
}

const text::Tokenizer& LoadedModel::tokenizer()
{
    return tokenizer(m_tokenizer, m_files.tokenizer, false);
}

const text::Tokenizer& LoadedModel::tokenizer2()
{
    return tokenizer(m_tokenizer2, m_files.tokenizer2, true);
}

nn::Module* LoadedModel::network(Component component) const
{
    switch (component) {
    case Component::Unet:
        return m_unet.network.get();
    case Component::TextEncoder:
        return m_textEncoder.network.get();
    case Component::TextEncoder2:
        return m_textEncoder2.network.get();
    case Component::Vae:
        break;
    }
    return m_vae.network.get();
}

std::shared_ptr<const adapters::Adapter> LoadedModel::adapter(const fs::path& file, at::Device device)
{
    const std::lock_guard lock(m_adapterLock);
    std::error_code ignored; // a file that is gone is refused, with words, where it is opened
    const fs::file_time_type changed = fs::last_write_time(file, ignored);
    const auto found = std::ranges::find_if(
        m_adapters, [&](const KnownAdapter& known) { return known.file == file && known.device == device; });
    if (found != m_adapters.end()) {
        std::rotate(found, found + 1, m_adapters.end());
        if (m_adapters.back().changed == changed)
            return m_adapters.back().adapter;
        m_adapters.pop_back();
    }
    if (!m_layers) {
        std::map<Component, nn::Module*> networks;
        for (const Component component : {Component::Unet, Component::TextEncoder, Component::TextEncoder2})
            if (nn::Module* one = network(component))
                networks[component] = one;
        m_layers = std::make_unique<adapters::ModelLayers>(
            adapters::layersOf(name(), m_files.pipeline.isRefiner, networks, m_layout));
    }
    logDebug("Open the adapter " + file.string() + " for " + name() + ".");
    const c10::InferenceMode inference;
    auto adapter = adapters::Adapter::open(file, *m_layers, device);
    m_adapters.push_back({file, changed, device, adapter});
    if (m_adapters.size() > kOpenAdapters)
        m_adapters.erase(m_adapters.begin());
    return adapter;
}

void LoadedModel::forgetAdaptersBut(const std::set<std::string>& files)
{
    const std::lock_guard lock(m_adapterLock);
    std::erase_if(m_adapters, [&](const KnownAdapter& known) {
        return !known.device.is_cpu() && !files.contains(known.file.string());
    });
}

std::shared_ptr<const adapters::Adapter> LoadedModel::knownAdapter(const fs::path& file)
{
    const std::lock_guard lock(m_adapterLock);
    const auto found = std::ranges::find(m_adapters, file, &KnownAdapter::file);
    return found == m_adapters.end() ? nullptr : found->adapter;
}

std::shared_ptr<const adapters::Embedding> LoadedModel::embedding(const fs::path& file)
{
    const std::lock_guard lock(m_adapterLock);
    std::error_code ignored; // refused, with words, where it is opened
    const fs::file_time_type changed = fs::last_write_time(file, ignored);
    auto& [known, embedding] = m_embeddings[file];
    if (!embedding || known != changed) {
        const c10::InferenceMode inference;
        embedding.reset();
        embedding = adapters::openEmbedding(
            file, m_files.textEncoder ? m_files.textEncoder->hidden : 0, m_files.textEncoder2.value().hidden);
        known = changed;
    }
    return embedding;
}

std::unique_ptr<adapters::AppliedAdapters> LoadedModel::apply(
    Component component, const std::vector<PlannedAdapter>& planned, const DevicePolicy& policy)
{
    nn::Module* const changed = network(component);
    std::vector<adapters::AdapterStrength> strengths;
    for (const PlannedAdapter& one : planned)
        if (!one.file.empty())
            strengths.push_back({adapter(one.file, policy.device), one.unet, one.textEncoder, one.blocks});
    if (!changed || strengths.empty())
        return nullptr;
    return std::make_unique<adapters::AppliedAdapters>(*changed, component, strengths, m_layout);
}

void LoadedModel::unload(Component component)
{
    const auto drop = [](auto& slot) {
        if (slot.network)
            slot.network->unload();
        slot.loaded = false;
    };
    switch (component) {
    case Component::Unet:
        drop(m_unet);
        break;
    case Component::TextEncoder:
        drop(m_textEncoder);
        break;
    case Component::TextEncoder2:
        drop(m_textEncoder2);
        break;
    case Component::Vae:
        drop(m_vae);
        break;
    }
    m_residence[std::size_t(component)] = kNotLoaded;
    m_files.dropPages(component);
    nn::releaseConversionRoom();
    returnFreeMemory();
}

void LoadedModel::rest(Component component) const
{
    m_files.dropPages(component);
}

void LoadedModel::makeRoom(Component component)
{
    if (m_files.storedBytes(component) > kSmallNetwork)
        unload(component);
}

ModelStore::ModelStore(fs::path vocabulary)
    : m_vocabulary(std::move(vocabulary))
{ }

std::shared_ptr<LoadedModel> ModelStore::open(const std::string& path, const std::string& vaePath)
{
    const std::lock_guard lock(m_lock);
    // What cannot be read is in no list, and refused, with words, where it is opened; so is a folder that is no model,
    // however much lies below it.
    std::error_code none;
    const bool isOtherFolder
        = fs::is_directory(path, none) && !fs::exists(fs::path(path) / "model_index.json", none);
    std::vector<SourceFile> files = isOtherFolder ? std::vector<SourceFile>() : sourcesBelow({path, vaePath});
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
        [&](const Entry& entry) { return entry.path == path && entry.vaePath == vaePath; });
    if (found != m_entries.end()) {
        std::rotate(found, found + 1, m_entries.end());
        if (m_entries.back().files == files)
            return m_entries.back().model;
        m_entries.pop_back();
    }
    auto model = std::make_shared<LoadedModel>(ModelFiles::open(path, vaePath), m_vocabulary);
    m_entries.push_back({path, vaePath, std::move(files), model});
    if (m_entries.size() > kOpenModels)
        m_entries.erase(m_entries.begin());
    return model;
}

void ModelStore::makeRoomFor(
    const std::vector<std::shared_ptr<LoadedModel>>& used, const std::set<std::string>& adapters)
{
    const std::lock_guard lock(m_lock);
    for (const Entry& entry : m_entries) {
        entry.model->forgetAdaptersBut(adapters);
        if (std::ranges::find(used, entry.model) != used.end())
            continue;
        for (const Component component :
            {Component::Unet, Component::TextEncoder, Component::TextEncoder2, Component::Vae})
            entry.model->makeRoom(component);
    }
}

void ModelStore::clear()
{
    const std::lock_guard lock(m_lock);
    m_entries.clear();
}

} // namespace studio::pipeline
