#pragma once

#include "core/api/picture.h"

#include <QRect>
#include <QSize>

#include <vector>

namespace studio::ui {

/// Room that the headings of a sheet take, in any unit.
struct SheetMargins {
    int top = 0;   ///< for the columns' values
    int left = 0;  ///< for the rows' values
    int group = 0; ///< above each group of rows, for the group's value
    int gap = 0;   ///< between cells
};

/// Where the parts of a contact sheet lie: cells of one size and of the pictures' shape, as large as the view allows.
struct SheetLayout {
    QSize cell;
    std::vector<QRect> cells; ///< column after column, row after row, group after group
    std::vector<QRect> columnHeads;
    std::vector<QRect> rowHeads; ///< of all groups
    std::vector<QRect> groupHeads;
    QSize size; ///< of the whole sheet
};

/// `shape`: of the pictures; not set: square. `leastCell`: the shorter side of a cell is at least this long, and the
/// sheet larger than the view if need be.
SheetLayout layOutSheet(
    QSize view, int columns, int rows, int groups, Extent shape, const SheetMargins& margins, int leastCell);

/// The same around cells of a given size.
SheetLayout layOutSheet(QSize cell, int columns, int rows, int groups, const SheetMargins& margins);

} // namespace studio::ui
