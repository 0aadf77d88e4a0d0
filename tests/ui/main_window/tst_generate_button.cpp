#include "opened_window.h"
#include "ui/convert/strings.h"
#include "ui/jobs/picture_series.h"
#include "ui/jobs/queue_runner.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/status_line.h"
#include "ui/panels/count_button.h"
#include "ui/panels/generate_footer.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/progress_button.h"

#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

using namespace studio;
using namespace studio::ui;
using Opened = studio::test::OpenedWindow;

namespace {

constexpr const char* kGone = "/models/gone.safetensors";

QPushButton* buttonNamed(const QWidget& parent, const char* text)
{
    for (QPushButton* button : parent.findChildren<QPushButton*>()) {
        if (button->text() == QString::fromUtf8(text) && button->isVisible())
            return button;
    }
    return nullptr;
}

void useGoneModel(Opened& o)
{
    o.studio.engine->loseModel(kGone);
    o.studio.controller.state().change([](Request& r) { r.models.base = kGone; });
}

} // namespace

/// Generate while the plan cannot run, and what the line above it promises.
class TestGenerateButton : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void aPlanThatCannotRunDisablesGenerateAndSaysWhy();
    void theBuiltInModelIsOnePressAway();
    void anotherCheckpointIsOnePressAway();
    void aFileThatIsBackIsFoundAgain();
    void aValueOutOfItsRangeIsNamed();
    void whatIsNotKnownGetsNoTick();
    void whatDoesNotFitHasOneRemedy();
    void aRunWhoseModelIsGoneOffersOthers();
    void asManyPicturesAsTheCountSays();
    void theKeyAddsToTheQueueDuringARun();
    void quittingEndsASeries();
};

