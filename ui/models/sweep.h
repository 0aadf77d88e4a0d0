#pragma once

#include "core/api/catalog.h"
#include "core/api/request.h"

#include <QLocale>
#include <QString>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace studio::ui {

/// One value of an axis: a number, or a row of one of the engine's tables.
struct SweepValue {
    double number = 0.0;
    std::string id;

    bool operator==(const SweepValue&) const = default;
};

/// A setting of the second pass that a sweep may vary. One row in the table of sweep.cpp.
struct SweepAxisInfo {
    const char* id = "";
    const char* title = ""; ///< to be translated in studio::ui::Sweep
    /// Of the engine's tables, what is chosen from; null: it is a number.
    std::vector<CatalogEntry> Catalog::*table = nullptr;
    double least = 0.0;
    double most = 1.0;
    bool whole = false;                          ///< whole numbers alone
    double (*mostFor)(const Request&) = nullptr; ///< if `most` depends on the request
    std::vector<double> (*proposal)(double present, double most) = nullptr; ///< of a number
    SweepValue (*read)(const Request&) = nullptr;
    void (*write)(Rung&, const SweepValue&) = nullptr;
};

std::span<const SweepAxisInfo> sweepAxes();
/// The largest number an axis may have for a request.
double mostOf(const SweepAxisInfo& info, const Request& request);
const SweepAxisInfo* findSweepAxis(const QString& id);

struct SweepAxis {
    const SweepAxisInfo* info = nullptr;
    std::vector<SweepValue> values;
};

constexpr std::size_t kMostSweepAxes = 4;

/// Columns, rows, groups of rows, and groups of columns, as many of them as there are axes (1 to 4).
struct SweepSetup {
    Request request; ///< a hires fix, with its seed, and its stored first pass if there is one
    std::vector<SweepAxis> axes;

    int columns() const { return count(0); }
    int rows() const { return count(1); }
    int rowGroups() const { return count(2); }
    int columnGroups() const { return count(3); }
    int cells() const { return columns() * rows() * rowGroups() * columnGroups(); }

private:
    int count(std::size_t axis) const
    {
        return axis < axes.size() ? static_cast<int>(axes[axis].values.size()) : 1;
    }
};

constexpr int kMostSweepCells = 100;

/// The request of each cell: column after column, row after row, group of rows after group, and all that for one group
/// of columns after the other. Every rung of the second pass
/// takes the cell's values.
std::vector<Request> sweepRequests(const SweepSetup& setup);

/// What cannot be run, as a sentence; empty: nothing.
QString sweepFault(const SweepSetup& setup);

/// Reads numbers that blanks, semicolons or commas part; where the comma is the decimal sign, a comma within a number is
/// one. In their order, doubles left out. Nothing, if a piece is no number.
std::optional<std::vector<double>> numbersIn(const QString& text, const QLocale& locale = QLocale());

QString sweepAxisTitle(const SweepAxisInfo& info);
/// "0.35", "DPM++ 2M"
QString sweepValueWords(const SweepAxisInfo& info, const SweepValue& value, const Catalog& catalog);

/// The request a sweep starts from: the second pass of `request`, as a hires fix with a seed of its own if it has none.
Request sweepStart(Request request);

} // namespace studio::ui
