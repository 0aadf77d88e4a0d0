#pragma once

#include "core/api/picture.h"

#include <QPoint>
#include <QRect>
#include <QSize>

#include <vector>

namespace studio::ui {

struct SweepSetup;

/// How many cells a sheet has: groups of rows stand below one another, groups of columns side by side.
struct SheetGrid {
    int columns = 1; ///< of one group
    int rows = 1;    ///< of one group
    int rowGroups = 1;
    int columnGroups = 1;

    int cells() const { return columns * rows * rowGroups * columnGroups; }
    /// Column and row of a cell over all groups. Cells are counted as sweepRequests() orders them.
    QPoint placeOf(int cell) const;
    int cellAt(QPoint place) const;
};

SheetGrid sheetGrid(const SweepSetup& setup);

/// Room that the headings of a sheet take, in any unit.
struct SheetMargins {
    int top = 0;                 ///< for the columns' values
    int left = 0;                ///< for the rows' values
    int rowGroup = 0;            ///< above each group of rows, for the group's value
    int columnGroup = 0;         ///< above the columns' values, for those of the groups of columns
    int gap = 0;                 ///< between cells
    int betweenColumnGroups = 0; ///< beside `gap`
};

/// Where the parts of a contact sheet lie: cells of one size and of the pictures' shape, as large as the view allows.
struct SheetLayout {
    QSize cell;
    std::vector<QRect> cells;       ///< in the order of sweepRequests()
    std::vector<QRect> columnHeads; ///< of all groups
    std::vector<QRect> rowHeads;    ///< of all groups
    std::vector<QRect> rowGroupHeads;
    std::vector<QRect> columnGroupHeads;
    QSize size; ///< of the whole sheet
};

/// `shape`: of the pictures; not set: square. `leastCell`: the shorter side of a cell is at least this long, and the
/// sheet larger than the view if need be.
SheetLayout layOutSheet(
    QSize view, const SheetGrid& grid, Extent shape, const SheetMargins& margins, int leastCell);

/// The same around cells of a given size.
SheetLayout layOutSheet(QSize cell, const SheetGrid& grid, const SheetMargins& margins);

} // namespace studio::ui
