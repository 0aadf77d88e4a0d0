#pragma once

#include "core/api/picture.h"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A number that is the whole text.
template <class T> std::optional<T> numberIn(std::string_view text)
{
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// "14.6, 3, 0.7, 0": numbers and nothing else.
std::optional<std::vector<double>> numbersIn(std::string_view text);

/// "768x512"; the sides are not judged.
std::optional<Extent> extentIn(std::string_view text);

/// A1111's latents are an eighth of the size, rounded down.
Extent onLatentGrid(Extent size);

/// A1111's version as one number ("v1.9.4" -> 10904); 0 if the text names none.
int infotextVersion(std::string_view text);

/// The side of a size that A1111 was given as 0, from the first pass's proportions. Nothing if both are.
std::optional<Extent> completed(Extent asked, Extent base);

struct InfotextSampling {
    std::string sampler = "euler";
    std::string schedule = "uniform";
    bool samplerKnown = false;
    bool scheduleKnown = true;
};

/// Our ids by A1111's labels. "DPM++ 2M Karras", the form before 1.9, is cut in two. `schedule`: null if the text
/// names none; then the sampler's automatic one counts if `automaticIfUnnamed`, else Uniform.
InfotextSampling samplingByLabels(std::string sampler, const std::string* schedule, bool automaticIfUnnamed);

} // namespace studio
