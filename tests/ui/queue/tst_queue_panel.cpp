// The queue as it is used: buttons, keys, the mouse, and what the window says about it.
#include "../main_window/opened_window.h"
#include "ui/jobs/queue_runner.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/queue_commands.h"
#include "ui/main_window/status_line.h"
#include "ui/models/take_list.h"
#include "ui/panels/generate_footer.h"
#include "ui/queue/queue_line.h"
#include "ui/queue/queue_panel.h"
#include "ui/queue/queue_view.h"
#include "ui/queue/queue_words.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/progress_button.h"

#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using studio::test::numberNamed;
using studio::test::OpenedWindow;
using studio::test::waitUntil;

namespace {

constexpr int kPatience = 60000;

Request quick(const char* prompt)
{
    Request request;
    request.prompt = prompt;
    request.seed = 7;
    request.mode = Mode::Standard;
    request.standard.size = Extent{64, 64};
    request.sampling.steps = 4;
    return request;
}

} // namespace

class TestQueuePanel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void init();
    void cleanup() { m_open.reset(); }
    void theKeysAddWhatTheControlsSayWhileARunGoesOn();
    void severalAreAddedAtOnce();
    void whatCannotRunIsNotAdded();
    void keysMoveEditAndRemove();
    void theSignsOfARowActOnIt();
    void draggingIsAllowedForWhatWaits();
    void clearingCanBeUndone();
    void pauseAndGoOnAreSaidEverywhere();
    void whatFailedAloneIsNoPausedQueue();
    void oneIsSaidInTheSingular();
    void theSummaryIsReadWhole();
    void linesNameWhatTheirSecondPassDoes();
    void titleAndTabCount();
    void aFailureStaysInTheQueueAlone();
    void anOlderTakeIsNotPushedAside();
    void everyButtonHasANameAndTakesTheFocus();

private:
    void fill(); ///< three that wait, paused
    QueueRunner& queue() { return m_open->studio.controller.queue(); }
    QueuePanel& panel() { return m_open->window.queue().panel(); }
    QueueLine& line() { return m_open->window.queue().line(); }
    QString prompts();

    std::unique_ptr<OpenedWindow> m_open;
};

void TestQueuePanel::init()
{
    m_open = std::make_unique<OpenedWindow>(std::chrono::milliseconds(5));
    QVERIFY(m_open->ready);
    m_open->studio.controller.state().setRequest(quick("now"));
    m_open->window.run(Command::FocusQueue);
}

void TestQueuePanel::fill()
{
    queue().setPaused(true);
    for (const char* prompt : {"a", "b", "c"})
        queue().add(quick(prompt), 1, SeedSeries::Next);
    QTest::qWait(20);
}

QString TestQueuePanel::prompts()
{
    QString all;
    for (const QueueEntry& entry : queue().list().entries())
        all += QString::fromStdString(entry.request.prompt);
    return all;
}

