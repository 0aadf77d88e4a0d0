#include "opened_view.h"
#include "ui/compare/compare_actions.h"
#include "ui/theme/theme.h"
#include "ui/widgets/calm_inputs.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QVBoxLayout>

using namespace studio;
using namespace studio::ui;
using test::inWidget;
using test::layer;
using test::move;
using test::Opened;
using test::wheel;

/// How the comparison answers keys, wheel and hand.
class TestCompareViewInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { applyTheme(*qApp, Scheme::Dark); }

    void keysChooseModes_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("mode");
        for (const ModeInfo& info : kModes)
            QTest::newRow(info.name) << int(info.key) << int(info.mode);
    }

    void keysChooseModes()
    {
        QFETCH(int, key);
        QFETCH(int, mode);
        Opened opened;
        opened.press(Qt::Key(key));
        QCOMPARE(int(opened.view.settings().mode), mode);
        opened.view.grab();
    }

    void keysZoomAndMove()
    {
        Opened opened;
        opened.press(Qt::Key_Z);
        QCOMPARE(opened.canvas().scene().zoom(), 1.0);
        opened.press(Qt::Key_Plus);
        QCOMPARE(opened.canvas().scene().zoom(), 1.5);
        opened.press(Qt::Key_Minus);
        QCOMPARE(opened.canvas().scene().zoom(), 1.0);
        opened.canvas().zoomTo(8.0);
        const QPointF before = opened.canvas().scene().centre();
        opened.press(Qt::Key_Right);
        QVERIFY(opened.canvas().scene().centre().x() > before.x());
        opened.press(Qt::Key_F);
        QVERIFY(opened.canvas().scene().isFitted());
    }

    void keysMoveTheLineTheGainAndThePictures()
    {
        Opened opened;
        opened.press(Qt::Key_BracketRight);
        QCOMPARE(opened.view.settings().wipePosition, 0.52);
        opened.press(Qt::Key_W);
        QVERIFY(opened.view.settings().wipeAxis == WipeAxis::Horizontal);
        opened.press(Qt::Key_S);
        QCOMPARE(opened.view.settings().first, 1);
        QCOMPARE(opened.view.settings().second, 0);
        opened.press(Qt::Key_D);
        QCOMPARE(opened.view.settings().gain, 8);
        opened.press(Qt::Key_N);
        QVERIFY(opened.view.settings().sampling == Sampling::Nearest);
    }

    void spaceShowsTheOtherPictureWhileItIsHeld()
    {
        Opened opened;
        const QPoint left = opened.canvas().scene().visibleRect().topLeft() + QPoint(20, 40);
        QCOMPARE(opened.shown(left), QColor(200, 0, 0));
        QTest::keyPress(&opened.canvas(), Qt::Key_Space);
        QCOMPARE(opened.shown(left), QColor(0, 0, 200));
        QTest::keyRelease(&opened.canvas(), Qt::Key_Space);
        QCOMPARE(opened.shown(left), QColor(200, 0, 0));
        QVERIFY(opened.view.settings().mode == CompareMode::Wipe);
    }

    void blinkingWaitsForTheHandWhereMotionIsUnwanted()
    {
        Opened opened;
        opened.press(Qt::Key_3);
        QTest::qWait(2 * kBlinkMs + 200);
        QVERIFY(!opened.view.settings().showSecond);
        QTest::keyClick(&opened.canvas(), Qt::Key_Space);
        QVERIFY(opened.view.settings().showSecond);
    }

    void blinkingRunsByItselfUntilSpaceIsPressed()
    {
        Opened opened;
        opened.view.setReducedMotion(false);
        opened.press(Qt::Key_3);
        QTRY_VERIFY_WITH_TIMEOUT(opened.view.settings().showSecond, 20 * kBlinkMs);
        QTRY_VERIFY_WITH_TIMEOUT(!opened.view.settings().showSecond, 20 * kBlinkMs);
        QTest::keyClick(&opened.canvas(), Qt::Key_Space);
        const bool held = opened.view.settings().showSecond;
        QTest::qWait(2 * kBlinkMs + 200);
        QCOMPARE(opened.view.settings().showSecond, held);
    }

    void theWheelZoomsAboutTheCursor()
    {
        Opened opened;
        opened.canvas().zoomTo(8.0);
        const QPointF at(310, 220);
        const QPointF device = at * opened.canvas().devicePixelRatioF();
        const QPointF before = opened.canvas().scene().toScene(device);
        wheel(opened.canvas(), at, 120);
        QVERIFY(opened.canvas().scene().zoom() > 9.0);
        QVERIFY(QLineF(opened.canvas().scene().toPane(before), device).length() <= 1.5);
    }

    void theHandMovesThePictureExactly()
    {
        Opened opened;
        opened.press(Qt::Key_0);
        opened.canvas().zoomTo(8.0);
        const QPoint before = opened.canvas().scene().origin();
        const QPoint from(300, 300);
        QTest::mousePress(&opened.canvas(), Qt::LeftButton, Qt::NoModifier, from);
        move(opened.canvas(), from + QPoint(13, 5), Qt::LeftButton);
        move(opened.canvas(), from + QPoint(37, -21), Qt::LeftButton);
        QTest::mouseRelease(&opened.canvas(), Qt::LeftButton, Qt::NoModifier, from + QPoint(37, -21));
        // To the device pixel, where the ratio is broken.
        const QPointF wanted = QPointF(37, -21) * opened.canvas().devicePixelRatioF();
        const QPointF moved(opened.canvas().scene().origin() - before);
        QVERIFY(std::abs(moved.x() - wanted.x()) <= 0.5 && std::abs(moved.y() - wanted.y()) <= 0.5);
    }

    void theLineFollowsTheHand()
    {
        Opened opened;
        const QRect visible = opened.canvas().scene().visibleRect();
        const QPoint line = inWidget(opened.canvas(), visible.center()).toPoint();
        const QPoint quarter
            = inWidget(opened.canvas(), visible.topLeft() + QPointF(visible.width() / 4.0, 50)).toPoint();
        QTest::mousePress(&opened.canvas(), Qt::LeftButton, Qt::NoModifier, QPoint(line.x(), line.y() - 90));
        move(opened.canvas(), quarter, Qt::LeftButton);
        QTest::mouseRelease(&opened.canvas(), Qt::LeftButton, Qt::NoModifier, quarter);
        QVERIFY(std::abs(opened.view.settings().wipePosition - 0.25) < 0.01);
        QVERIFY(opened.canvas().scene().isFitted());     // the picture stayed
        opened.view.setSettings(opened.view.settings()); // and the view knows it
        QVERIFY(std::abs(opened.canvas().settings().wipePosition - 0.25) < 0.01);
    }

    void aDoubleClickChangesBetweenFitAndActualSize()
    {
        Opened opened;
        const QPoint at(300, 300);
        QTest::mouseDClick(&opened.canvas(), Qt::LeftButton, Qt::NoModifier, at);
        QCOMPARE(opened.canvas().scene().zoom(), 1.0);
        QTest::mouseDClick(&opened.canvas(), Qt::LeftButton, Qt::NoModifier, at);
        QVERIFY(opened.canvas().scene().isFitted());
    }

    void thePercentageCanBeTyped()
    {
        Opened opened;
        auto* percent = opened.view.findChild<QLineEdit*>();
        percent->setFocus();
        percent->selectAll();
        QTest::keyClicks(percent, QStringLiteral("300"));
        QTest::keyClick(percent, Qt::Key_Return);
        QCOMPARE(opened.canvas().scene().zoom(), 3.0);
        QCOMPARE(percent->text(), QStringLiteral("300 %"));
        percent->selectAll();
        QTest::keyClicks(percent, QStringLiteral("nonsense"));
        QTest::keyClick(percent, Qt::Key_Return);
        QCOMPARE(opened.canvas().scene().zoom(), 3.0);
        QCOMPARE(percent->text(), QStringLiteral("300 %"));
        QVERIFY(opened.view.settings().mode == CompareMode::Wipe); // "3" and "n" were text, not commands
    }

    void everyControlHasANameAndEveryCommandAKey()
    {
        Opened opened;
        for (const QAbstractButton* button : opened.view.findChildren<QAbstractButton*>()) {
            if (button->isVisible())
                QVERIFY2(!button->accessibleName().isEmpty(), qPrintable(button->toolTip()));
        }
        QSet<QKeySequence> keys;
        for (const QAction* action : opened.view.actions().all()) {
            QVERIFY(!action->text().isEmpty());
            for (const QKeySequence& key : action->shortcuts()) {
                QVERIFY2(!keys.contains(key), qPrintable(key.toString()));
                keys.insert(key);
            }
            if (!action->shortcuts().isEmpty())
                QVERIFY2(action->toolTip().contains(action->shortcut().toString(QKeySequence::NativeText)),
                    qPrintable(action->text()));
        }
    }

    void keysWorkFromElsewhereInTheWindowUnlessOneTypesThere()
    {
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        auto* view = new CompareView(&window);
        auto* button = new QPushButton(QStringLiteral("Elsewhere"), &window);
        auto* field = new QLineEdit(&window);
        auto* list = new CalmComboBox(&window);
        list->addItems({QStringLiteral("first"), QStringLiteral("second")});
        for (QWidget* part : std::initializer_list<QWidget*>{view, button, field, list})
            column->addWidget(part);
        window.resize(700, 600);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        view->setLayers({layer("A", test::noise({32, 32}, 1)), layer("B", test::noise({32, 32}, 2))});
        button->setFocus();
        QTest::keyClick(button, Qt::Key_5);
        QVERIFY(view->settings().mode == CompareMode::Difference);
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("1sf]"));
        QCOMPARE(field->text(), QStringLiteral("1sf]"));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_S); // looks for an entry
        QCOMPARE(list->currentText(), QStringLiteral("second"));
        QVERIFY(view->settings().mode == CompareMode::Difference);
        QCOMPARE(view->settings().first, 0);
        button->setFocus();
        const QPointF before = view->canvas().scene().centre();
        view->canvas().zoomTo(16.0);
        QTest::keyClick(button, Qt::Key_Left); // the arrows belong to what holds the focus
        QCOMPARE(view->canvas().scene().centre(), before);
    }

    void theHandTakesThePictureUnderItOut()
    {
        Opened opened;
        QSignalSpy taken(&opened.view, &CompareView::dragOutWanted);
        const QRect visible = opened.canvas().scene().visibleRect();
        const auto drag = [&](QPointF devicePixel, Qt::KeyboardModifiers modifiers) {
            const QPoint from = inWidget(opened.canvas(), devicePixel).toPoint();
            QTest::mousePress(&opened.canvas(), Qt::LeftButton, modifiers, from);
            move(opened.canvas(), from + QPoint(40, 3), Qt::LeftButton);
            QTest::mouseRelease(&opened.canvas(), Qt::LeftButton, modifiers, from + QPoint(40, 3));
        };
        drag(
            visible.center() - QPoint(visible.width() / 4, 60), {}); // all of it is in sight: nothing to move
        QCOMPARE(taken.takeFirst().front().toInt(), 0);
        drag(visible.center() + QPoint(visible.width() / 4, 60), {});
        QCOMPARE(taken.takeFirst().front().toInt(), 1);
        opened.canvas().zoomTo(8.0);
        const QPoint origin = opened.canvas().scene().origin();
        drag(QPointF(120, 300), {}); // now the hand moves the picture
        QVERIFY(taken.isEmpty());
        QVERIFY(opened.canvas().scene().origin() != origin);
        drag(QPointF(120, 300), Qt::ControlModifier);
        QCOMPARE(taken.takeFirst().front().toInt(), 0);
        opened.view.setPreview(layer("Step 3", test::flat({16, 16}, {9, 99, 9})), {512, 512});
        drag(opened.canvas().scene().visibleRect().center(), {});
        QVERIFY(taken.isEmpty()); // a preview is no picture to keep
    }
};

QTEST_MAIN(TestCompareViewInput)
#include "tst_compare_view_input.moc"
