#include "core/request/infotext_values.h"

#include "core/request/infotext_names.h"

#include <algorithm>

namespace studio {

namespace {

constexpr int kLatentStep = 8;
constexpr int kLargestSide = 16384;

/// Takes the schedule's label off a sampler's and answers its row.
const InfotextName* cutSchedule(std::string& sampler)
{
    if (nameOf(infotextSamplers(), sampler))
        return nullptr;
    for (const InfotextName& schedule : infotextSchedules()) {
        const std::size_t blank = sampler.size() - std::min(sampler.size(), schedule.label.size() + 1);
        if (blank > 0 && sampler[blank] == ' ' && sampler.ends_with(schedule.label)) {
            sampler.resize(blank);
            return &schedule;
        }
    }
    return nullptr;
}

} // namespace

std::optional<std::vector<double>> numbersIn(std::string_view text)
{
    std::vector<double> numbers;
    while (true) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view word = text.substr(0, comma);
        while (word.starts_with(' '))
            word.remove_prefix(1);
        const std::optional<double> number = numberIn<double>(word);
        if (!number)
            return std::nullopt;
        numbers.push_back(*number);
        if (comma == text.size())
            return numbers;
        text.remove_prefix(comma + 1);
    }
}

std::optional<Extent> extentIn(std::string_view text)
{
    const std::size_t cross = text.find('x');
    if (cross == std::string_view::npos)
        return std::nullopt;
    const auto width = numberIn<int>(text.substr(0, cross));
    const auto height = numberIn<int>(text.substr(cross + 1));
    return width && height ? std::optional(Extent{*width, *height}) : std::nullopt;
}

Extent onLatentGrid(Extent size)
{
    return {size.width / kLatentStep * kLatentStep, size.height / kLatentStep * kLatentStep};
}

int infotextVersion(std::string_view text)
{
    int parts[3] = {0, 0, 0};
    const char* at = text.data() + std::min(text.find_first_of("0123456789"), text.size());
    const char* const end = text.data() + text.size();
    for (int& part : parts) {
        const auto [next, error] = std::from_chars(at, end, part);
        if (error != std::errc() || part < 0 || part > 99)
            return 0;
        at = next + (next != end ? 1 : 0);
    }
    return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

std::optional<Extent> completed(Extent asked, Extent base)
{
    std::int64_t width = std::max(asked.width, 0);
    std::int64_t height = std::max(asked.height, 0);
    if (width == 0)
        width = height * base.width / base.height;
    else if (height == 0)
        height = width * base.height / base.width;
    if (width <= 0 || height <= 0 || width > kLargestSide || height > kLargestSide)
        return std::nullopt;
    return Extent{static_cast<int>(width), static_cast<int>(height)};
}

InfotextSampling samplingByLabels(std::string sampler, const std::string* schedule, bool automaticIfUnnamed)
{
    const InfotextName* const cut = cutSchedule(sampler);
    const InfotextName* const known = nameOf(infotextSamplers(), sampler);
    const InfotextName* const named = schedule ? nameOf(infotextSchedules(), *schedule) : cut;
    InfotextSampling names;
    names.samplerKnown = known != nullptr;
    if (known)
        names.sampler = known->id;
    const bool automatic = schedule ? *schedule == "Automatic" : automaticIfUnnamed;
    if (named && !automatic)
        names.schedule = named->id;
    else if (automatic && known)
        names.schedule = known->automatic;
    names.scheduleKnown = !schedule || named || automatic;
    return names;
}

} // namespace studio