void TestQueuePanel::theKeysAddWhatTheControlsSayWhileARunGoesOn()
{
    QTest::keyClick(&m_open->window, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_open->studio.controller.isRunning());
    m_open->studio.controller.state().setRequest(quick("later"));
    QTest::keyClick(&m_open->window, Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(prompts(), QStringLiteral("later"));
    QVERIFY(m_open->window.statusLine().message().contains(QStringLiteral("added")));
    QVERIFY(line().isVisible());
    QVERIFY(waitUntil([&] { return m_open->studio.controller.takes().rowCount() == 2; }, kPatience));
    QVERIFY(!line().isVisible()); // nothing is left to say
}

void TestQueuePanel::severalAreAddedAtOnce()
{
    queue().setPaused(true);
    numberNamed(&panel(), QStringLiteral("Pictures to add"))->setValue(4);
    QToolButton* add = m_open->window.footer().queueButton();
    QVERIFY(add->text().contains(u'4') && add->accessibleName().contains(u'4'));
    add->click();
    QCOMPARE(queue().list().rowCount(), 4);
    QCOMPARE(queue().list().entries().back().request.seed.value_or(0), std::uint64_t{10});
    QCOMPARE(m_open->studio.controller.settings().queueCount, 4); // kept for the next start
    QTRY_VERIFY(panel().summary().startsWith(QStringLiteral("4 left")));
    QTRY_VERIFY(panel().summary().contains(u'~'));
}

void TestQueuePanel::whatCannotRunIsNotAdded()
{
    m_open->studio.controller.state().change([](Request& r) { r.sampling.steps = 5000; });
    QTRY_VERIFY(!m_open->window.footer().queueButton()->isEnabled());
    QVERIFY(!m_open->window.footer().queueButton()->toolTip().isEmpty()); // and says why
    m_open->window.run(Command::AddToQueue);
    QCOMPARE(queue().list().rowCount(), 0);
    QVERIFY(m_open->window.statusLine().message().contains(QStringLiteral("cannot run")));
}

void TestQueuePanel::keysMoveEditAndRemove()
{
    fill();
    QueueView& view = panel().view();
    view.setFocus();
    view.choose(queue().list().entries()[2].id);
    QTest::keyClick(&view, Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(prompts(), QStringLiteral("acb"));
    QTest::keyClick(&view, Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(prompts(), QStringLiteral("abc"));
    QTest::keyClick(&view, Qt::Key_Up); // the one before
    QTest::keyClick(&view, Qt::Key_Delete);
    QCOMPARE(prompts(), QStringLiteral("ac"));
    view.choose(queue().list().entries()[0].id);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(prompts(), QStringLiteral("c"));
    QCOMPARE(m_open->studio.controller.state().request().prompt, std::string("a"));
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("Ctrl+Up")));
}

void TestQueuePanel::theSignsOfARowActOnIt()
{
    fill();
    queue().list().setFailed(queue().list().entries()[1].id, {ErrorKind::OutOfMemory, "It does not fit."});
    QueueView& view = panel().view();
    QTest::qWait(50);
    const auto* delegate = qobject_cast<QueueDelegate*>(view.itemDelegate());
    const QRect broken = view.visualRect(queue().list().index(1));
    QVERIFY(broken.height() > view.visualRect(queue().list().index(0)).height());
    const QPoint again = delegate->tryAgainArea(broken, queue().list().entries()[1], view.font()).center();
    QVERIFY(broken.contains(again));
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, again);
    QVERIFY(queue().list().entries()[1].state == QueueState::Waiting);
    const QRect first = view.visualRect(queue().list().index(0));
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, delegate->removeArea(first).center());
    QCOMPARE(prompts(), QStringLiteral("bc"));
}

void TestQueuePanel::draggingIsAllowedForWhatWaits()
{
    fill();
    QCOMPARE(panel().view().dragDropMode(), QAbstractItemView::InternalMove);
    QVERIFY(panel().view().dragEnabled() && panel().view().acceptDrops());
}

void TestQueuePanel::clearingCanBeUndone()
{
    fill();
    const auto buttonNamed = [&](const QString& name) -> QAbstractButton* {
        for (QAbstractButton* button : panel().findChildren<QAbstractButton*>()) {
            if (button->accessibleName() == name || button->text() == name)
                return button;
        }
        return nullptr;
    };
    buttonNamed(QStringLiteral("Remove all that wait"))->click();
    QVERIFY(queue().list().entries().empty());
    QVERIFY(panel().remark().startsWith(QStringLiteral("3 pictures")));
    buttonNamed(QStringLiteral("Undo"))->click();
    QCOMPARE(prompts(), QStringLiteral("abc"));
    QVERIFY(!buttonNamed(QStringLiteral("Undo"))->isVisible());
    QVERIFY(queue().isPaused()); // what was held back comes back held back
    QTest::qWait(50);
    QVERIFY(!queue().isRunning());
}

