#include "opened_view.h"
#include "ui/compare/canvas_decoration.h"
#include "ui/compare/colour_difference.h"
#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_readout.h"
#include "ui/compare/layer_chip.h"
#include "ui/theme/theme.h"

#include <QLabel>

using namespace studio;
using namespace studio::ui;
using test::inWidget;
using test::layer;
using test::move;
using test::Opened;
using test::wheel;

/// What the comparison shows.
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

    void theNumbersComeBeforeTheHint()
    {
        Opened opened;
        QTRY_VERIFY(opened.view.metrics().has_value());
        const auto* line = opened.view.findChild<CompareReadout*>();
        opened.view.resize(1600, 700);
        QTRY_COMPARE(line->width(), 1600);
        QVERIFY(line->shownHint().contains(QStringLiteral("Space shows the other one")));
        opened.view.resize(636, 500); // the canvas of a window of 1280 × 800
        QTRY_COMPARE(line->width(), 636);
        QCOMPARE(line->shownMetrics(), line->metricsText());
        QVERIFY(line->metricsText().contains(QStringLiteral("difference ≤ 200")));
        // With the pointer on the picture there is less room: what is left out stands in the tool tip.
        move(opened.canvas(), QPointF(opened.canvas().rect().center()));
        QVERIFY(line->shownHint().isEmpty());
        QVERIFY(line->shownMetrics().size() < line->metricsText().size());
        QVERIFY2(line->toolTip().contains(QStringLiteral("≤ 200")), qPrintable(line->toolTip()));
        opened.view.setLayers({layer("Standard", test::flat({64, 64}, {10, 200, 10}))});
        QVERIFY(!line->shownHint().contains(QStringLiteral("Space")));
        QVERIFY(line->metricsText().isEmpty());
    }

    void nothingIsBeingMeasuredBesideAPreview()
    {
        Opened opened;
        const auto* line = opened.view.findChild<CompareReadout*>();
        opened.view.setPreview(layer("Step 3 of 25", test::flat({16, 16}, {9, 99, 9})), {512, 512});
        move(opened.canvas(), QPointF(opened.canvas().rect().center()));
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(&opened.canvas(), &leave);
        QVERIFY2(line->metricsText().isEmpty(), qPrintable(line->metricsText()));
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

    void theSheetDrawsTheLineItSpeaksOf()
    {
        Opened opened;
        const Picture8 picture = test::flat({256, 256}, {200, 0, 0});
        opened.view.setLayers({layer("First pass", picture), layer("Hires", picture)});
        QVERIFY(opened.view.settings().mode == CompareMode::Wipe);
        const int margin = 12;
        const QImage sheet = opened.view.sheet();
        QCOMPARE(sheet.pixelColor(margin + 128, margin + 40), QColor(Qt::white));
        QCOMPARE(sheet.pixelColor(margin + 100, margin + 40), QColor(200, 0, 0));
        CompareSettings settings = opened.view.settings();
        settings.wipeAxis = WipeAxis::Horizontal;
        settings.wipePosition = 0.25;
        opened.view.setSettings(settings);
        QCOMPARE(opened.view.sheet().pixelColor(margin + 200, margin + 64), QColor(Qt::white));
    }

    void theSheetSaysWhatItIsTold()
    {
        Opened opened;
        QTRY_VERIFY(opened.view.metrics().has_value());
        const QImage plain = opened.view.sheet();
        const QImage told
            = opened.view.sheet({QStringLiteral("a lake"), QStringLiteral("word ").repeated(60)});
        QVERIFY(told.height() > plain.height() + 3 * 13); // more than three lines of 13 pixels
        QCOMPARE(told.width(), plain.width());
        bool hasInk = false;
        for (int y = plain.height(); y < told.height(); ++y)
            for (int x = 0; x < told.width(); ++x)
                hasInk = hasInk || qGray(told.pixel(x, y)) < 150;
        QVERIFY(hasInk);
    }

    void theLoupeNeverCoversItsPointNorTheCaptions()
    {
        for (const QSize size : {QSize(556, 390), QSize(796, 714), QSize(400, 300)}) {
            const QRect view(QPoint(0, 44), QPoint(size.width() - 1, size.height() - 61));
            for (int x = view.left() + 20; x < view.right() - 20; x += 37)
                for (int y = view.top() + 10; y < view.bottom() - 10; y += 29) {
                    const LoupeFrame frame = loupeFrame(QPointF(x, y), view);
                    const auto where = [&] {
                        return QStringLiteral("%1, %2 of %3 × %4")
                            .arg(x)
                            .arg(y)
                            .arg(size.width())
                            .arg(size.height());
                    };
                    QVERIFY2(view.contains(frame.outer), qPrintable(where()));
                    QVERIFY2(!frame.outer.adjusted(-8, -8, 8, 8).contains(x, y), qPrintable(where()));
                    QVERIFY2(frame.first.width() >= 48, qPrintable(where()));
                    QCOMPARE(frame.first.size(), frame.second.size());
                }
        }
        // Where there is room for all of it, it has its size.
        QCOMPARE(loupeFrame({400, 200}, QRect(0, 44, 796, 610)).first.width(), kLoupeSide);
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
