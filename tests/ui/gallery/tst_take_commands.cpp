// What is done with takes: the trash, second passes, settings, runs that were cut off.
#include "gallery_window.h"
#include "ui/panels/first_pass_note.h"
#include "ui/panels/mode_bar.h"

#include <QFile>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using namespace studio::test;

class TestTakeCommands : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsThrownAwayComesBackByUndo();
    void aTakeThatIsRefusedKeepsNoneOfTheOthersFromUndo();
    void theTrashPromisesNoMoreThanItsRoom();
    void picturesThatOutgrowTheirRoomAreSaidOnce();
    void theTrashIsShownRestoredAndEmptied();
    void onlyTheSecondPassIsSaidAndLeft();
    void settingsAndSeedAreTakenOver();
    void aCutOffRunIsOfferedOnce();
    void commandsThatDoNotApplySayWhy();
    void aDamagedTakeCanBeThrownAway();
};

void TestTakeCommands::whatIsThrownAwayComesBackByUndo()
{
    GalleryWindow w;
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

void TestTakeCommands::aTakeThatIsRefusedKeepsNoneOfTheOthersFromUndo()
{
    GalleryWindow w;
    // Another program is making one.
    const std::shared_ptr<TakeStore> other = test::openStore(w.place);
    const std::unique_ptr<TakeRecorder> recorder = other->record();
    FakeEngine engine(std::chrono::milliseconds(0));
    recorder->planned(std::get<Plan>(engine.plan(smallRequest("a tower", 50))));
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 4, kPatience);

    w.grid().setFocus();
    QTest::keyClick(&w.grid(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(&w.grid(), Qt::Key_Delete);
    QTRY_COMPARE_WITH_TIMEOUT(w.shown(), words("a tower"), kPatience);
    const Notice& notice = w.window->notice();
    QTRY_VERIFY(notice.isVisible());
    QCOMPARE(notice.title(), QStringLiteral("3 takes were moved to the trash; one stays as it is"));
    QVERIFY(notice.sentence().contains(QStringLiteral("still being made")));
    w.press(QStringLiteral("Undo"));
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 4, kPatience);

    // Alone, it is refused with a title that speaks of it.
    w.choose(0);
    QTest::keyClick(&w.grid(), Qt::Key_Delete);
    QTRY_COMPARE_WITH_TIMEOUT(notice.title(), QStringLiteral("The take stays as it is"), kPatience);
    QVERIFY(!w.window->takeCommands()[TakeCommand::Undo]->isEnabled());
}

void TestTakeCommands::theTrashPromisesNoMoreThanItsRoom()
{
    GalleryWindow w;
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    const Notice& notice = w.window->notice();
    w.choose(0);
    QTest::keyClick(&w.grid(), Qt::Key_Delete);
    QTRY_VERIFY_WITH_TIMEOUT(notice.isVisible(), kPatience);
    QVERIFY(notice.sentence().startsWith(QStringLiteral("Nothing is lost")));
    w.press(QStringLiteral("Undo"));
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 3, kPatience);
    Settings settings = w.studio.controller.settings();
    settings.takesGigabytes = 1;
    w.studio.controller.setSettings(settings);
    w.choose(0);
    QTest::keyClick(&w.grid(), Qt::Key_Delete);
    QTRY_VERIFY_WITH_TIMEOUT(
        notice.isVisible() && notice.sentence().contains(u"outgrow the room"), kPatience);
}

