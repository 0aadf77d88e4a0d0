// Numbers that are being typed: what may change them, and when they count.
#include "opened_window.h"
#include "ui/jobs/queue_runner.h"
#include "ui/main_window/dialogs.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/fold_group.h"

#include <QApplication>

using namespace studio;
using namespace studio::ui;

namespace {

/// A window whose number of steps is being typed: "4" stands there of "48".
struct Typing : studio::test::OpenedWindow {
    Typing()
    {
        window.panel(QStringLiteral("sampling"))->setOpen(true);
        steps = studio::test::numberNamed(window.panel(QStringLiteral("sampling")), QStringLiteral("Steps"));
        ready = ready && steps;
        if (!ready)
            return;
        QApplication::setActiveWindow(&window);
        steps->setFocus();
        steps->selectAll();
        QTest::keyClick(steps, Qt::Key_4);
        ready = steps->hasFocus() && steps->text() == QStringLiteral("4");
    }

    int asked() { return studio.controller.state().request().sampling.steps; }

    CalmSpinBox* steps = nullptr;
};

} // namespace

class TestTypedNumbers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void anAnswerOfTheEngineLeavesThemAlone();
    void aValueThatCameMeanwhileIsShownAfterwards();
    void generateTakesThem();
    void theQueueTakesThem();
    void closingTakesThem();
};

void TestTypedNumbers::anAnswerOfTheEngineLeavesThemAlone()
{
    Typing t;
    QVERIFY(t.ready);
    StudioState& state = t.studio.controller.state();
    state.setPlan(Plan(*state.plan()));
    state.change([](Request& r) { r.prompt = "changed elsewhere"; });
    QCOMPARE(t.steps->text(), QStringLiteral("4"));
    QTest::keyClick(t.steps, Qt::Key_8);
    QCOMPARE(t.steps->text(), QStringLiteral("48"));
    QTest::keyClick(t.steps, Qt::Key_Return);
    QCOMPARE(t.asked(), 48);
}

void TestTypedNumbers::aValueThatCameMeanwhileIsShownAfterwards()
{
    Typing t;
    QVERIFY(t.ready);
    const int before = t.asked();
    t.studio.controller.state().change([](Request& r) { r.sampling.steps = 17; });
    QCOMPARE(t.steps->text(), QStringLiteral("4"));
    // Given up: what stood there is typed again.
    t.steps->selectAll();
    QTest::keyClicks(t.steps, QString::number(before));
    t.window.promptPanel().prompt()->setFocus();
    QCOMPARE(t.asked(), 17);
    QCOMPARE(t.steps->text(), QStringLiteral("17"));
}

void TestTypedNumbers::generateTakesThem()
{
    Typing t;
    QVERIFY(t.ready);
    QTest::keyClick(t.steps, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(t.studio.controller.isRunning());
    QCOMPARE(t.asked(), 4);
    QVERIFY(t.studio.waitForEnd());
    QCOMPARE(t.window.take()->plan.request.sampling.steps, 4);
}

void TestTypedNumbers::theQueueTakesThem()
{
    Typing t;
    QVERIFY(t.ready);
    t.studio.controller.queue().setPaused(true);
    QTest::keyClick(t.steps, Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(t.studio.controller.queue().list().rowCount(), 1);
    QCOMPARE(t.studio.controller.queue().list().entries().front().request.sampling.steps, 4);
    QVERIFY(t.steps->hasFocus());
}

void TestTypedNumbers::closingTakesThem()
{
    Typing t;
    QVERIFY(t.ready);
    t.window.close();
    StudioController next(test::StudioUnderTest::services(t.studio.engine, t.studio.folder.path()));
    QCOMPARE(next.state().request().sampling.steps, 4);
}

QTEST_MAIN(TestTypedNumbers)
#include "tst_typed_numbers.moc"
