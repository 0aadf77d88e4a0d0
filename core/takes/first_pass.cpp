#include "core/takes/first_pass.h"

#include "core/api/request_json.h"
#include "core/base/error.h"
#include "core/weights/format/safetensors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace studio {

namespace {

constexpr const char* kFormat = "hires-studio first pass";
constexpr const char* kVersion = "1";
constexpr const char* kTensor = "latent";

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why)
{
    throw Error(ErrorKind::FileCorrupt,
        path.string() + " is no first pass that this program kept: " + why
            + ". Run the whole request again.");
}

const std::string& textOf(
    const SafetensorsHeader& header, std::string_view name, const std::filesystem::path& path)
{
    const auto found = header.metadata.find(name);
    if (found == header.metadata.end())
        refuse(path, "its " + std::string(name) + " is missing");
    return found->second;
}

int sideOf(const SafetensorsHeader& header, std::string_view name, const std::filesystem::path& path)
{
    const std::string& text = textOf(header, name, path);
    int side = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
    if (error != std::errc() || end != text.data() + text.size() || side < 1)
        refuse(path, "its " + std::string(name) + " is no number of pixels");
    return side;
}

Latent latentOf(const SafetensorsFile& file)
{
    const SafetensorsEntry* entry = file.header().find(kTensor);
    if (!entry || entry->dtype != StoredType::F32 || entry->shape.size() != 3)
        refuse(file.path(), "it holds no float32 tensor \"latent\" of three dimensions");
    const StoredTensor tensor = file.tensor(*entry);
    Latent latent{{entry->shape[0], entry->shape[1], entry->shape[2]}, {}};
    latent.values.resize(tensor.bytes / sizeof(float));
    if (tensor.bytes > 0)
        std::memcpy(latent.values.data(), tensor.data, tensor.bytes);
    for (const float value : latent.values)
        if (!std::isfinite(value))
            refuse(file.path(), "its numbers are not finite");
    return latent;
}

void refuseOtherBeginnings(const Request& asked)
{
    const auto refuseRequest
        = [](const std::string& sentence) { throw Error(ErrorKind::BadInput, sentence); };
    if (!asked.initPicture.empty())
        refuseRequest("The request names a picture and a stored latent as its first pass; give one of them.");
    if (asked.mode == Mode::Standard || asked.mode == Mode::Compare)
        refuseRequest(
            "Only simple hires and hires fix go on from a stored first pass; choose one of these modes.");
    if (asked.mode == Mode::Simple && asked.standard.useRefiner)
        refuseRequest("The refiner of simple hires runs right after its first pass and cannot start from a "
                      "stored one; switch the refiner off, or choose hires fix.");
}

template <class T>
void handDown(std::optional<T> Rung::*member, const T& asked, const T& first, std::vector<Rung>& rungs)
{
    if (asked == first)
        return;
    for (Rung& rung : rungs)
        if (!(rung.*member))
            rung.*member = asked;
}

using Sentences = std::vector<std::string>;

/// Settings that no rung has for itself: the second pass keeps to those of the first, or the two together would be a
/// picture that no request describes.
void sayOfBothPasses(bool differs, const std::string& what, Sentences& unused)
{
    if (differs)
        unused.push_back(what + " belongs to both passes; the second keeps to that of the stored first.");
}

void sayOfBothPasses(const SamplerSettings& asked, const SamplerSettings& first, Sentences& unused)
{
    sayOfBothPasses(asked.eta != first.eta, "The sampler's eta", unused);
    sayOfBothPasses(asked.noiseScale != first.noiseScale, "The scale of the sampler's noise", unused);
    sayOfBothPasses(
        asked.churn != first.churn || asked.churnFrom != first.churnFrom || asked.churnTo != first.churnTo,
        "The sampler's churn", unused);
    sayOfBothPasses(asked.noiseSeedDelta != first.noiseSeedDelta, "The sampler's change of the seed", unused);
}

void sayOfBothPasses(const GuidanceSettings& asked, const GuidanceSettings& first, Sentences& unused)
{
    sayOfBothPasses(asked.rescale != first.rescale, "The rescaling of guidance", unused);
    sayOfBothPasses(
        asked.start != first.start || asked.end != first.end, "The part of a pass that is guided", unused);
    sayOfBothPasses(asked.skipNegativeBelow != first.skipNegativeBelow
            || asked.skipNegativeInAll != first.skipNegativeInAll,
        "The noise level below which the negative prompt is skipped", unused);
}

void sayOfBothPasses(const PromptSettings& asked, const PromptSettings& first, Sentences& unused)
{
    sayOfBothPasses(asked.syntax != first.syntax, "The syntax of the prompts", unused);
    sayOfBothPasses(asked.emphasis != first.emphasis, "The way of emphasis", unused);
    sayOfBothPasses(asked.clipSkip != first.clipSkip, "Clip skip " + std::to_string(first.clipSkip), unused);
    sayOfBothPasses(asked.styles != first.styles, "The choice of styles", unused);
}