void TestQueuePanel::pauseAndGoOnAreSaidEverywhere()
{
    fill();
    QVERIFY(line().text().startsWith(QStringLiteral("Queue paused · 3 wait")));
    QCOMPARE(panel().remark(), QStringLiteral("Paused."));
    QCOMPARE(line().pauseButton().text(), QStringLiteral("Go on"));
    m_open->window.run(Command::PauseQueue);
    QVERIFY(queue().isRunning());
    QCOMPARE(panel().pauseButton().text(), QStringLiteral("Pause"));
    panel().pauseButton().click();
    QCOMPARE(panel().remark(), QStringLiteral("Pauses after the present picture."));
    line().pauseButton().click();
    QVERIFY(waitUntil([&] { return queue().list().entries().empty(); }, kPatience));
}

void TestQueuePanel::whatFailedAloneIsNoPausedQueue()
{
    fill();
    for (const QueueEntry& entry : std::vector<QueueEntry>(queue().list().entries()))
        queue().list().setFailed(entry.id, {ErrorKind::OutOfMemory, "It does not fit."});
    QVERIFY(queue().isPaused());
    QCOMPARE(line().text(), QStringLiteral("Queue · 3 failed"));
    QVERIFY(!line().pauseButton().isVisible());
    QVERIFY(!panel().pauseButton().isEnabled()); // there is nothing to go on with
    QCOMPARE(panel().summary(), QStringLiteral("3 failed"));
    QVERIFY(panel().remark().isEmpty());
    queue().tryAgain(queue().list().entries().front().id);
    QVERIFY(panel().pauseButton().isEnabled());
    QVERIFY2(line().text().startsWith(QStringLiteral("Queue paused · 1 waits")), qPrintable(line().text()));
}

void TestQueuePanel::oneIsSaidInTheSingular()
{
    queue().setPaused(true);
    m_open->window.run(Command::AddToQueue);
    QCOMPARE(
        m_open->window.statusLine().message(), QStringLiteral("One picture was added; the queue is paused."));
    QCOMPARE(m_open->window.footer().queueButton()->accessibleName(),
        QStringLiteral("Add a picture to the queue"));
    for (QAbstractButton* button : panel().findChildren<QAbstractButton*>()) {
        if (button->accessibleName() == QLatin1String("Remove all that wait"))
            button->click();
    }
    QCOMPARE(panel().remark(), QStringLiteral("One picture was taken out."));
}

void TestQueuePanel::theSummaryIsReadWhole()
{
    fill();
    for (int i = 0; i < 9; ++i)
        queue().add(quick("more"), 1, SeedSeries::Next);
    queue().list().setFailed(
        queue().list().entries().front().id, {ErrorKind::OutOfMemory, "It does not fit."});
    QTRY_VERIFY(panel().summary().contains(QStringLiteral("1 failed")));
    QTRY_VERIFY(panel().summary().contains(u'~'));
    QTest::qWait(20); // laid out
    for (const QLabel* label : panel().findChildren<QLabel*>()) {
        if (label->accessibleName() != QLatin1String("What waits"))
            continue;
        const QRect needed = label->fontMetrics().boundingRect(
            QRect(0, 0, label->width(), 1000), Qt::TextWordWrap, label->text());
        QVERIFY(needed.width() <= label->width() && needed.height() <= label->height());
        return;
    }
    QFAIL("There is no summary.");
}

