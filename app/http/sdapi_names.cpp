#include "app/http/sdapi_names.h"

#include "app/http/http_error.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace studio::http {

namespace {

constexpr std::array kScheduleSuffixes{"karras", "exponential", "polyexponential"};

std::string known(const std::vector<CatalogEntry>& rows)
{
    std::string names;
    for (const CatalogEntry& row : rows)
        names += (names.empty() ? "" : ", ") + row.label;
    return names;
}

/// What A1111 calls "Automatic" the engine resolves, with its own table.
std::string automaticSchedule(const Catalog& catalog)
{
    for (const char* id : {"automatic", "uniform"})
        if (findId(catalog.schedules, id))
            return id;
    return "model";
}

} // namespace

std::string folded(std::string_view name)
{
    std::string result;
    for (const char c : name) {
        if (c != ' ' && c != '-' && c != '_')
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return result;
}

std::optional<std::string> findId(const std::vector<CatalogEntry>& rows, std::string_view name)
{
    const std::string wanted = folded(name);
    const auto found = std::find_if(rows.begin(), rows.end(),
        [&](const CatalogEntry& row) { return folded(row.id) == wanted || folded(row.label) == wanted; });
    return found == rows.end() ? std::nullopt : std::optional(found->id);
}

SamplerChoice chooseSampler(const Catalog& catalog, const std::string& sampler, const std::string& scheduler,
    const std::string& samplerField, const std::string& scheduleField)
{
    std::string name = folded(sampler);
    std::string schedule = folded(scheduler);
    if (!findId(catalog.samplers, name)) {
        for (const std::string suffix : kScheduleSuffixes) {
            if (name.size() > suffix.size()
                && name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0) {
                name.resize(name.size() - suffix.size());
                schedule = schedule.empty() || schedule == "automatic" ? suffix : schedule;
                break;
            }
        }
    }
    const auto samplerId = findId(catalog.samplers, name);
    if (!samplerId)
        throw HttpError(kUnprocessable,
            samplerField + ": there is no sampler " + sampler + "; there are " + known(catalog.samplers)
                + ".",
            samplerField);
    if (schedule.empty() || schedule == "automatic")
        return {*samplerId, automaticSchedule(catalog)};
    const auto scheduleId = findId(catalog.schedules, schedule);
    if (!scheduleId)
        throw HttpError(kUnprocessable,
            scheduleField + ": there is no schedule " + scheduler + "; there are " + known(catalog.schedules)
                + ".",
            scheduleField);
    return {*samplerId, *scheduleId};
}

} // namespace studio::http
