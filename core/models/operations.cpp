#include "core/models/operations.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <numeric>
#include <string_view>

namespace studio::models {

namespace {

/// Through which sizes a network goes, in powers of two of the latent's: 0 is the latent's own, 3 the picture's.
struct Course {
    int outer = 0; ///< where down blocks begin and up blocks end
    int inner = 0; ///< where the middle is
    bool isDecoder = false;
    bool isEncoder = false;
};

bool holds(std::string_view name, std::string_view part)
{
    return name.find(part) != std::string_view::npos;
}

/// The number behind "down_blocks." in a name; -1: it is of no such block.
int blockOf(std::string_view name, std::string_view kind)
{
    const std::size_t at = name.find(kind);
    if (at == std::string_view::npos)
        return -1;
    int block = -1;
    const std::string_view rest = name.substr(at + kind.size());
    std::from_chars(rest.data(), rest.data() + rest.size(), block);
    return block;
}

/// The size that a layer's output has.
int sizeOf(std::string_view name, const Course& course)
{
    if (const int down = blockOf(name, "down_blocks."); down >= 0)
        return course.outer - down - (holds(name, "downsamplers") ? 1 : 0);
    if (const int up = blockOf(name, "up_blocks."); up >= 0)
        return course.inner + up + (holds(name, "upsamplers") ? 1 : 0);
    if (holds(name, "conv_in"))
        return course.isDecoder ? course.inner : course.outer;
    if (holds(name, "conv_out"))
        return course.isEncoder ? course.inner : course.outer;
    return course.inner;
}

/// Embeddings of the timestep and the size run on one row, the text's keys and values once a prompt.
bool countsForNothing(std::string_view name)
{
    return holds(name, "time_emb") || holds(name, "add_embedding") || holds(name, "attn2.to_k")
        || holds(name, "attn2.to_v");
}

double valuesOf(const nn::Parameter& parameter)
{
    return std::accumulate(parameter.shape.begin(), parameter.shape.end(), 1.0, std::multiplies<double>());
}

OperationCount count(nn::Module& network, std::string_view prefix, const Course& course, int contextLength)
{
    OperationCount sum;
    for (const auto& [name, parameter] : network.parameters()) {
        if (!name.starts_with(prefix) || parameter->shape.size() < 2 || countsForNothing(name))
            continue;
        const double cells = std::exp2(2.0 * sizeOf(name, course));
        sum.perCell += 2.0 * valuesOf(*parameter) * cells;
        if (!name.ends_with("to_q.weight"))
            continue;
        // Scores, and the values they weigh.
        const auto channels = double(parameter->shape.front());
        if (holds(name, "attn2."))
            sum.perCell += 4.0 * channels * contextLength * cells;
        else
            sum.perCellSquared += 4.0 * channels * cells * cells;
    }
    return sum;
}

} // namespace

OperationCount unetOperations(nn::Module& unet, int levels, int contextLength)
{
    return count(unet, {}, {.outer = 0, .inner = 1 - levels}, contextLength);
}

OperationCount encoderOperations(nn::Module& vae, int levels)
{
    return count(vae, "encoder.", {.outer = levels - 1, .inner = 0, .isEncoder = true}, 0);
}

OperationCount decoderOperations(nn::Module& vae, int levels)
{
    return count(vae, "decoder.", {.outer = levels - 1, .inner = 0, .isDecoder = true}, 0);
}

double textOperations(nn::Module& encoder, int tokens)
{
    double sum = 0.0;
    for (const auto& [name, parameter] : encoder.parameters())
        if (parameter->shape.size() >= 2 && !holds(name, "embedding"))
            sum += 2.0 * valuesOf(*parameter) * tokens;
    return sum;
}

double upscalerOperations(nn::Module& network, int unshuffle, int upsamplings)
{
    double sum = 0.0;
    for (const auto& [name, parameter] : network.parameters()) {
        if (parameter->shape.size() < 2)
            continue;
        int doublings = std::max(0, blockOf(name, "conv_up"));
        if (name.starts_with("conv_hr") || name.starts_with("conv_last"))
            doublings = upsamplings;
        sum += 2.0 * valuesOf(*parameter) * std::exp2(2.0 * doublings) / (double(unshuffle) * unshuffle);
    }
    return sum;
}

} // namespace studio::models
