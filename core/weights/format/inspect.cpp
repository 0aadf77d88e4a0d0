#include "core/api/inspection.h"

#include "core/api/adapter_files.h"
#include "core/api/infotext.h"
#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "core/base/error.h"
#include "core/weights/format/few_step.h"
#include "core/weights/format/model_parts.h"
#include "core/weights/format/sentences.h"
#include "core/weights/format/upscaler_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>

namespace studio {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNotes = 64;
constexpr std::size_t kLongestNote = 300;

/// 3468850000 -> "3,468,850,000".
std::string grouped(std::int64_t number)
{
    const std::string digits = std::to_string(number);
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0)
            out += ',';
        out += digits[i];
    }
    return out;
}

std::string sizeText(std::int64_t bytes)
{
    constexpr std::array<std::string_view, 4> kUnits{"bytes", "kB", "MB", "GB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1000.0 && unit + 1 < kUnits.size(); ++unit)
        value /= 1000.0;
    return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.2f} {}", value, kUnits[unit]);
}

/// "an SDXL base checkpoint" and "fp16" -> "SDXL base checkpoint (fp16)"; a remark joins one that is there.
std::string titleFrom(std::string_view words, const std::string& remark)
{
    for (const std::string_view article : {"an ", "a ", "the "})
        if (words.starts_with(article)) {
            words.remove_prefix(article.size());
            break;
        }
    std::string title(words);
    title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
    if (title.back() == ')') {
        title.pop_back();
        return fmt::format("{}, {})", title, remark);
    }
    return fmt::format("{} ({})", title, remark);
}

/// How values are stored, most first.
class TypeCount {
public:
    void add(StoredType type, const std::vector<std::int64_t>& shape)
    {
        const std::int64_t values
            = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
        m_values[static_cast<std::size_t>(type)] += values;
        m_total += values;
    }

    std::int64_t total() const { return m_total; }

    std::string words() const
    {
        std::vector<std::size_t> types;
        for (std::size_t type = 0; type < m_values.size(); ++type)
            if (m_values[type] > 0)
                types.push_back(type);
        std::sort(types.begin(), types.end(),
            [&](std::size_t a, std::size_t b) { return m_values[a] > m_values[b]; });
        std::string words;
        for (const std::size_t type : types)
            words += fmt::format(
                "{}{}", words.empty() ? "" : ", some ", shortName(static_cast<StoredType>(type)));
        return words.empty() ? "no values" : words;
    }

private:
    std::array<std::int64_t, static_cast<std::size_t>(StoredType::Bool) + 1> m_values{};
    std::int64_t m_total = 0;
};

TypeCount typesOf(const ModelFiles& model)
{
    TypeCount types;
    for (const Component component :
        {Component::Unet, Component::TextEncoder, Component::TextEncoder2, Component::Vae})
        for (const auto& [key, tensor] : model.tensors(component))
            types.add(tensor.dtype, tensor.shape);
    return types;
}

TypeCount typesOf(const SafetensorsHeader& header)
{
    TypeCount types;
    for (const SafetensorsEntry& entry : header.tensors)
        types.add(entry.dtype, entry.shape);
    return types;
}

void addFact(Inspection& inspection, std::string name, std::string value)
{
    inspection.facts.emplace_back(std::move(name), std::move(value));
}

std::string encoderWords(std::string_view name, const TextEncoderConfig& config)
{
    return fmt::format("{} ({} layers of {} channels)", name, config.layers, config.hidden);
}

std::string predictionWords(const SchedulerConfig& scheduler)
{
    const std::string_view type
        = scheduler.prediction == PredictionType::VPrediction ? "v-prediction" : "epsilon";
    return fmt::format("{}{}", type, scheduler.rescaleZeroTerminalSnr ? ", zero terminal SNR" : "");
}

/// What only a whole checkpoint has.
void addModelFacts(Inspection& inspection, const ModelFiles& model)
{
    std::string encoders;
    if (model.textEncoder)
        encoders = encoderWords("CLIP ViT-L", *model.textEncoder) + ", ";
    addFact(
        inspection, "Text encoders", encoders + encoderWords("OpenCLIP bigG", model.textEncoder2.value()));
    addFact(inspection, "Prediction", predictionWords(model.scheduler));
    addFact(inspection, "VAE",
        model.vaeTensors.empty() ? "none; name one beside the checkpoint"
                                 : fmt::format("included ({})", shortName(model.storedType(Component::Vae))));
    if (model.isFolder)
        addFact(inspection, "Tokenizer", model.tokenizer2 ? "its own" : "CLIP's standard vocabulary");
    if (!model.defaults.name.empty())
        addFact(inspection, "Name", model.defaults.name);
}

