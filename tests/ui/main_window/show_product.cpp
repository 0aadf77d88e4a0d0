// Renders the window as it is in use, with the real engine and the built-in model, to PNG files: the pictures of the
// README among them. Not a test: it judges nothing.
//   show_product FOLDER WIDTHxHEIGHT dark|light [PROMPT]
#include "state_pictures.h"
#include "studio_under_test.h"
#include "studio_with_engine.h"
#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"

#include <QApplication>

using namespace studio;
using namespace studio::ui;
using test::spin;

namespace {

class Product {
public:
    explicit Product(test::StatePictures pictures)
        : m_pictures(std::move(pictures))
        , m_window(m_pictures.window(m_studio.controller))
    {
        if (!m_pictures.rest.isEmpty())
            m_prompt = toStd(m_pictures.rest.first());
    }

    bool make()
    {
        grab("starting");
        if (!m_studio.open())
            return false;
        spin(300);
        grab("empty");
        run(Mode::Hires, "running_first", "running_second");
        if (!m_window->take() || m_window->take()->failure)
            return false;
        modes();
        run(Mode::Compare, nullptr, nullptr);
        m_window->view().setMode(CompareMode::Side);
        m_window->view().actions().option->trigger();
        grab("done_compare");
        return true;
    }

private:
    void grab(const char* state)
    {
        spin(300);
        test::waitUntil([this] { return m_window->view().canvas().isReady(); }, 10000);
        m_pictures.save(state, *m_window, 0);
    }

    /// One run; `first` and `second`: pictures of the window in the middle of each pass.
    void run(Mode mode, const char* first, const char* second)
    {
        m_studio.controller.state().change([&](Request& r) {
            r.mode = mode;
            r.prompt = m_prompt;
            r.negativePrompt = "blurry";
            r.seed = 7;
        });
        spin(600);
        m_studio.controller.generate();
        for (const auto& [name, rung] : {std::pair{first, -1}, std::pair{second, 0}}) {
            if (name && waitForStep(rung))
                grab(name);
        }
        m_studio.waitForEnd();
        spin(800);
    }

    /// Until about the middle of the denoising of a rung, or -1, the first pass.
    bool waitForStep(int rung)
    {
        bool reached = false;
        const auto listening = QObject::connect(&m_studio.controller, &StudioController::progressed,
            m_window.get(), [&](const Progress& progress) {
                const auto& plan = m_studio.controller.runningPlan();
                const PlannedStage& stage = plan.stages[static_cast<std::size_t>(progress.stage)];
                reached = stage.kind == StageKind::Denoise && stage.rung == rung
                    && 5 * progress.step >= 3 * progress.stepCount;
            });
        test::waitUntil([&] { return reached || !m_studio.controller.isRunning(); }, 600000);
        QObject::disconnect(listening);
        return reached;
    }

    void modes()
    {
        const std::pair<CompareMode, const char*> each[]
            = {{CompareMode::Single, "done_single"}, {CompareMode::Side, "done_side"},
                {CompareMode::Overlay, "done_overlay"}, {CompareMode::Difference, "done_difference"},
                {CompareMode::Loupe, "done_loupe"}, {CompareMode::Wipe, "done_wipe"}};
        CompareView& view = m_window->view();
        for (const auto& [mode, name] : each) {
            view.setMode(mode);
            if (mode == CompareMode::Loupe)
                view.canvas().moveProbe({40, 60});
            grab(name);
        }
        view.canvas().oneToOne();
        grab("done_actual_size");
        view.canvas().fit();
    }

    test::StatePictures m_pictures;
    std::string m_prompt = "a beautiful sunset over mountains";
    test::StudioWithEngine m_studio;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const auto pictures = test::statePictures();
    if (!pictures)
        return 2;
    return Product(*pictures).make() ? 0 : 1;
}
