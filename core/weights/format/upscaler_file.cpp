#include "core/weights/format/upscaler_file.h"

#include "core/base/error.h"
#include "core/weights/format/file_kind.h"
#include "core/weights/format/model_parts.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace studio {

namespace {

constexpr std::string_view kNeeded = "an ESRGAN or Real-ESRGAN network as .safetensors";
constexpr std::int64_t kMostBlocks = 128;
constexpr std::int64_t kMostFeatures = 1024;
constexpr std::int64_t kMostUpsamplings = 3;
constexpr std::int64_t kColours = 3;

/// Takes `prefix` off the front of `text`; false: it does not begin so.
bool take(std::string_view& text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::optional<std::int64_t> takeNumber(std::string_view& text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0)
        return std::nullopt;
    text.remove_prefix(std::size_t(end - text.data()));
    return number;
}

bool isWeightOrBias(std::string_view text)
{
    return text == "weight" || text == "bias";
}

std::string_view withoutWrapper(std::string_view key)
{
    for (const std::string_view wrapper : {"params_ema.", "params.", "module."})
        if (take(key, wrapper))
            break;
    return key;
}

/// What follows the block's number: `.RDB1.conv1.0.weight`, `.RDB1.conv1.weight` or `.rdb1.conv1.weight`.
std::optional<std::string> insideBlock(std::string_view rest, std::int64_t block)
{
    if (!take(rest, ".RDB") && !take(rest, ".rdb"))
        return std::nullopt;
    const auto dense = takeNumber(rest);
    if (!dense || !take(rest, ".conv"))
        return std::nullopt;
    const auto convolution = takeNumber(rest);
    if (!convolution || !take(rest, "."))
        return std::nullopt;
    take(rest, "0."); // a convolution and its activation were once a sequence of two
    if (!isWeightOrBias(rest))
        return std::nullopt;
    return fmt::format("body.{}.rdb{}.conv{}.{}", block, *dense, *convolution, rest);
}

std::optional<std::string> fromFirstGeneration(
    std::string_view key, std::int64_t blocks, std::int64_t upsamplings)
{
    if (!take(key, "model."))
        return std::nullopt;
    if (take(key, "1.sub.")) {
        const auto block = takeNumber(key);
        if (!block)
            return std::nullopt;
        if (*block == blocks && take(key, ".") && isWeightOrBias(key))
            return fmt::format("conv_body.{}", key);
        return insideBlock(key, *block);
    }
    const auto layer = takeNumber(key);
    if (!layer || !take(key, ".") || !isWeightOrBias(key))
        return std::nullopt;
    if (*layer == 0)
        return fmt::format("conv_first.{}", key);
    if (*layer % 3 == 0 && *layer / 3 <= upsamplings)
        return fmt::format("conv_up{}.{}", *layer / 3, key);
    if (*layer == 3 * upsamplings + 2)
        return fmt::format("conv_hr.{}", key);
    if (*layer == 3 * upsamplings + 4)
        return fmt::format("conv_last.{}", key);
    return std::nullopt;
}

std::optional<std::string> fromSecondGeneration(std::string_view key)
{
    if (take(key, "RRDB_trunk.")) {
        const auto block = takeNumber(key);
        return block ? insideBlock(key, *block) : std::nullopt;
    }
    if (take(key, "trunk_conv."))
        return fmt::format("conv_body.{}", key);
    if (take(key, "HRconv."))
        return fmt::format("conv_hr.{}", key);
    if (take(key, "upconv"))
        return fmt::format("conv_up{}", key);
    return std::nullopt;
}

/// How many blocks and doublings the numbers of a first-generation file tell of; nothing for other files.
std::pair<std::int64_t, std::int64_t> firstGenerationLayout(const TensorMap& tensors)
{
    std::int64_t blocks = 0;
    std::int64_t last = 0;
    for (const auto& [name, tensor] : tensors) {
        std::string_view key = withoutWrapper(name);
        if (!take(key, "model."))
            continue;
        const bool inTrunk = take(key, "1.sub.");
        const std::int64_t number = takeNumber(key).value_or(0);
        (inTrunk ? blocks : last) = std::max(inTrunk ? blocks : last, number);
    }
    return {blocks, last >= 4 ? (last - 4) / 3 : 0};
}

std::int64_t extent(
    const TensorMap& weights, const std::string& key, std::size_t dimension, std::string_view what)
{
    const auto found = weights.find(key);
    if (found == weights.end() || found->second.shape.size() != 4)
        throw Error(ErrorKind::FileCorrupt,
            fmt::format("{} cannot be used; {} is missing or no convolution.", what, key));
    return found->second.shape[dimension];
}

std::int64_t countOf(
    const TensorMap& weights, std::string_view before, std::string_view after, std::int64_t first)
{
    std::int64_t count = 0;
    while (weights.contains(fmt::format("{}{}{}", before, first + count, after)))
        ++count;
    return count;
}

} // namespace

