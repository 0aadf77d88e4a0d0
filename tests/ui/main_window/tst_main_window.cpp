#include "core/api/picture_file.h"
#include "opened_window.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/empty_page.h"
#include "ui/main_window/status_line.h"
#include "ui/panels/filmstrip.h"
#include "ui/panels/generate_footer.h"
#include "ui/panels/mode_bar.h"
#include "ui/panels/plan_strip.h"
#include "ui/panels/prompt_panel.h"
#include "ui/panels/seed_row.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/progress_button.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QUrl>

using namespace studio;
using namespace studio::ui;
using Opened = studio::test::OpenedWindow;

class TestMainWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void typingAPromptFillsTheRequestAndCanBeUndone();
    void theKeyboardChoosesTheModeAndStartsTheRun();
    void progressRunsInOrderAndTheComparisonOpens();
    void cancelKeepsTheFirstPass();
    void aFailureStandsInTheWindowWithWhatWasFinished();
    void aSavedPictureBringsItsSettingsBack();
    void aFileOfAnotherKindIsRefusedWithAReason();
    void aPictureWithoutSettingsCanTakeThePlaceOfTheFirstPass();
    void anExamplePromptStartsARun();
    void everyControlHasANameForScreenReaders();
    void tabReachesEveryPartOfTheLeftColumn();
    void aNarrowWindowFoldsTheRightColumn();
};

