// Adapter files that are dropped on the real window.
#include "adapter_samples.h"
#include "opened_window.h"
#include "ui/main_window/dialogs.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_use.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/notice.h"

#include <QMimeData>
#include <QPushButton>
#include <QUrl>

using namespace studio;
using namespace studio::ui;
using Opened = studio::test::OpenedWindow;

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
