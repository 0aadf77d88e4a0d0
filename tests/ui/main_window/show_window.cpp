// Renders the window in many states to PNG files, to be looked at. Not a test: it judges nothing.
//   show_window FOLDER WIDTHxHEIGHT dark|light [STATE...]
#include "state_pictures.h"
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
#include <QDialog>
#include <QMenu>
#include <QTabWidget>

#include <utility>

using namespace studio;
using namespace studio::ui;
using test::spin;

namespace {

class Show {
public:
    explicit Show(test::StatePictures pictures)
        : m_pictures(std::move(pictures))
        , m_studio(std::chrono::milliseconds(40))
        , m_window(m_pictures.window(m_studio.controller))
    {
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
        losses();
        dialogs();
    }

private:
    void grab(const char* state, QWidget* what = nullptr)
    {
        if (m_pictures.wants(state))
            m_pictures.save(state, what ? *what : *m_window);
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
        more();
        for (const char* id : {"size", "second_pass"})
            m_window->panel(QLatin1String(id))->setOpen(true);
    }

    /// What the second pass has behind a fold of its own, with prompts that are not the first pass's.
    void more()
    {
        FoldGroup* pass = m_window->panel(QStringLiteral("second_pass"));
        pass->setOpen(true);
        FoldGroup* inner = nullptr;
        for (QWidget* each : pass->findChildren<QWidget*>())
            inner = inner ? inner : dynamic_cast<FoldGroup*>(each);
        if (!inner)
            return;
        inner->setOpen(true);
        ask(Mode::Hires);
        m_studio.controller.state().change([](Request& r) {
            r.hires.rungs.front().prompt = "(fine needles:1.2), [mist:sun:1.5], every stone drawn";
            r.hires.rungs.front().negativePrompt = "grain";
        });
        spin(400);
        grab("second_pass_more", pass);
        inner->setOpen(false);
        m_studio.controller.state().setRequest({});
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

    /// A model that is gone, and a disk that is full.
    void losses()
    {
        const std::string gone = "/models/checkpoints/gone.safetensors";
        m_studio.engine->loseModel(gone);
        m_studio.controller.state().change([&](Request& r) { r.models.base = gone; });
        spin(400);
        grab("gone");
        m_studio.engine->loseModel({});
        m_studio.controller.state().change([&](Request& r) { r.models.base.clear(); });
        Settings settings = m_studio.controller.settings();
        const QString before = std::exchange(settings.outputFolder, QStringLiteral("/dev/null/pictures"));
        m_studio.controller.setSettings(settings);
        m_studio.engine->notKept = Failure{
            ErrorKind::DiskFull, "The disk of the takes is full; make room, or choose another folder."};
        m_studio.controller.generate();
        m_studio.waitForEnd();
        spin(400);
        grab("full_disk");
        m_window->close();
        spin(100);
        if (auto* question = m_window->findChild<QDialog*>(QStringLiteral("closingQuestion"))) {
            grab("closing", question);
            question->close();
        }
        m_studio.engine->notKept.reset();
        m_studio.controller.unsaved().giveUp();
        settings.outputFolder = before;
        m_studio.controller.setSettings(settings);
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

    test::StatePictures m_pictures;
    test::StudioUnderTest m_studio;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

int main(int argc, char** argv)
{
    return test::renderStates<Show>(argc, argv);
}
