// The parts of the left column, in the real window: what they say and what they set.
#include "core/api/style_list.h"
#include "opened_window.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/main_window/dialogs.h"
#include "ui/panels/generate_footer.h"
#include "ui/panels/mode_bar.h"
#include "ui/panels/prompt_panel.h"
#include "ui/panels/seed_row.h"
#include "ui/panels/seed_text.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/notice_stack.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using Opened = studio::test::OpenedWindow;
using studio::test::numberNamed;

class TestWindowPanels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void whatAModeDoesNotUseIsDisabledAndSaysWhy();
    void groupsFoldWithTheModeAndByHand();
    void seedControlsSetTheRequest();
    void aPastedSeedIsReadWhateverIsAroundIt();
    void aSeedThatIsTooLargeStaysAndIsSaid();
    void theLastSeedIsShownInFull();
    void preflightWarnsOfTooLittleMemory();
    void whatThePlanWarnsOfStandsBesideTheButton();
    void aTakeThatIsNotKeptIsSaidAndShown();
    void advancedValuesReachTheRequestAndGoBack();
    void stylesAreChosenFromTheFile();
};

void TestWindowPanels::whatAModeDoesNotUseIsDisabledAndSaysWhy()
{
    Opened o;
    QVERIFY(o.ready);
    CalmSpinBox* strength
        = numberNamed(o.window.panel(QStringLiteral("second_pass")), QStringLiteral("Strength"));
    QVERIFY(strength);
    o.window.modeBar().action(Mode::Standard)->trigger();
    QVERIFY(!strength->isEnabled());
    QVERIFY(strength->toolTip().contains(QStringLiteral("Hires fix")));
    QCOMPARE(strength->accessibleDescription(), strength->toolTip());
    o.window.modeBar().action(Mode::Hires)->trigger();
    QVERIFY(strength->isEnabled());
    strength->setValue(0.5);
    QCOMPARE(o.studio.controller.state().request().hires.rungs.front().strength, 0.5);
    CalmSpinBox* width
        = numberNamed(o.window.panel(QStringLiteral("size")), QStringLiteral("Standard, width"));
    QVERIFY(width && !width->isEnabled());
}

void TestWindowPanels::groupsFoldWithTheModeAndByHand()
{
    Opened o;
    QVERIFY(o.ready);
    const FoldGroup* second = o.window.panel(QStringLiteral("second_pass"));
    const FoldGroup* enlargement = o.window.panel(QStringLiteral("enlargement"));
    o.window.modeBar().action(Mode::Hires)->trigger();
    QVERIFY(second->isOpen() && !enlargement->isOpen());
    o.window.modeBar().action(Mode::Simple)->trigger();
    QVERIFY(!second->isOpen() && enlargement->isOpen());
    QTest::mouseClick(enlargement->findChild<QAbstractButton*>(), Qt::LeftButton);
    QVERIFY(!enlargement->isOpen());
    o.window.modeBar().action(Mode::Compare)->trigger();
    QVERIFY(second->isOpen());
    QVERIFY(!enlargement->isOpen()); // the person's choice counts
}

