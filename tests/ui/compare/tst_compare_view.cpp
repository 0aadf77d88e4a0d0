#include "test_pictures.h"
#include "ui/compare/colour_difference.h"
#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_readout.h"
#include "ui/compare/compare_view.h"
#include "ui/compare/layer_chip.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

using namespace studio;
using namespace studio::ui;

namespace {

CompareLayer layer(const char* label, Picture8 picture)
{
    return {QString::fromLatin1(label), {}, test::shared(std::move(picture))};
}

/// A view with a red first pass and a blue picture of twice its size, in a window that is shown.
struct Opened {
    Opened()
    {
        view.setReducedMotion(true);
        view.resize(900, 700);
        view.show();
        view.activateWindow();
        active = QTest::qWaitForWindowActive(&view); // shortcuts need it
        view.setLayers({layer("First pass", test::flat({128, 128}, {200, 0, 0})),
            layer("Hires", test::flat({256, 256}, {0, 0, 200}))});
        ready();
        view.canvas().setFocus();
    }
    void ready() const { QTRY_VERIFY(view.canvas().isReady()); }
    CompareCanvas& canvas() { return view.canvas(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(&view.canvas(), key, modifiers);
    }
    /// The window's pixel at a point of the canvas given as device pixels.
    QColor shown(QPoint devicePixel)
    {
        const QImage grabbed = view.canvas().grab().toImage();
        return grabbed.pixelColor(devicePixel);
    }

    CompareView view;
    bool active = false;
};

QPointF inWidget(const CompareCanvas& canvas, QPointF devicePixel)
{
    return devicePixel / canvas.devicePixelRatioF();
}

void move(CompareCanvas& canvas, QPointF at, Qt::MouseButtons buttons = Qt::NoButton)
{
    QMouseEvent event(QEvent::MouseMove, at, canvas.mapToGlobal(at), Qt::NoButton, buttons, Qt::NoModifier);
    QCoreApplication::sendEvent(&canvas, &event);
}

void wheel(CompareCanvas& canvas, QPointF at, int angle)
{
    QWheelEvent event(
        at, canvas.mapToGlobal(at), {}, {0, angle}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &event);
}

} // namespace

class TestCompareView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { applyTheme(*qApp, Scheme::Dark); }

    void twoLayersOpenInTheWipe()
    {
        Opened opened;
        QVERIFY(opened.view.settings().mode == CompareMode::Wipe);
        QVERIFY(opened.view.actions().mode(CompareMode::Wipe)->isChecked());
        const QRect visible = opened.canvas().scene().visibleRect();
        QCOMPARE(opened.shown(visible.center() - QPoint(60, 60)), QColor(200, 0, 0));
        QCOMPARE(opened.shown(visible.center() + QPoint(60, 60)), QColor(0, 0, 200));
    }

    void oneLayerIsShownAloneAndCannotBeCompared()
    {
        Opened opened;
        opened.view.setLayers({layer("Standard", test::flat({64, 64}, {10, 200, 10}))});
        opened.ready();
        QCOMPARE(opened.shown(opened.canvas().scene().visibleRect().center()), QColor(10, 200, 10));
        QVERIFY(!opened.view.actions().mode(CompareMode::Side)->isEnabled());
        QVERIFY(!opened.view.actions().swap->isEnabled());
    }

    void theChosenModeIsKeptForTheNextTake()
    {
        Opened opened;
        opened.press(Qt::Key_5);
        opened.view.setLayers({layer("A", test::noise({64, 64}, 1)), layer("B", test::noise({64, 64}, 2))});
        QVERIFY(opened.view.settings().mode == CompareMode::Difference);
    }

    void anEmptyViewShowsItsPage()
    {
        Opened opened;
        auto* page = new QLabel(QStringLiteral("Try one of these"));
        opened.view.setEmptyWidget(page);
        QVERIFY(!page->isVisible());
        opened.view.setLayers({});
        QVERIFY(page->isVisible());
        QCOMPARE(page->size(), opened.canvas().size());
        opened.press(Qt::Key_Plus); // no layers: nothing happens, nothing breaks
        wheel(opened.canvas(), {50, 50}, 120);
        opened.view.grab();
    }

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