/// What trainers and distributors wrote down; pictures and endless lists are cut short.
void addNotes(Inspection& inspection, const SafetensorsHeader& header)
{
    std::size_t notes = 0;
    for (const auto& [name, value] : header.metadata) {
        if (value.empty() || name == "format" || name == "ss_tag_frequency" || name.ends_with("thumbnail")
            || ++notes > kMostNotes)
            continue;
        addFact(inspection, oneLine(name, 80), oneLine(value, kLongestNote));
    }
}

void addAdapterFacts(Inspection& inspection, const SafetensorsHeader& header)
{
    const std::string family = adapterFamily(header);
    addFact(inspection, "Made for", family.empty() ? "cannot be told" : family);
    const std::int64_t rank = adapterRank(header);
    if (rank > 0)
        addFact(inspection, "Rank", std::to_string(rank));
}

/// What an artist types for an adapter to act.
void addTriggerWords(Inspection& inspection, const fs::path& path)
{
    constexpr std::size_t kTagsNamed = 8;
    const AdapterFile file = readAdapterFile(path);
    for (const std::string& words : file.triggerWords)
        addFact(inspection, "Trigger words", words);
    std::vector<std::string> tags;
    for (const TrainedTag& tag : file.tags)
        tags.push_back(fmt::format("{} ({})", tag.text, tag.pictures));
    if (!tags.empty())
        addFact(inspection, "Captions", firstFew(tags, kTagsNamed));
    for (const std::string& fault : file.faults)
        addFact(inspection, "Not read", fault);
}

/// Upscalers are networks of many designs; this program runs one of them.
void addUpscalerFacts(Inspection& inspection, const fs::path& path)
{
    try {
        addFact(inspection, "Enlarges", fmt::format("{} times", UpscalerFile::open(path).config.scale()));
    } catch (const Error& error) {
        inspection.unfit = error.what();
        addFact(inspection, "Cannot be used", inspection.unfit);
    }
}

void addFewSteps(Inspection& inspection, const std::optional<FewStepModel>& model)
{
    if (model)
        addFact(inspection, "Few steps", describe(*model));
}

Inspection inspectFolder(const fs::path& path)
{
    const KnownKind known = kindOfFolder(path);
    Inspection inspection;
    inspection.kind = known.kind;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path))
        if (entry.is_regular_file())
            inspection.bytes += static_cast<std::int64_t>(entry.file_size());
    if (known.kind != FileKind::SdxlBase && known.kind != FileKind::SdxlRefiner) {
        inspection.title = titleFrom(known.words, "diffusers folder");
        addFact(inspection, "Size", sizeText(inspection.bytes));
        return inspection;
    }
    const ModelFiles model = openFolder(path);
    const TypeCount types = typesOf(model);
    inspection.title = titleFrom(known.words, "diffusers folder, " + types.words());
    addFact(inspection, "Stored as", types.words());
    addFact(inspection, "Parameters", grouped(types.total()));
    addFact(inspection, "Size", sizeText(inspection.bytes));
    addModelFacts(inspection, model);
    addFewSteps(inspection, fewStepModel(path));
    return inspection;
}

