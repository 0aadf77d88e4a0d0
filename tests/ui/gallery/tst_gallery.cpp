// The gallery as it is used, over a real store.
#include "ui/gallery/gallery_page.h"

#include "stored_takes.h"
#include "studio_under_test.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/gallery/comparison_bar.h"
#include "ui/gallery/gallery_grid.h"
#include "ui/gallery/take_commands.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/status_line.h"
#include "ui/panels/filmstrip.h"
#include "ui/panels/first_pass_note.h"
#include "ui/panels/mode_bar.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/calm_inputs.h"
#include "ui/widgets/notice.h"

#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using test::smallRequest;
using test::storeCutOffTake;
using test::storeTake;
using test::StudioUnderTest;
using test::waitUntil;

namespace {

constexpr int kPatience = 30000;

/// A window over a store with three takes of earlier sessions: "a lake", "a harbour", "a wood", the newest last.
struct Window {
    explicit Window(bool filled = true, std::chrono::milliseconds perStep = std::chrono::milliseconds(1))
        : studio(perStep)
    {
        place = studio.controller.takesFolder();
        if (filled) {
            for (const char* prompt : {"a lake", "a harbour", "a wood"})
                ids.push_back(storeTake(place, smallRequest(prompt, 40 + ids.size())));
        }
    }

    bool open()
    {
        window = std::make_unique<MainWindow>(studio.controller);
        window->resize(1440, 900);
        window->show();
        return QTest::qWaitForWindowExposed(window.get()) && studio.open() && settled();
    }

    bool settled() { return settledWith(static_cast<int>(ids.size())); }
    bool settledWith(int takes)
    {
        return waitUntil(
            [&] {
                return studio.controller.takes().rowCount() == takes
                    && !studio.controller.archive().isListing();
            },
            kPatience);
    }

    bool openGallery()
    {
        window->view().setFocus();
        QTest::keyClick(&window->view(), Qt::Key_G);
        return window->gallery() && window->gallery()->isVisible() && settled();
    }

    GalleryGrid& grid() { return window->gallery()->grid(); }
    TakeArchive& archive() { return studio.controller.archive(); }

    QStringList shown()
    {
        QStringList prompts;
        for (int row = 0; row < archive().found().rowCount(); ++row)
            prompts << toQt(archive().found().row(row).summary.prompt);
        return prompts;
    }

    void choose(int row, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        const QRect cell = grid().visualRect(archive().found().index(row));
        QTest::mouseClick(grid().viewport(), Qt::LeftButton, modifiers, cell.center());
    }

    void press(const QString& remedy)
    {
        QPushButton* found = nullptr;
        const bool offered = waitUntil(
            [&] {
                for (QPushButton* button : window->notice().findChildren<QPushButton*>())
                    found = button->text() == remedy && button->isVisible() ? button : found;
                return found != nullptr;
            },
            kPatience);
        QVERIFY2(offered, qPrintable(remedy));
        found->click();
    }

    StudioUnderTest studio;
    std::filesystem::path place;
    std::vector<std::string> ids;
    std::unique_ptr<MainWindow> window;
};

QStringList words(const char* first, const char* second = nullptr, const char* third = nullptr)
{
    QStringList all;
    for (const char* word : {first, second, third}) {
        if (word)
            all << QString::fromLatin1(word);
    }
    return all;
}

} // namespace

class TestGallery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFilmstripShowsEarlierSessions();
    void theGalleryOpensAndClosesByKey();
    void enterOpensATakeAsIfItHadJustBeenMade();
    void searchingNarrowsAndSaysIfNothingWasFound();
    void starsAreSetByKeyAndFiltered();
    void twoTakesAreCompared();
    void whatIsThrownAwayComesBackByUndo();
    void theTrashIsShownRestoredAndEmptied();
    void onlyTheSecondPassIsSaidAndLeft();
    void settingsAndSeedAreTakenOver();
    void aCutOffRunIsOfferedOnce();
    void anEmptyStoreSaysWhatWillBeThere();
    void commandsThatDoNotApplySayWhy();
};

void TestGallery::theFilmstripShowsEarlierSessions()
{
    Window w;
    QVERIFY(w.open());
    QVERIFY(w.window->filmstrip().isVisible());
    QCOMPARE(w.window->filmstrip().model()->rowCount(), 3);
    QVERIFY(w.window->view().layers().empty()); // and nothing is opened by itself
    w.window->filmstrip().setFocus();
    QTest::keyClick(&w.window->filmstrip(), Qt::Key_Right);
    QTRY_COMPARE_WITH_TIMEOUT(w.window->view().layers().size(), std::size_t{3}, kPatience);
    QVERIFY(w.window->take());
}

