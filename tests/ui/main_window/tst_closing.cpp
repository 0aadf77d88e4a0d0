#include "opened_window.h"
#include "stored_takes.h"
#include "ui/convert/strings.h"
#include "ui/jobs/queue_runner.h"
#include "ui/main_window/dialogs.h"
#include "ui/panels/generate_footer.h"
#include "ui/widgets/notice_stack.h"
#include "ui/widgets/progress_button.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QTimer>

using namespace studio;
using namespace studio::ui;
using Opened = studio::test::OpenedWindow;

namespace {

constexpr int kPatience = 20000;

/// Waits for it: what is laid out anew comes into sight a moment later.
QPushButton* buttonNamed(const QWidget& parent, const char* start)
{
    const auto found = [&]() -> QPushButton* {
        for (QPushButton* button : parent.findChildren<QPushButton*>()) {
            if (button->text().startsWith(QLatin1String(start)) && button->isVisibleTo(&parent))
                return button;
        }
        return nullptr;
    };
    test::waitUntil([&] { return found() != nullptr; }, 5000);
    return found();
}

/// A window whose picture folder cannot be made: a file stands where it should be. Takes are not kept either.
struct FullDisk : Opened {
    explicit FullDisk(std::chrono::milliseconds perStep = std::chrono::milliseconds(1))
        : Opened(perStep)
    {
        const QString folder = studio.folder.filePath(QStringLiteral("out"));
        QDir(folder).removeRecursively();
        QFile file(folder);
        isFull = file.open(QIODevice::WriteOnly);
        studio.engine->notKept = Failure{ErrorKind::DiskFull, "The disk of the takes is full; make room."};
        studio.controller.state().change([](Request& r) { r.mode = Mode::Standard; });
    }

    bool generate()
    {
        QTest::mouseClick(window.footer().button(), Qt::LeftButton);
        return studio.waitForEnd()
            && test::waitUntil([&] { return !studio.controller.saver().isBusy(); }, kPatience);
    }
    Notice& notice(NoticeCause cause) const { return window.notices().of(cause); }
    QDialog* question() const { return window.findChild<QDialog*>(QStringLiteral("closingQuestion")); }
    QString elsewhere() const { return studio.folder.filePath(QStringLiteral("elsewhere")); }
    QStringList savedElsewhere() const { return QDir(elsewhere()).entryList(QDir::Files); }

    /// Presses `button` and chooses the folder in the dialog that opens, or closes that dialog.
    void pressAndChoose(QPushButton* button, bool accept = true)
    {
        QDir().mkpath(elsewhere());
        QTimer::singleShot(200, &window, [this, accept] {
            auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            if (!dialog)
                return;
            dialog->setDirectory(elsewhere());
            if (accept)
                static_cast<QDialog*>(dialog)->accept();
            else
                dialog->reject();
        });
        button->click();
    }

    bool isFull = false;
};

} // namespace

class TestClosing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyThemeOf({});
        QApplication::setQuitOnLastWindowClosed(false);
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    }
    void aWindowWithNothingToLoseClosesAtOnce();
    void bothMessagesOfAFullDiskStand();
    void aMessageGoesWhenItsPictureIsSavedByHand();
    void aFolderThatIsNotChosenLeavesTheMessage();
    void aWindowWithAnUnsavedPictureAsksBeforeItCloses();
    void aRunIsFinishedBeforeTheWindowCloses();
    void aRunIsStoppedOnlyIfThePersonSaysSo();
    void whatARunThatWasStoppedCouldNotKeepIsAskedAboutToo();
    void aPictureOfAKeptTakeIsNotAskedAbout();
    void aPictureThatNobodyWantedKeptIsAskedAbout();
    void aQueueThatIsNotKeptIsAskedAbout();
    void endedFromOutsideItAsksNothingAndLosesNothing();
    void endedFromOutsideItSavesWhatIsOnlyInMemory();
    void theEndOfTheSessionIsNotAskedAbout();
};

void TestClosing::aWindowWithNothingToLoseClosesAtOnce()
{
    Opened o;
    QVERIFY(o.ready);
    o.studio.controller.generate();
    QVERIFY(o.studio.waitForEnd());
    o.window.close(); // perhaps while the picture is still being written: then a moment later
    QTRY_VERIFY_WITH_TIMEOUT(!o.window.isVisible(), kPatience);
    QCOMPARE(o.studio.savedFiles().size(), 1);
}

