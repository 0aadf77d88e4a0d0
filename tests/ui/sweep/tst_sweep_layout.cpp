#include "ui/sweep/sweep_layout.h"

#include <QTest>

using namespace studio;
using namespace studio::ui;

namespace {

const SheetMargins kMargins{40, 100, 20, 2};

} // namespace

class TestSweepLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cellsFillTheViewWithoutOverlap_data();
    void cellsFillTheViewWithoutOverlap();
    void headingsStandByTheirCells();
    void manyCellsMakeTheSheetLargerThanTheView();
};

void TestSweepLayout::cellsFillTheViewWithoutOverlap_data()
{
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("groups");
    QTest::addColumn<Extent>("shape");
    QTest::newRow("square") << 3 << 2 << 1 << Extent{512, 512};
    QTest::newRow("wide") << 2 << 3 << 2 << Extent{832, 480};
    QTest::newRow("tall") << 4 << 1 << 1 << Extent{480, 832};
    QTest::newRow("unknown") << 1 << 1 << 1 << Extent{};
}

void TestSweepLayout::cellsFillTheViewWithoutOverlap()
{
    QFETCH(const int, columns);
    QFETCH(const int, rows);
    QFETCH(const int, groups);
    QFETCH(const Extent, shape);
    const QSize view(900, 700);
    const SheetLayout sheet = layOutSheet(view, columns, rows, groups, shape, kMargins, 20);
    QCOMPARE(static_cast<int>(sheet.cells.size()), columns * rows * groups);
    QVERIFY(sheet.size.width() <= view.width() && sheet.size.height() <= view.height());
    // One more pixel would not fit on the tighter side.
    const double aspect = shape.isSet() ? double(shape.width) / shape.height : 1.0;
    QVERIFY(std::abs(sheet.cell.width() - aspect * sheet.cell.height()) <= aspect + 1);
    QVERIFY(view.width() - sheet.size.width() < columns
        || view.height() - sheet.size.height() < rows * groups + 2);
    for (std::size_t i = 0; i < sheet.cells.size(); ++i) {
        QVERIFY(QRect(QPoint(0, 0), sheet.size).contains(sheet.cells[i]));
        for (std::size_t j = 0; j < i; ++j)
            QVERIFY(!sheet.cells[i].intersects(sheet.cells[j]));
    }
}

void TestSweepLayout::headingsStandByTheirCells()
{
    const SheetLayout sheet = layOutSheet(QSize(100, 80), 3, 2, 2, kMargins);
    QCOMPARE(sheet.columnHeads.size(), std::size_t{3});
    QCOMPARE(sheet.rowHeads.size(), std::size_t{4});
    QCOMPARE(sheet.groupHeads.size(), std::size_t{2});
    for (std::size_t i = 0; i < sheet.cells.size(); ++i) {
        const QRect& cell = sheet.cells[i];
        const QRect& column = sheet.columnHeads[i % 3];
        const QRect& row = sheet.rowHeads[i / 3];
        const QRect& group = sheet.groupHeads[i / 6];
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

void TestSweepLayout::manyCellsMakeTheSheetLargerThanTheView()
{
    const SheetLayout sheet = layOutSheet(QSize(300, 300), 10, 10, 1, {512, 512}, kMargins, 96);
    QCOMPARE(sheet.cell, QSize(96, 96));
    QVERIFY(sheet.size.width() > 900 && sheet.size.height() > 900);
}

QTEST_MAIN(TestSweepLayout)
#include "tst_sweep_layout.moc"