void TestGallery::theGalleryOpensAndClosesByKey()
{
    Window w;
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
    Window w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    QTest::keyClick(&w.grid(), Qt::Key_Home);
    QTest::keyClick(&w.grid(), Qt::Key_Right);
    QTest::keyClick(&w.grid(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(w.window->view().layers().size(), std::size_t{3}, kPatience);
    QVERIFY(!w.window->gallery()->isVisible());
    QCOMPARE(w.window->take()->plan.request.prompt, std::string("a harbour"));
    QVERIFY(w.window->actions()[Command::Save]->isEnabled());
    QCOMPARE(w.window->filmstrip().currentIndex().row(), 1);
}

void TestGallery::searchingNarrowsAndSaysIfNothingWasFound()
{
    Window w;
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
    Window w;
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
    QVERIFY(!test::openStore(w.place)->settings().folder.empty());
    const auto stored = test::openStore(w.place)->list({.text = {}, .trashed = false, .starredOnly = true});
    QVERIFY(std::get<std::vector<TakeSummary>>(stored).empty());
}

void TestGallery::twoTakesAreCompared()
{
    Window w;
    QVERIFY(w.open());
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
    QVERIFY(view.layers().empty()); // nothing was in sight before
}

void TestGallery::whatIsThrownAwayComesBackByUndo()
{
    Window w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    w.choose(0);
    w.choose(1, Qt::ControlModifier);
    QTest::keyClick(&w.grid(), Qt::Key_Delete);
    QTRY_COMPARE_WITH_TIMEOUT(w.shown(), words("a lake"), kPatience);
    QTRY_VERIFY(w.window->notice().isVisible());
    QCOMPARE(w.window->notice().title(), QStringLiteral("2 takes were moved to the trash"));
    w.press(QStringLiteral("Undo"));
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 3, kPatience);
    QVERIFY(!w.window->notice().isVisible());
    w.choose(0);
    QTest::keyClick(&w.grid(), Qt::Key_Delete);
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 2, kPatience);
    QTest::keyClick(&w.grid(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 3, kPatience);
    QVERIFY(!w.window->takeCommands()[TakeCommand::Undo]->isEnabled());
}

void TestGallery::theTrashIsShownRestoredAndEmptied()
{
    Window w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    w.choose(0);
    w.choose(1, Qt::ControlModifier);
    QTest::keyClick(&w.grid(), Qt::Key_Delete);
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 1, kPatience);
    w.window->gallery()->trash().click();
    QTRY_COMPARE_WITH_TIMEOUT(w.shown(), words("a wood", "a harbour"), kPatience);
    w.choose(1);
    QVERIFY(!w.window->takeCommands()[TakeCommand::Trash]->isEnabled());
    w.window->takeCommands()[TakeCommand::Restore]->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(w.shown(), words("a wood"), kPatience);
    w.window->takeCommands()[TakeCommand::EmptyTrash]->trigger();
    QVERIFY(w.window->notice().isVisible()); // asked before
    QCOMPARE(w.shown().size(), 1);
    w.press(QStringLiteral("Remove for good"));
    QTRY_COMPARE_WITH_TIMEOUT(w.window->gallery()->words(), QStringLiteral("The trash is empty"), kPatience);
    QVERIFY(!std::filesystem::exists(w.place / "trash" / w.ids[2]));
    QVERIFY(std::filesystem::exists(w.place / w.ids[1]));
}

