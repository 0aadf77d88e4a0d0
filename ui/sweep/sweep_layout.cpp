#include "ui/sweep/sweep_layout.h"

#include "ui/models/sweep.h"

#include <algorithm>
#include <cmath>

namespace studio::ui {

QPoint SheetGrid::placeOf(int cell) const
{
    const int column = cell % columns;
    const int row = cell / columns % (rows * rowGroups);
    const int group = cell / (columns * rows * rowGroups);
    return {group * columns + column, row};
}

int SheetGrid::cellAt(QPoint place) const
{
    const int group = place.x() / columns;
    return (group * rows * rowGroups + place.y()) * columns + place.x() % columns;
}

SheetGrid sheetGrid(const SweepSetup& setup)
{
    return {setup.columns(), setup.rows(), setup.rowGroups(), setup.columnGroups()};
}

SheetLayout layOutSheet(QSize cell, const SheetGrid& grid, const SheetMargins& m)
{
    SheetLayout sheet;
    sheet.cell = cell;
    const int columnStep = cell.width() + m.gap;
    const int rowStep = cell.height() + m.gap;
    const auto x = [&](int column) {
        return m.left + column * columnStep + column / grid.columns * m.betweenColumnGroups;
    };
    const auto y
        = [&](int row) { return m.columnGroup + m.top + row * rowStep + (row / grid.rows + 1) * m.rowGroup; };
    const int columns = grid.columns * grid.columnGroups;
    const int rows = grid.rows * grid.rowGroups;
    const int right = x(columns - 1) + cell.width();
    for (int column = 0; column < columns; ++column)
        sheet.columnHeads.emplace_back(x(column), m.columnGroup, cell.width(), m.top);
    for (int row = 0; row < rows; ++row)
        sheet.rowHeads.emplace_back(0, y(row), m.left, cell.height());
    for (int group = 0; m.rowGroup > 0 && group < grid.rowGroups; ++group)
        sheet.rowGroupHeads.emplace_back(
            m.left, y(group * grid.rows) - m.rowGroup, right - m.left, m.rowGroup);
    for (int group = 0; m.columnGroup > 0 && group < grid.columnGroups; ++group)
        sheet.columnGroupHeads.emplace_back(
            x(group * grid.columns), 0, grid.columns * columnStep - m.gap, m.columnGroup);
    for (int i = 0; i < grid.cells(); ++i) {
        const QPoint place = grid.placeOf(i);
        sheet.cells.emplace_back(QPoint(x(place.x()), y(place.y())), cell);
    }
    sheet.size = QSize(right + m.gap, y(rows - 1) + rowStep);
    return sheet;
}

SheetLayout layOutSheet(QSize view, const SheetGrid& grid, Extent shape, const SheetMargins& m, int leastCell)
{
    const double aspect = shape.isSet() ? static_cast<double>(shape.width) / shape.height : 1.0;
    const int columns = grid.columns * grid.columnGroups;
    const int rows = grid.rows * grid.rowGroups;
    const int between = (grid.columnGroups - 1) * m.betweenColumnGroups;
    const double width = static_cast<double>(view.width() - m.left - between) / columns - m.gap;
    const int heads = m.columnGroup + m.top + grid.rowGroups * m.rowGroup;
    const double height = static_cast<double>(view.height() - heads) / rows - m.gap;
    const double least = leastCell * std::max(1.0, aspect); // as a width
    const double fitting = std::max(least, std::min(width, height * aspect));
    const QSize cell(static_cast<int>(std::floor(fitting)), static_cast<int>(std::floor(fitting / aspect)));
    return layOutSheet(cell, grid, m);
}

} // namespace studio::ui
