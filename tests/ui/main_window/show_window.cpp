// Renders the window in many states to PNG files, to be looked at. Not a test: it judges nothing.
//   show_window FOLDER WIDTHxHEIGHT dark|light [STATE...]
#include "studio_under_test.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"
#include "ui/panels/generate_footer.h"
#include "ui/widgets/calm_inputs.h"
#include "ui/widgets/fold_group.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QMenu>
#include <QTabWidget>

#include <cstdio>

using namespace studio;
using namespace studio::ui;

namespace {

void spin(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds)
        QApplication::processEvents(QEventLoop::AllEvents, 10);
}

class Show {
public:
    Show(QString folder, QSize size, QString theme, QStringList wanted)
        : m_folder(std::move(folder))
        , m_size(size)
        , m_theme(std::move(theme))
        , m_wanted(std::move(wanted))
        , m_studio(std::chrono::milliseconds(40))
    {
        Settings settings = m_studio.controller.settings();
        settings.theme = m_theme == QLatin1String("light") ? ThemeChoice::Light : ThemeChoice::Dark;
        m_studio.controller.setSettings(settings);
        applyThemeOf(settings);
        m_window = std::make_unique<MainWindow>(m_studio.controller);
        m_window->resize(m_size);
        m_window->show();
        m_studio.open();
        spin(200);
    }

    void all()
    {
        grab("empty");
        modes();
        lists();
        running();
        done();
        errors();
        dialogs();
    }

private:
    void grab(const char* state, QWidget* what = nullptr)
    {
        if (!m_wanted.isEmpty() && !m_wanted.contains(QLatin1String(state)))
            return;
        spin(150);
        const QString file = QStringLiteral("%1/%2_%3_%4x%5.png")
                                 .arg(m_folder, QLatin1String(state), m_theme)
                                 .arg(m_size.width())
                                 .arg(m_size.height());
        (what ? what : m_window.get())->grab().save(file);
        std::printf("%s\n", qPrintable(file));
    }

    void ask(Mode mode, const char* prompt = "a calm lake with snowy mountains by day")
    {
        m_studio.controller.state().change([&](Request& r) {
            r.mode = mode;
            r.prompt = prompt;
            r.negativePrompt = "blurry, low contrast";
        });
        spin(400);
    }

    void modes()
    {
        ask(Mode::Standard);
        grab("standard");
        ask(Mode::Simple);
        grab("simple");
        ask(Mode::Compare);
        grab("compare");
        for (const char* id : {"size", "second_pass"})
            m_window->panel(QLatin1String(id))->setOpen(false);
        for (const char* id : {"sampling", "model", "enlargement", "refiner"})
            m_window->panel(QLatin1String(id))->setOpen(true);
        grab("unfolded");
        for (const char* id : {"sampling", "model", "enlargement", "refiner"})
            m_window->panel(QLatin1String(id))->setOpen(false);
        for (const char* id : {"size", "second_pass"})
            m_window->panel(QLatin1String(id))->setOpen(true);
    }

    /// An open list, a menu, the advanced values, warnings, and texts that are longer than their places.
    void lists()
    {
        ask(Mode::Hires);
        FoldGroup* sampling = m_window->panel(QStringLiteral("sampling"));
        sampling->setOpen(true);
        for (CalmComboBox* box : sampling->findChildren<CalmComboBox*>()) {
            if (box->accessibleName() != QLatin1String("Sampler"))
                continue;
            box->showPopup();
            grab("sampler_list", box->view()->window());
            box->hidePopup();
        }
        sampling->setOpen(false);
        for (const char* id : {"size", "second_pass"})
            m_window->panel(QLatin1String(id))->setOpen(false);
        m_window->panel(QStringLiteral("advanced"))->setOpen(true);
        m_studio.controller.state().change([](Request& r) {
            r.prompts.clipSkip = 1;
            r.prompts.styles = {"Film still", "A style with a name that is much longer than its place"};
            r.models.base
                = "/models/checkpoints/a_checkpoint_with_a_name_that_goes_on_and_on_v12_fp16.safetensors";
        });
        m_studio.engine->setWarnings({"There is no wildcard \"tree\": __tree__ stays in the prompt as text.",
            "<lora:film:0.8> is not applied.", "A third warning."});
        m_studio.controller.planner().refresh();
        spin(300);
        grab("advanced");
        m_studio.engine->setWarnings({});
        m_studio.controller.state().setRequest({});
        m_window->panel(QStringLiteral("advanced"))->setOpen(false);
        for (const char* id : {"size", "second_pass"})
            m_window->panel(QLatin1String(id))->setOpen(true);
        QMenu* menu = m_window->actions().menu("view");
        menu->popup(m_window->mapToGlobal(QPoint(80, 20)));
        grab("menu", menu);
        menu->hide();
    }

