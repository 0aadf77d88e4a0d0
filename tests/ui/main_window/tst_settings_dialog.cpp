#include "opened_window.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/folder_field.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTabWidget>

using namespace studio;
using namespace studio::ui;
using Opened = studio::test::OpenedWindow;

namespace {

QDialog* openedDialog(Opened& o)
{
    showSettings(o.studio.controller, &o.window);
    test::waitUntil([] { return QApplication::activeModalWidget() != nullptr; }, 5000);
    return qobject_cast<QDialog*>(QApplication::activeModalWidget());
}

template <class Part> Part* named(QWidget& parent, const char* name)
{
    for (Part* part : parent.findChildren<Part*>()) {
        if (part->accessibleName() == QLatin1String(name))
            return part;
    }
    return nullptr;
}

} // namespace

class TestSettingsDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void qualityIsForFormatsThatHaveOne();
    void removeWaitsForAFolder();
    void aFolderIsAFullPathOrInTheHomeFolder();
    void whatStandsInAFieldCountsWhenTheDialogCloses();
};

void TestSettingsDialog::qualityIsForFormatsThatHaveOne()
{
    Opened o;
    QVERIFY(o.ready);
    QDialog* dialog = openedDialog(o);
    QVERIFY(dialog);
    auto* quality = named<CalmSpinBox>(*dialog, "Quality of JPEG and WebP");
    auto* format = named<CalmComboBox>(*dialog, "Format");
    QVERIFY(quality && format);
    QVERIFY(!quality->isEnabled());
    QVERIFY(quality->toolTip().contains(QStringLiteral("PNG")));
    QCOMPARE(quality->accessibleDescription(), quality->toolTip());
    QTest::keyClick(format, Qt::Key_Down);
    QVERIFY(o.studio.controller.settings().format == PictureFormat::Jpeg);
    QVERIFY(quality->isEnabled());
    QTest::keyClick(format, Qt::Key_Up);
    QVERIFY(!quality->isEnabled());
    dialog->close();
}

void TestSettingsDialog::removeWaitsForAFolder()
{
    Opened o;
    QVERIFY(o.ready);
    QDialog* dialog = openedDialog(o);
    QVERIFY(dialog);
    auto* remove = named<QPushButton>(*dialog, "Remove from: Folders of checkpoints");
    QVERIFY(remove && !remove->isEnabled());
    QVERIFY(!remove->toolTip().isEmpty());
    dialog->close();

    Settings settings = o.studio.controller.settings();
    settings.modelFolders = QStringList{o.studio.folder.path()};
    o.studio.controller.setSettings(settings);
    QTRY_VERIFY(!QApplication::activeModalWidget());
    dialog = openedDialog(o);
    QVERIFY(dialog);
    remove = named<QPushButton>(*dialog, "Remove from: Folders of checkpoints");
    auto* list = named<QListWidget>(*dialog, "Folders of checkpoints");
    QVERIFY(remove && list && list->count() == 1);
    QVERIFY(!remove->isEnabled()); // none is chosen
    list->setCurrentRow(0);
    QVERIFY(remove->isEnabled());
    remove->click();
    QCOMPARE(list->count(), 0);
    QVERIFY(o.studio.controller.settings().modelFolders.isEmpty());
    QVERIFY(!remove->isEnabled());
    dialog->close();
}

void TestSettingsDialog::aFolderIsAFullPathOrInTheHomeFolder()
{
    QCOMPARE(
        folderFrom(QStringLiteral(" ~/Pictures/ ")).value(), QDir::homePath() + QStringLiteral("/Pictures"));
    QCOMPARE(folderFrom(QStringLiteral("~")).value(), QDir::homePath());
    QVERIFY(!folderFrom(QStringLiteral("~other/x")) && !folderFrom(QStringLiteral("./x")));
    QCOMPARE(folderFrom(QString()).value(), QString());

    Opened o;
    QVERIFY(o.ready);
    const QString before = o.studio.controller.settings().outputFolder;
    QDialog* dialog = openedDialog(o);
    QVERIFY(dialog);
    QApplication::setActiveWindow(dialog);
    dialog->findChild<QTabWidget*>()->setCurrentIndex(1);
    auto* folder = named<QLineEdit>(*dialog, "Folder for pictures");
    QVERIFY(folder);
    auto* whole = dynamic_cast<FolderField*>(folder->parentWidget());
    QVERIFY(whole && whole->fault().isEmpty());
    const auto type = [&](const char* text) {
        folder->setFocus();
        folder->selectAll();
        QTest::keyClicks(folder, QString::fromUtf8(text));
        QVERIFY(folder->hasFocus());
        QTest::keyClick(folder, Qt::Key_Tab);
        QVERIFY(!folder->hasFocus());
    };
    type("Pictures");
    QCOMPARE(o.studio.controller.settings().outputFolder, before);
    QCOMPARE(folder->text(), before);
    QVERIFY2(whole->fault().contains(QStringLiteral("“Pictures”")), qPrintable(whole->fault()));
    type("~/Pictures of mine");
    QVERIFY(whole->fault().isEmpty());
    QCOMPARE(
        o.studio.controller.settings().outputFolder, QDir::homePath() + QStringLiteral("/Pictures of mine"));
    QCOMPARE(folder->text(), o.studio.controller.settings().outputFolder);
    dialog->close();
}

void TestSettingsDialog::whatStandsInAFieldCountsWhenTheDialogCloses()
{
    Opened o;
    QVERIFY(o.ready);
    QDialog* dialog = openedDialog(o);
    QVERIFY(dialog);
    QApplication::setActiveWindow(dialog);
    dialog->findChild<QTabWidget*>()->setCurrentIndex(1);
    auto* room = named<CalmSpinBox>(*dialog, "Room for takes");
    QVERIFY(room);
    room->setFocus();
    room->selectAll();
    QTest::keyClicks(room, QStringLiteral("25"));
    QTest::keyClick(room, Qt::Key_Escape);
    QTRY_VERIFY(!QApplication::activeModalWidget());
    QCOMPARE(o.studio.controller.settings().takesGigabytes, 25);
    QCOMPARE(loadSettings(o.studio.controller.services().settingsFile).takesGigabytes, 25);
}

QTEST_MAIN(TestSettingsDialog)
#include "tst_settings_dialog.moc"
