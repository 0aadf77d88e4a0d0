#include "../main_window/opened_window.h"
#include "ui/compare/compare_bar.h"
#include "ui/compare/compare_view.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/take_archive.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/status_line.h"
#include "ui/main_window/sweep_commands.h"
#include "ui/sweep/sweep_axis_editor.h"
#include "ui/sweep/sweep_canvas.h"
#include "ui/sweep/sweep_dialog.h"
#include "ui/sweep/sweep_page.h"
#include "ui/sweep/sweep_picture.h"
#include "ui/theme/tokens.h"

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace studio;
using namespace studio::ui;
using studio::test::OpenedWindow;
using studio::test::waitUntil;

namespace {

constexpr int kPatience = 60000;

SweepSetup threeByTwo()
{
    Request request;
    request.mode = Mode::Hires;
    request.prompt = "a lake";
    request.seed = 7;
    request.sampling.steps = 2;
    request.hires.base = Extent{64, 64};
    request.hires.rungs.front().target = Extent{128, 128};
    return {request,
        {{findSweepAxis(QStringLiteral("strength")), {{0.2, {}}, {0.35, {}}, {0.5, {}}}},
            {findSweepAxis(QStringLiteral("steps")), {{10, {}}, {20, {}}}}}};
}

} // namespace

class TestSweepPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cellsFillAsTheyAreMade();
    void zoomAndPlaceAreOneForAllCells();
    void thePointIsMarkedInEveryCell();
    void aClickTakesTheSettingsOver();
    void theKeysDoEverything();
    void oneCellFillsTheView();
    void twoCellsOpenInTheComparison();
    void aFailedCellSaysWhyAndIsTriedAgain();
    void aCellTakenOutOfTheQueueCanBePutBack();
    void theSheetIsOnePictureWithItsValues();
    void theDialogCountsAndRefuses();
    void fourAxesAreChosenSeenAndWalkedThrough();
    void theZoomIsSaidAsItIsDrawn();
    void theWindowLeadsThereAndBack();

private:
    void fill();
    SweepPage& page() { return m_open->window.sweep().page(); }
    SweepCanvas& canvas() { return page().canvas(); }
    QPoint middleOf(int cell) { return canvas().cellArea(cell).center(); }

    std::unique_ptr<OpenedWindow> m_open;
};

void TestSweepPage::initTestCase()
{
    applyThemeOf({});
}

void TestSweepPage::init()
{
    m_open = std::make_unique<OpenedWindow>();
    QVERIFY(m_open->ready);
    m_open->window.run(Command::Sweep);
    QDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = m_open->window.findChild<SweepDialog*>()) != nullptr);
    Q_EMIT qobject_cast<SweepDialog*>(dialog)->wanted(threeByTwo());
    dialog->close();
    QVERIFY(page().isVisible() && !m_open->window.view().isVisible());
}

void TestSweepPage::cleanup()
{
    m_open.reset();
}

void TestSweepPage::fill()
{
    QVERIFY(waitUntil([&] { return page().run()->count(SweepState::Done) == 6; }, kPatience));
    QTest::qWait(50); // pyramids
    canvas().frame();
}

void TestSweepPage::cellsFillAsTheyAreMade()
{
    QCOMPARE(page().run()->count(SweepState::Done), 0);
    QVERIFY(page().headline().startsWith(QStringLiteral("0 of 6")));
    fill();
    QVERIFY(page().headline().startsWith(QStringLiteral("6 pictures")));
    QCOMPARE(m_open->studio.controller.takes().rowCount(), 6); // each is a take
    const double ratio = canvas().devicePixelRatioF();
    const QColor ground = tokensOf(canvas().palette()).canvas;
    for (int cell = 0; cell < 6; ++cell) {
        const QPoint at = (QPointF(middleOf(cell)) * ratio).toPoint();
        QVERIFY(canvas().frame().pixelColor(at) != ground);
    }
}

