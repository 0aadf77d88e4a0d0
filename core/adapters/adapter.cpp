#include "core/adapters/adapter.h"

#include "core/adapters/adapter_types.h"
#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/weights/format/file_kind.h"
#include "core/weights/format/peft_scaling.h"
#include "core/weights/format/sentences.h"
#include "core/weights/load_weights.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>

namespace studio::adapters {

namespace {

constexpr std::string_view kNeeded = "a LoRA or another adapter for SDXL, as a .safetensors file";

/// Tables of vectors are looked up, not multiplied: nothing changes them on the way.
bool isTable(const std::string& parameter)
{
    return parameter.ends_with("token_embedding.weight") || parameter.ends_with("position_embedding.weight");
}

SafetensorsFile openFile(const std::filesystem::path& path)
{
    std::shared_ptr<const MappedFile> mapped = MappedFile::open(path);
    if (const auto known = kindFromFirstBytes(mapped->bytes()))
        refuseKind(fileName(path), *known, kNeeded);
    SafetensorsFile file(std::move(mapped));
    const KnownKind known = kindOf(file.header());
    if (known.kind != FileKind::Lora)
        refuseKind(fileName(path), known, kNeeded);
    return file;
}

/// Shapes may agree by chance (SD 1.x has layers of SDXL's widths), so the family is asked first.
void requireFamily(const SafetensorsFile& file, const ModelLayers& model)
{
    const std::string family = adapterFamily(file.header());
    const std::string wanted = model.isRefiner ? "the SDXL refiner" : "SDXL";
    if (!family.empty() && family != wanted)
        throw Error(ErrorKind::UnsupportedModel,
            fileName(file.path()) + " is an adapter for " + family + ", and " + model.model + " is "
                + (model.isRefiner ? "an SDXL refiner" : "an SDXL model")
                + "; what is needed is an adapter made for " + wanted + ".");
}

/// PEFT's files carry no alpha; it stands elsewhere.
void addAlpha(Pieces& pieces, const PeftScaling& scaling, const NetworkLayer& layer)
{
    const auto up = pieces.find("lora_up");
    if (up == pieces.end() || pieces.contains("alpha") || up->second.dim() < 2)
        return;
    const auto rank = double(up->second.size(1));
    if (const auto alpha = scaling.alpha(folderName(layer.component), layer.name, rank))
        pieces["alpha"] = at::scalar_tensor(*alpha, at::kDouble);
}

/// What PEFT's settings say of a layer and its tensors do not.
void addPeftSettings(Pieces& pieces, const PeftScaling& scaling, const NetworkLayer& layer)
{
    const auto add
        = [&](const char* piece, double value) { pieces[piece] = at::scalar_tensor(value, at::kDouble); };
    const std::string_view network = folderName(layer.component);
    if (pieces.contains("peft_oft")) {
        add("cayley_terms", scaling.cayleyTerms(network));
        add("bound", scaling.rotationBound(network));
    }
    if (pieces.contains("peft_ia3"))
        add("feedforward", scaling.isFeedforward(network, layer.name) ? 1.0 : 0.0);
    addAlpha(pieces, scaling, layer);
}

/// Pieces that say how others act and change nothing alone.
bool isModifier(const std::string& piece)
{
    static const std::set<std::string, std::less<>> kModifiers{"alpha", "dora_scale", "magnitude", "rescale",
        "lora_down", "lora_mid", "hada_w1_b", "hada_w2_a", "hada_w2_b", "hada_t1", "hada_t2", "lokr_w1_b",
        "lokr_w2", "lokr_w2_a", "lokr_w2_b", "lokr_t2", "ia3", "peft_boft_s"};
    return kModifiers.contains(piece);
}

} // namespace

ModelLayers layersOf(std::string model, bool isRefiner, const std::map<Component, nn::Module*>& networks,
    const LdmLayout& layout)
{
    std::map<Component, std::vector<std::string>> names;
    std::map<NetworkLayer, std::map<std::string, Shape>> shapes;
    for (const auto& [component, network] : networks)
        for (const auto& [name, parameter] : network->parameters()) {
            const std::size_t dot = name.rfind('.');
            if (dot == std::string::npos || isTable(name))
                continue;
            names[component].push_back(name);
            shapes[{component, name.substr(0, dot)}][name.substr(dot + 1)] = parameter->shape;
        }
    return {std::move(model), isRefiner, layout, LayerSpellings(names, layout), std::move(shapes)};
}

std::shared_ptr<const Adapter> Adapter::open(
    const std::filesystem::path& path, const ModelLayers& model, c10::Device device)
{
    const std::shared_ptr<Adapter> adapter(new Adapter(openFile(path)));
    const SafetensorsFile& file = adapter->m_file;
    requireFamily(file, model);
    const PeftScaling scaling = PeftScaling::of(path, file.header().metadata);
    for (const auto& layer : adapter->sort(model)) {
        Pieces pieces;
        for (const auto& [piece, key] : layer.second)
            pieces[piece] = asTensor(file.tensor(*file.header().find(key))).to(device);
        addPeftSettings(pieces, scaling, layer.first);
        adapter->addLayer(layer, pieces, model);
    }
    const std::string name = fileName(path);
    if (!adapter->m_misfits.empty())
        throw Error(ErrorKind::UnsupportedModel,
            name + " does not fit " + model.model + ": " + firstFew(adapter->m_misfits, 2)
                + ". It was made for a model of other sizes; choose an adapter made for "
                + (model.isRefiner ? "the SDXL refiner" : "SDXL") + ".");
    if (adapter->m_targets.empty())
        throw Error(ErrorKind::UnsupportedModel,
            name + " changes no layer of " + model.model + ": it has none of the names in it ("
                + firstFew(adapter->m_unmatched, 2) + "). What is needed is " + std::string(kNeeded) + ".");
    std::ranges::sort(adapter->m_unmatched);
    return adapter;
}

bool Adapter::changesText() const
{
    return std::ranges::any_of(
        m_targets, [](const Target& target) { return target.layer.component != Component::Unet; });
}

const std::string& Adapter::hash() const
{
    constexpr std::size_t kDigits = 12;
    std::call_once(m_hashed, [this] {
        const auto& metadata = m_file.header().metadata;
        const auto written = metadata.find("sshs_model_hash");
        m_hash = written != metadata.end() && written->second.size() >= kDigits ? written->second
                                                                                : sha256(m_file.data());
        m_hash.resize(kDigits);
    });
    return m_hash;
}

Adapter::PiecesOfLayers Adapter::sort(const ModelLayers& model)
{
    PiecesOfLayers layers;
    for (const SafetensorsEntry& entry : m_file.header().tensors) {
        const auto key = splitAdapterKey(entry.name);
        const auto layer = key ? model.spellings.find(key->layer) : std::nullopt;
        // Two spellings of one layer in one file: the first counts, the other is named.
        if (!layer || !layers[*layer].emplace(key->piece, entry.name).second)
            m_unmatched.push_back(entry.name);
    }
    return layers;
}

void Adapter::addLayer(
    const PiecesOfLayers::value_type& layer, const Pieces& pieces, const ModelLayers& model)
{
    const auto& parameters = model.shapes.at(layer.first);
    bool changesWeight = false;
    for (const AdapterType& type : adapterTypes()) {
        const auto key = layer.second.find(std::string(type.shownBy));
        if (key == layer.second.end())
            continue;
        const auto shape = parameters.find(std::string(type.parameter));
        if (shape == parameters.end()) {
            if (!type.mayLack)
                m_unmatched.push_back(key->second);
            continue;
        }
        try {
            m_targets.push_back({layer.first, shape->first, type.read(pieces, shape->second)});
            changesWeight |= type.parameter == "weight";
        } catch (const Misfit& misfit) {
            m_misfits.push_back(layer.first.name + ": " + misfit.what);
        }
    }
    if (!changesWeight && m_misfits.empty())
        for (const auto& [piece, key] : layer.second)
            if (isModifier(piece))
                m_unmatched.push_back(key);
}

} // namespace studio::adapters