    void running()
    {
        ask(Mode::Hires);
        grab("ready");
        m_studio.controller.generate();
        spin(700);
        grab("running");
        m_studio.waitForEnd();
        spin(600);
    }

    void done()
    {
        for (const CompareMode mode : {CompareMode::Wipe, CompareMode::Side, CompareMode::Difference}) {
            m_window->view().setMode(mode);
            spin(300);
            grab(mode == CompareMode::Wipe      ? "done"
                    : mode == CompareMode::Side ? "done_side"
                                                : "done_difference");
        }
        m_window->view().setMode(CompareMode::Wipe);
        ask(Mode::Compare,
            "a very long prompt that goes on and on, with many words, commas, (weights:1.2), names of "
            "painters, "
            "light, lenses, film stocks, and still does not end although the field has long been full of "
            "text");
        m_studio.controller.generate();
        m_studio.waitForEnd();
        spin(800);
        grab("done_compare");
    }

    void errors()
    {
        m_studio.engine->failNext({ErrorKind::OutOfMemory,
            "The second pass at 1536 × 1536 needs 9.1 GB, and only 3.2 GB are free."});
        ask(Mode::Hires);
        m_studio.controller.generate();
        m_studio.waitForEnd();
        grab("failed");
        m_studio.engine->setMemory(9'100'000'000, 3'200'000'000);
        ask(Mode::Hires, "x");
        grab("too_large");
        m_studio.controller.state().change([](Request& r) { r.sampling.steps = 5000; });
        spin(300);
        grab("wrong");
        m_studio.controller.state().change([](Request& r) { r.sampling.steps = 30; });
        m_studio.engine->setMemory(2'100'000'000, 8'000'000'000);
    }

    void dialogs()
    {
        using Open = void (*)(StudioController&, QWidget*);
        const std::pair<const char*, Open> each[]
            = {{"settings", &showSettings}, {"check", &showMachineCheck}, {"about", &showAbout},
                {"checkpoint",
                    [](StudioController& c, QWidget* w) { askForCheckpoint(c, w, [](const QString&) {}); }}};
        for (const auto& [name, open] : each) {
            open(m_studio.controller, m_window.get());
            spin(200);
            QWidget* dialog = QApplication::activeModalWidget();
            if (!dialog)
                continue;
            grab(name, dialog);
            if (auto* pages = dialog->findChild<QTabWidget*>()) {
                for (int page = 1; page < pages->count(); ++page) {
                    pages->setCurrentIndex(page);
                    grab(qPrintable(QStringLiteral("%1_%2").arg(QLatin1String(name)).arg(page + 1)), dialog);
                }
            }
            dialog->close();
            spin(50);
        }
    }

    QString m_folder;
    QSize m_size;
    QString m_theme;
    QStringList m_wanted;
    test::StudioUnderTest m_studio;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QStringList words = QApplication::arguments();
    if (words.size() < 4)
        return 2;
    const QStringList sides = words.at(2).split(u'x');
    QDir().mkpath(words.at(1));
    Show show(words.at(1), {sides.value(0).toInt(), sides.value(1).toInt()}, words.at(3), words.mid(4));
    show.all();
    return 0;
}