void TestGallery::onlyTheSecondPassIsSaidAndLeft()
{
    Window w;
    QVERIFY(w.open());
    auto* note = w.window->findChild<FirstPassNote*>();
    QVERIFY(note && !note->isVisible());
    QVERIFY(w.openGallery());
    w.choose(2);
    QTest::keyClick(&w.grid(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    const StudioState& state = w.studio.controller.state();
    QTRY_VERIFY_WITH_TIMEOUT(!state.request().firstPass.empty(), kPatience);
    QVERIFY(state.request().firstPass.find(w.ids[0]) != std::string::npos);
    QVERIFY(state.request().mode == Mode::Hires);
    QVERIFY(note->isVisible());
    QVERIFY(note->sentence().contains(QStringLiteral("Only the second pass runs")));
    QTRY_COMPARE_WITH_TIMEOUT(w.window->view().layers().size(), std::size_t{3}, kPatience); // it is in sight
    w.window->modeBar().action(Mode::Standard)->trigger();
    QVERIFY(note->sentence().contains(QStringLiteral("does not begin at it")));
    w.window->modeBar().action(Mode::Hires)->trigger();
    note->findChild<QPushButton*>()->click();
    QVERIFY(state.request().firstPass.empty());
    QVERIFY(!note->isVisible());
    QCOMPARE(state.request().prompt, std::string("a lake")); // the settings stay
}

void TestGallery::settingsAndSeedAreTakenOver()
{
    Window w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    w.choose(1);
    QTest::keyClick(&w.grid(), Qt::Key_R, Qt::ControlModifier | Qt::AltModifier);
    const StudioState& state = w.studio.controller.state();
    QCOMPARE(state.request().seed.value_or(0), std::uint64_t{41});
    QVERIFY(state.request().prompt != "a harbour"); // the seed alone
    QTest::keyClick(&w.grid(), Qt::Key_R, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(state.request().prompt, std::string("a harbour"), kPatience);
    QCOMPARE(state.request().hires.rungs.front().steps, 8);
    QVERIFY(state.request().firstPass.empty());
}

void TestGallery::aCutOffRunIsOfferedOnce()
{
    Window w;
    storeCutOffTake(w.place, smallRequest("a tower", 9), 3);
    w.studio.folder.setAutoRemove(true);
    StudioServices services = StudioUnderTest::services(w.studio.engine, w.studio.folder.path());
    std::string goneOnWith;
    services.goOn = [&goneOnWith](std::shared_ptr<Engine>, const std::filesystem::path&,
                        const std::string& id, TakeListener) -> Outcome<Continuation> {
        goneOnWith = id;
        return Failure{ErrorKind::BadInput, "A model has changed since."};
    };
    const auto offered = [](MainWindow& window) {
        return window.notice().isVisible() && window.notice().title().contains(QStringLiteral("step 3 of 4"));
    };
    {
        StudioController controller(services);
        MainWindow window(controller);
        window.show();
        controller.openEngine();
        QVERIFY(waitUntil([&] { return offered(window); }, kPatience));
        QVERIFY(window.notice().sentence().contains(QStringLiteral("a tower")));
        for (QPushButton* button : window.notice().findChildren<QPushButton*>()) {
            if (button->text() == QLatin1String("Finish it"))
                button->click();
        }
        // A take that cannot be gone on with says so, where the offer was.
        QVERIFY(waitUntil([&] { return window.notice().sentence().contains(u"has changed"); }, kPatience));
        QVERIFY(!goneOnWith.empty());
        window.takeCommands().offerToFinish();
        window.notice().hide();
        QVERIFY(waitUntil([&] { return offered(window); }, kPatience));
        for (QPushButton* button : window.notice().findChildren<QPushButton*>()) {
            if (button->text() == QLatin1String("Not now") && button->isVisible())
                button->click();
        }
        QVERIFY(controller.settings().declinedTakes.contains(toQt(goneOnWith)));
        QVERIFY(controller.storeSettings());
    }
    StudioController next(services);
    MainWindow window(next);
    window.show();
    next.openEngine();
    QVERIFY(waitUntil([&] { return next.takes().rowCount() == 4; }, kPatience));
    QTest::qWait(200);
    QVERIFY(!offered(window));
    // The gallery still has it.
    window.takeCommands().setTargets({next.takes().row(0).summary});
    QVERIFY(window.takeCommands()[TakeCommand::FinishRun]->isEnabled());
}

void TestGallery::anEmptyStoreSaysWhatWillBeThere()
{
    Window w(/*filled=*/false);
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

void TestGallery::commandsThatDoNotApplySayWhy()
{
    Window w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    w.choose(0);
    const auto why = [&](TakeCommand command) {
        QAction* action = w.window->takeCommands()[command];
        return action->isEnabled() ? QString() : action->toolTip();
    };
    QVERIFY(why(TakeCommand::Open).isEmpty());
    QVERIFY(why(TakeCommand::SecondPass).isEmpty());
    QVERIFY(why(TakeCommand::Compare).contains(QStringLiteral("two takes")));
    QVERIFY(why(TakeCommand::FinishRun).contains(QStringLiteral("It is finished")));
    QVERIFY(why(TakeCommand::EmptyTrash).contains(QStringLiteral("empty")));
    std::filesystem::remove(w.place / w.ids[2] / "first_pass.safetensors");
    test::openStore(w.place)->star(w.ids[2], true);
    QTRY_VERIFY_WITH_TIMEOUT(why(TakeCommand::SecondPass).contains(QStringLiteral("not kept")), kPatience);
}

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
