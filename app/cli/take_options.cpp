#include "app/cli/take_options.h"

#include "app/cli/option_values.h"
#include "app/cli/take_writer.h"

#include <cctype>
#include <limits>

namespace studio::cli {

namespace {

constexpr const char* kTakes = "Takes";

Apply byteCount(std::int64_t& target)
{
    return [&target](const std::string& given) { target = bytesOf(given); };
}

} // namespace

std::int64_t bytesOf(const std::string& text)
{
    constexpr std::string_view kUnits = "kMGT";
    std::string number = text;
    std::int64_t unit = 1;
    if (!number.empty() && !std::isdigit(static_cast<unsigned char>(number.back()))) {
        const char letter = number.back() == 'K' ? 'k' : number.back();
        const std::size_t power = kUnits.find(letter);
        if (power == std::string_view::npos)
            throw UsageError("\"" + text + "\" is no amount such as 500M or 20G.");
        number.pop_back();
        for (std::size_t i = 0; i <= power; ++i)
            unit *= 1000;
    }
    return wholeNumber(number, 0, std::numeric_limits<std::int64_t>::max() / unit) * unit;
}

std::vector<OptionRow> takeRows(TakeStoreSettings& settings)
{
    return {
        {"--takes", "DIR", kTakes,
            "keep every run as a take in this folder, as it goes on: all layers, the first pass's latent, "
            "the "
            "request, the plan",
            path(settings.folder)},
        {"--takes-limit", "SIZE", kTakes,
            "room for the takes, such as 20G; above it latents go first, oldest first, then the trash; "
            "pictures and starred takes never",
            byteCount(settings.limitBytes)},
    };
}

std::shared_ptr<TakeStore> openStoreOrSay(const TakeStoreSettings& settings, std::ostream& err)
{
    if (const auto failure = prepareFolder(settings.folder, "--takes")) {
        err << failure->detail << std::endl;
        return nullptr;
    }
    auto store = openTakeStore(settings);
    if (const Failure* failure = failureOf(store)) {
        err << failure->detail << std::endl;
        return nullptr;
    }
    return std::get<std::shared_ptr<TakeStore>>(std::move(store));
}

} // namespace studio::cli
