#include "tests/tools/random_checkpoint.h"

#include "core/weights/format/safetensors.h"
#include "tests/tools/random_values.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <fstream>
#include <future>
#include <map>
#include <numeric>
#include <span>
#include <stdexcept>

namespace studio::testing {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kChunkValues = 1 << 20;
constexpr int kThreads = 2;

/// Where a tensor's values go: `at` values behind the start of the stored tensor.
struct Placement {
    const SpecTensor* tensor = nullptr;
    std::size_t stored = 0;
    std::int64_t at = 0;
    bool transposed = false;
};

struct Layout {
    std::vector<SafetensorsWriter::Tensor> stored;
    std::vector<Placement> placements;
};

Layout folderLayout(const std::vector<const SpecTensor*>& tensors, StoredType dtype)
{
    Layout layout;
    for (const SpecTensor* tensor : tensors) {
        layout.placements.push_back({tensor, layout.stored.size()});
        layout.stored.push_back({tensor->key, dtype, tensor->shape});
    }
    return layout;
}

Layout singleFileLayout(const CheckpointSpec& spec, StoredType dtype)
{
    Layout layout;
    std::map<std::string, std::size_t> places;
    for (const SpecTensor& tensor : spec.tensors) {
        const auto [place, isNew] = places.emplace(tensor.ldmKey, layout.stored.size());
        Placement placement{&tensor, place->second};
        std::vector<std::int64_t> shape = tensor.shape;
        constexpr std::string_view kRows = "rows:";
        if (tensor.ldmTransform.starts_with(kRows)) {
            std::int64_t row = 0;
            const std::string_view number = std::string_view(tensor.ldmTransform).substr(kRows.size());
            std::from_chars(number.data(), number.data() + number.size(), row);
            placement.at = row * (tensor.values() / tensor.shape[0]);
            shape[0] *= 3;
        } else if (tensor.ldmTransform == "transpose") {
            placement.transposed = true;
            std::reverse(shape.begin(), shape.end());
        } else if (tensor.ldmTransform == "conv1x1") {
            shape.insert(shape.end(), {1, 1});
        } else if (!tensor.ldmTransform.empty()) {
            throw std::runtime_error("Unknown ldm_transform " + tensor.ldmTransform + ".");
        }
        layout.placements.push_back(placement);
        if (isNew)
            layout.stored.push_back({tensor.ldmKey, dtype, shape});
    }
    for (const SpecExtra& extra : spec.extra)
        layout.stored.push_back({extra.name, extra.dtype, extra.shape});
    return layout;
}

std::vector<std::byte> transposed(const RandomValues& values, const SpecTensor& tensor, StoredType dtype)
{
    const std::size_t size = byteSize(dtype);
    std::vector<std::byte> out(static_cast<std::size_t>(tensor.values()) * size);
    std::byte* next = out.data();
    for (std::int64_t column = 0; column < tensor.shape[1]; ++column)
        for (std::int64_t row = 0; row < tensor.shape[0]; ++row, next += size)
            values.fill(row * tensor.shape[1] + column, 1, dtype, next);
    return out;
}

void writeTensor(SafetensorsWriter& writer, const Placement& placement, std::uint64_t seed, StoredType dtype)
{
    const RandomValues values(seed, *placement.tensor);
    const std::size_t size = byteSize(dtype);
    const auto offset = [&](std::int64_t value) { return static_cast<std::size_t>(value) * size; };
    if (placement.transposed)
        return writer.write(placement.stored, 0, transposed(values, *placement.tensor, dtype));
    std::vector<std::byte> chunk;
    const std::int64_t total = placement.tensor->values();
    for (std::int64_t begin = 0; begin < total; begin += kChunkValues) {
        const std::int64_t count = std::min(kChunkValues, total - begin);
        chunk.resize(offset(count));
        values.fill(begin, count, dtype, chunk.data());
        writer.write(placement.stored, offset(placement.at + begin), chunk);
    }
}

void writeFile(const fs::path& path, const Layout& layout, std::uint64_t seed, StoredType dtype)
{
    SafetensorsWriter writer(path, layout.stored, {{"format", "pt"}});
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < layout.placements.size(); i = next++)
            writeTensor(writer, layout.placements[i], seed, dtype);
    };
    std::vector<std::future<void>> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.push_back(std::async(std::launch::async, work));
    for (std::future<void>& thread : threads)
        thread.get();
    for (std::size_t i = 0; i < layout.stored.size(); ++i)
        if (layout.stored[i].name.ends_with("position_ids")) {
            std::vector<std::int64_t> positions(static_cast<std::size_t>(layout.stored[i].shape.back()));
            std::iota(positions.begin(), positions.end(), 0);
            writer.write(i, 0, std::as_bytes(std::span(positions)));
        }
    writer.finish();
}

void writeText(const fs::path& path, const std::string& text)
{
    fs::create_directories(path.parent_path());
    std::ofstream stream(path);
    stream << text << '\n';
    if (!stream.flush())
        throw std::runtime_error("Cannot write " + path.string() + ".");
}

void writeShards(const fs::path& folder, const std::string& stem, const std::string& variant,
    const std::vector<const SpecTensor*>& tensors, std::uint64_t seed, const CheckpointOptions& options)
{
    nlohmann::json index;
    const std::size_t shards = static_cast<std::size_t>(options.shards);
    for (std::size_t shard = 0; shard < shards; ++shard) {
        const std::string name
            = fmt::format("{}-{:05}-of-{:05}{}.safetensors", stem, shard + 1, shards, variant);
        const auto begin = tensors.begin() + static_cast<std::ptrdiff_t>(tensors.size() * shard / shards);
        const auto end = tensors.begin() + static_cast<std::ptrdiff_t>(tensors.size() * (shard + 1) / shards);
        writeFile(folder / name, folderLayout({begin, end}, options.dtype), seed, options.dtype);
        for (auto tensor = begin; tensor != end; ++tensor)
            index["weight_map"][(*tensor)->key] = name;
    }
    writeText(folder / fmt::format("{}.safetensors.index{}.json", stem, variant), index.dump(2));
}

void writeFolder(const CheckpointSpec& spec, const fs::path& out, const CheckpointOptions& options)
{
    writeText(out / "model_index.json", spec.modelIndex);
    for (const auto& [component, config] : spec.components) {
        const fs::path folder = out / component;
        if (component == "scheduler") {
            writeText(folder / "scheduler_config.json", config);
            continue;
        }
        writeText(folder / "config.json", config);
        std::vector<const SpecTensor*> tensors;
        for (const SpecTensor& tensor : spec.tensors)
            if (tensor.component == component)
                tensors.push_back(&tensor);
        const std::string stem = component.starts_with("text") ? "model" : "diffusion_pytorch_model";
        const std::string variant = options.variant.empty() ? "" : "." + options.variant;
        if (component == "unet" && options.shards > 1)
            writeShards(folder, stem, variant, tensors, spec.seed, options);
        else
            writeFile(folder / fmt::format("{}{}.safetensors", stem, variant),
                folderLayout(tensors, options.dtype), spec.seed, options.dtype);
    }
}

} // namespace

void writeRandomCheckpoint(const CheckpointSpec& spec, const fs::path& out, const CheckpointOptions& options)
{
    if (options.form == CheckpointForm::Folder)
        writeFolder(spec, out, options);
    else
        writeFile(out, singleFileLayout(spec, options.dtype), spec.seed, options.dtype);
}

} // namespace studio::testing
