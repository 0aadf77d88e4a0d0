#include "app/cli/request_options.h"

#include "app/cli/adapter_options.h"
#include "app/cli/option_values.h"
#include "app/cli/request_file.h"
#include "app/cli/request_issues.h"
#include "core/api/presets.h"

#include <iterator>
#include <sstream>

namespace studio::cli {

namespace {

constexpr const char* kPrompt = "What to make";
constexpr const char* kSampling = "Sampling";
constexpr const char* kStandard = "Standard pictures";
constexpr const char* kHires = "Hires fix";
constexpr const char* kModels = "Models and machine";

constexpr const char* kLanguage = "Prompt language";
constexpr const char* kTuning = "Fine tuning";
constexpr double kLargestSigma = 1e6;

constexpr int kMostSteps = 1000;
constexpr int kMostPixels = 16384;

Apply loadRequest(RequestOptions& options)
{
    return [&options](const std::string& file) {
        ImportedRequest loaded = readRequestFile(file);
        options.request = std::move(loaded.request);
        options.prompt = options.request.prompt;
        options.notes = std::move(loaded.notHonoured);
    };
}

Apply goOnFromTake(RequestOptions& options)
{
    return [&options](const std::string& folder) {
        options.request = readTakeRequest(folder);
        options.prompt = options.request.prompt;
        options.fromTake = folder;
    };
}

Apply choosePreset(RequestOptions& options)
{
    return [&options](const std::string& id) {
        const auto preset = findPreset(id);
        if (!preset)
            throw UsageError("\"" + id + "\" is no preset; there are best and speed.");
        apply(*preset, options.request);
    };
}

std::string presetHelp()
{
    std::string help;
    for (const Preset& preset : presets())
        help += (help.empty() ? "" : "; ") + preset.id + ": " + describe(preset);
    return help;
}

Apply seed(Request& request)
{
    return [&request](const std::string& given) {
        if (given == "random" || given == "-1")
            request.seed.reset();
        else
            request.seed = unsignedNumber(given);
    };
}

Apply seedDelta(SamplerSettings& tuning)
{
    return [&tuning](const std::string& given) { tuning.noiseSeedDelta = unsignedNumber(given); };
}

/// An option of every rung of the ladder. The rungs are those of the request loaded before, if there was one.
template <class Field, class Read> Apply onRungs(RequestOptions& options, Field Rung::*field, Read read)
{
    return [&options, field, read = std::move(read)](const std::string& given) {
        const auto value = read(given);
        for (Rung& rung : options.request.hires.rungs)
            rung.*field = value;
    };
}

/// The border's own rule for sizes, asked about one of them.
void refuseWrongSize(const Extent& size, const std::string& options = {})
{
    Request probe;
    probe.hires.base = size;
    for (const Issue& issue : check(probe))
        throw UsageError(options + issue.message);
}

Apply pictureSize(std::optional<Extent>& target)
{
    return [&target](const std::string& given) {
        refuseWrongSize(extent(given));
        target = extent(given);
    };
}

auto realIn(double least, double most)
{
    return [least, most](const std::string& given) { return realNumber(given, least, most); };
}

std::string asGiven(const std::string& given)
{
    return given;
}

StrengthMeaning meaning(const std::string& given)
{
    StrengthMeaning value{};
    choice<StrengthMeaning>(value,
        {{"diffusers", StrengthMeaning::Diffusers}, {"a1111", StrengthMeaning::A1111},
            {"sigma", StrengthMeaning::Sigma}})(given);
    return value;
}

Apply upscaler(RequestOptions& options)
{
    return [&options](const std::string& given) {
        onRungs(options, &Rung::upscaler, asGiven)(given);
        options.request.simple.upscaler = given;
    };
}

std::vector<OptionRow> promptRows(RequestOptions& o)
{
    Request& r = o.request;
    return {
        {"--request", "FILE", kPrompt, "start from a saved request: JSON, or a picture that carries one",
            loadRequest(o)},
        {"--from-take", "DIR/ID", kPrompt,
            "go on from a kept take's first pass: only the second pass runs, with the settings of the take's "
            "latest run and what is changed here; options of the first pass alone are named and not used",
            goOnFromTake(o)},
        {"--preset", "NAME", kPrompt, presetHelp(), choosePreset(o)},
        {"--prompt", "TEXT", kPrompt, "what the picture shows", optionalText(o.prompt)},
        {"--negative", "TEXT", kPrompt, "what it must not show", text(r.negativePrompt)},
        {"--mode", "NAME", kPrompt,
            "standard, simple (enlarge only), hires (enlarge and denoise again), or compare "
            "(all three of one seed)",
            choice<Mode>(r.mode,
                {{"standard", Mode::Standard}, {"simple", Mode::Simple}, {"hires", Mode::Hires},
                    {"compare", Mode::Compare}})},
        {"--seed", "N", kPrompt, "the same seed gives the same picture; \"random\" (default) draws one",
            seed(r)},
        {"--init", "FILE", kPrompt, "an existing picture (PNG, JPEG, WebP) takes the place of the first pass",
            text(r.initPicture)},
    };
}

std::vector<OptionRow> samplingRows(RequestOptions& o)
{
    Request& r = o.request;
    return {
        {"--steps", "N", kSampling, "steps of the first pass (30)", integer(r.sampling.steps, 1, kMostSteps)},
        {"--cfg", "X", kSampling, "guidance: how strictly the prompt is followed (7.5)",
            number(r.sampling.guidance, 0.0, 100.0)},
        {"--sampler", "NAME", kSampling, "euler, ... (a wrong name lists them all)",
            text(r.sampling.sampler)},
        {"--schedule", "NAME", kSampling, "noise levels: model (what the checkpoint asks for), karras, ...",
            text(r.sampling.schedule)},
        {"--noise", "NAME", kSampling,
            "where a seed's noise comes from: torch (as diffusers) or philox (as A1111)",
            choice<NoiseSource>(r.noise, {{"torch", NoiseSource::Torch}, {"philox", NoiseSource::Philox}})},
    };
}

/// One more each time it is given.
Apply style(Request& request)
{
    return [&request](const std::string& given) { request.prompts.styles.push_back(given); };
}

Apply sigmas(std::vector<double>& target)
{
    return [&target](const std::string& given) {
        target.clear();
        std::istringstream words(given);
        for (std::string word; std::getline(words, word, ',');) {
            word.erase(0, word.find_first_not_of(' '));
            target.push_back(realNumber(word, 0.0, kLargestSigma));
        }
    };
}

std::vector<OptionRow> languageRows(RequestOptions& o)
{
    PromptSettings& p = o.request.prompts;
    OptionRow styles{"--style", "NAME", kLanguage,
        "a style of the file of styles; may be given several times", style(o.request), true};
    return {
        {"--prompt-syntax", "NAME", kLanguage,
            "a1111: (emphasis:1.2), [from:to:0.4], AND, BREAK, any length; plain: every character is text, "
            "75 tokens",
            choice<PromptSyntax>(p.syntax, {{"a1111", PromptSyntax::A1111}, {"plain", PromptSyntax::Plain}})},
        {"--emphasis", "NAME", kLanguage,
            "what (word:1.2) does: original (as A1111), no-norm, comfy (as ComfyUI)",
            choice<Emphasis>(p.emphasis,
                {{"original", Emphasis::Original}, {"no-norm", Emphasis::NoNorm},
                    {"comfy", Emphasis::Comfy}})},
        {"--clip-skip", "N", kLanguage, "which layer of the text encoders is read, from the end (2)",
            integer(p.clipSkip, 1, 12)},
        std::move(styles),
    };
}

std::vector<OptionRow> tuningRows(RequestOptions& o)
{
    GuidanceSettings& g = o.request.sampling.guidanceShape;
    SamplerSettings& s = o.request.sampling.tuning;
    return {
        {"--sigmas", "LIST", kTuning,
            "noise levels of the first pass, such as 14.6,5,1.5,0, in place of a schedule",
            sigmas(o.request.sampling.sigmas)},
        {"--cfg-rescale", "X", kTuning, "takes back the contrast that guidance adds, 0 to 1 (0)",
            number(g.rescale, 0.0, 1.0)},
        {"--cfg-start", "X", kTuning, "no guidance up to this part of a pass, 0 to 1 (0)",
            number(g.start, 0.0, 1.0)},
        {"--cfg-end", "X", kTuning, "no guidance from this part of a pass on, 0 to 1 (1)",
            number(g.end, 0.0, 1.0)},
        {"--skip-negative-below", "SIGMA", kTuning,
            "ask the negative prompt every other time only below this noise level (0: always)",
            number(g.skipNegativeBelow, 0.0, kLargestSigma)},
        {"--skip-negative-in-all", "", kTuning, "never ask it below that level", flag(g.skipNegativeInAll)},
        {"--eta", "X", kTuning, "noise put back on the way, as a part of the sampler's own measure",
            optionalNumber(s.eta, 0.0, 2.0)},
        {"--s-noise", "X", kTuning, "strength of the noise on the way (1)", number(s.noiseScale, 0.0, 2.0)},
        {"--s-churn", "X", kTuning, "noise added before each step: Euler, Heun, DPM2 (0)",
            number(s.churn, 0.0, 100.0)},
        {"--s-tmin", "SIGMA", kTuning, "lowest noise level with churn (0)",
            number(s.churnFrom, 0.0, kLargestSigma)},
        {"--s-tmax", "SIGMA", kTuning, "highest noise level with churn",
            optionalNumber(s.churnTo, 0.0, kLargestSigma)},
        {"--ensd", "N", kTuning,
            "added to the seed of the noise on the way, as A1111's eta noise seed delta (0)", seedDelta(s)},
    };
}

std::vector<OptionRow> standardRows(RequestOptions& o)
{
    Request& r = o.request;
    return {
        {"--width", "W", kStandard, "width in pixels (the model's own); the first pass's in simple mode",
            optionalInteger(o.width, 1, kMostPixels)},
        {"--height", "H", kStandard, "height in pixels", optionalInteger(o.height, 1, kMostPixels)},
        {"--use-refiner", "", kStandard, "let the refiner go over the finished picture",
            flag(r.standard.useRefiner)},
        {"--refiner-strength", "X", kStandard, "how much the refiner may change, 0 to 1 (0.3)",
            number(r.standard.refinerStrength, 0.0, 1.0)},
        {"--face-restoration", "", kStandard,
            "accepted, and named as not applied: this version restores no faces", flag(r.faceRestoration)},
    };
}

std::vector<OptionRow> hiresRows(RequestOptions& o)
{
    const auto steps
        = [](const std::string& given) { return static_cast<int>(wholeNumber(given, 1, kMostSteps)); };
    return {
        {"--hires-base", "WxH", kHires, "first-pass size (768x768 for SDXL)", pictureSize(o.hiresBase)},
        {"--hires-target", "WxH", kHires,
            "final size (1536x1536 for SDXL; twice a first pass that is not the model's own)",
            pictureSize(o.hiresTarget)},
        {"--hires-scale", "X", kHires, "final size as a multiple of the first pass, 1 to 8 (simple: 1.5)",
            optionalNumber(o.hiresScale, 1.0, 8.0)},
        {"--hires-strength", "X", kHires, "how much the second pass may change (0.35)",
            onRungs(o, &Rung::strength, realIn(0.0, 20.0))},
        {"--strength-meaning", "NAME", kHires,
            "diffusers: that part of the steps runs; a1111: all of them, over that part of the noise; sigma: "
            "the "
            "strength is the noise level",
            onRungs(o, &Rung::meaning, meaning)},
        {"--hires-steps", "N", kHires, "steps of the second pass (25)", onRungs(o, &Rung::steps, steps)},
        {"--hires-cfg", "X", kHires, "guidance of the second pass (as the first)",
            onRungs(o, &Rung::guidance, realIn(0.0, 100.0))},
        {"--hires-upscaler", "NAME", kHires,
            "what enlarges: lanczos, nearest, or an upscaler's file, or its name in a folder of upscalers",
            upscaler(o)},
        {"--hires-prompt", "TEXT", kHires, "prompt of the second pass (as the first)",
            onRungs(o, &Rung::prompt, asGiven)},
        {"--hires-negative", "TEXT", kHires, "negative prompt of the second pass (as the first)",
            onRungs(o, &Rung::negativePrompt, asGiven)},
        {"--hires-sampler", "NAME", kHires, "sampler of the second pass (as the first)",
            onRungs(o, &Rung::sampler, asGiven)},
        {"--hires-schedule", "NAME", kHires, "schedule of the second pass (as the first)",
            onRungs(o, &Rung::schedule, asGiven)},
        {"--hires-model", "PATH", kHires,
            "checkpoint of the second pass (the refiner if there is one, else the base)",
            onRungs(o, &Rung::model, asGiven)},
        {"--handover", "NAME", kHires,
            "between the passes: float (default), or 8bit as the Python pipelines do",
            choice<Handover>(o.request.handover, {{"float", Handover::Float}, {"8bit", Handover::EightBit}})},
    };
}

} // namespace

std::vector<OptionRow> modelRows(Request& request)
{
    return {
        {"--model", "PATH", kModels, "SDXL checkpoint: .safetensors or a diffusers folder (the demo model)",
            text(request.models.base)},
        {"--refiner", "PATH", kModels, "refiner checkpoint", text(request.models.refiner)},
        {"--vae", "PATH", kModels, "autoencoder in place of the checkpoint's own", text(request.models.vae)},
        {"--device", "NAME", kModels, "auto, cpu, cuda:0", text(request.execution.device)},
        {"--dtype", "NAME", kModels, "arithmetic: auto, fp32, bf16, fp16",
            choice<Precision>(request.execution.precision,
                {{"auto", Precision::Automatic}, {"fp32", Precision::Float32}, {"bf16", Precision::BFloat16},
                    {"fp16", Precision::Float16}})},
    };
}

std::vector<OptionRow> engineRows(EngineOptions& options)
{
    std::vector<OptionRow> rows{
        {"--styles", "FILE", kLanguage, "file of styles (styles.csv in the program's data folder)",
            path(options.styles)},
        {"--wildcards", "DIR", kLanguage,
            "folder of NAME.txt for __NAME__ (wildcards in the program's data folder)",
            path(options.wildcards)},
        {"--threads", "N", kModels, "processor threads (all cores)", integer(options.threads, 1, 1024)}};
    append(rows, networkFolderRows(options));
    return rows;
}

std::vector<OptionRow> requestRows(RequestOptions& options)
{
    std::vector<OptionRow> rows = promptRows(options);
    append(rows, languageRows(options));
    append(rows, adapterRows(options.request));
    append(rows, samplingRows(options));
    append(rows, tuningRows(options));
    append(rows, standardRows(options));
    append(rows, hiresRows(options));
    append(rows, modelRows(options.request));
    return rows;
}

Request RequestOptions::resolved() const
{
    Request resolved = request;
    resolved.prompt = prompt.value_or(request.prompt);
    if (width.has_value() != height.has_value())
        throw UsageError(width ? "--width needs --height as well." : "--height needs --width as well.");
    if (hiresTarget && hiresScale)
        throw UsageError(
            "--hires-target and --hires-scale both say how large the picture becomes; give one.");
    if (width) {
        const Extent size{*width, *height};
        refuseWrongSize(size, "--width and --height: ");
        // In simple mode width and height are the first pass's, unless that has its own option.
        (request.mode == Mode::Simple && !hiresBase ? resolved.simple.base : resolved.standard.size) = size;
    }
    if (hiresBase)
        resolved.simple.base = resolved.hires.base = hiresBase;
    Rung& last = resolved.hires.rungs.back();
    if (hiresTarget) {
        last.target = hiresTarget;
        last.scale.reset();
    }
    if (hiresScale) {
        resolved.simple.scale = *hiresScale;
        last.target.reset();
        last.scale = hiresScale;
    }
    refuseIssues(resolved);
    return resolved;
}

void append(std::vector<OptionRow>& rows, std::vector<OptionRow> more)
{
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace studio::cli
