// Renders the window as it is in use, with the real engine and the built-in model, to PNG files: the pictures of the
// README among them. Not a test: it judges nothing.
//   show_product FOLDER [dark|light [WIDTHxHEIGHT [PROMPT]]]
#include "studio_under_test.h"
#include "studio_with_engine.h"
#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"

#include <QApplication>
#include <QDir>

#include <cstdio>

using namespace studio;
using namespace studio::ui;

namespace {

void settle(int milliseconds = 300)
{
    test::waitUntil([] { return false; }, milliseconds);
}

class Product {
public:
    Product(QString folder, const QString& theme, QSize size, std::string prompt)
        : m_folder(std::move(folder))
        , m_theme(theme)
        , m_prompt(std::move(prompt))
    {
        Settings settings = m_studio.controller.settings();
        settings.theme = theme == QLatin1String("light") ? ThemeChoice::Light : ThemeChoice::Dark;
        m_studio.controller.setSettings(settings);
        applyThemeOf(settings);
        m_window = std::make_unique<MainWindow>(m_studio.controller);
        m_window->resize(size);
        m_window->show();
    }

    bool make()
    {
        grab("starting");
        if (!m_studio.open())
            return false;
        settle();
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
        settle();
        test::waitUntil([this] { return m_window->view().canvas().isReady(); }, 10000);
        const QString file = QStringLiteral("%1/%2_%3.png").arg(m_folder, QLatin1String(state), m_theme);
        m_window->grab().save(file);
        std::printf("%s\n", qPrintable(file));
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
        settle(600);
        m_studio.controller.generate();
        for (const auto& [name, rung] : {std::pair{first, -1}, std::pair{second, 0}}) {
            if (name && waitForStep(rung))
                grab(name);
        }
        m_studio.waitForEnd();
        settle(800);
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

    QString m_folder;
    QString m_theme;
    std::string m_prompt;
    test::StudioWithEngine m_studio;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QStringList words = QApplication::arguments();
    if (words.size() < 2)
        return 2;
    const QStringList sides = words.value(3, QStringLiteral("1440x900")).split(u'x');
    QDir().mkpath(words.at(1));
    Product product(words.at(1), words.value(2, QStringLiteral("dark")),
        {sides.value(0).toInt(), sides.value(1).toInt()},
        words.value(4, QStringLiteral("a beautiful sunset over mountains")).toStdString());
    return product.make() ? 0 : 1;
}