void TestClosing::bothMessagesOfAFullDiskStand()
{
    FullDisk o;
    QVERIFY(o.ready && o.isFull && o.generate());
    QTRY_VERIFY(o.notice(NoticeCause::NotSaved).isVisible());
    QVERIFY(o.notice(NoticeCause::NotKept).isVisible());
    QVERIFY(buttonNamed(o.notice(NoticeCause::NotSaved), "Save elsewhere"));
    QVERIFY(buttonNamed(o.notice(NoticeCause::NotSaved), "Try again"));
    QVERIFY(buttonNamed(o.notice(NoticeCause::NotKept), "Choose another folder"));
    // A second picture is lost no more than the first.
    QVERIFY(o.generate());
    QTRY_VERIFY(o.notice(NoticeCause::NotSaved).title().startsWith(QStringLiteral("2 pictures")));
    o.pressAndChoose(buttonNamed(o.notice(NoticeCause::NotSaved), "Save elsewhere"));
    QTRY_COMPARE_WITH_TIMEOUT(o.savedElsewhere().size(), 2, kPatience);
    QTRY_VERIFY(!o.notice(NoticeCause::NotSaved).isVisible());
    QTRY_VERIFY(o.studio.controller.unsaved().onlyInMemory().empty());
}

void TestClosing::aMessageGoesWhenItsPictureIsSavedByHand()
{
    FullDisk o;
    QVERIFY(o.ready && o.isFull && o.generate());
    QTRY_VERIFY(o.notice(NoticeCause::NotSaved).isVisible());
    QFile::remove(o.studio.folder.filePath(QStringLiteral("out"))); // there is room again
    QTest::keyClick(&o.window, Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(o.studio.savedFiles().size(), 1, kPatience);
    QTRY_VERIFY(!o.notice(NoticeCause::NotSaved).isVisible());
    o.window.close();
    QTRY_VERIFY(!o.window.isVisible());
}

void TestClosing::aFolderThatIsNotChosenLeavesTheMessage()
{
    FullDisk o;
    QVERIFY(o.ready && o.isFull && o.generate());
    QTRY_VERIFY(o.notice(NoticeCause::NotSaved).isVisible());
    o.pressAndChoose(buttonNamed(o.notice(NoticeCause::NotSaved), "Save elsewhere"), false);
    QVERIFY(o.notice(NoticeCause::NotSaved).isVisible());
    buttonNamed(o.notice(NoticeCause::NotSaved), "Try again")->click();
    QTRY_VERIFY(!o.studio.controller.saver().isBusy());
    QTRY_VERIFY(o.notice(NoticeCause::NotSaved).isVisible());
}

void TestClosing::aWindowWithAnUnsavedPictureAsksBeforeItCloses()
{
    FullDisk o;
    QVERIFY(o.ready && o.isFull && o.generate());
    QVERIFY(!o.window.close());
    QTRY_VERIFY(o.question());
    buttonNamed(*o.question(), "Stay")->click();
    QTRY_VERIFY(!o.question());
    QVERIFY(o.window.isVisible());
    QVERIFY(!o.window.close());
    QTRY_VERIFY(o.question());
    QTest::keyClick(o.question(), Qt::Key_Escape);
    QTRY_VERIFY(!o.question());
    QVERIFY(o.window.isVisible());

    QVERIFY(!o.window.close());
    QTRY_VERIFY(o.question());
    o.pressAndChoose(buttonNamed(*o.question(), "Save elsewhere"));
    QTRY_VERIFY_WITH_TIMEOUT(!o.window.isVisible(), kPatience);
    QCOMPARE(o.savedElsewhere().size(), 1);

    FullDisk other;
    QVERIFY(other.ready && other.isFull && other.generate());
    QVERIFY(!other.window.close());
    QTRY_VERIFY(other.question());
    buttonNamed(*other.question(), "Discard")->click();
    QTRY_VERIFY(!other.window.isVisible());
}

void TestClosing::aRunIsFinishedBeforeTheWindowCloses()
{
    FullDisk o(std::chrono::milliseconds(20));
    QFile::remove(o.studio.folder.filePath(QStringLiteral("out")));
    o.studio.engine->notKept.reset();
    o.studio.controller.generate();
    QVERIFY(!o.window.close());
    QVERIFY(o.studio.controller.isRunning() && !o.studio.controller.isCancelling());
    QTRY_VERIFY(o.question());
    buttonNamed(*o.question(), "Finish it")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!o.window.isVisible(), kPatience);
    QVERIFY(o.window.take() && o.window.take()->ending == Ending::Finished);
    QCOMPARE(o.studio.savedFiles().size(), 1);
}

