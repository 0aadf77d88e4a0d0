// The window as it is used, with the real engine and the built-in model. Sizes and steps are small: what is judged is
// the way through the program, not the pictures.
#include "core/api/picture_file.h"
#include "core/api/take_store.h"
#include "studio_under_test.h"
#include "studio_with_engine.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/jobs/take_archive.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"
#include "ui/models/adapter_library.h"
#include "ui/panels/filmstrip.h"
#include "ui/panels/generate_footer.h"
#include "ui/panels/mode_bar.h"
#include "ui/panels/plan_strip.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/calm_inputs.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/progress_button.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <array>
#include <map>
#include <memory>

using namespace studio;
using namespace studio::ui;
using studio::test::StudioWithEngine;
using studio::test::waitUntil;

namespace {

constexpr int kPatience = 120000; // milliseconds; generous, for machines with much else to do

Request small(Mode mode)
{
    Request request;
    request.mode = mode;
    request.prompt = "a calm lake with snowy mountains by day";
    request.seed = 7;
    request.sampling.steps = 4;
    request.standard.size = Extent{128, 128};
    request.simple.base = Extent{96, 96};
    request.simple.scale = 2.0;
    request.hires.base = Extent{96, 96};
    request.hires.rungs.front().target = Extent{192, 192};
    request.hires.rungs.front().strength = 0.5;
    request.hires.rungs.front().steps = 8;
    return request;
}

std::vector<LayerKind> kindsOf(const Take& take)
{
    std::vector<LayerKind> kinds;
    for (const Layer& layer : take.layers)
        kinds.push_back(layer.kind);
    return kinds;
}

/// Mean of each channel, 0..255.
std::array<double, 3> meanOf(const Picture8& picture)
{
    std::array<double, 3> sum{};
    for (std::size_t i = 0; i < picture.values.size(); ++i)
        sum[i % 3] += picture.values[i];
    for (double& value : sum)
        value *= 3.0 / static_cast<double>(picture.values.size());
    return sum;
}

CalmComboBox* choiceNamed(QWidget* parent, const QString& name)
{
    for (CalmComboBox* box : parent->findChildren<CalmComboBox*>()) {
        if (box->accessibleName() == name)
            return box;
    }
    return nullptr;
}

} // namespace

/// One program from its start to its end: the cases follow one another in one window.
class TestWindowWithEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aPromptIsTakenBeforeTheEngineIsThere();
    void theEngineOpensAfterTheFirstPaint();
    void tokensAreCountedByTheModelsTokenizer();
    void thePickersShowTheEnginesTables();
    void theBuiltInModelsAdapterIsFound();
    void eachModeMakesItsLayersInOrder_data();
    void eachModeMakesItsLayersInOrder();
    void thePicturesCanBeCompared();
    void cancelInTheSecondPassKeepsTheFirst();
    void aPictureIsSavedReopenedAndMadeAgain();
    void previewsOfBothPassesHaveThePicturesColours();
    void everyRunWasKeptAsATake();
    void theMachineCheckTimesAStep();
    void theNextStartKnowsTheLastRequest();

private:
    void generate();
    StudioState& state() { return m_studio->controller.state(); }

    std::unique_ptr<StudioWithEngine> m_studio;
    std::unique_ptr<MainWindow> m_window;
};

void TestWindowWithEngine::initTestCase()
{
    applyThemeOf({});
    m_studio = std::make_unique<StudioWithEngine>();
    m_window = std::make_unique<MainWindow>(m_studio->controller);
    m_window->resize(1440, 900);
}

void TestWindowWithEngine::aPromptIsTakenBeforeTheEngineIsThere()
{
    QSignalSpy painted(m_window.get(), &MainWindow::firstPainted);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QTRY_COMPARE(painted.count(), 1);
    PromptEdit* prompt = m_window->promptPanel().prompt();
    QVERIFY(prompt->hasFocus());
    QTest::keyClicks(prompt, QStringLiteral("a lake"));
    QCOMPARE(state().request().prompt, std::string("a lake"));
    QVERIFY(!m_studio->controller.engine());
    QVERIFY(!m_window->footer().button()->isEnabled());
    QVERIFY(!m_window->footer().button()->toolTip().isEmpty()); // and says why
}