void TestSweepPage::zoomAndPlaceAreOneForAllCells()
{
    fill();
    const double before = canvas().scene().zoom();
    const QPoint at = canvas().cellArea(1).topLeft() + QPoint(20, 30);
    QWheelEvent turn(at, canvas().mapToGlobal(at), {}, QPoint(0, 480), Qt::NoButton, Qt::NoModifier,
        Qt::NoScrollPhase, false);
    QApplication::sendEvent(&canvas(), &turn);
    QVERIFY(canvas().scene().zoom() > before * 1.5);
    // The same pictures' same part: cells of one column differ in nothing that the landscape shows.
    const QImage& frame = canvas().frame();
    const QRect a = canvas().cellArea(0);
    for (int cell = 1; cell < 6; ++cell)
        QVERIFY(frame.copy(canvas().cellArea(cell)) == frame.copy(a));
    const QPointF centre = canvas().scene().centre();
    QTest::mousePress(&canvas(), Qt::LeftButton, {}, middleOf(0));
    QTest::mouseMove(&canvas(), middleOf(0) + QPoint(30, 0));
    QTest::mouseMove(&canvas(), middleOf(0) + QPoint(60, 0));
    const Request present = m_open->studio.controller.state().request();
    QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, middleOf(0) + QPoint(60, 0));
    QVERIFY(canvas().scene().centre().x() < centre.x());
    QVERIFY(m_open->studio.controller.state().request() == present); // moving is not choosing
}

void TestSweepPage::thePointIsMarkedInEveryCell()
{
    fill();
    const QImage before = canvas().grab().toImage();
    const QPoint inFirst = canvas().cellArea(0).topLeft() + QPoint(20, 25);
    QTest::mouseMove(&canvas(), inFirst);
    QTRY_VERIFY(canvas().probe().has_value());
    const QImage after = canvas().grab().toImage();
    for (int cell = 0; cell < 6; ++cell) {
        const QPoint mark = canvas().cellArea(cell).topLeft() + QPoint(20, 25);
        const QRect around(mark - QPoint(7, 7), QSize(15, 15));
        QVERIFY2(before.copy(around) != after.copy(around), qPrintable(QString::number(cell)));
    }
    canvas().setLoupe(true);
    const QImage magnified = canvas().grab().toImage();
    for (int cell = 0; cell < 6; ++cell) {
        const QRect corner(canvas().cellArea(cell).bottomRight() - QPoint(30, 30), QSize(30, 30));
        QVERIFY(magnified.copy(corner) != after.copy(corner));
    }
}

void TestSweepPage::aClickTakesTheSettingsOver()
{
    fill();
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, middleOf(5));
    const Request& request = m_open->studio.controller.state().request();
    QCOMPARE(request.hires.rungs.front().strength, 0.5);
    QCOMPARE(request.hires.rungs.front().steps, 20);
    QCOMPARE(request.seed.value_or(0), std::uint64_t{7});
    QVERIFY(request.firstPass.empty());
    const QString said = m_open->window.statusLine().message();
    QVERIFY2(said.contains(QStringLiteral("Strength 0.5")) && said.contains(QStringLiteral("Steps 20")),
        qPrintable(said));
}

void TestSweepPage::theKeysDoEverything()
{
    fill();
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_Right);
    QTest::keyClick(&canvas(), Qt::Key_Down);
    QCOMPARE(canvas().current(), 4);
    QTest::keyClick(&canvas(), Qt::Key_Up);
    QTest::keyClick(&canvas(), Qt::Key_Up); // stays at the edge
    QCOMPARE(canvas().current(), 1);
    QVERIFY(canvas().accessibleDescription().contains(QStringLiteral("Strength 0.35")));
    QTest::keyClick(&canvas(), Qt::Key_Return);
    QCOMPARE(m_open->studio.controller.state().request().hires.rungs.front().strength, 0.35);
    const double zoom = canvas().scene().zoom();
    QTest::keyClick(&canvas(), Qt::Key_Plus);
    QVERIFY(canvas().scene().zoom() > zoom);
    QTest::keyClick(&canvas(), Qt::Key_Z);
    QCOMPARE(canvas().scene().zoom(), 1.0);
    QTest::keyClick(&canvas(), Qt::Key_F);
    QCOMPARE(canvas().scene().zoom(), canvas().scene().fitZoom());
    QTest::keyClick(&canvas(), Qt::Key_6);
    QVERIFY(canvas().hasLoupe());
    QTest::keyClick(&canvas(), Qt::Key_0);
    QVERIFY(canvas().showsOne());
}

void TestSweepPage::oneCellFillsTheView()
{
    fill();
    const QSize small = canvas().cellArea(2).size();
    QTest::mouseDClick(&canvas(), Qt::LeftButton, {}, middleOf(2));
    QVERIFY(canvas().showsOne());
    QCOMPARE(canvas().current(), 2);
    QVERIFY(canvas().cellArea(2).width() > 2 * small.width());
    QVERIFY(canvas().cellArea(1).isEmpty());
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_Left); // to its neighbour, in the same place
    QCOMPARE(canvas().current(), 1);
    QVERIFY(!canvas().cellArea(1).isEmpty());
}

