#include "core/weights/format/json_file.h"

#include "core/base/mapped_file.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>

#include <cmath>

namespace studio {

namespace {

constexpr std::size_t kMostBytes = 16 << 20;
constexpr int kMostDepth = 32;
constexpr std::int64_t kMostCount = 1 << 16;

bool isCount(const nlohmann::json& value)
{
    return value.is_number_integer() && value >= 1 && value <= kMostCount;
}

/// "unet/config.json": enough to find it by.
std::string shortPath(const std::filesystem::path& path)
{
    return (path.parent_path().filename() / path.filename()).string();
}

} // namespace

JsonFile::JsonFile(const std::filesystem::path& file)
    : m_path(file)
{
    const auto mapped = MappedFile::open(file);
    const std::string_view text(
        reinterpret_cast<const char*>(mapped->bytes().data()), mapped->bytes().size());
    if (text.size() > kMostBytes)
        throw Error(
            ErrorKind::FileCorrupt, fmt::format("{} is too large for a configuration.", shortPath(file)));
    const auto limitDepth = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        if (depth > kMostDepth)
            throw Error(ErrorKind::FileCorrupt,
                fmt::format("{} is nested too deeply for a configuration.", shortPath(file)));
        return true;
    };
    m_root = nlohmann::json::parse(text.begin(), text.end(), limitDepth, /*allow_exceptions=*/false);
    if (!m_root.is_object())
        throw Error(ErrorKind::FileCorrupt,
            fmt::format("{} is not a JSON object; download the model's folder again.", shortPath(file)));
}

const nlohmann::json& JsonFile::at(std::string_view field) const
{
    static const nlohmann::json kNull;
    const auto found = m_root.find(field);
    return found == m_root.end() ? kNull : *found;
}

bool JsonFile::has(std::string_view field) const
{
    return !at(field).is_null();
}

std::string JsonFile::text(std::string_view field, std::string_view absent) const
{
    if (!has(field))
        return std::string(absent);
    if (!at(field).is_string())
        fail(field, "a text");
    return at(field).get<std::string>();
}

bool JsonFile::flag(std::string_view field, bool absent) const
{
    if (!has(field))
        return absent;
    if (!at(field).is_boolean())
        fail(field, "true or false");
    return at(field).get<bool>();
}

double JsonFile::number(std::string_view field, double absent) const
{
    if (!has(field))
        return absent;
    if (!at(field).is_number() || !std::isfinite(at(field).get<double>()))
        fail(field, "a number");
    return at(field).get<double>();
}

std::int64_t JsonFile::count(std::string_view field, std::int64_t absent) const
{
    if (!has(field))
        return absent;
    if (!isCount(at(field)))
        fail(field, "a whole number from 1 to 65536");
    return at(field).get<std::int64_t>();
}

std::vector<std::int64_t> JsonFile::counts(
    std::string_view field, std::int64_t absent, std::size_t levels) const
{
    if (!has(field) || at(field).is_number())
        return std::vector<std::int64_t>(levels, count(field, absent));
    std::vector<std::int64_t> values = counts(field);
    if (values.size() != levels)
        fail(field, fmt::format("{} numbers, one a level", levels));
    return values;
}

std::vector<std::int64_t> JsonFile::counts(std::string_view field) const
{
    std::vector<std::int64_t> values;
    if (!at(field).is_array())
        fail(field, "a list of whole numbers");
    for (const nlohmann::json& value : at(field)) {
        if (!isCount(value))
            fail(field, "a list of whole numbers from 1 to 65536");
        values.push_back(value.get<std::int64_t>());
    }
    return values;
}

std::vector<std::string> JsonFile::texts(std::string_view field) const
{
    std::vector<std::string> values;
    if (!at(field).is_array())
        fail(field, "a list of texts");
    for (const nlohmann::json& value : at(field)) {
        if (!value.is_string())
            fail(field, "a list of texts");
        values.push_back(value.get<std::string>());
    }
    return values;
}

void JsonFile::fail(std::string_view field, std::string_view wanted) const
{
    throw Error(ErrorKind::FileCorrupt,
        fmt::format("{} of {} must be {}.", readable(field, 60), shortPath(m_path), wanted));
}

void JsonFile::unsupported(std::string_view what) const
{
    throw Error(ErrorKind::UnsupportedModel,
        fmt::format("{} asks for {}, which this program does not have.", shortPath(m_path), what));
}

} // namespace studio
