// The gallery as it is used, over a real store.
#include "gallery_window.h"
#include "ui/gallery/comparison_bar.h"
#include "ui/jobs/queue_runner.h"
#include "ui/panels/filmstrip.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/calm_inputs.h"

#include <QLineEdit>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using namespace studio::test;

class TestGallery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFilmstripShowsEarlierSessions();
    void theGalleryOpensAndClosesByKey();
    void enterOpensATakeAsIfItHadJustBeenMade();
    void searchingNarrowsAndSaysIfNothingWasFound();
    void starsAreSetByKeyAndFiltered();
    void twoTakesAreCompared();
    void theQueueLeavesAComparisonAlone();
    void anEmptyStoreSaysWhatWillBeThere();
};

void TestGallery::theFilmstripShowsEarlierSessions()
{
    GalleryWindow w;
    QVERIFY(w.open());
    QVERIFY(w.window->filmstrip().isVisible());
    QCOMPARE(w.window->filmstrip().model()->rowCount(), 3);
    // The last one is where one left off.
    QTRY_COMPARE_WITH_TIMEOUT(w.window->view().layers().size(), std::size_t{3}, kPatience);
    QCOMPARE(w.window->take()->plan.request.prompt, std::string("a wood"));
    QCOMPARE(w.window->filmstrip().currentIndex().row(), 0);
    QVERIFY(w.window->promptPanel().prompt()->hasFocus());
    w.window->filmstrip().setFocus();
    QTest::keyClick(&w.window->filmstrip(), Qt::Key_Right);
    QTRY_COMPARE_WITH_TIMEOUT(w.window->take()->plan.request.prompt, std::string("a harbour"), kPatience);
}

void TestGallery::theGalleryOpensAndClosesByKey()
{
    GalleryWindow w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    QVERIFY(!w.window->view().isVisible());
    QVERIFY(!w.window->filmstrip().isVisible());
    QVERIFY(w.grid().hasFocus());
    QCOMPARE(w.shown(), words("a wood", "a harbour", "a lake"));
    QVERIFY(w.window->actions()[Command::Gallery]->isChecked());
    QTest::keyClick(&w.grid(), Qt::Key_Escape);
    QVERIFY(!w.window->gallery()->isVisible());
    QVERIFY(w.window->view().isVisible() && w.window->view().hasFocus());
    QVERIFY(!w.window->actions()[Command::Gallery]->isChecked());
    // While one types, G is a letter.
    w.window->promptPanel().prompt()->setFocus();
    QTest::keyClicks(w.window->promptPanel().prompt(), QStringLiteral("G"));
    QVERIFY(!w.window->gallery()->isVisible());
}

void TestGallery::enterOpensATakeAsIfItHadJustBeenMade()
{
    GalleryWindow w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    QTest::keyClick(&w.grid(), Qt::Key_Home);
    QTest::keyClick(&w.grid(), Qt::Key_Right);
    QTest::keyClick(&w.grid(), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(
        w.window->take() && w.window->take()->plan.request.prompt == "a harbour", kPatience);
    QCOMPARE(w.window->view().layers().size(), std::size_t{3});
    QVERIFY(!w.window->gallery()->isVisible());
    QVERIFY(w.window->actions()[Command::Save]->isEnabled());
    QCOMPARE(w.window->filmstrip().currentIndex().row(), 1);
}

void TestGallery::searchingNarrowsAndSaysIfNothingWasFound()
{
    GalleryWindow w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    QTest::keyClick(&w.grid(), Qt::Key_F, Qt::ControlModifier);
    QVERIFY(w.window->gallery()->search().hasFocus());
    QTest::keyClicks(&w.window->gallery()->search(), QStringLiteral("HARBOUR"));
    QTRY_COMPARE_WITH_TIMEOUT(w.shown(), words("a harbour"), kPatience);
    QVERIFY(w.window->gallery()->words().isEmpty());
    QTest::keyClicks(&w.window->gallery()->search(), QStringLiteral("x"));
    QTRY_COMPARE_WITH_TIMEOUT(w.window->gallery()->words(), QStringLiteral("Nothing was found"), kPatience);
    w.window->gallery()->search().clear();
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 3, kPatience);
    w.window->gallery()->days().setCurrentIndex(2); // yesterday
    QTRY_COMPARE_WITH_TIMEOUT(w.window->gallery()->words(), QStringLiteral("Nothing was found"), kPatience);
    w.window->gallery()->days().setCurrentIndex(1); // today
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 3, kPatience);
}