void TestWindowWithEngine::theEngineOpensAfterTheFirstPaint()
{
    QVERIFY(m_studio->open());
    QVERIFY(m_window->footer().button()->isEnabled());
    QVERIFY(!state().catalog().samplers.empty());
    // The built-in model brings sizes of its own.
    QVERIFY(state().defaults().hires.base.has_value());
    QVERIFY(state().defaults().hires.base->width < 768);
}

void TestWindowWithEngine::tokensAreCountedByTheModelsTokenizer()
{
    PlanWatcher& planner = m_studio->controller.planner();
    QTRY_COMPARE_WITH_TIMEOUT(planner.promptTokens().value_or(-1), 2, kPatience);
    QTest::keyClicks(m_window->promptPanel().prompt(), QStringLiteral(", calm"));
    QTRY_COMPARE_WITH_TIMEOUT(planner.promptTokens().value_or(-1), 4, kPatience);
}

void TestWindowWithEngine::theBuiltInModelsAdapterIsFound()
{
    const AdapterLibrary& adapters = m_studio->controller.adapters();
    QTRY_VERIFY_WITH_TIMEOUT(adapters.adapter(QStringLiteral("grey")), kPatience);
    QCOMPARE(whyUnfit(*adapters.adapter(QStringLiteral("grey"))), QString());
}

void TestWindowWithEngine::thePickersShowTheEnginesTables()
{
    const auto shows = [](CalmComboBox* box, const std::vector<CatalogEntry>& table) {
        QSet<QString> shown;
        for (int i = 0; i < box->count(); ++i) {
            if (const QString id = box->itemData(i).toString(); !id.isEmpty())
                shown << id;
        }
        QSet<QString> wanted;
        for (const CatalogEntry& entry : table)
            wanted << toQt(entry.id);
        return shown == wanted;
    };
    const Catalog& catalog = state().catalog();
    CalmComboBox* sampler
        = choiceNamed(m_window->panel(QStringLiteral("sampling")), QStringLiteral("Sampler"));
    CalmComboBox* schedule
        = choiceNamed(m_window->panel(QStringLiteral("sampling")), QStringLiteral("Schedule"));
    CalmComboBox* upscaler
        = choiceNamed(m_window->panel(QStringLiteral("second_pass")), QStringLiteral("Upscaler"));
    QVERIFY(sampler && schedule && upscaler);
    QVERIFY(shows(sampler, catalog.samplers));
    QVERIFY(shows(schedule, catalog.schedules));
    QVERIFY(shows(upscaler, catalog.upscalers));
}

void TestWindowWithEngine::generate()
{
    QTest::keyClick(m_window.get(), Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_studio->controller.isRunning());
    QVERIFY(m_studio->waitForEnd(kPatience));
}

void TestWindowWithEngine::eachModeMakesItsLayersInOrder_data()
{
    using Kinds = std::vector<LayerKind>;
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<Kinds>("kinds");
    QTest::newRow("standard") << Mode::Standard << Kinds{LayerKind::Standard};
    QTest::newRow("simple") << Mode::Simple << Kinds{LayerKind::FirstPass, LayerKind::Simple};
    QTest::newRow("hires") << Mode::Hires
                           << Kinds{LayerKind::FirstPass, LayerKind::Upscaled, LayerKind::Hires};
    QTest::newRow("compare") << Mode::Compare
                             << Kinds{LayerKind::Standard, LayerKind::Simple, LayerKind::Hires};
}

