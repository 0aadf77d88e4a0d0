#include "opened_window.h"
#include "ui/jobs/file_opener.h"
#include "ui/main_window/dialogs.h"
#include "ui/panels/take_panel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/notice.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QFileIconProvider>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using Opened = studio::test::OpenedWindow;

/// What stands on panels, notices and dialogs.
class TestWindowWords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void theStagesOfACompareRunNameTheirPicture();
    void whatIsUsedMostOfATakeHasWords();
    void aRefusedFileSaysMoreThanItsPath();
    void theCheckpointDialogHasAddressesToCopy();
    void aFoldTitleDoesNotRepeatItselfInItsToolTip();
    void fileDialogsUseOurIcons();

private:
    static QWidget* takePanel(Opened& o)
    {
        for (QWidget* each : o.window.findChildren<QWidget*>()) {
            if (dynamic_cast<TakePanel*>(each))
                return each;
        }
        return nullptr;
    }
};

void TestWindowWords::theStagesOfACompareRunNameTheirPicture()
{
    Opened o;
    QVERIFY(o.ready);
    o.studio.controller.state().change([](Request& r) {
        r.mode = Mode::Compare;
        r.sampling.steps = 3;
    });
    o.studio.controller.generate();
    QVERIFY(o.studio.waitForEnd());
    QStringList lines;
    for (const QLabel* label : takePanel(o)->findChildren<QLabel*>())
        lines << label->toolTip() << label->text();
    for (const char* line :
        {"Text", "Standard · Base, 3 steps", "Standard · Decode", "First pass · Base, 3 steps",
            "Simple · Enlarge with Lanczos", "Enlarged only · Enlarge with Lanczos", "Hires · Decode"})
        QVERIFY2(lines.contains(QString::fromUtf8(line)), qPrintable(lines.join(u'\n')));
}

void TestWindowWords::whatIsUsedMostOfATakeHasWords()
{
    Opened o;
    QVERIFY(o.ready);
    o.studio.controller.generate();
    QVERIFY(o.studio.waitForEnd());
    QStringList words;
    const QWidget* panel = takePanel(o);
    const QWidget* sight = panel->parentWidget(); // it scrolls up and down, not sideways
    for (const QToolButton* button : panel->findChildren<QToolButton*>()) {
        if (button->toolButtonStyle() == Qt::ToolButtonTextOnly)
            words << button->text();
        const QRect place(button->mapTo(sight, QPoint(0, 0)), button->size());
        QVERIFY2(place.left() >= 0 && place.right() < sight->width(), qPrintable(button->accessibleName()));
    }
    QCOMPARE(
        words, QStringList({QStringLiteral("Save"), QStringLiteral("Copy"), QStringLiteral("Second pass")}));
}

void TestWindowWords::aRefusedFileSaysMoreThanItsPath()
{
    Opened o;
    QVERIFY(o.ready);
    QFile file(o.studio.folder.filePath(QStringLiteral("wrong.safetensors")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(2'000'000, 'x'));
    file.close();
    o.window.openFile(file.fileName());
    QTRY_VERIFY_WITH_TIMEOUT(o.window.notice().isVisible(), 10000);
    QStringList texts;
    for (const QLabel* label : o.window.notice().findChildren<QLabel*>())
        texts << label->text();
    const QString all = texts.join(u'\n');
    QVERIFY2(all.contains(file.fileName()) && all.contains(QStringLiteral("Size: 2 MB")), qPrintable(all));
}

void TestWindowWords::theCheckpointDialogHasAddressesToCopy()
{
    Opened o;
    QVERIFY(o.ready);
    o.window.run(Command::OpenCheckpoint);
    QTRY_VERIFY(QApplication::activeModalWidget());
    QWidget* dialog = QApplication::activeModalWidget();
    QStringList addresses;
    for (const QLineEdit* field : dialog->findChildren<QLineEdit*>()) {
        QVERIFY(field->isReadOnly());
        addresses << field->text();
    }
    QCOMPARE(addresses.size(), 2);
    QVERIFY(addresses.front().endsWith(QStringLiteral("stabilityai/stable-diffusion-xl-base-1.0")));
    dialog->findChildren<QToolButton*>().front()->click();
    QCOMPARE(QApplication::clipboard()->text(), addresses.front());
    for (const QPushButton* button : dialog->findChildren<QPushButton*>())
        QVERIFY(buttonRole(button) != ButtonRole::Primary); // the one primary button is Generate
    dialog->close();
}

void TestWindowWords::aFoldTitleDoesNotRepeatItselfInItsToolTip()
{
    Opened o;
    QVERIFY(o.ready);
    FoldGroup* sampling = o.window.panel(QStringLiteral("sampling"));
    auto* title = sampling->findChild<QAbstractButton*>(QString(), Qt::FindDirectChildrenOnly);
    QVERIFY(title && title->toolTip().isEmpty());
    QVERIFY(!title->accessibleDescription().isEmpty());
    o.studio.controller.state().change([](Request& r) { r.mode = Mode::Standard; });
    FoldGroup* second = o.window.panel(QStringLiteral("second_pass"));
    title = second->findChild<QAbstractButton*>(QString(), Qt::FindDirectChildrenOnly);
    QVERIFY(!title->toolTip().isEmpty()); // why it is not used
}

void TestWindowWords::fileDialogsUseOurIcons()
{
    const QStyle* style = QApplication::style();
    const QColor text = QApplication::palette().color(QPalette::WindowText);
    for (const QStyle::StandardPixmap which : {QStyle::SP_DirIcon, QStyle::SP_FileIcon,
             QStyle::SP_FileDialogToParent, QStyle::SP_FileDialogBack, QStyle::SP_FileDialogNewFolder,
             QStyle::SP_FileDialogListView, QStyle::SP_FileDialogDetailedView, QStyle::SP_DriveHDIcon}) {
        const QImage image = style->standardIcon(which).pixmap(32, 32).toImage();
        QVERIFY(!image.isNull());
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (const QColor pixel = image.pixelColor(x, y); pixel.alpha() == 255)
                    QVERIFY(
                        std::abs(pixel.red() - text.red()) <= 2 && std::abs(pixel.blue() - text.blue()) <= 2);
            }
        }
    }
}

QTEST_MAIN(TestWindowWords)
#include "tst_window_words.moc"