void TestQueuePanel::linesNameWhatTheirSecondPassDoes()
{
    const Catalog& catalog = m_open->studio.controller.state().catalog();
    Request request = quick("a");
    QVERIFY(secondPassWords(request, catalog).isEmpty()); // it has none
    request.mode = Mode::Hires;
    Rung& rung = request.hires.rungs.front();
    rung.strength = 0.45;
    rung.steps = 12;
    QCOMPARE(secondPassWords(request, catalog), QStringLiteral("strength 0.45 · 12 steps · Lanczos"));
    rung.sampler = "dpmpp_2m";
    rung.guidance = 6.5;
    rung.steps = 1;
    QCOMPARE(secondPassWords(request, catalog),
        QStringLiteral("strength 0.45 · 1 step · Lanczos · DPM++ 2M · guidance 6.5"));
    // Two cells of a sheet differ in their lines.
    queue().setPaused(true);
    std::vector<QueueEntry> cells(2);
    for (QueueEntry& cell : cells) {
        cell.request = request;
        cell.takeOnly = true;
    }
    cells[1].request.hires.rungs.front().strength = 0.7;
    queue().add(cells);
    QTRY_VERIFY(queue().tally().all);
    QueueView& view = panel().view();
    const QImage all = view.viewport()->grab().toImage();
    const auto lineOf = [&](int row) { return all.copy(view.visualRect(queue().list().index(row))); };
    QVERIFY(lineOf(0) != lineOf(1));
}

void TestQueuePanel::titleAndTabCount()
{
    auto* tabs = m_open->window.findChild<QTabWidget*>();
    const int tab = tabs->indexOf(&panel());
    QCOMPARE(tabs->tabText(tab), QStringLiteral("Queue"));
    fill();
    QCOMPARE(tabs->tabText(tab), QStringLiteral("Queue 3"));
    QCOMPARE(m_open->window.windowTitle(), QStringLiteral("Hires Studio"));
    QStringList titles;
    connect(&m_open->window, &QWidget::windowTitleChanged, this,
        [&titles](const QString& title) { titles << title; });
    queue().setPaused(false);
    QVERIFY(waitUntil([&] { return queue().list().entries().empty(); }, kPatience));
    for (const char* position : {"1 of 3", "2 of 3", "3 of 3"})
        QVERIFY2(titles.contains(QStringLiteral("%1 – Hires Studio").arg(QLatin1String(position))), position);
    QCOMPARE(m_open->window.windowTitle(), QStringLiteral("Hires Studio"));
}

void TestQueuePanel::aFailureStaysInTheQueueAlone()
{
    fill();
    m_open->studio.engine->failNext({ErrorKind::OutOfMemory, "It does not fit."});
    queue().setPaused(false);
    QVERIFY(waitUntil([&] { return queue().list().rowCount() == 1 && !queue().isRunning(); }, kPatience));
    QVERIFY(!m_open->window.notice().isVisible());
    QVERIFY(panel().summary().contains(QStringLiteral("1 failed")));
    QVERIFY(line().text().contains(QStringLiteral("1 failed")));
}

void TestQueuePanel::anOlderTakeIsNotPushedAside()
{
    MainWindow& window = m_open->window;
    queue().add(quick("first"), 2, SeedSeries::Next);
    QVERIFY(waitUntil([&] { return !queue().isRunning() && queue().list().entries().empty(); }, kPatience));
    window.run(Command::NextTake); // the newest stands first
    const auto looked = window.take();
    QVERIFY(looked);
    queue().add(quick("second"), 1, SeedSeries::Next);
    QVERIFY(waitUntil([&] { return m_open->studio.controller.takes().rowCount() == 3; }, kPatience));
    QCOMPARE(window.take().get(), looked.get());
    m_open->studio.controller.generate(); // what was asked for just now is what is seen
    QVERIFY(m_open->studio.waitForEnd());
    QVERIFY(window.take().get() != looked.get());
}

void TestQueuePanel::everyButtonHasANameAndTakesTheFocus()
{
    fill();
    for (QWidget* part : {static_cast<QWidget*>(&panel()), static_cast<QWidget*>(&line())}) {
        for (QAbstractButton* button : part->findChildren<QAbstractButton*>()) {
            QVERIFY(!button->accessibleName().isEmpty() || !button->text().isEmpty());
            QVERIFY2(button->focusPolicy() & Qt::TabFocus, qPrintable(button->accessibleName()));
        }
    }
}

QTEST_MAIN(TestQueuePanel)
#include "tst_queue_panel.moc"