void TestWindowWithEngine::eachModeMakesItsLayersInOrder()
{
    QFETCH(const Mode, mode);
    QFETCH(const std::vector<LayerKind>, kinds);
    state().setRequest(small(Mode::Standard));
    QTest::keyClick(
        m_window.get(), static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(mode)), Qt::ControlModifier);
    QVERIFY(state().request().mode == mode);

    std::vector<Progress> heard;
    bool previewed = false;
    const auto listening
        = connect(&m_studio->controller, &StudioController::progressed, this, [&](const Progress& progress) {
              heard.push_back(progress);
              previewed = previewed || m_window->view().isShowingPreview();
          });
    generate();
    disconnect(listening);

    const std::shared_ptr<const Take> take = m_window->take();
    QVERIFY(take && take->ending == Ending::Finished);
    for (const LayerKind kind : kinds)
        QVERIFY2(take->find(kind), layerId(kind).c_str());
    QCOMPARE(m_window->view().layers().size(), kindsOf(*take).size());
    QVERIFY(previewed);
    QVERIFY(!heard.empty() && heard.front().stage == 0);
    QCOMPARE(heard.back().stage, static_cast<int>(take->plan.stages.size()) - 1);
    QVERIFY(heard.back().fraction > 0.999);
    for (std::size_t i = 1; i < heard.size(); ++i) {
        QVERIFY(heard[i].stage == heard[i - 1].stage || heard[i].stage == heard[i - 1].stage + 1);
        QVERIFY(heard[i].fraction >= heard[i - 1].fraction);
    }
    QVERIFY(m_window->planStrip().sentence().contains(QStringLiteral("in all")));
    QVERIFY(!m_window->notice().isVisible());
}

void TestWindowWithEngine::thePicturesCanBeCompared()
{
    CompareView& view = m_window->view(); // of the comparison made last
    QVERIFY(view.layers().size() >= 3);
    view.setReducedMotion(true);
    QTRY_VERIFY_WITH_TIMEOUT(view.canvas().isReady(), kPatience);
    std::vector<QImage> frames;
    for (const CompareMode mode :
        {CompareMode::Single, CompareMode::Side, CompareMode::Wipe, CompareMode::Difference}) {
        view.setMode(mode);
        QTRY_VERIFY_WITH_TIMEOUT(view.canvas().isReady(), kPatience);
        frames.push_back(view.canvas().frame().copy());
        for (std::size_t i = 0; i + 1 < frames.size(); ++i)
            QVERIFY(frames[i] != frames.back());
    }
    QTRY_VERIFY_WITH_TIMEOUT(view.metrics().has_value(), kPatience);
    QVERIFY(view.metrics()->difference.largest > 0);
    view.setMode(CompareMode::Side);
    const QImage sheet = view.sheet();
    QVERIFY(sheet.width() > 2 * 192);
}

void TestWindowWithEngine::cancelInTheSecondPassKeepsTheFirst()
{
    Request request = small(Mode::Hires);
    request.hires.rungs.front().strength = 1.0;
    request.hires.rungs.front().steps = 400; // long enough to be stopped in, however fast the machine
    state().setRequest(request);
    bool pressed = false;
    const auto listening
        = connect(&m_studio->controller, &StudioController::progressed, this, [&](const Progress& progress) {
              if (progress.stepCount == 400 && progress.step >= 1 && !pressed) {
                  pressed = true;
                  QTest::keyClick(m_window.get(), Qt::Key_Escape);
              }
          });
    QSignalSpy saved(&m_studio->controller.saver(), &PictureSaver::saved);
    generate();
    disconnect(listening);
    QVERIFY(pressed);
    const std::shared_ptr<const Take> take = m_window->take();
    QVERIFY(take && take->ending == Ending::Cancelled);
    QVERIFY(take->find(LayerKind::FirstPass));
    QVERIFY(!take->find(LayerKind::Hires));
    QVERIFY(!take->firstPassLatent.values.empty());
    QCOMPARE(m_window->view().layers().size(), take->layers.size());
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), static_cast<int>(take->layers.size()), kPatience);
    QVERIFY(m_window->footer().button()->isEnabled()); // the next one may start
}

void TestWindowWithEngine::aPictureIsSavedReopenedAndMadeAgain()
{
    const Request asked = small(Mode::Hires);
    state().setRequest(asked);
    QSignalSpy saved(&m_studio->controller.saver(), &PictureSaver::saved);
    generate();
    const Picture8 first = *m_window->take()->find(LayerKind::Hires)->picture;
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, kPatience);
    const QString file = saved.front().front().toString();
    const Outcome<LoadedPicture> loaded = loadPicture(toPath(file));
    QVERIFY(std::holds_alternative<LoadedPicture>(loaded));
    QVERIFY(std::get<LoadedPicture>(loaded).picture == first); // the file holds what was seen
    state().setRequest({});
    m_window->openFile(file);
    QTRY_COMPARE_WITH_TIMEOUT(state().request().prompt, asked.prompt, kPatience);
    QCOMPARE(state().request().seed.value_or(0), std::uint64_t{7});
    QCOMPARE(m_window->promptPanel().prompt()->toPlainText(), toQt(asked.prompt));
    generate();
    QVERIFY(*m_window->take()->find(LayerKind::Hires)->picture == first); // to the last bit
}

