// A run in the window: what is seen of it, and the way back to it.
#include "opened_window.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_readout.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/main_window/dialogs.h"
#include "ui/panels/comparison_numbers.h"
#include "ui/panels/filmstrip.h"
#include "ui/panels/generate_footer.h"
#include "ui/panels/mode_bar.h"
#include "ui/panels/plan_strip.h"
#include "ui/panels/prompt_panel.h"
#include "ui/panels/running_tile.h"
#include "ui/panels/take_panel.h"
#include "ui/widgets/progress_button.h"

#include <QAction>
#include <QLabel>

using namespace studio;
using namespace studio::ui;
using studio::test::waitUntil;

namespace {

constexpr std::chrono::milliseconds kSlow(6); // a step: there is time to click while it runs

struct Opened : studio::test::OpenedWindow {
    explicit Opened(std::chrono::milliseconds perStep = kSlow)
        : OpenedWindow(perStep)
    {
        if (ready)
            window.modeBar().action(Mode::Hires)->trigger();
    }

    void generate() { QTest::mouseClick(window.footer().button(), Qt::LeftButton); }
    bool previews()
    {
        return waitUntil([this] { return window.view().isShowingPreview(); }, 10000);
    }
    void clickTake(int row)
    {
        Filmstrip& strip = window.filmstrip();
        QTest::mouseClick(strip.viewport(), Qt::LeftButton, Qt::NoModifier,
            strip.visualRect(strip.model()->index(row, 0)).center());
    }
    QWidget& page() { return *window.findChild<QWidget*>(QStringLiteral("emptyPage")); }
    QList<QAbstractButton*> examples()
    {
        QList<QAbstractButton*> seen;
        for (auto* button : page().findChildren<QAbstractButton*>())
            if (button->isVisible())
                seen << button;
        return seen;
    }
};

} // namespace

class TestWindowRun : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void theCanvasKeepsItsSizeWhileTheFirstPictureIsMade();
    void aRunWithoutAPictureSaysWhatItDoesInsteadOfOfferingExamples();
    void anExampleChosenBeforeTheEngineIsThereStartsWithIt();
    void theRunIsInSightAndNoTakeIs();
    void itsTileLeadsBackToTheRun();
    void theStripOfStagesAndTheKeysLeadBackToTheRun();
    void aRunThatMadeNothingGivesTheTakeBack();
    void undoGoesBackToWhatThePictureWasMadeWith();
    void theNumbersStandInTheTakesPanel();
    void nothingIsMeasuredWhileAPreviewIsShown();
};

void TestWindowRun::theCanvasKeepsItsSizeWhileTheFirstPictureIsMade()
{
    Opened o;
    QVERIFY(o.ready);
    o.generate();
    QCoreApplication::processEvents();
    const QRect canvas = o.window.view().geometry();
    QVERIFY(o.window.runningTile().isVisible());
    QVERIFY(o.window.runningTile().isChecked());
    QList<QRect> seen;
    connect(&o.studio.controller, &StudioController::progressed, this, [&] {
        if (const QRect now = o.window.view().geometry(); now != canvas)
            seen << now;
    });
    QVERIFY(o.studio.waitForEnd());
    QTest::qWait(50);
    QVERIFY(seen.isEmpty());
    QCOMPARE(o.window.view().geometry(), canvas);
    QVERIFY(!o.window.runningTile().isVisible());
}

void TestWindowRun::aRunWithoutAPictureSaysWhatItDoesInsteadOfOfferingExamples()
{
    Opened o;
    QVERIFY(o.ready);
    QCOMPARE(o.examples().size(), 4);
    QTest::keyClicks(o.window.promptPanel().prompt(), QStringLiteral("my own words"));
    o.generate();
    QVERIFY(o.examples().isEmpty());
    QStringList words;
    for (const QLabel* label : o.page().findChildren<QLabel*>())
        if (label->isVisible())
            words << label->text();
    QVERIFY2(words.contains(QStringLiteral("The picture is being made")), qPrintable(words.join(u'\n')));
    QVERIFY(o.previews());
    QVERIFY(!o.page().isVisible());
    QTest::keyClick(&o.window, Qt::Key_Escape);
    QVERIFY(o.studio.waitForEnd());
    QCOMPARE(o.studio.controller.state().request().prompt, std::string("my own words"));
    if (o.window.view().layers().empty())
        QCOMPARE(o.examples().size(), 4);
}

void TestWindowRun::anExampleChosenBeforeTheEngineIsThereStartsWithIt()
{
    test::StudioUnderTest studio;
    MainWindow window(studio.controller);
    window.resize(1280, 800);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    auto* page = window.findChild<QWidget*>(QStringLiteral("emptyPage"));
    auto* example = page->findChildren<QAbstractButton*>().front();
    QTest::mouseClick(example, Qt::LeftButton);
    QVERIFY(!studio.controller.isRunning());
    QVERIFY(studio.open());
    QVERIFY(waitUntil([&] { return studio.engine->runs() == 1; }, 10000));
    QVERIFY(studio.waitForEnd());
}