    void theReadOutTellsBothPixels()
    {
        Opened opened;
        const QPointF middle(100.5, 90.5);
        move(opened.canvas(), inWidget(opened.canvas(), opened.canvas().scene().toPane(middle)));
        const QString text = opened.view.findChild<CompareReadout*>()->readingText().simplified();
        const double apart = ciede2000(labFromSrgb(200, 0, 0), labFromSrgb(0, 0, 200));
        const QString expected
            = QStringLiteral("A 200 0 0 B 0 0 200 ΔE %1").arg(QLocale().toString(apart, 'f', 1));
        QVERIFY2(text.contains(expected), qPrintable(text));
        const QPointF probe = *opened.canvas().probe();
        QVERIFY(QLineF(probe, middle).length() < 1.5);
        opened.press(Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(opened.canvas().probe()->x(), std::floor(probe.x()) + 1.5);
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(&opened.canvas(), &leave);
        QVERIFY(opened.view.findChild<CompareReadout*>()->readingText().isEmpty());
    }

    void theNumbersArriveByThemselves()
    {
        Opened opened;
        QTRY_VERIFY(opened.view.metrics().has_value());
        QCOMPARE(opened.view.metrics()->difference.largest, 200);
        QVERIFY(opened.view.findChild<CompareReadout*>()->metricsText().contains(QStringLiteral("SSIM")));
        QSignalSpy measured(&opened.view, &CompareView::metricsChanged);
        opened.press(Qt::Key_S); // the other way round: forgotten, then measured again
        QTRY_COMPARE(measured.count(), 2);
        QVERIFY(opened.view.metrics().has_value());
    }

    void identicalPicturesShowNoDifferenceInTheWindow()
    {
        Opened opened;
        const Picture8 picture = test::noise({600, 600}, 4);
        opened.view.setLayers({layer("A", picture), layer("B", picture)});
        opened.ready();
        opened.press(Qt::Key_5);
        opened.press(Qt::Key_H); // nothing but the picture
        for (const double zoom : {0.3, 0.77, 1.0, 2.5, 9.0}) {
            opened.canvas().zoomTo(zoom);
            const QRect visible = opened.canvas().scene().visibleRect();
            const QImage grabbed = opened.canvas().grab().toImage();
            for (int i = 0; i < 1000; ++i) {
                const QPoint at(
                    visible.left() + i * 31 % visible.width(), visible.top() + i * 17 % visible.height());
                QCOMPARE(grabbed.pixel(at), QRgb(heatMap()[0]));
            }
        }
    }

    void theWindowShowsTheFrameUnchanged()
    {
        Opened opened;
        opened.view.setLayers({layer("A", test::noise({600, 600}, 4))});
        opened.ready();
        opened.view.actions().overlays->setChecked(false);
        opened.canvas().zoomTo(1.0);
        const QImage grabbed = opened.canvas().grab().toImage().convertToFormat(QImage::Format_RGB32);
        QCOMPARE(grabbed, opened.canvas().frame());
    }

    void aPreviewTakesThePlaceOfTheLayersUntilItIsCleared()
    {
        Opened opened;
        opened.view.setPreview(layer("Step 3 of 25", test::flat({16, 16}, {9, 99, 9})), {512, 512});
        opened.ready();
        QVERIFY(opened.view.isShowingPreview());
        QCOMPARE(opened.canvas().scene().size(), (Extent{512, 512}));
        QCOMPARE(opened.shown(opened.canvas().scene().visibleRect().center()), QColor(9, 99, 9));
        opened.view.clearPreview();
        opened.ready();
        QCOMPARE(opened.canvas().scene().size(), (Extent{256, 256}));
        QVERIFY(opened.view.settings().mode == CompareMode::Wipe);
    }

    void previewsAreSeenHoweverFastTheyCome()
    {
        Opened opened;
        opened.view.setPreview(layer("Step 1", test::flat({64, 64}, {9, 99, 9})), {512, 512});
        const QPoint middle = opened.canvas().scene().visibleRect().center();
        QCOMPARE(opened.shown(middle), QColor(9, 99, 9)); // at once, without waiting for another thread
        opened.view.setPreview(layer("Step 2", test::flat({64, 64}, {99, 9, 9})), {512, 512});
        QCOMPARE(opened.shown(middle), QColor(99, 9, 9));
        opened.view.setPreview(layer("Step 3", test::flat({512, 512}, {9, 9, 99})), {512, 512});
        opened.ready();
        for (int step = 4; step < 8; ++step) { // larger ones follow when they can, and leave no gap
            opened.view.setPreview(layer("Step", test::flat({512, 512}, {9, 9, 99})), {512, 512});
            QCOMPARE(opened.shown(middle), QColor(9, 9, 99));
        }
    }

    void theViewKeepsItsPlaceWhenTheNextTakeComes()
    {
        Opened opened;
        opened.canvas().zoomTo(4.0);
        opened.canvas().pan({120, 60});
        const CompareScene before = opened.canvas().scene();
        opened.view.setLayers(
            {layer("A", test::noise({128, 128}, 1)), layer("B", test::noise({256, 256}, 2))});
        QCOMPARE(opened.canvas().scene().zoom(), before.zoom());
        QCOMPARE(opened.canvas().scene().centre(), before.centre());
    }

    void captionsChooseLayers()
    {
        Opened opened;
        opened.view.setLayers({layer("A", test::noise({32, 32}, 1)), layer("B", test::noise({32, 32}, 2)),
            layer("C", test::noise({32, 32}, 3))});
        const QList<LayerChip*> chips = opened.view.findChildren<LayerChip*>();
        QCOMPARE(opened.view.settings().second, 2);
        Q_EMIT chips[0]->chosen(1);
        QCOMPARE(opened.view.settings().first, 1);
        Q_EMIT chips[0]->chosen(2); // the one B shows: they change places
        QCOMPARE(opened.view.settings().first, 2);
        QCOMPARE(opened.view.settings().second, 1);
        opened.press(Qt::Key_1);
        opened.press(Qt::Key_W);
        QCOMPARE(opened.canvas().shownLayers(), (std::vector<int>{2, 1, 0}));
        QCOMPARE(int(opened.canvas().panes().size()), 3);
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

    void theCanvasFollowsTheTheme()
    {
        Opened opened;
        const QPoint corner(3, opened.canvas().height() / 2);
        QCOMPARE(opened.shown(corner), tokens(Scheme::Dark).canvas);
        applyTheme(*qApp, Scheme::Light);
        QTRY_COMPARE(opened.shown(corner), tokens(Scheme::Light).canvas);
    }

    void theSheetHoldsThePicturesAtFullSize()
    {
        Opened opened;
        const Picture8 fine = test::noise({256, 256}, 7);
        opened.view.setLayers(
            {layer("First pass", test::flat({128, 128}, {200, 0, 0})), layer("Hires", fine)});
        opened.press(Qt::Key_1);
        const QImage sheet = opened.view.sheet();
        QVERIFY(sheet.width() > 2 * 256 && sheet.height() > 256);
        const int margin = 12;
        QCOMPARE(sheet.pixelColor(margin + 5, margin + 5), QColor(200, 0, 0));
        const int second = 2 * margin + 256;
        for (int i = 0; i < 256; ++i) {
            const auto* value = fine.values.data() + 3 * (i * 256 + i);
            QCOMPARE(sheet.pixel(second + i, margin + i), qRgb(value[0], value[1], value[2]));
        }
        opened.view.setLayers({});
        QVERIFY(opened.view.sheet().isNull());
    }

    void closingWhileItWorksIsSafe()
    {
        for (int i = 0; i < 5; ++i) {
            CompareView view;
            view.show();
            view.setLayers({layer("A", test::noise({700, 700}, 1)), layer("B", test::noise({700, 700}, 2))});
            QTest::qWait(i * 8);
        }
    }
};

QTEST_MAIN(TestCompareView)
#include "tst_compare_view.moc"
