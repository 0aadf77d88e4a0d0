#include "app/cli/adapter_options.h"

#include "app/cli/option_values.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace studio::cli {

namespace {

constexpr const char* kAdapters = "Adapters";
constexpr const char* kModels = "Models and machine";
constexpr double kMostStrength = 10.0;

/// Takes ":NUMBER" off the end.
std::optional<double> takeNumber(std::string& text)
{
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
        return std::nullopt;
    const std::string last = text.substr(colon + 1);
    if (last.find_first_not_of("+-.0123456789eE") != std::string::npos)
        return std::nullopt;
    const double number = realNumber(last, -kMostStrength, kMostStrength);
    text.resize(colon);
    return number;
}

/// One more each time it is given.
Apply addAdapter(Request& request)
{
    return [&request](const std::string& given) { request.adapters.push_back(readAdapter(given)); };
}

/// The strength of one in second passes; one that was not named before acts there alone.
Apply addToSecondPass(Request& request)
{
    return [&request](const std::string& given) {
        AdapterChoice asked = readAdapter(given);
        auto found = std::ranges::find(request.adapters, asked.name, &AdapterChoice::name);
        if (found == request.adapters.end()) {
            AdapterChoice second;
            second.name = asked.name;
            second.unet = second.textEncoder = 0.0;
            found = request.adapters.insert(request.adapters.end(), std::move(second));
        }
        found->secondUnet = asked.unet;
        found->secondTextEncoder = asked.textEncoder;
    };
}

Apply addFolder(std::vector<std::filesystem::path>& folders)
{
    // Before the program's own folder: what is named on purpose counts first.
    return [&folders, count = std::size_t(0)](const std::string& given) mutable {
        if (given.empty())
            throw UsageError("the path is empty.");
        folders.insert(folders.begin() + std::ptrdiff_t(count++), given);
    };
}

} // namespace

AdapterChoice readAdapter(const std::string& given)
{
    AdapterChoice choice;
    choice.name = given;
    const std::optional<double> last = takeNumber(choice.name);
    const std::optional<double> first = last ? takeNumber(choice.name) : std::nullopt;
    choice.unet = first.value_or(last.value_or(1.0));
    choice.textEncoder = last.value_or(1.0);
    if (choice.name.empty())
        throw UsageError(
            "\"" + given + "\" names no adapter; what is needed is NAME, NAME:0.8 or NAME:0.8:0.5.");
    return choice;
}

std::vector<OptionRow> adapterRows(Request& request)
{
    return {
        {"--lora", "NAME[:W[:TE]]", kAdapters,
            "an adapter (LoRA, LoHa, LoKr, DoRA, ...) by path or by name, its weight and that of its text "
            "encoder "
            "(1); may be given several times",
            addAdapter(request), true},
        {"--hires-lora", "NAME[:W[:TE]]", kAdapters,
            "its weight in the second pass (as in the first); one that --lora does not name acts there alone",
            addToSecondPass(request), true},
    };
}

std::vector<OptionRow> networkFolderRows(EngineOptions& options)
{
    return {{"--lora-dir", "DIR", kAdapters,
                "folder of adapters, such as A1111's models/Lora (loras in the program's data folder, and "
                "Lora, LyCORIS or "
                "loras beside the model's folder); may be given several times",
                addFolder(options.adapters), true},
        {"--embedding-dir", "DIR", kAdapters,
            "folder of textual inversions, which prompts name by word (embeddings in the program's data "
            "folder and "
            "beside the model's folder); may be given several times",
            addFolder(options.embeddings), true},
        {"--upscaler-dir", "DIR", kModels,
            "folder of upscaling networks, such as A1111's models/ESRGAN (upscalers in the program's data "
            "folder); may be given several times",
            addFolder(options.upscalers), true}};
}

} // namespace studio::cli
