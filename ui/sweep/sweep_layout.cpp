#include "ui/sweep/sweep_layout.h"

#include <algorithm>
#include <cmath>

namespace studio::ui {

SheetLayout layOutSheet(QSize cell, int columns, int rows, int groups, const SheetMargins& m)
{
    SheetLayout sheet;
    sheet.cell = cell;
    const auto x = [&](int column) { return m.left + column * (cell.width() + m.gap); };
    const int groupHeight = m.group + rows * (cell.height() + m.gap);
    const auto y = [&](int group, int row) {
        return m.top + group * groupHeight + m.group + row * (cell.height() + m.gap);
    };
    for (int column = 0; column < columns; ++column)
        sheet.columnHeads.emplace_back(x(column), 0, cell.width(), m.top);
    for (int group = 0; group < groups; ++group) {
        const int width = columns * (cell.width() + m.gap) - m.gap;
        if (m.group > 0)
            sheet.groupHeads.emplace_back(m.left, y(group, 0) - m.group, width, m.group);
        for (int row = 0; row < rows; ++row) {
            sheet.rowHeads.emplace_back(0, y(group, row), m.left, cell.height());
            for (int column = 0; column < columns; ++column)
                sheet.cells.emplace_back(QPoint(x(column), y(group, row)), cell);
        }
    }
    sheet.size = QSize(x(columns), y(groups - 1, rows));
    return sheet;
}

SheetLayout layOutSheet(
    QSize view, int columns, int rows, int groups, Extent shape, const SheetMargins& m, int leastCell)
{
    const double aspect = shape.isSet() ? static_cast<double>(shape.width) / shape.height : 1.0;
    const double width = static_cast<double>(view.width() - m.left) / columns - m.gap;
    const double height
        = static_cast<double>(view.height() - m.top - groups * m.group) / (groups * rows) - m.gap;
    const double least = leastCell * std::max(1.0, aspect); // as a width
    const double fitting = std::max(least, std::min(width, height * aspect));
    const QSize cell(static_cast<int>(std::floor(fitting)), static_cast<int>(std::floor(fitting / aspect)));
    return layOutSheet(cell, columns, rows, groups, m);
}

} // namespace studio::ui