void TestWindowRun::theRunIsInSightAndNoTakeIs()
{
    Opened o;
    QVERIFY(o.ready);
    o.generate();
    QVERIFY(o.studio.waitForEnd());
    const auto first = o.window.take();
    QVERIFY(first && o.window.filmstrip().currentIndex().isValid());
    o.generate();
    QVERIFY(o.window.runningTile().isVisible());
    QVERIFY(o.previews());
    QVERIFY(o.window.runningTile().isChecked());
    QVERIFY(!o.window.filmstrip().currentIndex().isValid());
    QVERIFY(!o.window.take());
    QVERIFY(!o.window.actions()[Command::Save]->isEnabled());
    QVERIFY(o.studio.waitForEnd());
    QVERIFY(o.window.take() && o.window.take() != first);
    QCOMPARE(o.window.filmstrip().currentIndex().row(), 0);
}

void TestWindowRun::itsTileLeadsBackToTheRun()
{
    Opened o;
    QVERIFY(o.ready);
    o.generate();
    QVERIFY(o.studio.waitForEnd());
    const auto first = o.window.take();
    o.generate();
    QVERIFY(o.previews());
    o.clickTake(0);
    QCOMPARE(o.window.take(), first);
    QVERIFY(!o.window.view().isShowingPreview() && !o.window.runningTile().isChecked());
    QTest::mouseClick(&o.window.runningTile(), Qt::LeftButton);
    QVERIFY(o.studio.controller.isRunning());
    QVERIFY(o.window.runningTile().isChecked() && o.window.view().isShowingPreview());
    QVERIFY(!o.window.filmstrip().currentIndex().isValid());
    QVERIFY(o.studio.waitForEnd());
    QVERIFY(o.window.take() && o.window.take() != first); // followed to its end
}

void TestWindowRun::theStripOfStagesAndTheKeysLeadBackToTheRun()
{
    Opened o;
    QVERIFY(o.ready);
    o.generate();
    QVERIFY(o.studio.waitForEnd());
    o.generate();
    QVERIFY(o.previews());
    o.clickTake(0);
    QVERIFY(!o.window.view().isShowingPreview());
    QTest::mouseClick(&o.window.planStrip(), Qt::LeftButton);
    QVERIFY(o.window.view().isShowingPreview());
    o.window.actions()[Command::NextTake]->trigger();
    QVERIFY(!o.window.view().isShowingPreview());
    o.window.actions()[Command::PreviousTake]->trigger();
    QVERIFY(o.window.view().isShowingPreview());
    QVERIFY(o.studio.waitForEnd());
}

void TestWindowRun::aRunThatMadeNothingGivesTheTakeBack()
{
    Opened o;
    QVERIFY(o.ready);
    o.generate();
    QVERIFY(o.studio.waitForEnd());
    const auto first = o.window.take();
    const std::size_t layers = o.window.view().layers().size();
    o.generate();
    QVERIFY(o.previews());
    QTest::keyClick(&o.window, Qt::Key_Escape);
    QVERIFY(o.studio.waitForEnd());
    QCOMPARE(o.window.take(), first);
    QCOMPARE(o.window.view().layers().size(), layers);
    QVERIFY(!o.window.view().isShowingPreview());
    QCOMPARE(o.window.filmstrip().currentIndex().row(), 0);
}

void TestWindowRun::undoGoesBackToWhatThePictureWasMadeWith()
{
    Opened o(std::chrono::milliseconds(1));
    QVERIFY(o.ready);
    PromptEdit* prompt = o.window.promptPanel().prompt();
    QTest::keyClicks(prompt, QStringLiteral("a lake"));
    QTest::keyClick(prompt, Qt::Key_Return, Qt::ControlModifier);
    QTest::keyClicks(prompt, QStringLiteral(" at dawn"));
    QTest::keyClick(prompt, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(prompt->toPlainText(), QStringLiteral("a lake"));
    QVERIFY(o.studio.waitForEnd());
}

void TestWindowRun::theNumbersStandInTheTakesPanel()
{
    Opened o(std::chrono::milliseconds(1));
    QVERIFY(o.ready);
    o.generate();
    QVERIFY(o.studio.waitForEnd());
    QTRY_VERIFY_WITH_TIMEOUT(o.window.view().metrics().has_value(), 20000);
    const ComparisonNumbers& numbers = o.window.takePanel().comparison();
    QVERIFY(numbers.isVisible());
    const QString similarity = QLocale().toString(*o.window.view().metrics()->similarity, 'f', 3);
    QVERIFY2(numbers.text().contains(similarity), qPrintable(numbers.text()));
    QVERIFY(numbers.text().contains(QStringLiteral("Difference")));
    o.window.modeBar().action(Mode::Standard)->trigger();
    o.generate();
    QVERIFY(o.studio.waitForEnd());
    QVERIFY(!o.window.takePanel().comparison().isVisible()); // one picture: nothing is compared
}

void TestWindowRun::nothingIsMeasuredWhileAPreviewIsShown()
{
    Opened o;
    QVERIFY(o.ready);
    o.generate();
    QVERIFY(o.studio.waitForEnd());
    o.generate();
    QVERIFY(o.previews());
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(&o.window.view().canvas(), &leave);
    QCOMPARE(o.window.findChild<CompareReadout*>()->metricsText(), QString());
    QVERIFY(o.studio.waitForEnd());
}

QTEST_MAIN(TestWindowRun)
#include "tst_window_run.moc"
