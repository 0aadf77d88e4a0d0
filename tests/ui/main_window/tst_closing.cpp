#include "opened_window.h"
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

QTEST_MAIN(TestClosing)
#include "tst_closing.moc"