void TestGenerateButton::aPlanThatCannotRunDisablesGenerateAndSaysWhy()
{
    Opened o;
    QVERIFY(o.ready);
    ProgressButton* generate = o.window.footer().button();
    QVERIFY(generate->isEnabled());
    useGoneModel(o);
    QTRY_VERIFY(!generate->isEnabled());
    const QString sentence = QStringLiteral("There is no file /models/gone.safetensors.");
    QCOMPARE(generate->toolTip(), sentence);
    QCOMPARE(generate->accessibleDescription(), sentence);
    QCOMPARE(o.window.footer().preflightText(), sentence);
    QTest::mouseClick(generate, Qt::LeftButton);
    QTest::keyClick(&o.window, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(!o.studio.controller.isRunning());
    QCOMPARE(o.studio.engine->runs(), 0);
}

void TestGenerateButton::theBuiltInModelIsOnePressAway()
{
    const QTemporaryDir folder;
    const auto engine = std::make_shared<test::FakeEngine>();
    StudioServices services = test::StudioUnderTest::services(engine, folder.path());
    services.demoModel = toPath(folder.path());
    StudioController controller(services);
    MainWindow window(controller);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    controller.openEngine();
    const char* const label = "Use the built-in model";
    QVERIFY(!buttonNamed(window.footer(), label));
    engine->loseModel(kGone);
    controller.state().change([](Request& r) { r.models.base = kGone; });
    QTRY_VERIFY(buttonNamed(window.footer(), label));
    QTest::mouseClick(buttonNamed(window.footer(), label), Qt::LeftButton);
    QVERIFY(controller.state().request().models == ModelChoice{});
    QTRY_VERIFY(window.footer().button()->isEnabled());
    QVERIFY(!buttonNamed(window.footer(), label));
}

void TestGenerateButton::anotherCheckpointIsOnePressAway()
{
    Opened o;
    QVERIFY(o.ready);
    useGoneModel(o);
    QTRY_VERIFY(buttonNamed(o.window.footer(), "Choose another checkpoint…"));
    QTest::mouseClick(buttonNamed(o.window.footer(), "Choose another checkpoint…"), Qt::LeftButton);
    QTRY_VERIFY(QApplication::activeModalWidget());
    QCOMPARE(QApplication::activeModalWidget()->windowTitle(), QStringLiteral("Open a checkpoint"));
    QApplication::activeModalWidget()->close();
}

void TestGenerateButton::aFileThatIsBackIsFoundAgain()
{
    Opened o;
    QVERIFY(o.ready);
    useGoneModel(o);
    QTRY_VERIFY(buttonNamed(o.window.footer(), "Look again"));
    o.studio.engine->loseModel({});
    QTest::mouseClick(buttonNamed(o.window.footer(), "Look again"), Qt::LeftButton);
    QTRY_VERIFY(o.window.footer().button()->isEnabled());
}

void TestGenerateButton::aValueOutOfItsRangeIsNamed()
{
    Opened o;
    QVERIFY(o.ready);
    o.studio.controller.state().change([](Request& r) { r.sampling.steps = 5000; });
    QTRY_VERIFY(!o.window.footer().button()->isEnabled());
    QVERIFY2(o.window.footer().preflightText().startsWith(QStringLiteral("Steps: ")),
        qPrintable(o.window.footer().preflightText()));
    QVERIFY(!buttonNamed(o.window.footer(), "Use the built-in model")); // it is not the model's fault
}

void TestGenerateButton::whatIsNotKnownGetsNoTick()
{
    Opened o;
    QVERIFY(o.ready);
    const auto sign = [&] {
        for (const QLabel* label : o.window.footer().findChildren<QLabel*>()) {
            if (label->isVisible() && !label->pixmap().isNull())
                return label->pixmap().toImage();
        }
        return QImage();
    };
    const Tokens& t = tokensOf(o.window.palette());
    const auto drawn = [&](const char* name, const QColor& ink) {
        return iconPixmap(QLatin1String(name), spacing::kIcon, ink, o.window.devicePixelRatioF()).toImage();
    };
    QCOMPARE(sign(), drawn("check", t.good)); // it fits
    o.studio.engine->setMemory(0, 8'000'000'000);
    o.studio.controller.planner().refresh();
    QTRY_VERIFY(o.window.footer().preflightText().contains(QStringLiteral("not known")));
    QCOMPARE(sign(), drawn("clock", t.secondary));
}

void TestGenerateButton::whatDoesNotFitHasOneRemedy()
{
    Opened o;
    QVERIFY(o.ready);
    o.studio.engine->setMemory(30'000'000'000, 8'000'000'000); // of 24 GB
    o.studio.engine->setWarnings(
        {"This can take up to 30 GB of memory, and the machine has 24 GB: choose a smaller size."});
    o.studio.controller.planner().refresh();
    QTRY_VERIFY(o.window.footer().preflightText().startsWith(QStringLiteral("Does not fit")));
    QCOMPARE(o.window.footer().adviceText().count(QStringLiteral("smaller size")), 1);
    o.studio.engine->setMemory(20'000'000'000, 8'000'000'000);
    o.studio.engine->setWarnings({});
    o.studio.controller.planner().refresh();
    QTRY_COMPARE(
        o.window.footer().adviceText(), QStringLiteral("Choose a smaller size, or close other programs."));
}

void TestGenerateButton::aRunWhoseModelIsGoneOffersOthers()
{
    Opened o;
    QVERIFY(o.ready);
    o.studio.controller.state().change([](Request& r) { r.models.base = kGone; });
    o.studio.engine->failNext({ErrorKind::FileMissing, "There is no file /models/gone.safetensors."});
    o.studio.controller.generate();
    QVERIFY(o.studio.waitForEnd());
    QTRY_VERIFY(buttonNamed(o.window.notice(), "Choose another checkpoint…"));
    QVERIFY(buttonNamed(o.window.notice(), "Try again"));
}

void TestGenerateButton::asManyPicturesAsTheCountSays()
{
    Opened o(std::chrono::milliseconds(20));
    QVERIFY(o.ready);
    o.studio.controller.state().change([](Request& r) {
        r.mode = Mode::Standard;
        r.sampling.steps = 5;
    });
    CountButton* count = o.window.footer().countButton();
    ProgressButton* generate = o.window.footer().button();
    const auto choose = [&](const QString& words) {
        Q_EMIT count->menu()->aboutToShow();
        for (QAction* action : count->menu()->actions()) {
            if (action->text() == words) {
                action->trigger();
                return true;
            }
        }
        return false;
    };
    QCOMPARE(count->text(), QStringLiteral("× 1"));
    QVERIFY(choose(QStringLiteral("× 2")));
    QCOMPARE(count->text(), QStringLiteral("× 2"));
    QCOMPARE(generate->text(), QStringLiteral("Generate × 2"));
    QTest::mouseClick(generate, Qt::LeftButton);
    QTRY_VERIFY2(generate->text().startsWith(QStringLiteral("Cancel 1 of 2")), qPrintable(generate->text()));
    QTRY_VERIFY_WITH_TIMEOUT(generate->text().startsWith(QStringLiteral("Cancel 2 of 2")), 20000);
    QTRY_COMPARE_WITH_TIMEOUT(generate->text(), QStringLiteral("Generate × 2"), 20000);
    QCOMPARE(o.studio.engine->runs(), 2);

    QVERIFY(choose(QStringLiteral("Until I stop")));
    QTest::keyClick(&o.window, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(test::waitUntil([&] { return o.studio.engine->runs() == 4; }, 20000));
    QVERIFY(choose(QStringLiteral("Stop after this picture")));
    QVERIFY(test::waitUntil([&] { return !o.studio.controller.series().isActive(); }, 20000));
    QCOMPARE(o.studio.engine->runs(), 4);
    QVERIFY(choose(QStringLiteral("× 1")));
}

void TestGenerateButton::theKeyAddsToTheQueueDuringARun()
{
    Opened o(std::chrono::milliseconds(10));
    QVERIFY(o.ready);
    const auto press = [&] { QTest::keyClick(&o.window, Qt::Key_Return, Qt::ControlModifier); };
    const QueueList& list = o.studio.controller.queue().list();
    press();
    QVERIFY(o.studio.controller.isRunning());
    QCOMPARE(list.entries().size(), std::size_t(0));
    press();
    QCOMPARE(o.window.statusLine().message(), QStringLiteral("Added: 1 waiting"));
    press();
    QCOMPARE(o.window.statusLine().message(), QStringLiteral("Added: 2 waiting"));
    QCOMPARE(list.entries().size(), std::size_t(2));
    QVERIFY(
        test::waitUntil([&] { return list.entries().empty() && !o.studio.controller.isRunning(); }, 60000));
    QCOMPARE(o.studio.engine->runs(), 3);
}

void TestGenerateButton::quittingEndsASeries()
{
    Opened o(std::chrono::milliseconds(20));
    QVERIFY(o.ready);
    o.studio.controller.state().change([](Request& r) {
        r.mode = Mode::Standard;
        r.sampling.steps = 20;
    });
    o.studio.controller.series().setWanted(PictureSeries::kUntilStopped);
    QTest::mouseClick(o.window.footer().button(), Qt::LeftButton);
    QVERIFY(o.studio.controller.isRunning());
    QVERIFY(!o.window.close()); // it asks
    auto* question = o.window.findChild<QDialog*>(QStringLiteral("closingQuestion"));
    QVERIFY(question && buttonNamed(*question, "Finish it, then quit"));
    QTest::mouseClick(buttonNamed(*question, "Finish it, then quit"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!o.window.isVisible(), 20000);
    QTest::qWait(300);
    QCOMPARE(o.studio.engine->runs(), 1);
}

QTEST_MAIN(TestGenerateButton)
#include "tst_generate_button.moc"