void TestClosing::aRunIsStoppedOnlyIfThePersonSaysSo()
{
    FullDisk o(std::chrono::milliseconds(20));
    QFile::remove(o.studio.folder.filePath(QStringLiteral("out")));
    o.studio.engine->notKept.reset();
    o.studio.controller.queue().add(o.studio.controller.state().request(), 2, SeedSeries::Next);
    QTRY_VERIFY(o.studio.controller.isRunning());
    QVERIFY(!o.window.close());
    QTRY_VERIFY(o.question());
    buttonNamed(*o.question(), "Stop it")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!o.window.isVisible(), kPatience);
    QVERIFY(!o.studio.controller.isRunning());
    QCOMPARE(o.studio.engine->runs(), 1);
    QCOMPARE(o.studio.controller.queue().list().rowCount(), 2); // both wait for the next start
}

void TestClosing::whatARunThatWasStoppedCouldNotKeepIsAskedAboutToo()
{
    FullDisk o(std::chrono::milliseconds(10));
    o.studio.controller.state().change([](Request& r) { r.mode = Mode::Hires; });
    bool asked = false;
    connect(&o.studio.controller, &StudioController::progressed, this, [&](const Progress& progress) {
        if (progress.stage != 5 || asked)
            return;
        asked = true;
        o.window.close();
    });
    o.studio.controller.generate();
    QTRY_VERIFY_WITH_TIMEOUT(o.question(), kPatience);
    buttonNamed(*o.question(), "Stop it")->click();
    QVERIFY(o.studio.waitForEnd());
    QTRY_VERIFY_WITH_TIMEOUT(o.question() && buttonNamed(*o.question(), "Discard"), kPatience);
    QVERIFY(o.window.isVisible());
}

void TestClosing::aPictureOfAKeptTakeIsNotAskedAbout()
{
    FullDisk o;
    QVERIFY(o.ready && o.isFull && o.generate());
    QCOMPARE(o.studio.controller.unsaved().onlyInMemory().size(), std::size_t{1});
    o.studio.controller.unsaved().takeKept(*o.window.take());
    QVERIFY(o.studio.controller.unsaved().onlyInMemory().empty());
    QCOMPARE(o.studio.controller.unsaved().refused().size(), std::size_t{1}); // its file is still missing
    o.window.close();
    QTRY_VERIFY(!o.window.isVisible());
}

void TestClosing::aPictureThatNobodyWantedKeptIsAskedAbout()
{
    FullDisk o;
    QFile::remove(o.studio.folder.filePath(QStringLiteral("out")));
    o.studio.engine->notKept.reset();
    Settings settings = o.studio.controller.settings();
    settings.keepTakes = false;
    settings.autoSave = AutoSave::Nothing;
    o.studio.controller.setSettings(settings);
    QVERIFY(o.ready && o.generate());
    QVERIFY(o.generate());
    QCOMPARE(o.studio.controller.unsaved().onlyInMemory().size(), std::size_t{2});
    QTest::keyClick(&o.window, Qt::Key_S, Qt::ControlModifier); // the one in sight, by hand
    QTRY_COMPARE_WITH_TIMEOUT(o.studio.savedFiles().size(), 1, kPatience);
    QTRY_COMPARE(o.studio.controller.unsaved().onlyInMemory().size(), std::size_t{1});
    QVERIFY(!o.window.close());
    QTRY_VERIFY(o.question());
    QStringList words;
    for (const QLabel* label : o.question()->findChildren<QLabel*>())
        words << label->text();
    QVERIFY2(words.join(u' ').contains(QStringLiteral("Takes are not kept")), qPrintable(words.join(u' ')));
    o.pressAndChoose(buttonNamed(*o.question(), "Save elsewhere"));
    QTRY_VERIFY_WITH_TIMEOUT(!o.window.isVisible(), kPatience);
    QCOMPARE(o.savedElsewhere().size(), 1);
}