void TestGallery::starsAreSetByKeyAndFiltered()
{
    GalleryWindow w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    w.choose(1);
    QTest::keyClick(&w.grid(), Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(w.archive().found().row(1).summary.starred, kPatience);
    const QVariant said = w.archive().found().data(w.archive().found().index(1), Qt::AccessibleTextRole);
    QVERIFY(said.toString().contains(QStringLiteral("starred")));
    w.window->gallery()->starredOnly().click();
    QTRY_COMPARE_WITH_TIMEOUT(w.shown(), words("a harbour"), kPatience);
    QCOMPARE(w.grid().selected().size(), std::size_t{1}); // still chosen
    QTest::keyClick(&w.grid(), Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(w.shown().isEmpty(), kPatience);
    const auto stored = test::openStore(w.place)->list({.text = {}, .trashed = false, .starredOnly = true});
    QVERIFY(std::get<std::vector<TakeSummary>>(stored).empty());
}

void TestGallery::twoTakesAreCompared()
{
    GalleryWindow w;
    QVERIFY(w.open());
    QTRY_VERIFY_WITH_TIMEOUT(w.window->take(), kPatience);
    QVERIFY(w.openGallery());
    w.choose(0);
    w.choose(2, Qt::ControlModifier);
    QCOMPARE(w.grid().selected().size(), std::size_t{2});
    QTest::keyClick(&w.grid(), Qt::Key_C);
    CompareView& view = w.window->view();
    QTRY_COMPARE_WITH_TIMEOUT(view.layers().size(), std::size_t{2}, kPatience);
    QVERIFY(view.isVisible() && w.window->comparison().isVisible());
    QVERIFY(view.layers()[0].label.contains(QStringLiteral("Seed 40"))); // the older one is A
    QVERIFY(view.layers()[1].label.contains(QStringLiteral("Seed 42")));
    QVERIFY((view.layers()[0].picture->size == Extent{128, 128}));
    QVERIFY(!w.window->actions()[Command::Save]->isEnabled()); // which one would it be?
    auto* first = w.window->comparison().findChildren<CalmComboBox*>().front();
    QCOMPARE(first->count(), 3); // its layers
    first->setFocus();
    first->setCurrentIndex(0);
    Q_EMIT first->activated(0);
    QTRY_VERIFY_WITH_TIMEOUT((view.layers()[0].picture->size == Extent{64, 64}), kPatience);
    QTest::keyClick(&view, Qt::Key_Escape);
    QVERIFY(!w.window->comparison().isVisible());
    QCOMPARE(view.layers().size(), std::size_t{3}); // the last take, which was in sight before
}

void TestGallery::theQueueLeavesAComparisonAlone()
{
    GalleryWindow w(/*filled=*/true, std::chrono::milliseconds(40));
    QVERIFY(w.open());
    QTRY_VERIFY_WITH_TIMEOUT(w.window->take(), kPatience);
    QVERIFY(w.openGallery());
    w.choose(0);
    w.choose(2, Qt::ControlModifier);
    QTest::keyClick(&w.grid(), Qt::Key_C);
    CompareView& view = w.window->view();
    QTRY_COMPARE_WITH_TIMEOUT(view.layers().size(), std::size_t{2}, kPatience);
    QVERIFY(w.window->actions()[Command::SaveSheet]->isEnabled());
    int previews = 0;
    connect(&w.studio.controller, &StudioController::previewed, this, [&] { ++previews; });
    w.studio.controller.queue().add(smallRequest("queued", 50), 9, SeedSeries::Next);
    QTRY_VERIFY_WITH_TIMEOUT(w.studio.engine->runs() > 1, kPatience); // one has ended, and the next goes on
    QTRY_VERIFY(previews > 0);
    QVERIFY(w.window->comparison().isVisible() && !view.isShowingPreview());
    QCOMPARE(view.layers().size(), std::size_t{2});
    // Esc leaves it, and stops nothing.
    QTest::keyClick(&view, Qt::Key_Escape);
    QVERIFY(!w.window->comparison().isVisible());
    QVERIFY(!w.studio.controller.isCancelling() && !w.studio.controller.queue().isPaused());
    QTest::keyClick(&view, Qt::Key_F11);
    QTRY_VERIFY(w.window->isFullScreen());
    QTest::keyClick(&view, Qt::Key_Escape);
    QTRY_VERIFY(!w.window->isFullScreen());
    QVERIFY(!w.window->actions()[Command::FullScreen]->isChecked());
    QVERIFY(!w.studio.controller.isCancelling());
    w.studio.controller.queue().setPaused(true);
    QVERIFY(w.studio.waitForEnd());
}

void TestGallery::anEmptyStoreSaysWhatWillBeThere()
{
    GalleryWindow w(/*filled=*/false);
    QVERIFY(w.open());
    QVERIFY(!w.window->filmstrip().isVisible());
    QVERIFY(w.openGallery());
    QCOMPARE(w.window->gallery()->words(), QStringLiteral("No takes yet"));
    storeTake(w.place, smallRequest("from another program", 1));
    QTest::keyClick(&w.grid(), Qt::Key_Escape);
    w.ids.push_back({});
    QVERIFY(w.openGallery()); // looks again
    QTRY_VERIFY_WITH_TIMEOUT(w.window->gallery()->words().isEmpty(), kPatience);
}

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