Inspection inspectWeights(const fs::path& path, std::shared_ptr<const MappedFile> mapped)
{
    const SafetensorsFile file(std::move(mapped));
    const KnownKind known = kindOf(file.header());
    const bool isCheckpoint = known.kind == FileKind::SdxlBase || known.kind == FileKind::SdxlRefiner;
    const std::optional<ModelFiles> model = isCheckpoint ? std::optional(openSingleFile(path)) : std::nullopt;
    const TypeCount types = model ? typesOf(*model) : typesOf(file.header());
    Inspection inspection;
    inspection.kind = known.kind;
    inspection.bytes = static_cast<std::int64_t>(file.size());
    inspection.title = titleFrom(known.words, (isCheckpoint ? "single file, " : "") + types.words());
    addFact(inspection, "Stored as", types.words());
    addFact(inspection, "Parameters", grouped(types.total()));
    addFact(inspection, "Size", sizeText(inspection.bytes));
    if (model)
        addModelFacts(inspection, *model);
    if (known.kind == FileKind::Lora)
        addAdapterFacts(inspection, file.header());
    if (known.kind == FileKind::Lora || known.kind == FileKind::TextualInversion)
        addTriggerWords(inspection, path);
    if (known.kind == FileKind::Upscaler)
        addUpscalerFacts(inspection, path);
    if (model || known.kind == FileKind::Lora)
        addFewSteps(inspection, fewStepModel(path.stem().string(), file.header().metadata));
    addNotes(inspection, file.header());
    return inspection;
}

Inspection inspectPickle(std::int64_t bytes)
{
    Inspection inspection;
    inspection.kind = FileKind::Pickle;
    inspection.bytes = bytes;
    inspection.title = "PyTorch pickle (.ckpt, .pt, .pth, .bin)";
    addFact(inspection, "Size", sizeText(bytes));
    addFact(inspection, "Not read",
        "opening a pickle can run any code; what is needed is the same model as .safetensors");
    return inspection;
}

/// The recipe, whichever program wrote it, with what could not be taken over from it.
void addRecipe(Inspection& inspection, const PictureMetadata& metadata)
{
    if (!carriesSettings(metadata))
        return;
    const Outcome<ImportedRequest> imported = requestFromPicture(metadata);
    if (const ImportedRequest* found = std::get_if<ImportedRequest>(&imported)) {
        inspection.request = found->request;
        inspection.notHonoured = found->notHonoured;
        if (!found->program.empty())
            addFact(inspection, "Made with", found->program);
        for (const std::string& sentence : found->notHonoured)
            addFact(inspection, "Not taken over", sentence);
    }
    if (const Failure* failure = failureOf(imported))
        addFact(inspection, "Recipe not read", failure->detail);
}

Inspection inspectPicture(const fs::path& path, std::int64_t bytes)
{
    const Outcome<PictureMetadata> outcome = loadPictureMetadata(path);
    if (const Failure* failure = failureOf(outcome))
        throw Error(failure->kind, failure->detail);
    const PictureMetadata& metadata = std::get<PictureMetadata>(outcome);
    Inspection inspection;
    inspection.kind = FileKind::Picture;
    inspection.bytes = bytes;
    inspection.infotext = metadata.parameters;
    addFact(inspection, "Size", sizeText(bytes));
    addRecipe(inspection, metadata);
    inspection.title = inspection.request ? "Picture (with its recipe)" : "Picture (without a recipe)";
    for (const auto& [name, value] : metadata.other)
        addFact(inspection, oneLine(name, 80), oneLine(value, kLongestNote));
    return inspection;
}

/// A weights file by another name is read as one; what is none of all that is read here is called that.
Inspection inspectUnknown(const fs::path& path, std::shared_ptr<const MappedFile> file)
{
    if (path.extension() == ".safetensors")
        return inspectWeights(path, std::move(file));
    try {
        return inspectWeights(path, std::move(file));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::FileCorrupt)
            throw;
        throw Error(error.kind(),
            fileName(path)
                + " is nothing that is read here: no .safetensors file, and no PNG, JPEG or WebP picture.");
    }
}

Inspection inspectPath(const fs::path& path)
{
    if (fs::is_directory(path))
        return inspectFolder(path.has_filename() ? path : path.parent_path());
    std::shared_ptr<const MappedFile> file = MappedFile::open(path);
    const auto bytes = static_cast<std::int64_t>(file->bytes().size());
    const std::optional<KnownKind> known = kindFromFirstBytes(file->bytes());
    if (!known)
        return inspectUnknown(path, std::move(file));
    if (known->kind == FileKind::Pickle)
        return inspectPickle(bytes);
    if (known->kind == FileKind::Picture)
        return inspectPicture(path, bytes);
    refuseKind(fileName(path), *known, kCheckpointNeeded);
}

} // namespace

Outcome<Inspection> inspect(const fs::path& path) noexcept
{
    return settle([&] { return inspectPath(path); });
}

} // namespace studio
