#include "app/resources.h"

#include <cstdlib>
#include <system_error>

namespace studio {

namespace {

constexpr const char* kProgramFolder = "hires-studio";

std::filesystem::path environmentPath(const char* name)
{
    const char* value = std::getenv(name);
    return value ? std::filesystem::path(value) : std::filesystem::path();
}

std::filesystem::path ifThere(const std::filesystem::path& path)
{
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? path : std::filesystem::path();
}

} // namespace

std::filesystem::path resourceFolder()
{
    if (auto chosen = environmentPath("HIRES_STUDIO_RESOURCES"); !chosen.empty())
        return chosen;
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::path() : program.parent_path().parent_path() / "share" / kProgramFolder;
}

std::filesystem::path stateFolder()
{
    if (const auto state = environmentPath("XDG_STATE_HOME"); state.is_absolute())
        return state / kProgramFolder;
    const auto home = environmentPath("HOME");
    return home.is_absolute() ? home / ".local" / "state" / kProgramFolder : std::filesystem::path();
}

std::filesystem::path dataFolder()
{
    if (const auto data = environmentPath("XDG_DATA_HOME"); data.is_absolute())
        return data / kProgramFolder;
    const auto home = environmentPath("HOME");
    return home.is_absolute() ? home / ".local" / "share" / kProgramFolder : std::filesystem::path();
}

EngineOptions defaultEngineOptions()
{
    const std::filesystem::path resources = resourceFolder();
    EngineOptions options;
    options.demoModel = ifThere(resources / "demo_model");
    options.vocabulary = ifThere(resources / "bpe_simple_vocab_16e6.txt");
    options.state = stateFolder();
    if (const std::filesystem::path data = dataFolder(); !data.empty()) {
        options.styles = data / "styles.csv";
        options.wildcards = data / "wildcards";
        options.upscalers.push_back(data / "upscalers");
        options.adapters.push_back(data / "loras");
        options.embeddings.push_back(data / "embeddings");
    }
    return options;
}

} // namespace studio
