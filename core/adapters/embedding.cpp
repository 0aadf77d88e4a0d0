#include "core/adapters/embedding.h"

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/weights/format/file_kind.h"
#include "core/weights/format/sentences.h"
#include "core/weights/load_weights.h"

#include <ATen/ATen.h>

namespace studio::adapters {

namespace {

constexpr std::string_view kNeeded
    = "a textual inversion for SDXL (clip_l and clip_g in one .safetensors file)";
constexpr std::int64_t kMostVectors = 75;
constexpr std::size_t kHashDigits = 12;

/// One encoder's vectors as float32 of their own: a few rows, and the file may go.
at::Tensor vectorsOf(const SafetensorsFile& file, std::string_view key, std::int64_t width)
{
    const SafetensorsEntry* entry = file.header().find(key);
    if (!entry)
        refuseKind(fileName(file.path()),
            {FileKind::TextualInversion,
                "a textual inversion without " + std::string(key) + ", made for another family of models"},
            kNeeded);
    const at::Tensor stored = asTensor(file.tensor(*entry));
    const bool isTable = stored.dim() >= 1 && stored.dim() <= 2 && at::isFloatingType(stored.scalar_type());
    if (!isTable || stored.size(-1) != width || stored.numel() == 0 || stored.numel() / width > kMostVectors)
        throw Error(ErrorKind::UnsupportedModel,
            fileName(file.path()) + ": " + std::string(key) + " is " + shapeText(stored.sizes().vec())
                + " where 1 to 75 vectors of " + std::to_string(width)
                + " numbers belong; it was made for another model.");
    return stored.reshape({-1, width}).to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
}

} // namespace

std::shared_ptr<const Embedding> openEmbedding(
    const std::filesystem::path& path, std::int64_t firstWidth, std::int64_t secondWidth)
{
    std::shared_ptr<const MappedFile> mapped = MappedFile::open(path);
    if (const auto known = kindFromFirstBytes(mapped->bytes()))
        refuseKind(fileName(path), *known, kNeeded);
    const SafetensorsFile file(mapped);
    const KnownKind known = kindOf(file.header());
    if (known.kind != FileKind::TextualInversion)
        refuseKind(fileName(path), known, kNeeded);
    const auto embedding = std::make_shared<Embedding>();
    embedding->second = vectorsOf(file, "clip_g", secondWidth);
    if (firstWidth > 0) {
        embedding->first = vectorsOf(file, "clip_l", firstWidth);
        if (embedding->first.size(0) != embedding->second.size(0))
            throw Error(ErrorKind::FileCorrupt,
                fileName(path)
                    + ": clip_l and clip_g hold different numbers of vectors; the file is damaged.");
    }
    embedding->hash = sha256(mapped->bytes()).substr(0, kHashDigits);
    return embedding;
}

} // namespace studio::adapters
