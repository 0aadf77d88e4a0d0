#include "ui/sweep/sweep_layout.h"

#include <QTest>

using namespace studio;
using namespace studio::ui;

namespace {

const SheetMargins kMargins{40, 100, 20, 0, 2, 0};
const SheetMargins kWithColumnGroups{40, 100, 20, 24, 2, 12};

} // namespace

class TestSweepLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cellsFillTheViewWithoutOverlap_data();
    void cellsFillTheViewWithoutOverlap();
    void headingsStandByTheirCells();
    void groupsOfColumnsStandSideBySide();
    void placesAndCellsAreOneToOne();
    void manyCellsMakeTheSheetLargerThanTheView();
};

void TestSweepLayout::cellsFillTheViewWithoutOverlap_data()
{
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("groups");
    QTest::addColumn<int>("columnGroups");
    QTest::addColumn<Extent>("shape");
    QTest::newRow("square") << 3 << 2 << 1 << 1 << Extent{512, 512};
    QTest::newRow("wide") << 2 << 3 << 2 << 1 << Extent{832, 480};
    QTest::newRow("tall") << 4 << 1 << 1 << 1 << Extent{480, 832};
    QTest::newRow("unknown") << 1 << 1 << 1 << 1 << Extent{};
    QTest::newRow("four axes") << 2 << 2 << 2 << 3 << Extent{512, 512};
}

void TestSweepLayout::cellsFillTheViewWithoutOverlap()
{
    QFETCH(const int, columns);
    QFETCH(const int, rows);
    QFETCH(const int, groups);
    QFETCH(const int, columnGroups);
    QFETCH(const Extent, shape);
    const QSize view(900, 700);
    const SheetLayout sheet = layOutSheet(view, {columns, rows, groups, columnGroups}, shape,
        columnGroups > 1 ? kWithColumnGroups : kMargins, 20);
    QCOMPARE(static_cast<int>(sheet.cells.size()), columns * rows * groups * columnGroups);
    QVERIFY(sheet.size.width() <= view.width() && sheet.size.height() <= view.height());
    // One more pixel would not fit on the tighter side.
    const double aspect = shape.isSet() ? double(shape.width) / shape.height : 1.0;
    QVERIFY(std::abs(sheet.cell.width() - aspect * sheet.cell.height()) <= aspect + 1);
    QVERIFY(view.width() - sheet.size.width() < columns * columnGroups
        || view.height() - sheet.size.height() < rows * groups + 2);
    for (std::size_t i = 0; i < sheet.cells.size(); ++i) {
        QVERIFY(QRect(QPoint(0, 0), sheet.size).contains(sheet.cells[i]));
        for (std::size_t j = 0; j < i; ++j)
            QVERIFY(!sheet.cells[i].intersects(sheet.cells[j]));
    }
}

void TestSweepLayout::headingsStandByTheirCells()
{
    const SheetLayout sheet = layOutSheet(QSize(100, 80), {3, 2, 2, 1}, kMargins);
    QCOMPARE(sheet.columnHeads.size(), std::size_t{3});
    QCOMPARE(sheet.rowHeads.size(), std::size_t{4});
    QCOMPARE(sheet.rowGroupHeads.size(), std::size_t{2});
    QVERIFY(sheet.columnGroupHeads.empty());
    for (std::size_t i = 0; i < sheet.cells.size(); ++i) {
        const QRect& cell = sheet.cells[i];
        const QRect& column = sheet.columnHeads[i % 3];
        const QRect& row = sheet.rowHeads[i / 3];
        const QRect& group = sheet.rowGroupHeads[i / 6];
        QCOMPARE(column.left(), cell.left());
        QCOMPARE(column.width(), cell.width());
        QVERIFY(column.bottom() < cell.top());
        QCOMPARE(row.top(), cell.top());
        QCOMPARE(row.height(), cell.height());
        QVERIFY(row.right() < cell.left());
        QVERIFY(group.bottom() < cell.top());
        QVERIFY(!group.intersects(cell) && !column.intersects(group));
    }
}

void TestSweepLayout::groupsOfColumnsStandSideBySide()
{
    const SheetGrid grid{3, 2, 2, 2};
    const SheetLayout sheet = layOutSheet(QSize(100, 80), grid, kWithColumnGroups);
    QCOMPARE(sheet.cells.size(), std::size_t{24});
    QCOMPARE(sheet.columnHeads.size(), std::size_t{6});
    QCOMPARE(sheet.rowHeads.size(), std::size_t{4}); // they stand once, at the left
    QCOMPARE(sheet.rowGroupHeads.size(), std::size_t{2});
    QCOMPARE(sheet.columnGroupHeads.size(), std::size_t{2});
    for (std::size_t i = 0; i < sheet.cells.size(); ++i) {
        const std::size_t group = i / 12;
        const QRect& cell = sheet.cells[i];
        const QRect& column = sheet.columnHeads[3 * group + i % 3];
        const QRect& head = sheet.columnGroupHeads[group];
        QCOMPARE(column.left(), cell.left());
        QCOMPARE(sheet.rowHeads[i / 3 % 4].top(), cell.top());
        QVERIFY(head.left() <= cell.left() && head.right() >= cell.right());
        QVERIFY(head.bottom() < column.top() && column.bottom() < cell.top());
        if (i >= 12) {
            QCOMPARE(cell.top(), sheet.cells[i - 12].top());
            QVERIFY(cell.left() > sheet.columnGroupHeads[0].right() + kWithColumnGroups.betweenColumnGroups);
        }
    }
}

void TestSweepLayout::placesAndCellsAreOneToOne()
{
    const SheetGrid grid{3, 2, 2, 2};
    QCOMPARE(grid.placeOf(0), QPoint(0, 0));
    QCOMPARE(grid.placeOf(4), QPoint(1, 1));
    QCOMPARE(grid.placeOf(6), QPoint(0, 2));  // the next group of rows
    QCOMPARE(grid.placeOf(12), QPoint(3, 0)); // the next group of columns
    for (int cell = 0; cell < grid.cells(); ++cell)
        QCOMPARE(grid.cellAt(grid.placeOf(cell)), cell);
}

void TestSweepLayout::manyCellsMakeTheSheetLargerThanTheView()
{
    const SheetLayout sheet = layOutSheet(QSize(300, 300), {10, 10, 1, 1}, {512, 512}, kMargins, 96);
    QCOMPARE(sheet.cell, QSize(96, 96));
    QVERIFY(sheet.size.width() > 900 && sheet.size.height() > 900);
}

QTEST_MAIN(TestSweepLayout)
#include "tst_sweep_layout.moc"
