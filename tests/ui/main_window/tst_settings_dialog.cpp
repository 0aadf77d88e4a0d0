#include "opened_window.h"
#include "ui/main_window/dialogs.h"

#include <QApplication>
#include <QDialog>
#include <QListWidget>
#include <QPushButton>

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

QTEST_MAIN(TestSettingsDialog)
#include "tst_settings_dialog.moc"
