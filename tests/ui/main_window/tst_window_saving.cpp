// What is saved from the window while it goes on to other pictures.
#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "opened_window.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/main_window/dialogs.h"
#include "ui/panels/mode_bar.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QTimer>

using namespace studio;
using namespace studio::ui;

namespace {

constexpr int kPatience = 20000;

/// A window with a finished take of the prompt "the first" in sight.
struct Opened : studio::test::OpenedWindow {
    Opened()
        : OpenedWindow(std::chrono::milliseconds(6))
    {
        QDir().mkpath(chosen());
        window.modeBar().action(Mode::Hires)->trigger();
        studio.controller.state().change([](Request& r) {
            r.prompt = "the first";
            r.seed = 7;
        });
        studio.controller.generate();
        ready = ready && studio.waitForEnd() && window.take();
    }

    QString chosen() const { return studio.folder.filePath(QStringLiteral("chosen")); }

    /// Another run begins while the dialog of `command` is open; when it has come into sight, the dialog is accepted.
    void saveWhileAnotherRuns(Command command)
    {
        studio.controller.state().change([](Request& r) {
            r.prompt = "the second";
            r.seed = 8;
        });
        QTimer::singleShot(0, &window, [this] {
            auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            if (!dialog)
                return;
            studio.controller.generate();
            cameInSight = studio::test::waitUntil([this] { return !window.take(); }, kPatience);
            dialog->setDirectory(chosen());
            static_cast<QDialog*>(dialog)->accept();
        });
        window.run(command);
    }

    QStringList saved() const { return QDir(chosen()).entryList(QDir::Files); }
    bool waitForFile()
    {
        return studio::test::waitUntil(
            [this] { return !saved().isEmpty() && !studio.controller.saver().isBusy(); }, kPatience);
    }

    bool cameInSight = false;
};

} // namespace

class TestWindowSaving : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyThemeOf({});
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    }
    void thePictureThatWasMeantIsSavedWithItsRecipe();
    void theComparisonThatWasMeantIsSaved();
    void whatIsChangedWhileTheDialogIsOpenStays();
};

void TestWindowSaving::thePictureThatWasMeantIsSavedWithItsRecipe()
{
    Opened o;
    QVERIFY(o.ready);
    const auto first = o.window.take();
    o.saveWhileAnotherRuns(Command::SaveAs);
    QVERIFY(o.cameInSight);
    QVERIFY(o.waitForFile());
    QCOMPARE(o.saved(), QStringList{QStringLiteral("7_hires.png")});
    const auto read = loadPicture(toPath(o.chosen() + u'/' + o.saved().front()));
    const auto* file = std::get_if<LoadedPicture>(&read);
    QVERIFY(file);
    QVERIFY(file->picture == *first->mainLayer()->picture);
    const auto request = requestFromJson(file->metadata.requestJson);
    QCOMPARE(std::get<Request>(request).prompt, std::string("the first"));
    QVERIFY(o.studio.waitForEnd());
}

void TestWindowSaving::theComparisonThatWasMeantIsSaved()
{
    Opened o;
    QVERIFY(o.ready);
    const QSize size = o.window.view().sheet({QStringLiteral("a note"), QStringLiteral("another")}).size();
    o.saveWhileAnotherRuns(Command::SaveSheet);
    QVERIFY(o.cameInSight);
    QVERIFY(o.waitForFile());
    QCOMPARE(o.saved(), QStringList{QStringLiteral("7_hires_comparison.png")});
    // Both pictures of the take: not the preview that stood behind the dialog in the end.
    const auto read = loadPicture(toPath(o.chosen() + u'/' + o.saved().front()));
    QCOMPARE(std::get<LoadedPicture>(read).picture.size.width, size.width());
    QVERIFY(o.studio.waitForEnd());
}

void TestWindowSaving::whatIsChangedWhileTheDialogIsOpenStays()
{
    Opened o;
    QVERIFY(o.ready);
    QTimer::singleShot(0, &o.window, [&] {
        Settings settings = o.studio.controller.settings();
        settings.quality = 33;
        o.studio.controller.setSettings(settings);
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        dialog->setDirectory(o.chosen());
        static_cast<QDialog*>(dialog)->accept();
    });
    o.window.run(Command::SaveAs);
    QVERIFY(o.waitForFile());
    QCOMPARE(o.studio.controller.settings().quality, 33);
    QCOMPARE(o.studio.controller.settings().lastFolder, o.chosen());
}

QTEST_MAIN(TestWindowSaving)
#include "tst_window_saving.moc"
