// Renders the window in many states to PNG files, to be looked at. Not a test: it judges nothing.
//   show_window FOLDER WIDTHxHEIGHT dark|light [STATE...]
#include "core/api/picture_file.h"
#include "state_pictures.h"
#include "studio_under_test.h"
#include "test_pictures.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"
#include "ui/jobs/picture_series.h"
#include "ui/jobs/queue_runner.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"
#include "ui/models/size_presets.h"
#include "ui/panels/count_button.h"
#include "ui/panels/generate_footer.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/calm_inputs.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/notice.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QLineEdit>
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
        fromElsewhere();
        errors();
        losses();
        foreign();
        dialogs();
        refusedFolder();
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

    /// Settings and pictures that were pasted, the way back, and several pictures at once.
    void fromElsewhere()
    {
        const QString text = QStringLiteral(
            "a lighthouse\nNegative prompt: blurry\nSteps: 28, Sampler: Euler, CFG scale: 5, Seed: 42, "
            "Size: 832x1216, Model: juggernautXL, Mystery: 1, Other: 2");
        QApplication::clipboard()->setText(text);
        m_window->promptPanel().prompt()->selectAll();
        m_window->promptPanel().prompt()->paste();
        spin(300);
        grab("pasted_into_prompt");
        m_window->run(Command::PasteSettings);
        spin(300);
        grab("pasted_settings");
        const QStringList files = QDir(m_studio.controller.settings().outputFolder)
                                      .entryList({QStringLiteral("*.png")}, QDir::Files);
        if (!files.isEmpty()) {
            m_window->openFile(m_studio.controller.settings().outputFolder + u'/' + files.front());
            spin(500);
            grab("dropped_picture");
        }
        QMenu* edit = m_window->actions().menu("edit");
        edit->popup(m_window->mapToGlobal(QPoint(40, 20)));
        grab("edit_menu", edit);
        edit->hide();
        m_window->notice().hide();
        m_window->run(Command::ResetSettings);
        grab("undo_in_status");
        QMenu* counts = m_window->footer().countButton()->menu();
        counts->popup(m_window->mapToGlobal(QPoint(260, m_window->height() - 200)));
        grab("count_menu", counts);
        counts->hide();
        m_studio.controller.series().setWanted(4);
        grab("several");
        m_window->run(Command::Generate);
        spin(400);
        m_window->run(Command::Generate);
        grab("several_running");
        m_studio.controller.cancel();
        m_studio.waitForEnd();
        m_studio.controller.series().setWanted(PictureSeries::kUntilStopped);
        spin(200);
        grab("until_stopped");
        m_studio.controller.series().setWanted(1);
        m_studio.controller.queue().clear();
        shapes();
    }

    /// The shapes of a model of SDXL's size.
    void shapes()
    {
        StudioState& state = m_studio.controller.state();
        state.setRequest({});
        ask(Mode::Hires);
        state.setDefaults(sdxlDefaults());
        for (CalmComboBox* box : m_window->panel(QStringLiteral("size"))->findChildren<CalmComboBox*>()) {
            if (box->accessibleName() != QLatin1String("Shape"))
                continue;
            box->showPopup();
            grab("shapes", box->view()->window());
            box->hidePopup();
        }
        state.change([&](Request& r) { setShape(r, state.defaults(), {832, 1216}); });
        state.change([&](Request& r) { setHiresPreset(r, state.defaults(), {1024, 1536}); });
        grab("portrait");
        state.change([](Request& r) {
            r.hires.rungs.front().upscaler = "/models/ESRGAN/4x_NMKD-Superscale-SP_178000_G.safetensors";
        });
        grab("upscaler", m_window->panel(QStringLiteral("second_pass")));
        state.setRequest({});
        m_studio.controller.planner().refresh();
        spin(300);
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

    /// A picture of another program was dropped.
    void foreign()
    {
        const PictureMetadata texts{
            "a mill at night, moonlight\nNegative prompt: rain\nSteps: 31, Sampler: Euler a, "
            "CFG scale: 5, Seed: 5, Size: 832x1216, Model hash: 0123456789, Model: anotherXL, "
            "VAE: sdxl_vae, Token merging ratio: 0.5, Version: v1.10.1",
            {}, {}};
        const auto bytes = encodePicture(test::flat({64, 96}, {90, 90, 90}), texts);
        QFile file(m_studio.folder.filePath(QStringLiteral("mill_at_night.png")));
        if (!file.open(QIODevice::WriteOnly))
            return;
        file.write(QByteArray::fromStdString(std::get<std::string>(bytes)));
        file.close();
        m_studio.controller.state().change(
            [](Request& r) { r.models.base = "/models/checkpoints/juggernautXL.safetensors"; });
        m_window->openFile(file.fileName());
        spin(600);
        grab("foreign");
        m_studio.controller.state().change([](Request& r) { r.models.base.clear(); });
    }

    /// A folder was typed that is no full path.
    void refusedFolder()
    {
        showSettings(m_studio.controller, m_window.get());
        spin(200);
        QWidget* dialog = QApplication::activeModalWidget();
        auto* pages = dialog ? dialog->findChild<QTabWidget*>() : nullptr;
        if (!pages)
            return;
        pages->setCurrentIndex(1);
        QApplication::setActiveWindow(dialog);
        for (auto* field : dialog->findChildren<QLineEdit*>()) {
            if (field->accessibleName() != QLatin1String("Folder for pictures"))
                continue;
            field->setFocus();
            field->clear();
            field->insert(QStringLiteral("Pictures/of the week"));
            field->clearFocus();
        }
        spin(100);
        grab("settings_folder", dialog);
        dialog->close();
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
