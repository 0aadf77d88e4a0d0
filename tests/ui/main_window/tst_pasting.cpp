// Settings and pictures that come from the clipboard or from files, and the way back.
#include "adapter_samples.h"
#include "core/api/request_json.h"
#include "opened_window.h"
#include "ui/convert/strings.h"
#include "ui/jobs/queue_runner.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/status_line.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/notice.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;

namespace {

const QString kText = QStringLiteral("a lighthouse\nNegative prompt: blurry\nSteps: 28, Sampler: Euler, "
                                     "CFG scale: 5, Seed: 42, Size: 832x1216, Model: not here, Mystery: 1");

struct Opened : test::OpenedWindow {
    StudioState& state() { return studio.controller.state(); }
    const Request& request() { return state().request(); }
    void key(Qt::Key key, Qt::KeyboardModifiers with) { QTest::keyClick(&window, key, with); }
    QPushButton* remedy(const char* text)
    {
        for (QPushButton* button : window.notice().findChildren<QPushButton*>()) {
            if (button->isVisible() && button->text() == QLatin1String(text))
                return button;
        }
        return nullptr;
    }
    void press(const char* text)
    {
        if (QPushButton* button = remedy(text))
            QTest::mouseClick(button, Qt::LeftButton);
        else
            QFAIL(text);
    }
    /// A picture with the settings it was made with, as the program saves it.
    QString savedPicture()
    {
        QSignalSpy saved(&studio.controller.saver(), &PictureSaver::saved);
        studio.controller.generate();
        if (!studio.waitForEnd() || !test::waitUntil([&] { return saved.count() > 0; }, 20000))
            return {};
        return saved.front().front().toString();
    }
};

} // namespace

class TestPasting : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void cleanup() { QApplication::clipboard()->clear(); }
    void pastedSettingsReachTheControls();
    void whatIsNoSettingsIsSaid();
    void textPastedIntoThePromptIsOfferedAsSettings();
    void plainTextIsPastedWithoutAWord();
    void everyReplacementCanBeTakenBack();
    void whateverFillsTheControlsCanBeTakenBack();
    void thePromptsOwnUndoStays();
    void aDroppedPictureWithSettingsCanBeTheStart();
    void itCanBeTheStartWithTheSettingsBefore();
    void aPastedPictureIsTheStart();
    void theSamePictureIsKeptOnce();
};

