#include "studio_under_test.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/window_place.h"
#include "ui/panels/generate_footer.h"
#include "ui/widgets/progress_button.h"

#include <QScreen>
#include <QTest>

using namespace studio;
using namespace studio::ui;

class TestWindowPlace : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void aWindowIsShrunkAndMovedOntoTheScreen();
    void aWindowThatFitsStaysWhereItIs();
    void theFirstWindowLiesOnTheScreen();
    void aWindowOfALargerScreenIsBroughtBack();

private:
    static void isWholeInSight(MainWindow& window);
};

void TestWindowPlace::aWindowIsShrunkAndMovedOntoTheScreen()
{
    const QRect screen(0, 24, 1366, 744); // with a bar at the top
    const QMargins frame(4, 30, 4, 4);
    QCOMPARE(placedOn(screen, QRect(100, 100, 1440, 900), frame), QRect(4, 54, 1358, 710));
    QCOMPARE(placedOn(screen, QRect(1000, 600, 900, 600), frame), QRect(462, 164, 900, 600));
    QCOMPARE(placedOn(screen, QRect(-500, -500, 900, 600), frame), QRect(4, 54, 900, 600));
}

void TestWindowPlace::aWindowThatFitsStaysWhereItIs()
{
    const QRect window(1950, 60, 1440, 900);
    QCOMPARE(placedOn(QRect(1920, 0, 2560, 1440), window, QMargins(1, 36, 1, 1)), window);
}

void TestWindowPlace::isWholeInSight(MainWindow& window)
{
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QTest::qWait(50);
    const QRect screen = window.screen()->availableGeometry();
    QVERIFY2(screen.contains(window.frameGeometry()),
        qPrintable(QStringLiteral("%1 × %2").arg(window.width()).arg(window.height())));
    const QWidget* generate = window.footer().button();
    const QRect button(generate->mapToGlobal(QPoint(0, 0)), generate->size());
    QVERIFY(screen.contains(button));
    QCOMPARE(generate->visibleRegion().boundingRect().size(), generate->size());
}

void TestWindowPlace::theFirstWindowLiesOnTheScreen()
{
    test::StudioUnderTest studio;
    QVERIFY(studio.controller.settings().geometry.isEmpty());
    MainWindow window(studio.controller);
    QVERIFY(window.screen()->availableGeometry().width() < 1440); // else this shows nothing
    isWholeInSight(window);
}

void TestWindowPlace::aWindowOfALargerScreenIsBroughtBack()
{
    test::StudioUnderTest studio;
    QWidget large;
    large.setGeometry(40, 60, 1440, 900);
    Settings settings = studio.controller.settings();
    settings.geometry = large.saveGeometry();
    studio.controller.setSettings(settings);
    MainWindow window(studio.controller);
    isWholeInSight(window);
}

QTEST_MAIN(TestWindowPlace)
#include "tst_window_place.moc"
