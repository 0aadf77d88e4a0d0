#include "app/cli/generate_options.h"

#include "app/cli/file_names.h"
#include "app/cli/option_values.h"
#include "app/cli/request_file.h"
#include "app/cli/take_options.h"
#include "app/resources.h"

namespace studio::cli {

namespace {

constexpr const char* kOutput = "Output";
constexpr int kMostPictures = 100000;

Apply namePattern(std::string& target)
{
    return [&target](const std::string& given) {
        checkNamePattern(given);
        target = given;
    };
}

Apply noMetadata(SaveOptions& save)
{
    return [&save](const std::string&) { save.metadata = false; };
}

std::vector<OptionRow> outputRows(GenerateOptions& o)
{
    WriteSettings& w = o.write;
    return {
        {"--count", "N", kOutput, "pictures of each prompt, with the seed and those that follow it (1)",
            integer(o.count, 1, kMostPictures)},
        {"--prompts", "FILE", kOutput,
            "many requests, one a line: a prompt, or a JSON object of settings on top of these options; - is "
            "standard "
            "input",
            path(o.prompts)},
        {"--out", "DIR", kOutput, "folder for the pictures (the current one)", path(w.folder)},
        {"--name", "PATTERN", kOutput,
            std::string("file name (") + kDefaultNamePattern + "), from " + nameTags()
                + "; compare has its own names. Nothing is ever overwritten: a number is added",
            namePattern(w.namePattern)},
        {"--format", "NAME", kOutput, "png, jpeg, webp",
            choice<PictureFormat>(w.save.format,
                {{"png", PictureFormat::Png}, {"jpeg", PictureFormat::Jpeg}, {"webp", PictureFormat::WebP}})},
        {"--quality", "N", kOutput, "of JPEG and WebP, 1 to 100 (92)", integer(w.save.quality, 1, 100)},
        {"--no-metadata", "", kOutput, "write nothing but pixels: no prompt, no settings",
            noMetadata(w.save)},
        {"--save-first-pass", "", kOutput, "save the first pass as well", flag(w.firstPass)},
        {"--all-layers", "", kOutput, "save every layer: first pass, enlarged only, hires",
            flag(w.allLayers)},
        {"--json", "", kOutput, "print one JSON object a line for every picture written", flag(o.json)},
        {"--dry-run", "", kOutput, "print what would run and stop", flag(o.dryRun)},
    };
}

void seedAndCount(std::vector<Request>& requests, const Request& one, int count, std::mt19937_64& random)
{
    const std::uint64_t first = one.seed ? *one.seed : drawSeed(random);
    for (int i = 0; i < count; ++i) {
        requests.push_back(one);
        requests.back().seed = first + static_cast<std::uint64_t>(i);
    }
}

} // namespace

GenerateOptions::GenerateOptions()
    : engine(defaultEngineOptions())
{
    write.namePattern = kDefaultNamePattern;
}

CommandSyntax generateSyntax(GenerateOptions& options)
{
    CommandSyntax syntax{"generate", "Make pictures.", {}, {}, requestRows(options.picture)};
    append(syntax.options, engineRows(options.engine));
    append(syntax.options, outputRows(options));
    append(syntax.options, takeRows(options.takes));
    syntax.options.push_back({"--resume", "TAKE", "Takes",
        "finish the take in this folder, which a crash or a cancel cut off, from the step it had come to; "
        "nothing "
        "else is to be said about the picture",
        path(options.resume)});
    return syntax;
}

std::vector<Request> requestsOf(const GenerateOptions& options, std::mt19937_64& random)
{
    const bool hasPrompt = options.picture.prompt.has_value();
    if (!options.resume.empty()) {
        if (options.picture != RequestOptions{} || !options.prompts.empty() || options.count > 1
            || options.dryRun)
            throw UsageError(
                "--resume finishes a take as it was begun: leave out --prompt, --seed, --steps and "
                "all else that makes another picture of it.");
        return {};
    }
    if (!options.picture.fromTake.empty() && (options.count > 1 || !options.prompts.empty()))
        throw UsageError(
            "A take has one first pass: --from-take goes neither with --count nor with --prompts.");
    if (!hasPrompt && options.prompts.empty())
        throw UsageError("Say what to make: --prompt TEXT (or --prompts FILE, or --request FILE).");
    const Request one = options.picture.resolved();
    std::vector<Request> requests;
    if (options.prompts.empty()) {
        seedAndCount(requests, one, options.count, random);
        return requests;
    }
    for (const Request& each : readPromptsFile(options.prompts, one))
        seedAndCount(requests, each, options.count, random);
    return requests;
}

std::mt19937_64 randomSeeds()
{
    std::random_device device;
    return std::mt19937_64((std::uint64_t{device()} << 32) | device());
}

std::uint64_t drawSeed(std::mt19937_64& random)
{
    return random() >> 32;
}

} // namespace studio::cli