void TestMainWindow::typingAPromptFillsTheRequestAndCanBeUndone()
{
    Opened o;
    QVERIFY(o.ready);
    PromptEdit* prompt = o.window.promptPanel().prompt();
    QTest::keyClicks(prompt, QStringLiteral("a lake"));
    QCOMPARE(o.studio.controller.state().request().prompt, std::string("a lake"));
    prompt->replaceText(QStringLiteral("from the history"));
    QCOMPARE(o.studio.controller.state().request().prompt, std::string("from the history"));
    QTest::keyClick(prompt, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(prompt->toPlainText(), QStringLiteral("a lake"));
    QTRY_COMPARE(o.studio.controller.planner().promptTokens().value_or(-1), 2);
}

void TestMainWindow::theKeyboardChoosesTheModeAndStartsTheRun()
{
    Opened o;
    QVERIFY(o.ready);
    const Qt::Key keys[] = {Qt::Key_1, Qt::Key_2, Qt::Key_3, Qt::Key_4};
    for (int mode = 0; mode < 4; ++mode) {
        QTest::keyClick(&o.window, keys[mode], Qt::ControlModifier);
        QCOMPARE(static_cast<int>(o.studio.controller.state().request().mode), mode);
        QVERIFY(o.window.modeBar().action(static_cast<Mode>(mode))->isChecked());
    }
    QTest::keyClick(o.window.promptPanel().prompt(), Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(o.studio.controller.isRunning());
    QVERIFY(o.studio.waitForEnd());
    QCOMPARE(o.studio.engine->runs(), 1);
    QCOMPARE(o.window.promptPanel().prompt()->toPlainText(), QString()); // the key added no line
}

void TestMainWindow::progressRunsInOrderAndTheComparisonOpens()
{
    Opened o(std::chrono::milliseconds(3));
    QVERIFY(o.ready);
    o.window.modeBar().action(Mode::Hires)->trigger();
    QList<int> stages;
    bool previewed = false;
    connect(&o.studio.controller, &StudioController::progressed, this, [&](const Progress& progress) {
        if (stages.isEmpty() || stages.back() != progress.stage)
            stages << progress.stage;
        previewed = previewed || o.window.view().isShowingPreview();
    });
    ProgressButton* button = o.window.footer().button();
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(o.studio.controller.isRunning());
    QTRY_VERIFY(button->text().startsWith(QStringLiteral("Cancel")));
    QVERIFY(o.studio.waitForEnd());
    QCOMPARE(button->text(), QStringLiteral("Generate"));
    QCOMPARE(stages, QList<int>({0, 1, 2, 3, 4, 5, 6}));
    QVERIFY(previewed);
    QVERIFY(!o.window.view().isShowingPreview());
    QCOMPARE(o.window.view().layers().size(), std::size_t{3});
    QVERIFY(o.window.view().settings().mode != CompareMode::Single);
    QCOMPARE(o.window.filmstrip().currentIndex().row(), 0);
    QTest::qWait(300); // the plan is worked out once more; the strip keeps telling how the run ended
    QVERIFY(o.window.planStrip().sentence().contains(QStringLiteral("in all")));
}

void TestMainWindow::cancelKeepsTheFirstPass()
{
    Opened o(std::chrono::milliseconds(10));
    QVERIFY(o.ready);
    o.window.modeBar().action(Mode::Hires)->trigger();
    o.studio.controller.generate();
    bool pressed = false;
    connect(&o.studio.controller, &StudioController::progressed, this, [&](const Progress& progress) {
        if (progress.stage == 5 && !pressed) {
            pressed = true;
            QTest::keyClick(&o.window, Qt::Key_Escape);
        }
    });
    QVERIFY(o.studio.waitForEnd());
    QVERIFY(pressed && o.window.take());
    QVERIFY(o.window.take()->ending == Ending::Cancelled);
    QVERIFY(o.window.take()->find(LayerKind::FirstPass));
    QVERIFY(!o.window.take()->find(LayerKind::Hires));
    QCOMPARE(o.window.view().layers().size(), std::size_t{2});
    QVERIFY(o.window.statusLine().message().contains(QStringLiteral("kept"))
        || o.window.statusLine().message().contains(QStringLiteral("Saved")));
}

void TestMainWindow::aFailureStandsInTheWindowWithWhatWasFinished()
{
    Opened o;
    QVERIFY(o.ready);
    o.studio.engine->failNext({ErrorKind::OutOfMemory, "There were 3 GB, and 9 were needed."});
    o.window.modeBar().action(Mode::Hires)->trigger();
    o.studio.controller.generate();
    QVERIFY(o.studio.waitForEnd());
    QVERIFY(o.window.notice().isVisible());
    QVERIFY(o.window.notice().sentence().contains(QStringLiteral("9 were needed")));
    QCOMPARE(o.window.view().layers().size(), std::size_t{1});
    o.studio.controller.generate();
    QVERIFY(!o.window.notice().isVisible());
    QVERIFY(o.studio.waitForEnd());
}

void TestMainWindow::aSavedPictureBringsItsSettingsBack()
{
    Opened o;
    QVERIFY(o.ready);
    StudioState& state = o.studio.controller.state();
    state.change([](Request& r) {
        r.mode = Mode::Hires;
        r.prompt = "a glass house";
        r.seed = 99;
        r.sampling.steps = 12;
    });
    QSignalSpy saved(&o.studio.controller.saver(), &PictureSaver::saved);
    o.studio.controller.generate();
    QVERIFY(o.studio.waitForEnd());
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 20000);
    o.window.run(Command::Save); // once more, by hand
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 2, 20000);
    state.setRequest({});
    o.window.openFile(saved.front().front().toString());
    QTRY_COMPARE_WITH_TIMEOUT(state.request().prompt, std::string("a glass house"), 10000);
    QCOMPARE(state.request().sampling.steps, 12);
    QCOMPARE(state.request().seed.value_or(0), std::uint64_t{99});
    QCOMPARE(o.window.promptPanel().prompt()->toPlainText(), QStringLiteral("a glass house"));
    o.window.run(Command::CopyPicture);
    QCOMPARE(QApplication::clipboard()->image().size(), QSize(512, 512));
}

