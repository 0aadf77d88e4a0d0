#include "core/adapters/adapter_folders.h"

#include <algorithm>
#include <vector>

namespace studio::adapters {

namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".safetensors";
/// Folders of models lie flat; a link that leads back up must not send the search around for ever.
constexpr int kDeepest = 8;
/// models/Stable-diffusion/sdxl/x.safetensors: models lies two above the file's folder, A1111's embeddings one more.
constexpr int kLevelsAbove = 3;

std::string withoutEnding(std::string_view name)
{
    const fs::path path(name);
    return path.extension() == kEnding ? fs::path(path).replace_extension().string() : std::string(name);
}

/// All files of the kind below a folder, by path.
std::vector<fs::path> filesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    constexpr auto kOptions
        = fs::directory_options::skip_permission_denied | fs::directory_options::follow_directory_symlink;
    for (fs::recursive_directory_iterator it(folder, kOptions, error), end; !error && it != end;
         it.increment(error)) {
        if (it.depth() >= kDeepest)
            it.disable_recursion_pending();
        if (it->path().extension() == kEnding && it->is_regular_file(error))
            files.push_back(it->path());
    }
    std::ranges::sort(files);
    return files;
}

} // namespace

std::optional<fs::path> findFile(std::span<const fs::path> folders, std::string_view name)
{
    std::error_code error;
    if (const fs::path path(name); path.has_parent_path() && fs::is_regular_file(path, error))
        return path;
    const std::string wanted = withoutEnding(name);
    for (const fs::path& folder : folders)
        for (const fs::path& file : filesIn(folder)) {
            const std::string below = withoutEnding(file.lexically_relative(folder).string());
            if (below == wanted || file.stem() == wanted)
                return file;
        }
    if (fs::is_regular_file(name, error))
        return fs::path(name);
    return std::nullopt;
}

std::vector<fs::path> allFiles(std::span<const fs::path> folders)
{
    std::vector<fs::path> out;
    for (const fs::path& folder : folders)
        for (fs::path& file : filesIn(folder))
            if (std::ranges::find(out, file.stem(), [](const fs::path& known) { return known.stem(); })
                == out.end())
                out.push_back(std::move(file));
    return out;
}

std::vector<fs::path> foldersBeside(const fs::path& model, std::span<const std::string_view> names)
{
    std::vector<fs::path> found;
    std::error_code error;
    const auto look = [&](const fs::path& folder) {
        for (const std::string_view name : names)
            if (fs::is_directory(folder / name, error))
                found.push_back(folder / name);
    };
    fs::path folder = fs::absolute(model, error).lexically_normal();
    if (!folder.has_filename())
        folder = folder.parent_path();
    if (fs::is_directory(folder, error))
        look(folder);
    else
        folder = folder.parent_path();
    for (int up = 0; up < kLevelsAbove && folder.has_relative_path(); ++up) {
        folder = folder.parent_path();
        look(folder);
    }
    return found;
}

std::string wordsFor(std::span<const fs::path> folders)
{
    if (folders.empty())
        return "no folder of them is set";
    std::string words = "they are looked for in ";
    for (std::size_t i = 0; i < folders.size(); ++i)
        words += (i == 0 ? "" : i + 1 == folders.size() ? " and " : ", ") + folders[i].string();
    return words;
}

} // namespace studio::adapters