void TestClosing::aQueueThatIsNotKeptIsAskedAbout()
{
    Opened first;
    QVERIFY(first.ready && first.studio.controller.queue().isKept());
    StudioController controller(
        test::StudioUnderTest::services(first.studio.engine, first.studio.folder.path()));
    MainWindow window(controller);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QueueRunner& queue = controller.queue();
    QVERIFY(!queue.isKept());
    queue.setPaused(true);
    queue.add(controller.state().request(), 2, SeedSeries::Next);
    const auto question = [&] { return window.findChild<QDialog*>(QStringLiteral("closingQuestion")); };
    QVERIFY(!window.close());
    QTRY_VERIFY(question());
    buttonNamed(*question(), "Stay")->click();
    QTRY_VERIFY(!question());
    QCOMPARE(queue.list().rowCount(), 2);
    QVERIFY(!window.close());
    QTRY_VERIFY(question());
    buttonNamed(*question(), "Discard")->click();
    QTRY_VERIFY(!window.isVisible());

    // While one runs, nobody says that the others wait for the next start.
    window.show();
    controller.openEngine();
    QTRY_VERIFY(controller.canGenerate());
    queue.add(controller.state().request(), 5, SeedSeries::Next);
    queue.setPaused(false);
    QVERIFY(queue.isRunning());
    QVERIFY(!window.close());
    QVERIFY(question());
    QStringList words;
    for (const QLabel* label : question()->findChildren<QLabel*>())
        words << label->text();
    QVERIFY2(words.join(u' ').contains(QStringLiteral("are lost")), qPrintable(words.join(u' ')));
    QVERIFY(!words.join(u' ').contains(QStringLiteral("next start")));
    buttonNamed(*question(), "Stop it")->click();
    QTRY_VERIFY_WITH_TIMEOUT(!window.isVisible(), kPatience); // it has been said
}

void TestClosing::endedFromOutsideItAsksNothingAndLosesNothing()
{
    Opened o(std::chrono::milliseconds(20));
    QVERIFY(o.ready);
    o.studio.engine->keepReally = true;
    StudioController& controller = o.studio.controller;
    controller.state().setRequest(test::smallRequest("a lake at the end", 7));
    controller.queue().add(controller.state().request(), 2, SeedSeries::Next);
    QueueList& list = controller.queue().list();
    QTRY_VERIFY_WITH_TIMEOUT(list.running() && !list.running()->take.empty(), kPatience);
    const std::string take = list.running()->take;
    o.window.close(); // asks
    QTRY_VERIFY(o.window.findChild<QDialog*>(QStringLiteral("closingQuestion")));
    o.window.closeUnasked();
    QTRY_VERIFY_WITH_TIMEOUT(!o.window.isVisible(), kPatience);
    QVERIFY(!controller.isRunning());
    QTRY_VERIFY(!o.window.findChild<QDialog*>(QStringLiteral("closingQuestion")));

    // As the next start finds it.
    const QTemporaryDir next;
    for (const char* file : {"settings.ini", "queue.json"})
        QVERIFY(
            QFile::copy(o.studio.folder.filePath(QLatin1String(file)), next.filePath(QLatin1String(file))));
    StudioController again(test::StudioUnderTest::services(o.studio.engine, next.path()));
    QCOMPARE(again.state().request().prompt, std::string("a lake at the end"));
    QCOMPARE(again.queue().list().count(QueueState::Waiting), 2);
    QCOMPARE(again.queue().list().entries().front().take, take);
    const auto resumed = test::openStore(controller.takesFolder())->goOn(take);
    QVERIFY(std::holds_alternative<UnfinishedRun>(resumed));
}

void TestClosing::endedFromOutsideItSavesWhatIsOnlyInMemory()
{
    FullDisk o;
    QVERIFY(o.ready && o.isFull && o.generate());
    QCOMPARE(o.studio.controller.unsaved().onlyInMemory().size(), std::size_t{1});
    QFile::remove(o.studio.folder.filePath(QStringLiteral("out"))); // there is room again
    o.window.closeUnasked();
    QTRY_VERIFY_WITH_TIMEOUT(!o.window.isVisible(), kPatience);
    QVERIFY(!o.question());
    QCOMPARE(o.studio.savedFiles().size(), 1);

    FullDisk full; // what cannot be written keeps nobody from closing
    QVERIFY(full.ready && full.isFull && full.generate());
    full.window.closeUnasked();
    QTRY_VERIFY_WITH_TIMEOUT(!full.window.isVisible(), kPatience);
    QVERIFY(!full.question());
}

void TestClosing::theEndOfTheSessionIsNotAskedAbout()
{
    Opened o(std::chrono::milliseconds(20));
    QVERIFY(o.ready);
    o.studio.controller.state().change([](Request& r) { r.prompt = "before the logout"; });
    o.studio.controller.generate();
    o.window.prepareForEnd();
    QVERIFY(loadSettings(o.studio.controller.services().settingsFile)
                .lastRequest.contains(QStringLiteral("before the logout")));
    QVERIFY(o.studio.controller.isRunning()); // it may still be called off
    o.window.close();
    QTRY_VERIFY_WITH_TIMEOUT(!o.window.isVisible(), kPatience);
    QVERIFY(!o.window.findChild<QDialog*>(QStringLiteral("closingQuestion")));
}

QTEST_MAIN(TestClosing)
#include "tst_closing.moc"
