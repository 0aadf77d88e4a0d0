#include "core/adapters/adapter_folders.h"
#include "core/api/adapter_files.h"
#include "core/base/error.h"
#include "core/weights/format/file_kind.h"
#include "core/weights/format/sentences.h"
#include "core/weights/format/trigger_words.h"

#include <array>
#include <cctype>

namespace studio {

namespace {

namespace fs = std::filesystem;

/// What A1111, its forks and ComfyUI call their folders.
constexpr std::array<std::string_view, 3> kAdapterFolders{"Lora", "LyCORIS", "loras"};
constexpr std::array<std::string_view, 1> kEmbeddingFolders{"embeddings"};

/// In the order in which A1111 looks for them.
constexpr std::array<std::string_view, 8> kPictureEndings{
    ".png", ".preview.png", ".jpg", ".preview.jpg", ".jpeg", ".preview.jpeg", ".webp", ".preview.webp"};

fs::path pictureBeside(const fs::path& path)
{
    std::error_code error;
    for (const std::string_view ending : kPictureEndings) {
        fs::path picture = path;
        picture.replace_extension();
        picture += ending;
        if (fs::is_regular_file(picture, error))
            return picture;
    }
    return {};
}

/// "a LoRA (kohya's form)" -> "LoRA (kohya's form)".
std::string titleFrom(const std::string& words)
{
    const std::size_t space = words.find(' ');
    const bool hasArticle = words.starts_with("a ") || words.starts_with("an ");
    std::string title = hasArticle ? words.substr(space + 1) : words;
    title.front() = char(std::toupper(static_cast<unsigned char>(title.front())));
    return title;
}

void read(AdapterFile& out)
{
    std::shared_ptr<const MappedFile> mapped = MappedFile::open(out.path);
    if (const auto known = kindFromFirstBytes(mapped->bytes())) {
        out.kind = known->kind;
        out.title = titleFrom(known->words);
        out.faults.push_back(fileName(out.path) + " is " + known->words + ".");
        return;
    }
    const SafetensorsFile file(std::move(mapped));
    const KnownKind known = kindOf(file.header());
    out.kind = known.kind;
    out.title = titleFrom(known.words);
    if (known.kind == FileKind::Lora) {
        out.family = adapterFamily(file.header());
        out.rank = adapterRank(file.header());
    }
    if (known.kind == FileKind::TextualInversion)
        out.family = embeddingFamily(file.header());
    addFromMetadata(out, file.header().metadata);
}

std::vector<fs::path> withNeighbours(
    std::vector<fs::path> folders, const fs::path& model, std::span<const std::string_view> names)
{
    for (fs::path& folder : adapters::foldersBeside(model, names))
        folders.push_back(std::move(folder));
    return folders;
}

} // namespace

AdapterFile readAdapterFile(const fs::path& path) noexcept
{
    AdapterFile out;
    const auto fill = [&](auto&& work) {
        const Outcome<bool> done = settle([&] {
            work();
            return true;
        });
        if (const Failure* failure = failureOf(done))
            out.faults.push_back(failure->detail);
    };
    fill([&] {
        out.path = path;
        out.name = path.stem().string();
        read(out);
    });
    fill([&] {
        addFromFilesBeside(out);
        out.picture = pictureBeside(path);
    });
    return out;
}

std::vector<fs::path> adapterFolders(std::vector<fs::path> set, const fs::path& model)
{
    return withNeighbours(std::move(set), model, kAdapterFolders);
}

std::vector<fs::path> embeddingFolders(std::vector<fs::path> set, const fs::path& model)
{
    return withNeighbours(std::move(set), model, kEmbeddingFolders);
}

std::vector<fs::path> adapterFilesIn(std::span<const fs::path> folders)
{
    return adapters::allFiles(folders);
}

} // namespace studio
