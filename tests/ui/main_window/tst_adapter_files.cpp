// Adapters and upscalers that are dropped on the real window.
#include "adapter_samples.h"
#include "opened_window.h"
#include "ui/convert/strings.h"
#include "ui/main_window/dialogs.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_use.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/notice.h"

#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QUrl>

using namespace studio;
using namespace studio::ui;
using Opened = studio::test::OpenedWindow;

namespace {

CalmComboBox* upscalerField(QWidget& panel)
{
    for (CalmComboBox* box : panel.findChildren<CalmComboBox*>()) {
        if (box->accessibleName() == QLatin1String("Upscaler"))
            return box;
    }
    return nullptr;
}

} // namespace

class TestAdapterFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }

    void aDroppedAdapterIsUsedWhereItIs()
    {
        Opened o;
        QVERIFY(o.ready);
        const QString path
            = test::writeLora(o.studio.folder.filePath(QStringLiteral("far away")), QStringLiteral("ink"));
        o.window.openFile(path);
        QTRY_COMPARE(o.studio.controller.state().request().adapters.size(), std::size_t(1));
        QCOMPARE(o.studio.controller.state().request().adapters[0].name, path.toStdString());
        QVERIFY(o.window.panel(QStringLiteral("adapters"))->isOpen());
        o.window.openFile(path); // once is enough
        QTest::qWait(300);
        QCOMPARE(o.studio.controller.state().request().adapters.size(), std::size_t(1));
    }

    void aFileDroppedOnThePromptIsForTheWindow()
    {
        Opened o;
        QVERIFY(o.ready);
        const QString path
            = test::writeLora(o.studio.folder.filePath(QStringLiteral("loras")), QStringLiteral("ink"));
        o.window.promptPanel().prompt()->fileDropped(path);
        QTRY_COMPARE(o.studio.controller.state().request().adapters.size(), std::size_t(1));
        QVERIFY(o.studio.controller.state().request().prompt.empty());
    }

    void aDroppedUpscalerIsUsedWhereItIs()
    {
        Opened o;
        QVERIFY(o.ready);
        const QString path = o.studio.folder.filePath(QStringLiteral("4x-Sharp.safetensors"));
        QVERIFY(QFile::copy(
            QStringLiteral(STUDIO_SOURCE_DIR "/tests/oracle/upscale/present_x4.safetensors"), path));
        o.window.openFile(path);
        const Request& request = o.studio.controller.state().request();
        QTRY_COMPARE(request.simple.upscaler, path.toStdString());
        QCOMPARE(request.hires.rungs.front().upscaler, path.toStdString());
        FoldGroup* pass = o.window.panel(QStringLiteral("second_pass"));
        QVERIFY(pass->isOpen());
        const CalmComboBox* field = upscalerField(*pass);
        QVERIFY(field);
        QCOMPARE(field->currentText(), QStringLiteral("4x-Sharp")); // not its whole path
        QCOMPARE(field->currentData(Qt::ToolTipRole).toString(), path);
        o.window.run(Command::UndoSettings);
        QCOMPARE(request.simple.upscaler, std::string("lanczos"));
    }

    void anUpscalerOfAnotherDesignIsRefusedWithTheReason()
    {
        Opened o;
        QVERIFY(o.ready);
        const QString path = o.studio.folder.filePath(QStringLiteral("compact.safetensors"));
        // As short as such a file can be: its header, and the weights it names.
        const QByteArray header(
            R"({"body.0.weight":{"dtype":"F32","shape":[1,3,3,3],"data_offsets":[0,108]},)"
            R"("body.1.weight":{"dtype":"F32","shape":[1],"data_offsets":[108,112]}})");
        QByteArray bytes(8, '\0');
        bytes[0] = char(header.size());
        QVERIFY(header.size() < 256);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes + header + QByteArray(112, '\0'));
        file.close();
        o.window.openFile(path);
        QTRY_VERIFY(o.window.notice().isVisible());
        QVERIFY2(o.window.notice().sentence().contains(QStringLiteral("compact.safetensors")),
            qPrintable(o.window.notice().sentence()));
        QCOMPARE(o.studio.controller.state().request().simple.upscaler, std::string("lanczos"));
    }

    void theFieldOfUpscalersSaysWhereTheyGo()
    {
        const QTemporaryDir folder;
        StudioServices services
            = test::StudioUnderTest::services(std::make_shared<test::FakeEngine>(), folder.path());
        services.upscalerFolders = {toPath(folder.filePath(QStringLiteral("upscalers")))};
        StudioController controller(services);
        MainWindow window(controller);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const CalmComboBox* field = upscalerField(*window.panel(QStringLiteral("second_pass")));
        QVERIFY(field && field->toolTip().contains(folder.filePath(QStringLiteral("upscalers"))));
        const QToolButton* beside = nullptr;
        for (const QToolButton* button : window.findChildren<QToolButton*>()) {
            if (button->accessibleName() == QString::fromUtf8("Folders of upscalers…"))
                beside = button;
        }
        const auto* menu = beside ? beside->findChild<QMenu*>() : nullptr;
        QVERIFY(menu);
        QStringList offers;
        for (const QAction* action : menu->actions())
            offers << action->text();
        QCOMPARE(offers, QStringList({QStringLiteral("Add a folder…"), QStringLiteral("Open the folder")}));
    }

    void aNewFolderOfUpscalersOpensTheEngineAnew()
    {
        Opened o;
        QVERIFY(o.ready);
        QSignalSpy opened(&o.studio.controller, &StudioController::engineOpened);
        Settings settings = o.studio.controller.settings();
        settings.upscalerFolders = {o.studio.folder.path()};
        o.studio.controller.setSettings(settings);
        QTRY_COMPARE(opened.count(), 1);
        QCOMPARE(loadSettings(o.studio.controller.services().settingsFile).upscalerFolders,
            settings.upscalerFolders); // where the engine reads them
    }

    void oneOfAnotherFamilyIsRefusedWithTheReason()
    {
        Opened o;
        QVERIFY(o.ready);
        o.window.openFile(
            test::writeLora(o.studio.folder.filePath(QStringLiteral("loras")), QStringLiteral("old"), 768));
        QTRY_VERIFY(o.window.notice().isVisible());
        QVERIFY(o.window.notice().sentence().contains(QStringLiteral("Stable Diffusion 1.x")));
        QVERIFY(o.studio.controller.state().request().adapters.empty());
    }

    void anEmbeddingsFolderCanBeSearchedFromThenOn()
    {
        Opened o;
        QVERIFY(o.ready);
        const QString folder = o.studio.folder.filePath(QStringLiteral("words"));
        const QString path = test::writeEmbedding(folder, QStringLiteral("bad_hands"));
        o.window.openFile(path);
        QTRY_VERIFY(o.window.notice().isVisible());
        QVERIFY(o.window.notice().sentence().contains(QStringLiteral("bad_hands")));
        o.window.notice().findChild<QPushButton*>()->click();
        QCOMPARE(o.studio.controller.settings().embeddingFolders, QStringList{folder});
        QTRY_COMPARE(o.studio.controller.adapters().found().embeddings.size(), std::size_t(1));
    }
};

QTEST_MAIN(TestAdapterFiles)
#include "tst_adapter_files.moc"