void TestSweepPage::twoCellsOpenInTheComparison()
{
    fill();
    QVERIFY(!page().compareButton().isEnabled());
    QTest::mouseClick(&canvas(), Qt::LeftButton, Qt::ControlModifier, middleOf(0));
    QTest::mouseClick(&canvas(), Qt::LeftButton, Qt::ControlModifier, middleOf(5));
    QVERIFY(canvas().marked() == (std::array{0, 5}));
    QVERIFY(page().compareButton().isEnabled());
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_C);
    CompareView& view = m_open->window.view();
    QVERIFY(view.isVisible() && !page().isVisible());
    QCOMPARE(view.layers().size(), std::size_t{2});
    QVERIFY(view.layers()[0].label.contains(QStringLiteral("Strength 0.2")));
    QVERIFY(view.layers()[1].picture == page().run()->cells()[5].picture);
    QVERIFY(!m_open->window.take());
    QVERIFY(m_open->window.actions()[Command::SaveSheet]->isEnabled());
    // Esc leads back to the sheet; behind it is the last take then.
    m_open->window.run(Command::Cancel);
    QVERIFY(page().isVisible() && !view.isVisible());
    QVERIFY(m_open->window.take());
}

void TestSweepPage::aFailedCellSaysWhyAndIsTriedAgain()
{
    m_open->studio.engine->failNext({ErrorKind::OutOfMemory, "It does not fit."});
    QVERIFY(waitUntil([&] { return page().run()->count(SweepState::Failed) == 1; }, kPatience));
    QVERIFY(waitUntil([&] { return page().run()->count(SweepState::Done) == 5; }, kPatience));
    int broken = 0;
    while (page().run()->cells()[static_cast<std::size_t>(broken)].state != SweepState::Failed)
        ++broken;
    QCOMPARE(page().run()->cells()[static_cast<std::size_t>(broken)].why, QStringLiteral("It does not fit."));
    QVERIFY(page().headline().contains(QStringLiteral("1 failed")));
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, middleOf(broken));
    fill();
}

void TestSweepPage::aCellTakenOutOfTheQueueCanBePutBack()
{
    QueueRunner& queue = m_open->studio.controller.queue();
    queue.setPaused(true);
    QVERIFY(waitUntil([&] { return !queue.isRunning(); }, kPatience));
    queue.clear();
    const int removed = page().run()->count(SweepState::Removed);
    QVERIFY(removed >= 4);
    for (int cell = 0; cell < 6; ++cell) {
        if (page().run()->cells()[static_cast<std::size_t>(cell)].state == SweepState::Removed)
            page().run()->tryAgain(cell);
    }
    QCOMPARE(page().run()->count(SweepState::Removed), 0);
    queue.setPaused(false);
    fill();
}

void TestSweepPage::theSheetIsOnePictureWithItsValues()
{
    fill();
    const SweepPictures parts = sweepPictures(*page().run(), m_open->studio.controller.state().catalog());
    const QImage sheet = makeSweepPicture(parts);
    QVERIFY(sheet.width() > 3 * 128 && sheet.height() > 2 * 128);
    QVERIFY(sheet.width() < 3 * 128 + 300);
    SweepPictures unlabelled = parts;
    for (SweepValue& value : unlabelled.setup.axes.front().values)
        value.number = 0.9;
    QVERIFY(makeSweepPicture(unlabelled) != sheet); // the values are written on it
    const QImage little = makeSweepPicture(parts, 6 * 64 * 64);
    QVERIFY(little.width() < sheet.width());
    SweepPictures none = parts;
    none.size = {};
    QVERIFY(makeSweepPicture(none).isNull());
}

void TestSweepPage::theDialogCountsAndRefuses()
{
    fill();
    m_open->window.run(Command::Sweep);
    SweepDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = m_open->window.findChild<SweepDialog*>()) && dialog->isVisible());
    QTRY_VERIFY(dialog->summary().contains(QStringLiteral("9 pictures")));
    QTRY_VERIFY(dialog->summary().contains(u'~')); // and how long they take
    QVERIFY(dialog->startButton().isEnabled());
    dialog->editors()[0]->numbers().setText(QStringLiteral("0.2 1.5"));
    QVERIFY(!dialog->startButton().isEnabled());
    QVERIFY(dialog->summary().contains(QStringLiteral("1.5")));
    dialog->editors()[0]->numbers().setText(QStringLiteral("0.2 x"));
    QVERIFY(!dialog->startButton().isEnabled());
    dialog->editors()[0]->numbers().setText(QStringLiteral("0.2 0.4"));
    dialog->editors()[1]->choose(QStringLiteral("sampler"));
    QListWidget& rows = dialog->editors()[1]->rows();
    QCOMPARE(rows.count(), 2);
    rows.item(1)->setCheckState(Qt::Unchecked);
    dialog->editors()[2]->choose(QStringLiteral("guidance"));
    QCOMPARE(dialog->setup().cells(), 2 * 1 * 3);
    QVERIFY(dialog->startButton().isEnabled());
    dialog->close();
}