void TestWindowPanels::seedControlsSetTheRequest()
{
    Opened o;
    QVERIFY(o.ready);
    StudioState& state = o.studio.controller.state();
    QLineEdit* field = o.window.seedRow().field();
    const auto tools = o.window.seedRow().findChildren<QToolButton*>();
    QCOMPARE(tools.size(), 4);
    QVERIFY(!tools[2]->isEnabled()); // no picture yet
    field->setFocus();
    QTest::keyClicks(field, QStringLiteral("41"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(state.request().seed.value_or(0), std::uint64_t{41});
    tools[3]->click();
    QCOMPARE(state.request().seed.value_or(0), std::uint64_t{42});
    o.studio.controller.generate();
    QVERIFY(o.studio.waitForEnd());
    tools[0]->click();
    QVERIFY(!state.request().seed);
    tools[2]->click();
    QCOMPARE(state.request().seed.value_or(0), std::uint64_t{42});
    tools[0]->click();
    tools[1]->click(); // lock: the last one
    QCOMPARE(state.request().seed.value_or(0), std::uint64_t{42});
}

void TestWindowPanels::aPastedSeedIsReadWhateverIsAroundIt()
{
    Opened o;
    QVERIFY(o.ready);
    const StudioState& state = o.studio.controller.state();
    QLineEdit* field = o.window.seedRow().field();
    for (const char* pasted : {"12345 ", "\t12,345", "Steps: 20, Seed: 12345, Size: 512x512"}) {
        field->setFocus();
        field->selectAll();
        QTest::keyClick(field, Qt::Key_Delete);
        QVERIFY(!state.request().seed);
        QApplication::clipboard()->setText(QString::fromLatin1(pasted));
        QTest::keyClick(field, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(field->text(), QStringLiteral("12345"));
        QCOMPARE(state.request().seed.value_or(0), std::uint64_t{12345}); // without a further key
    }
    field->setCursorPosition(2);
    QTest::keyClicks(field, QStringLiteral("x9"));
    QCOMPARE(field->text(), QStringLiteral("129345"));
    QCOMPARE(field->cursorPosition(), 3);
}

void TestWindowPanels::aSeedThatIsTooLargeStaysAndIsSaid()
{
    Opened o;
    QVERIFY(o.ready);
    StudioState& state = o.studio.controller.state();
    SeedRow& row = o.window.seedRow();
    row.field()->setFocus();
    QTest::keyClicks(row.field(), QStringLiteral("99999999999999999999"));
    QTest::keyClick(row.field(), Qt::Key_Return);
    QCOMPARE(row.field()->text(), QStringLiteral("99999999999999999999"));
    QVERIFY2(row.faultText().contains(QStringLiteral("18446744073709551615")), qPrintable(row.faultText()));
    QCOMPARE(row.field()->accessibleDescription(), row.faultText());
    state.change([](Request& r) { r.prompt = "something else"; });
    QCOMPARE(row.field()->text(), QStringLiteral("99999999999999999999"));
    QTest::keyClick(row.field(), Qt::Key_Backspace); // 19 digits fit
    QCOMPARE(state.request().seed.value_or(0), std::uint64_t{9999999999999999999U});
    QVERIFY(row.faultText().isEmpty());
    QTest::keyClicks(row.field(), QStringLiteral("99"));
    QVERIFY(!row.faultText().isEmpty());
    row.findChildren<QToolButton*>()[0]->click();
    QVERIFY(row.field()->text().isEmpty() && row.faultText().isEmpty());
}

void TestWindowPanels::theLastSeedIsShownInFull()
{
    Opened o;
    QVERIFY(o.ready);
    QLineEdit* field = o.window.seedRow().field();
    for (const std::uint64_t seed : {std::uint64_t{7}, std::uint64_t{4294967295}, kLargestSeed}) {
        o.studio.controller.state().setLastSeed(seed);
        const QString shown = field->placeholderText();
        QVERIFY2(field->fontMetrics().horizontalAdvance(shown) < field->width(), qPrintable(shown));
        QVERIFY(field->toolTip().contains(QString::number(seed)));
        QVERIFY2(seed == kLargestSeed || shown.contains(QString::number(seed)), qPrintable(shown));
    }
}

void TestWindowPanels::preflightWarnsOfTooLittleMemory()
{
    Opened o;
    QVERIFY(o.ready);
    QTRY_VERIFY(o.window.footer().preflightText().startsWith(QStringLiteral("Fits")));
    o.studio.engine->setMemory(9'000'000'000, 3'000'000'000);
    o.studio.controller.planner().refresh();
    QTRY_VERIFY(o.window.footer().preflightText().startsWith(QStringLiteral("Does not fit")));
    o.studio.controller.state().change([](Request& r) { r.sampling.steps = 5000; });
    QTRY_VERIFY_WITH_TIMEOUT(o.studio.controller.state().planFailure().has_value(), 30000);
    QVERIFY(
        o.window.footer().preflightText().endsWith(toQt(o.studio.controller.state().planFailure()->detail)));
}

void TestWindowPanels::whatThePlanWarnsOfStandsBesideTheButton()
{
    Opened o;
    QVERIFY(o.ready);
    QVERIFY(o.window.footer().adviceText().isEmpty());
    o.studio.engine->setWarnings({"There is no wildcard \"tree\".", "The second one.", "The third one."});
    o.studio.controller.planner().refresh();
    QTRY_VERIFY(o.window.footer().adviceText().startsWith(QStringLiteral("There is no wildcard")));
    QVERIFY(o.window.footer().adviceText().contains(QStringLiteral("The second one.")));
    QVERIFY(!o.window.footer().adviceText().contains(QStringLiteral("The third one."))); // its tool tip
    o.studio.engine->setWarnings({});
    o.studio.controller.planner().refresh();
    QTRY_VERIFY(o.window.footer().adviceText().isEmpty());
}

void TestWindowPanels::aTakeThatIsNotKeptIsSaidAndShown()
{
    Opened o;
    QVERIFY(o.ready);
    o.studio.engine->notKept = Failure{ErrorKind::DiskFull, "The disk is full; make room."};
    o.studio.controller.generate();
    QVERIFY(o.studio.waitForEnd());
    QVERIFY(o.window.notices().of(NoticeCause::NotKept).isVisible());
    QCOMPARE(o.window.notices().of(NoticeCause::NotKept).sentence(),
        QStringLiteral("The disk is full; make room."));
    QVERIFY(o.window.take() && !o.window.view().layers().empty());
}

void TestWindowPanels::advancedValuesReachTheRequestAndGoBack()
{
    Opened o;
    QVERIFY(o.ready);
    StudioState& state = o.studio.controller.state();
    FoldGroup* advanced = o.window.panel(QStringLiteral("advanced"));
    QVERIFY(advanced && !advanced->isOpen());
    const auto set = [&](const char* name, double value) {
        CalmSpinBox* box = numberNamed(advanced, QLatin1String(name));
        QVERIFY2(box, name);
        box->setValue(value);
    };
    set("Clip skip", 1);
    set("Rescale", 0.7);
    set("Guided from", 20);
    set("Guided until", 10); // the beginning follows
    set("Eta", 0.5);
    set("Noise factor", 1.05);
    set("Churn", 12);
    const Request& request = state.request();
    QCOMPARE(request.prompts.clipSkip, 1);
    QCOMPARE(request.sampling.guidanceShape.rescale, 0.7);
    QCOMPARE(request.sampling.guidanceShape.start, 0.1);
    QCOMPARE(request.sampling.guidanceShape.end, 0.1);
    QCOMPARE(request.sampling.tuning.eta.value_or(-1), 0.5);
    QCOMPARE(request.sampling.tuning.noiseScale, 1.05);
    QCOMPARE(request.sampling.tuning.churn, 12.0);
    QVERIFY(check(request).empty());
    set("Eta", -0.05); // one step below nothing: the sampler's own
    QVERIFY(!request.sampling.tuning.eta);
    o.window.run(Command::ResetSettings);
    QVERIFY(request.sampling == SamplingSettings{} && request.prompts == PromptSettings{});
}

void TestWindowPanels::stylesAreChosenFromTheFile()
{
    Opened o;
    QVERIFY(o.ready);
    PromptPanel& panel = o.window.promptPanel();
    const auto choices = [&](QMenu& menu) {
        panel.fillStyles(menu, listStyles(o.studio.controller.services().stylesFile));
        return menu.actions();
    };
    QMenu none;
    QCOMPARE(choices(none).size(), 1); // says where the file would be
    QVERIFY(none.actions().front()->text().contains(QStringLiteral("styles.csv")));
    QFile file(o.studio.folder.filePath(QStringLiteral("styles.csv")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("name,prompt,negative_prompt\nFilm,\"film still, {prompt}\",cartoon\nInk,ink drawing,\n");
    file.close();
    QMenu menu;
    QList<QAction*> actions = choices(menu);
    QCOMPARE(actions.size(), 2);
    QVERIFY(actions[0]->toolTip().contains(QStringLiteral("cartoon")));
    actions[1]->trigger();
    actions[0]->trigger();
    const std::vector<std::string>& styles = o.studio.controller.state().request().prompts.styles;
    QCOMPARE(styles, (std::vector<std::string>{"Ink", "Film"})); // in the order they are applied in
    QMenu again;
    actions = choices(again);
    QVERIFY(actions[0]->isChecked() && actions[1]->isChecked());
    actions[1]->trigger();
    QCOMPARE(styles, (std::vector<std::string>{"Film"}));
    actions.back()->trigger(); // none
    QVERIFY(styles.empty());
}

QTEST_MAIN(TestWindowPanels)
#include "tst_window_panels.moc"
