#include "ui/models/sweep_file.h"

#include "core/api/log.h"
#include "core/api/request_json.h"
#include "ui/convert/strings.h"

#include <QFile>
#include <QSaveFile>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace studio::ui {

namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;

Json jsonOf(const SweepAxis& axis)
{
    Json values = Json::array();
    for (const SweepValue& value : axis.values)
        values.push_back(axis.info->table ? Json(value.id) : Json(value.number));
    return {{"id", axis.info->id}, {"values", values}};
}

/// Throws an exception that says what is wrong.
SweepAxis axisOf(const Json& json)
{
    SweepAxis axis{findSweepAxis(toQt(json.at("id").get<std::string>())), {}};
    if (!axis.info)
        throw std::runtime_error("there is no axis of this name");
    for (const Json& value : json.at("values"))
        axis.values.push_back(axis.info->table ? SweepValue{0.0, value.get<std::string>()}
                                               : SweepValue{value.get<double>(), {}});
    return axis;
}

StoredSweep sweepOf(const Json& json)
{
    if (json.at("version").get<int>() != kVersion)
        throw std::runtime_error("it is of another version");
    StoredSweep sweep;
    const Outcome<Request> request = requestFromJson(json.at("request").dump());
    if (const Failure* failure = failureOf(request))
        throw std::runtime_error(failure->detail);
    sweep.setup.request = std::get<Request>(request);
    for (const Json& axis : json.at("axes"))
        sweep.setup.axes.push_back(axisOf(axis));
    if (sweep.setup.axes.empty() || sweep.setup.axes.size() > kMostSweepAxes
        || !sweepFault(sweep.setup).isEmpty())
        throw std::runtime_error("its axes make no sheet");
    sweep.group = json.at("group").get<std::string>();
    sweep.takes = json.at("takes").get<std::set<std::string>>();
    return sweep;
}

bool isSame(const SweepValue& a, const SweepValue& b)
{
    return a.id == b.id && std::abs(a.number - b.number) < 1e-9;
}

} // namespace

bool writeSweep(const StoredSweep& sweep, const QString& path)
{
    if (path.isEmpty())
        return true;
    Json json{{"kind", "hires-studio sweep"}, {"version", kVersion}, {"group", sweep.group},
        {"takes", sweep.takes}, {"request", Json::parse(toJson(sweep.setup.request))},
        {"axes", Json::array()}};
    for (const SweepAxis& axis : sweep.setup.axes)
        json["axes"].push_back(jsonOf(axis));
    const std::string text = json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
    const auto size = static_cast<qint64>(text.size());
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text.data(), size) == size && file.commit();
}

std::optional<StoredSweep> readSweep(const QString& path)
{
    QFile file(path);
    if (path.isEmpty() || !file.open(QIODevice::ReadOnly))
        return std::nullopt;
    try {
        return sweepOf(Json::parse(file.readAll().toStdString()));
    } catch (const std::exception& error) {
        logWarning(
            "The sheet of the last sweep could not be opened again: " + std::string(error.what()) + ".");
        return std::nullopt;
    }
}

int sweepCellOf(const SweepSetup& setup, const Request& request)
{
    if (request.hires.rungs.empty())
        return -1;
    int cell = 0;
    int stride = 1;
    for (const SweepAxis& axis : setup.axes) {
        const SweepValue has = axis.info->read(request);
        const auto found = std::find_if(axis.values.begin(), axis.values.end(),
            [&](const SweepValue& value) { return isSame(value, has); });
        if (found == axis.values.end())
            return -1;
        cell += stride * static_cast<int>(found - axis.values.begin());
        stride *= static_cast<int>(axis.values.size());
    }
    return cell;
}

} // namespace studio::ui