void TestMainWindow::aFileOfAnotherKindIsRefusedWithAReason()
{
    Opened o;
    QVERIFY(o.ready);
    QFile file(o.studio.folder.filePath(QStringLiteral("wrong.safetensors")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is no checkpoint");
    file.close();
    o.window.openFile(file.fileName());
    QTRY_VERIFY_WITH_TIMEOUT(o.window.notice().isVisible(), 10000);
    QVERIFY(!o.window.notice().sentence().isEmpty());
    QVERIFY(o.studio.controller.state().request().models.base.empty());
}

void TestMainWindow::aPictureWithoutSettingsCanTakeThePlaceOfTheFirstPass()
{
    Opened o;
    QVERIFY(o.ready);
    const QString path = o.studio.folder.filePath(QStringLiteral("sketch.png"));
    QImage sketch(64, 48, QImage::Format_RGB888);
    sketch.fill(Qt::gray);
    QVERIFY(sketch.save(path));
    // Pasted or dropped where one types, a file is still a file.
    PromptEdit* prompt = o.window.promptPanel().prompt();
    auto* pasted = new QMimeData;
    pasted->setUrls({QUrl::fromLocalFile(path)});
    QApplication::clipboard()->setMimeData(pasted);
    prompt->paste();
    QVERIFY(prompt->toPlainText().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(o.window.notice().isVisible(), 10000);
    QVERIFY(o.window.notice().title().contains(QStringLiteral("sketch.png")));
    const auto remedies = o.window.notice().findChildren<QPushButton*>();
    QCOMPARE(remedies.size(), 1);
    remedies.front()->click();
    QCOMPARE(o.studio.controller.state().request().initPicture, toStd(path));
    QVERIFY(o.studio.controller.state().request().mode == Mode::Hires);
}

void TestMainWindow::anExamplePromptStartsARun()
{
    Opened o;
    QVERIFY(o.ready);
    auto* page = o.window.findChild<QWidget*>(QStringLiteral("emptyPage"));
    QVERIFY(page && page->isVisible());
    const auto buttons = page->findChildren<QAbstractButton*>();
    QCOMPARE(buttons.size(), 4); // three prompts and the checkpoint
    QTest::mouseClick(buttons[1], Qt::LeftButton);
    QVERIFY(o.studio.controller.isRunning());
    QVERIFY(!o.studio.controller.state().request().prompt.empty());
    QVERIFY(o.studio.waitForEnd());
    QVERIFY(!page->isVisible());
}

void TestMainWindow::everyControlHasANameForScreenReaders()
{
    Opened o;
    QVERIFY(o.ready);
    QStringList nameless;
    for (QWidget* widget : o.window.findChildren<QWidget*>()) {
        const bool internal = widget->objectName().startsWith(QStringLiteral("qt_"))
            || (qobject_cast<QLineEdit*>(widget) && qobject_cast<QAbstractSpinBox*>(widget->parentWidget()));
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(&o.window) || internal)
            continue;
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
        if (face && face->text(QAccessible::Name).isEmpty()
            && (qobject_cast<QAbstractButton*>(widget) || qobject_cast<QAbstractSpinBox*>(widget)
                || qobject_cast<QComboBox*>(widget) || qobject_cast<QLineEdit*>(widget)
                || qobject_cast<QPlainTextEdit*>(widget)))
            nameless << QLatin1String(widget->metaObject()->className());
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u' ')));
}

void TestMainWindow::tabReachesEveryPartOfTheLeftColumn()
{
    Opened o;
    QVERIFY(o.ready);
    o.window.promptPanel().prompt()->setFocus();
    QList<QWidget*> reached;
    for (int i = 0; i < 200 && !reached.contains(QApplication::focusWidget()); ++i) {
        reached << QApplication::focusWidget();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    const auto isReached = [&](const QWidget* part) {
        return std::any_of(reached.begin(), reached.end(),
            [part](QWidget* widget) { return widget && (widget == part || part->isAncestorOf(widget)); });
    };
    QVERIFY(isReached(o.window.promptPanel().negative()));
    QVERIFY(isReached(&o.window.modeBar()));
    QVERIFY(isReached(&o.window.seedRow()));
    QVERIFY(isReached(o.window.panel(QStringLiteral("size"))));
    QVERIFY(isReached(o.window.footer().button()));
}

void TestMainWindow::aNarrowWindowFoldsTheRightColumn()
{
    Opened o;
    QVERIFY(o.ready);
    QWidget* right = o.window.findChild<QWidget*>(QStringLiteral("rightColumn"));
    QVERIFY(right && right->isVisible());
    o.window.resize(1000, 700);
    QTRY_VERIFY(!right->isVisible());
    o.window.resize(1280, 800);
    QTRY_VERIFY(right->isVisible());
    o.window.actions()[Command::RightColumn]->trigger();
    QVERIFY(!right->isVisible());
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