void TestSweepPage::fourAxesAreChosenSeenAndWalkedThrough()
{
    fill();
    m_open->studio.controller.state().setRequest(threeByTwo().request);
    m_open->window.run(Command::Sweep);
    SweepDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = m_open->window.findChild<SweepDialog*>()) && dialog->isVisible());
    QCOMPARE(dialog->editors().size(), std::size_t{4});
    dialog->editors()[0]->numbers().setText(QStringLiteral("0.2 0.4"));
    dialog->editors()[1]->choose(QStringLiteral("upscaler"));
    dialog->editors()[2]->choose(QStringLiteral("steps"));
    dialog->editors()[2]->numbers().setText(QStringLiteral("4 8"));
    dialog->editors()[3]->choose(QStringLiteral("sampler"));
    QCOMPARE(dialog->setup().cells(), 2 * 1 * 2 * 2);
    QVERIFY(dialog->startButton().isEnabled());
    QTest::mouseClick(&dialog->startButton(), Qt::LeftButton);
    QVERIFY(waitUntil([&] { return page().run()->count(SweepState::Done) == 8; }, kPatience));
    QTRY_VERIFY(canvas().cellArea(4).left() > canvas().cellArea(1).right());
    QCOMPARE(canvas().cellArea(4).top(), canvas().cellArea(0).top());
    QCOMPARE(canvas().cellArea(2).left(), canvas().cellArea(0).left()); // the next group of rows
    canvas().setFocus();
    QTest::keyClick(&canvas(), Qt::Key_Right);
    QTest::keyClick(&canvas(), Qt::Key_Right); // over to the next group of columns
    QTest::keyClick(&canvas(), Qt::Key_Down);
    QCOMPARE(canvas().current(), 6);
    QVERIFY2(canvas().accessibleDescription().contains(
                 QStringLiteral("Strength 0.2 · Upscaler Lanczos · Steps 8 · Sampler DPM++ 2M")),
        qPrintable(canvas().accessibleDescription()));
    QTest::keyClick(&canvas(), Qt::Key_Return);
    const Rung rung = m_open->studio.controller.state().request().hires.rungs.front();
    QCOMPARE(rung.steps, 8);
    QCOMPARE(rung.sampler.value_or(""), std::string("dpmpp_2m"));
    QVERIFY(!makeSweepPicture(sweepPictures(*page().run(), m_open->studio.controller.state().catalog()))
                 .isNull());
}

void TestSweepPage::theZoomIsSaidAsItIsDrawn()
{
    const QLabel* zoom = nullptr;
    for (const QLabel* label : page().findChildren<QLabel*>()) {
        if (label->accessibleName() == QLatin1String("Zoom"))
            zoom = label;
    }
    QVERIFY(zoom);
    const auto drawn = [&] { return percentText(double(canvas().cellArea(0).width()) / 128); };
    // From the moment the size is known, before the first picture is there.
    QVERIFY(waitUntil([&] { return page().run()->size().isSet(); }, kPatience));
    QCOMPARE(zoom->text(), drawn());
    fill();
    QCOMPARE(zoom->text(), drawn());
    canvas().zoomStep(1);
    QVERIFY(zoom->text() != drawn());
    QCOMPARE(zoom->text(), percentText(canvas().scene().zoom()));
    QCOMPARE(percentText(10.39), QStringLiteral("1039 %")); // as wide as its field
}

void TestSweepPage::theWindowLeadsThereAndBack()
{
    MainWindow& window = m_open->window;
    window.run(Command::ContactSheet);
    QVERIFY(window.view().isVisible() && !page().isVisible());
    window.run(Command::ContactSheet);
    QVERIFY(page().isVisible());
    fill();
    window.run(Command::Generate); // what was asked for is what is seen
    QVERIFY(window.view().isVisible());
    QVERIFY(m_open->studio.waitForEnd());
}

QTEST_MAIN(TestSweepPage)
#include "tst_sweep_page.moc"