/// What each adapter does in the first pass is as the first pass had it, in the second as it is asked for.
std::vector<AdapterChoice> adaptersOf(
    std::vector<AdapterChoice> asked, const std::vector<AdapterChoice>& first)
{
    if (asked == first)
        return asked;
    std::vector<AdapterChoice> out;
    const auto addWith = [&out](AdapterChoice inFirst, double unet, double textEncoder) {
        inFirst.secondUnet.reset();
        inFirst.secondTextEncoder.reset();
        if (unet != inFirst.unet)
            inFirst.secondUnet = unet;
        if (textEncoder != inFirst.textEncoder)
            inFirst.secondTextEncoder = textEncoder;
        out.push_back(std::move(inFirst));
    };
    for (const AdapterChoice& made : first) {
        const auto same = std::ranges::find_if(asked, [&made](const AdapterChoice& choice) {
            return choice.name == made.name && choice.blocks == made.blocks;
        });
        if (same == asked.end()) {
            addWith(made, 0.0, 0.0);
            continue;
        }
        addWith(
            made, same->secondUnet.value_or(same->unet), same->secondTextEncoder.value_or(same->textEncoder));
        asked.erase(same);
    }
    for (AdapterChoice& added : asked) {
        const double unet = added.secondUnet.value_or(added.unet);
        const double textEncoder = added.secondTextEncoder.value_or(added.textEncoder);
        added.unet = added.textEncoder = 0.0;
        addWith(std::move(added), unet, textEncoder);
    }
    return out;
}

/// Those that do something in the first pass, and what.
std::vector<AdapterChoice> ofFirstPass(std::vector<AdapterChoice> adapters)
{
    std::erase_if(adapters,
        [](const AdapterChoice& choice) { return choice.unet == 0.0 && choice.textEncoder == 0.0; });
    for (AdapterChoice& choice : adapters) {
        choice.secondUnet.reset();
        choice.secondTextEncoder.reset();
    }
    return adapters;
}

} // namespace

void writeFirstPass(const std::filesystem::path& path, const FirstPass& firstPass)
{
    const auto& shape = firstPass.latent.shape;
    Request request = firstPass.request;
    request.firstPass.clear();
    const SafetensorsWriter::Tensor tensor{kTensor, StoredType::F32, {shape.begin(), shape.end()}};
    const std::map<std::string, std::string, std::less<>> metadata{{"format", kFormat}, {"version", kVersion},
        {"width", std::to_string(firstPass.size.width)}, {"height", std::to_string(firstPass.size.height)},
        {"request", toJson(request)}};
    SafetensorsWriter writer(path, {tensor}, metadata);
    writer.write(0, 0, std::as_bytes(std::span(firstPass.latent.values)));
    writer.finish();
}

FirstPass readFirstPass(const std::filesystem::path& path)
{
    const SafetensorsFile file(path);
    const SafetensorsHeader& header = file.header();
    if (textOf(header, "format", path) != kFormat)
        refuse(path, "it is a safetensors file of another kind");
    if (textOf(header, "version", path) != kVersion)
        throw Error(ErrorKind::FileCorrupt,
            path.string()
                + " was written by a newer version of this program. Update the program to read it.");
    const Outcome<Request> request = requestFromJson(textOf(header, "request", path));
    if (const Failure* failure = failureOf(request))
        refuse(path, "its request cannot be read (" + failure->detail + ")");
    return {latentOf(file), {sideOf(header, "width", path), sideOf(header, "height", path)},
        std::get<Request>(request)};
}

Request onFirstPass(const Request& asked, const FirstPass& firstPass, std::vector<std::string>& unused)
{
    refuseOtherBeginnings(asked);
    const Request& first = firstPass.request;
    Request out = asked;
    std::vector<Rung>& rungs = out.hires.rungs;
    handDown(&Rung::prompt, asked.prompt, first.prompt, rungs);
    handDown(&Rung::negativePrompt, asked.negativePrompt, first.negativePrompt, rungs);
    handDown(&Rung::guidance, asked.sampling.guidance, first.sampling.guidance, rungs);
    handDown(&Rung::sampler, asked.sampling.sampler, first.sampling.sampler, rungs);
    handDown(&Rung::schedule, asked.sampling.schedule, first.sampling.schedule, rungs);
    const bool otherBase = !asked.models.base.empty() && asked.models.base != first.models.base;
    for (Rung& rung : rungs)
        if (otherBase && rung.model.empty() && asked.models.refiner.empty())
            rung.model = asked.models.base;

    const auto say = [&](bool differs, const std::string& what) {
        if (differs)
            unused.push_back(what + " belongs to the stored first pass and is not changed.");
    };
    say(asked.seed && asked.seed != first.seed, "The seed " + std::to_string(first.seed.value_or(0)));
    say(asked.noise != first.noise, "The source of the noise");
    say(asked.sampling.steps != first.sampling.steps || asked.sampling.sigmas != first.sampling.sigmas,
        "The number of its steps, " + std::to_string(first.sampling.steps) + ",");
    sayOfBothPasses(asked.sampling.tuning, first.sampling.tuning, unused);
    sayOfBothPasses(asked.sampling.guidanceShape, first.sampling.guidanceShape, unused);
    sayOfBothPasses(asked.prompts, first.prompts, unused);
    say(asked.conditioning != first.conditioning, "The size conditioning");
    say(ofFirstPass(asked.adapters) != ofFirstPass(first.adapters), "The choice of its adapters");
    say(asked.mode == Mode::Hires && asked.hires.base && asked.hires.base != firstPass.size,
        "The first-pass size");
    say(asked.mode == Mode::Simple && asked.simple.base && asked.simple.base != firstPass.size,
        "The first-pass size");
    out.prompt = first.prompt;
    out.negativePrompt = first.negativePrompt;
    out.sampling = first.sampling;
    out.prompts = first.prompts;
    out.seed = first.seed;
    out.noise = first.noise;
    out.conditioning = first.conditioning;
    out.adapters = adaptersOf(asked.adapters, first.adapters);
    out.models.base = first.models.base;
    (asked.mode == Mode::Simple ? out.simple.base : out.hires.base) = firstPass.size;
    return out;
}

} // namespace studio