void TestWindowWithEngine::previewsOfBothPassesHaveThePicturesColours()
{
    Request request = small(Mode::Hires);
    request.hires.base = Extent{128, 128};
    request.hires.rungs.front().target = Extent{256, 256};
    request.sampling.steps = 8;
    state().setRequest(request);
    std::map<int, Picture8> last; // of each pass
    const auto listening = connect(&m_studio->controller, &StudioController::previewed, this,
        [&](const Preview& preview) { last[preview.stage] = preview.picture; });
    generate();
    disconnect(listening);
    const std::shared_ptr<const Take> take = m_window->take();
    QCOMPARE(last.size(), std::size_t{2});
    const Layer* layers[] = {take->find(LayerKind::FirstPass), take->find(LayerKind::Hires)};
    for (int pass = 0; pass < 2; ++pass) {
        const auto preview = meanOf(std::next(last.begin(), pass)->second);
        const auto picture = meanOf(*layers[pass]->picture);
        for (std::size_t channel = 0; channel < 3; ++channel)
            QVERIFY2(std::abs(preview[channel] - picture[channel]) < 16.0,
                qPrintable(QStringLiteral("pass %1, channel %2: %3 and %4")
                               .arg(pass)
                               .arg(channel)
                               .arg(preview[channel])
                               .arg(picture[channel])));
    }
}

void TestWindowWithEngine::everyRunWasKeptAsATake()
{
    const auto opened = openTakeStore({m_studio->controller.takesFolder()});
    const auto store = std::get<std::shared_ptr<TakeStore>>(opened);
    const auto takes = std::get<std::vector<TakeSummary>>(store->list());
    QCOMPARE(static_cast<int>(takes.size()), m_studio->controller.takes().rowCount());
    const std::shared_ptr<const Take> newest = m_window->take();
    QCOMPARE(takes.front().layers, static_cast<int>(newest->layers.size()));
    QVERIFY(takes.front().state == TakeState::Finished && takes.front().hasFirstPass);
    QVERIFY(std::any_of(takes.begin(), takes.end(),
        [](const TakeSummary& take) { return take.state == TakeState::Cancelled; }));
}

void TestWindowWithEngine::theMachineCheckTimesAStep()
{
    showMachineCheck(m_studio->controller, m_window.get());
    QWidget* dialog = nullptr;
    QTRY_VERIFY((dialog = QApplication::activeModalWidget()) != nullptr);
    const auto says = [&](const QString& words) {
        for (const QLabel* label : dialog->findChildren<QLabel*>()) {
            if (label->text().contains(words))
                return true;
        }
        return false;
    };
    QVERIFY(says(QStringLiteral("libtorch")));
    for (QPushButton* button : dialog->findChildren<QPushButton*>()) {
        if (button->text() == QLatin1String("Time a step"))
            button->click();
    }
    QVERIFY(waitUntil([&] { return says(QStringLiteral("One step takes")); }, kPatience));
    dialog->close();
}

void TestWindowWithEngine::theNextStartKnowsTheLastRequest()
{
    state().change([](Request& request) { request.prompt = "kept for the next start"; });
    const Request last = state().request();
    m_window->close();
    m_window.reset();
    StudioController next(StudioWithEngine::services(m_studio->folder.path()));
    QVERIFY(next.state().request() == last);
    QVERIFY(next.prompts().entries().contains(toQt(small(Mode::Hires).prompt)));
    QVERIFY(!next.settings().geometry.isEmpty());
}

QTEST_MAIN(TestWindowWithEngine)
#include "tst_window_with_engine.moc"
