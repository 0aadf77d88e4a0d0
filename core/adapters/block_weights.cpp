#include "core/adapters/block_weights.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace studio::adapters {

namespace {

/// Places in the long list: 0 BASE, 1 to 9 IN00 to IN08, 10 M00, 11 to 19 OUT00 to OUT08.
constexpr int kBase = 0;
constexpr int kFirstIn = 1;
constexpr int kMiddle = 10;
constexpr int kFirstOut = 11;
constexpr int kBlocksOnASide = 9;

/// The place of each number of the short list in the long one.
constexpr std::array kShort{0, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16};

/// The number behind `prefix` in an LDM name: "input_blocks.4.1.proj_in" -> 4.
int numberBehind(std::string_view name, std::string_view prefix)
{
    if (!name.starts_with(prefix))
        return -1;
    int number = -1;
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
    return number;
}

int placeOf(const NetworkLayer& layer, const LdmLayout& layout)
{
    if (layer.component != Component::Unet)
        return kBase;
    const std::vector<std::string> names = ldmUnetNames(layer.name, layout);
    const std::string_view name = names.empty() ? std::string_view() : std::string_view(names.front());
    if (name.starts_with("middle_block."))
        return kMiddle;
    if (const int in = numberBehind(name, "input_blocks."); in >= 0)
        return kFirstIn + std::min(in, kBlocksOnASide - 1);
    if (const int out = numberBehind(name, "output_blocks."); out >= 0)
        return kFirstOut + std::min(out, kBlocksOnASide - 1);
    return kBase;
}

} // namespace

double blockWeight(std::span<const double> blocks, const NetworkLayer& layer, const LdmLayout& layout)
{
    if (blocks.empty())
        return 1.0;
    const int place = placeOf(layer, layout);
    if (blocks.size() != kShort.size())
        return blocks[std::min(std::size_t(place), blocks.size() - 1)];
    const auto found = std::ranges::find(kShort, place);
    return found == kShort.end() ? 0.0 : blocks[std::size_t(found - kShort.begin())];
}

} // namespace studio::adapters