std::string modernUpscalerKey(std::string_view key, std::int64_t blocks, std::int64_t upsamplings)
{
    const std::string_view bare = withoutWrapper(key);
    if (auto found = fromFirstGeneration(bare, blocks, upsamplings))
        return *found;
    if (auto found = fromSecondGeneration(bare))
        return *found;
    return std::string(bare);
}

RrdbConfig rrdbFromWeights(const TensorMap& weights, std::string_view what)
{
    RrdbConfig config;
    config.features = extent(weights, "conv_first.weight", 0, what);
    config.growth = extent(weights, "body.0.rdb1.conv1.weight", 0, what);
    config.blocks = countOf(weights, "body.", ".rdb1.conv1.weight", 0);
    config.upsamplings = countOf(weights, "conv_up", ".weight", 1);
    const std::int64_t inputs = extent(weights, "conv_first.weight", 1, what);
    config.unshuffle = inputs == 16 * kColours ? 4 : inputs == 4 * kColours ? 2 : 1;
    if (inputs != kColours * config.unshuffle * config.unshuffle
        || extent(weights, "conv_last.weight", 0, what) != kColours)
        throw Error(ErrorKind::UnsupportedModel,
            fmt::format("{} works on other pictures than red, green and blue; it cannot be used.", what));
    if (config.features < 1 || config.features > kMostFeatures || config.growth < 1
        || config.growth > kMostFeatures || config.blocks > kMostBlocks
        || config.upsamplings > kMostUpsamplings
        || (std::int64_t(1) << config.upsamplings) < config.unshuffle)
        throw Error(
            ErrorKind::UnsupportedModel, fmt::format("{} has a shape that no ESRGAN network has.", what));
    return config;
}

UpscalerFile UpscalerFile::open(const std::filesystem::path& path)
{
    const SafetensorsFile file = openWeights(path, kNeeded);
    const std::string name = fileName(path);
    UpscalerFile upscaler{path, {}, {}};
    const TensorMap stored = file.tensors();
    const auto [blocks, upsamplings] = firstGenerationLayout(stored);
    for (const auto& [key, tensor] : stored)
        if (!upscaler.tensors.emplace(modernUpscalerKey(key, blocks, upsamplings), tensor).second)
            throw Error(ErrorKind::FileCorrupt,
                fmt::format("{} cannot be used; it holds a layer twice, once as {}.", name, readable(key)));
    if (!upscaler.tensors.contains("conv_first.weight")
        || !upscaler.tensors.contains("body.0.rdb1.conv1.weight")) {
        const KnownKind known = kindOf(file.header());
        if (known.kind != FileKind::Upscaler)
            refuseKind(name, known, kNeeded);
        throw Error(ErrorKind::UnsupportedModel,
            fmt::format(
                "{} is an upscaling network of another form than ESRGAN's (SwinIR, DAT, SPAN, ...). This "
                "version runs ESRGAN and Real-ESRGAN networks (RRDBNet); choose one of those.",
                name));
    }
    upscaler.config = rrdbFromWeights(upscaler.tensors, name);
    return upscaler;
}

} // namespace studio
