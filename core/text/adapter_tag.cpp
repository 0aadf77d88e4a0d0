#include "core/text/adapter_tag.h"

#include <charconv>
#include <cmath>
#include <sstream>

namespace studio::text {

namespace {

double numberOr(const std::string& text, double otherwise)
{
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isNumber = error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
    return isNumber ? value : otherwise;
}

/// Numbers with commas between them; those that are none count as 1.
std::vector<double> numbersIn(const std::string& list)
{
    std::vector<double> numbers;
    std::istringstream words(list);
    for (std::string word; std::getline(words, word, ',');)
        numbers.push_back(numberOr(word, 1.0));
    return numbers;
}

} // namespace

PlannedAdapter adapterFrom(const PromptTag& tag)
{
    PlannedAdapter adapter;
    adapter.kind = tag.kind;
    adapter.name = tag.arguments.empty() ? std::string() : tag.arguments[0];
    for (const auto& [key, list] : tag.named)
        if (key == "lbw")
            adapter.blocks = numbersIn(list);
    const auto value = [&](std::size_t position, std::string_view name, double otherwise) {
        if (position < tag.arguments.size())
            otherwise = numberOr(tag.arguments[position], otherwise);
        for (const auto& [key, text] : tag.named)
            otherwise = key == name ? numberOr(text, otherwise) : otherwise;
        return otherwise;
    };
    adapter.textEncoder = value(1, "te", 1.0);
    adapter.unet = value(2, "unet", adapter.textEncoder);
    return adapter;
}

} // namespace studio::text