void TestTakeCommands::picturesThatOutgrowTheirRoomAreSaidOnce()
{
    GalleryWindow w;
    // A store that holds more than the smallest room, in what may not be removed.
    const std::filesystem::path large = w.place / w.ids[0] / "large.png";
    QFile file(pathToQt(large));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.resize(1'200'000'000)); // takes no place on the disk
    file.close();
    w.studio.engine->keepReally = true;
    QVERIFY(w.open());
    Settings settings = w.studio.controller.settings();
    settings.takesGigabytes = 1;
    w.studio.controller.setSettings(settings);
    const Notice& notice = w.window->notice();
    const auto make = [&] {
        w.studio.controller.run(smallRequest("a boat", 60));
        QVERIFY(w.studio.waitForEnd());
    };
    make();
    QTRY_VERIFY_WITH_TIMEOUT(notice.isVisible(), kPatience);
    QCOMPARE(notice.title(), QStringLiteral("The takes have outgrown their room"));
    QVERIFY2(
        notice.sentence().startsWith(QStringLiteral("They hold 1.2 GB, and the settings give them 1.0 GB.")),
        qPrintable(notice.sentence()));
    w.window->notice().hide();
    make();
    QTest::qWait(300);
    QVERIFY(!notice.isVisible());
}

void TestTakeCommands::theTrashIsShownRestoredAndEmptied()
{
    GalleryWindow w;
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

void TestTakeCommands::onlyTheSecondPassIsSaidAndLeft()
{
    GalleryWindow w;
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

void TestTakeCommands::settingsAndSeedAreTakenOver()
{
    GalleryWindow w;
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

void TestTakeCommands::aCutOffRunIsOfferedOnce()
{
    GalleryWindow w;
    storeCutOffTake(w.place, smallRequest("a tower", 9), 3);
    w.studio.folder.setAutoRemove(true);
    StudioServices services = StudioUnderTest::services(w.studio.engine, w.studio.folder.path());
    services.queueFile += QStringLiteral(".second"); // the fixture's window keeps the other one
    std::string goneOnWith;
    services.goOn = [&goneOnWith](std::shared_ptr<Engine>, const TakeStoreSettings&, const std::string& id,
                        TakeListener) -> Outcome<Continuation> {
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

void TestTakeCommands::commandsThatDoNotApplySayWhy()
{
    GalleryWindow w;
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

void TestTakeCommands::aDamagedTakeCanBeThrownAway()
{
    GalleryWindow w;
    const std::filesystem::path damaged = w.place / w.ids[2];
    QFile record(toQt((damaged / "take.json").string()));
    QVERIFY(record.open(QIODevice::ReadWrite));
    const QByteArray newer = record.readAll().replace("\"version\": 2", "\"version\": 3");
    record.seek(0);
    record.write(newer);
    record.close();
    std::filesystem::remove(w.place / "index.sqlite"); // which knows it as it was
    w.ids.pop_back();                                  // the strip of takes to browse through leaves it out
    QVERIFY(w.open());
    QVERIFY(w.openGallery());
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 3, kPatience);
    // Its folder's name tells the second in which it was made, and no more: its place among the others may change.
    int at = 0;
    while (at < 2 && w.archive().found().row(at).summary.state != TakeState::Damaged)
        ++at;
    const TakeRow& row = w.archive().found().row(at);
    QVERIFY(row.summary.state == TakeState::Damaged && !row.summary.picture.empty());
    QCOMPARE(stateInWords(stateToShow(row.summary)), QStringLiteral("damaged"));
    const QString tip = w.archive().found().index(at).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("newer version")), qPrintable(tip));
    w.choose(at);
    for (const TakeCommand command : {TakeCommand::Open, TakeCommand::SecondPass, TakeCommand::FinishRun,
             TakeCommand::UseRecipe, TakeCommand::UseSeed, TakeCommand::Star}) {
        const QAction* action = w.window->takeCommands()[command];
        QVERIFY(!action->isEnabled() && action->toolTip().contains(QStringLiteral("damaged")));
    }
    QVERIFY(w.window->takeCommands()[TakeCommand::ShowFolder]->isEnabled());
    w.window->takeCommands()[TakeCommand::Trash]->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(w.shown(), words("a harbour", "a lake"), kPatience);
    QVERIFY(std::filesystem::exists(w.place / "trash" / damaged.filename() / "take.json"));
    w.press(QStringLiteral("Undo"));
    QTRY_COMPARE_WITH_TIMEOUT(w.shown().size(), 3, kPatience);
}

QTEST_MAIN(TestTakeCommands)
#include "tst_take_commands.moc"