void TestPasting::pastedSettingsReachTheControls()
{
    Opened o;
    QVERIFY(o.ready);
    o.state().change([](Request& r) { r.models.vae = "/models/v.safetensors"; });
    QApplication::clipboard()->setText(kText);
    o.key(Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(o.request().prompt, std::string("a lighthouse"));
    QCOMPARE(o.request().negativePrompt, std::string("blurry"));
    QCOMPARE(o.request().seed.value_or(0), std::uint64_t(42));
    QVERIFY((o.request().standard.size == Extent{832, 1216}));
    QCOMPARE(o.request().models.vae, std::string("/models/v.safetensors"));
    QVERIFY(o.window.notice().isVisible());
    QVERIFY(o.window.notice().sentence().contains(QStringLiteral("not here")));
    QVERIFY(o.window.notice().sentence().contains(QStringLiteral("Mystery")));
    o.press("Undo");
    QCOMPARE(o.request().prompt, std::string());
}

void TestPasting::whatIsNoSettingsIsSaid()
{
    Opened o;
    QVERIFY(o.ready);
    const Request before = o.request();
    QApplication::clipboard()->setText(QStringLiteral("only words"));
    o.key(Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(o.window.notice().isVisible());
    QVERIFY(o.window.notice().sentence().contains(QStringLiteral("Steps:")));
    QVERIFY(o.request() == before);
}

void TestPasting::textPastedIntoThePromptIsOfferedAsSettings()
{
    Opened o;
    QVERIFY(o.ready);
    QApplication::clipboard()->setText(kText);
    PromptEdit* prompt = o.window.promptPanel().prompt();
    prompt->setFocus();
    QTest::keyClick(prompt, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(prompt->toPlainText(), kText); // as always
    QVERIFY(o.window.notice().isVisible());
    o.press("Use these settings");
    QCOMPARE(prompt->toPlainText(), QStringLiteral("a lighthouse"));
    QCOMPARE(o.request().sampling.steps, 28);
}

void TestPasting::plainTextIsPastedWithoutAWord()
{
    Opened o;
    QVERIFY(o.ready);
    QApplication::clipboard()->setText(QStringLiteral("stone steps: twenty of them"));
    PromptEdit* prompt = o.window.promptPanel().prompt();
    prompt->setFocus();
    QTest::keyClick(prompt, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(o.request().prompt, std::string("stone steps: twenty of them"));
    QVERIFY(!o.window.notice().isVisible());
}

void TestPasting::everyReplacementCanBeTakenBack()
{
    Opened o;
    QVERIFY(o.ready);
    QAction* undo = o.window.actions()[Command::UndoSettings];
    QAction* redo = o.window.actions()[Command::RedoSettings];
    QVERIFY(!undo->isEnabled() && !redo->isEnabled());
    o.state().change([](Request& r) { r.sampling.steps = 11; });
    const Request before = o.request();
    o.window.run(Command::ResetSettings);
    QCOMPARE(o.request().sampling.steps, 30);
    QVERIFY(undo->isEnabled());
    QVERIFY2(undo->text().contains(QStringLiteral("the defaults")), qPrintable(undo->text()));
    QVERIFY(o.window.statusLine().undoButton()->isVisible());
    o.key(Qt::Key_Z, Qt::ControlModifier | Qt::AltModifier);
    QVERIFY(o.request() == before);
    QVERIFY(!undo->isEnabled() && redo->isEnabled());
    redo->trigger();
    QCOMPARE(o.request().sampling.steps, 30);
    QTest::mouseClick(o.window.statusLine().undoButton(), Qt::LeftButton);
    QVERIFY(o.request() == before);
}

void TestPasting::whateverFillsTheControlsCanBeTakenBack()
{
    Opened o;
    QVERIFY(o.ready);
    o.state().change([](Request& r) { r.mode = Mode::Standard; });
    QVERIFY(!o.savedPicture().isEmpty()); // a take to take the settings of
    QueueRunner& queue = o.studio.controller.queue();
    queue.setPaused(true);
    Request other;
    other.prompt = "of the queue";
    queue.add(other, 1, SeedSeries::Next);
    const std::uint64_t id = queue.list().entries().front().id;
    const std::pair<const char*, std::function<void()>> ways[]{
        {"the settings of the take", [&] { o.window.run(Command::UseSettings); }},
        {"a picture of the queue", [&] { queue.edit(id); }},
        {"the defaults", [&] { o.window.run(Command::ResetSettings); }},
        {"the preset", [&] {
             for (QAction* action : o.window.actions().menu("generate")->actions()) {
                 if (action->text().contains(QStringLiteral("Best")))
                     action->trigger();
             }
         }}};
    int step = 100;
    for (const auto& [what, fill] : ways) {
        o.state().change([&](Request& r) {
            r.prompt = "mine";
            r.sampling.steps = ++step;
        });
        const Request before = o.request();
        fill();
        QVERIFY2(o.request() != before, what);
        QVERIFY2(o.state().lastReplacement().startsWith(QLatin1String(what)),
            qPrintable(o.state().lastReplacement()));
        o.window.run(Command::UndoSettings);
        QVERIFY2(o.request() == before, what);
    }
}

void TestPasting::thePromptsOwnUndoStays()
{
    Opened o;
    QVERIFY(o.ready);
    PromptEdit* prompt = o.window.promptPanel().prompt();
    o.window.run(Command::ResetSettings);
    QTest::keyClicks(prompt, QStringLiteral("a lake"));
    QTest::keyClick(prompt, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(prompt->toPlainText(), QString());
}

void TestPasting::aDroppedPictureWithSettingsCanBeTheStart()
{
    Opened o;
    QVERIFY(o.ready);
    o.state().change([](Request& r) {
        r.mode = Mode::Standard;
        r.prompt = "a lake";
    });
    const QString path = o.savedPicture();
    QVERIFY(QFile::exists(path));
    o.state().change([](Request& r) { r.prompt = "something else"; });
    o.window.openFile(path);
    QTRY_VERIFY_WITH_TIMEOUT(o.remedy("Start from this picture"), 10000);
    QCOMPARE(o.request().prompt, std::string("a lake"));
    QVERIFY(o.request().initPicture.empty());
    o.press("Start from this picture");
    QCOMPARE(o.request().initPicture, toStd(path));
    QVERIFY(o.request().mode == Mode::Hires);
    QCOMPARE(o.request().prompt, std::string("a lake"));
    o.window.run(Command::UndoSettings);
    QVERIFY(o.request().initPicture.empty());
    o.window.run(Command::UndoSettings);
    QCOMPARE(o.request().prompt, std::string("something else"));
}

void TestPasting::itCanBeTheStartWithTheSettingsBefore()
{
    Opened o;
    QVERIFY(o.ready);
    o.state().change([](Request& r) { r.mode = Mode::Hires; });
    const QString path = o.savedPicture();
    o.state().change([](Request& r) {
        r.prompt = "my words";
        r.hires.rungs.front().target = Extent{512, 512}; // no larger than the picture
    });
    o.window.openFile(path);
    QTRY_VERIFY_WITH_TIMEOUT(o.remedy("Start from it with the settings before"), 10000);
    o.press("Start from it with the settings before");
    QCOMPARE(o.request().prompt, std::string("my words"));
    QCOMPARE(o.request().initPicture, toStd(path));
    QVERIFY(!o.request().hires.rungs.front().target); // it is enlarged, not made over at its size
}

void TestPasting::aPastedPictureIsTheStart()
{
    Opened o;
    QVERIFY(o.ready);
    QImage picture(64, 48, QImage::Format_RGB32);
    picture.fill(QColor(10, 200, 30));
    QApplication::clipboard()->setImage(picture);
    o.window.setFocus();
    o.key(Qt::Key_V, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(o.remedy("Start from this picture"), 10000);
    o.press("Start from this picture");
    const QString path = toQt(o.request().initPicture);
    QVERIFY(QFileInfo(path).isAbsolute());
    QCOMPARE(QImage(path).size(), picture.size());
    QCOMPARE(QImage(path).pixelColor(3, 3), QColor(10, 200, 30));
}

void TestPasting::theSamePictureIsKeptOnce()
{
    Opened o;
    QVERIFY(o.ready);
    QImage picture(32, 32, QImage::Format_RGB32);
    picture.fill(Qt::blue);
    QApplication::clipboard()->setImage(picture);
    QStringList paths;
    for (int i = 0; i < 2; ++i) {
        if (i == 0)
            o.window.run(Command::Paste);
        else // where the focus is at first
            QTest::keyClick(o.window.promptPanel().prompt(), Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(o.remedy("Start from this picture"), 10000);
        o.press("Start from this picture");
        paths << toQt(o.request().initPicture);
    }
    QCOMPARE(paths.at(0), paths.at(1));
}

QTEST_MAIN(TestPasting)
#include "tst_pasting.moc"
