// Renders the queue and the sweep in their states to PNG files, to be looked at. Not a test: it judges nothing.
//   show_queue FOLDER WIDTHxHEIGHT dark|light [STATE...]
#include "state_pictures.h"
#include "studio_under_test.h"
#include "ui/jobs/queue_runner.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/sweep_commands.h"
#include "ui/sweep/sweep_axis_editor.h"
#include "ui/sweep/sweep_canvas.h"
#include "ui/sweep/sweep_dialog.h"
#include "ui/sweep/sweep_page.h"

#include <QApplication>
#include <QLineEdit>
#include <QTest>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using test::spin;

namespace {

Request picture(Mode mode, const char* prompt, std::uint64_t seed)
{
    Request request;
    request.mode = mode;
    request.prompt = prompt;
    request.seed = seed;
    request.hires.rungs.front().strength = 0.5;
    return request;
}

class Show {
public:
    explicit Show(test::StatePictures pictures)
        : m_pictures(std::move(pictures))
    { }

    void all()
    {
        open();
        m_window->run(Command::FocusQueue);
        grab("queue_empty");
        six();
        failed();
        restarted();
        sweep();
    }

private:
    void open()
    {
        m_window.reset();
        m_studio = std::make_unique<test::StudioUnderTest>(std::chrono::milliseconds(60));
        use(m_studio->controller);
        m_studio->open();
        spin(200);
    }

    void use(StudioController& controller)
    {
        Settings settings = controller.settings();
        settings.rightColumn = true;
        controller.setSettings(settings);
        controller.state().setRequest(picture(Mode::Hires, "a calm lake with snowy mountains by day", 7));
        m_window = m_pictures.window(controller);
    }

    void grab(const char* state, QWidget* what = nullptr)
    {
        if (m_pictures.wants(state))
            m_pictures.save(state, what ? *what : *m_window);
    }

    void six()
    {
        QueueRunner& queue = m_studio->controller.queue();
        queue.add(picture(Mode::Hires, "a calm lake with snowy mountains by day", 7), 2, SeedSeries::Next);
        queue.add(
            picture(Mode::Standard,
                "a harbour at dusk, lanterns on the water, long exposure, film grain, and many more words",
                4711),
            1, SeedSeries::Next);
        queue.add(picture(Mode::Simple, "a red sailing boat", 99), 1, SeedSeries::Next);
        queue.add(picture(Mode::Compare, "", 3), 1, SeedSeries::Next);
        Request stored = picture(Mode::Hires, "dunes under a starry sky", 4294967295);
        queue.add(stored, 1, SeedSeries::Next);
        spin(1500);
        m_window->run(Command::FocusQueue);
        grab("queue_six");
    }

    void failed()
    {
        QueueRunner& queue = m_studio->controller.queue();
        m_studio->engine->failNext({ErrorKind::OutOfMemory,
            "The second pass at 1536 × 1536 needs 9.1 GB, and only 3.2 GB are free."});
        while (queue.list().count(QueueState::Failed) == 0)
            spin(100);
        grab("queue_failed");
        queue.setPaused(true);
        spin(100);
        grab("queue_pausing");
        while (queue.isRunning())
            spin(100);
        for (QToolButton* button : m_window->findChildren<QToolButton*>()) {
            if (button->accessibleName() == QLatin1String("Remove all that wait"))
                button->click();
        }
        grab("queue_cleared");
    }

    void restarted()
    {
        open();
        m_studio->controller.queue().setPaused(true);
        m_studio->controller.queue().add(
            picture(Mode::Hires, "a calm lake with snowy mountains by day", 7), 4, SeedSeries::Next);
        const QTemporaryDir folder;
        QFile::copy(m_studio->controller.services().queueFile, folder.filePath(QStringLiteral("queue.json")));
        m_window.reset();
        StudioController next(test::StudioUnderTest::services(m_studio->engine, folder.path()));
        use(next);
        next.openEngine();
        spin(600);
        grab("queue_restarted");
        m_window->run(Command::FocusQueue);
        grab("queue_restarted_panel");
        m_window.reset();
    }

    void sweep()
    {
        open();
        m_window->run(Command::Sweep);
        spin(500);
        auto* dialog = m_window->findChild<SweepDialog*>();
        grab("sweep_setup", dialog);
        dialog->editors()[1]->choose(QStringLiteral("sampler"));
        dialog->editors()[2]->choose(QStringLiteral("upscaler"));
        spin(500);
        grab("sweep_setup_tables", dialog);
        dialog->editors()[0]->numbers().setText(QStringLiteral("0.2 0.35 1.5"));
        spin(300);
        grab("sweep_setup_wrong", dialog);
        dialog->close();
        SweepSetup setup{picture(Mode::Hires, "a calm lake with snowy mountains by day", 7),
            {{findSweepAxis(QStringLiteral("strength")), {{0.2, {}}, {0.35, {}}, {0.5, {}}, {0.65, {}}}},
                {findSweepAxis(QStringLiteral("sampler")), {{0.0, "euler"}, {0.0, "dpmpp_2m"}}}}};
        setup.request.sampling.steps = 4;
        setup.request.hires.rungs.front().steps = 8;
        SweepPage& page = m_window->sweep().page();
        m_window->sweep().toggle();
        for (QWidget* each : QApplication::topLevelWidgets()) {
            if (auto* asked = qobject_cast<SweepDialog*>(each); asked && asked->isVisible()) {
                Q_EMIT asked->wanted(setup);
                asked->close();
            }
        }
        while (page.run()->count(SweepState::Done) < 3)
            spin(100);
        m_studio->engine->failNext({ErrorKind::OutOfMemory,
            "The second pass at 1536 × 1536 needs 9.1 GB, and only 3.2 GB are free."});
        spin(500);
        grab("sweep_running");
        while (page.run()->count(SweepState::Done) + page.run()->count(SweepState::Failed) < 8)
            spin(100);
        spin(400);
        grab("sweep_done");
        SweepCanvas& canvas = page.canvas();
        canvas.toggleMark(1);
        canvas.toggleMark(6);
        canvas.zoomStep(1);
        canvas.zoomStep(1);
        canvas.setLoupe(true);
        QTest::mouseMove(&canvas, canvas.cellArea(0).center() - QPoint(20, 20));
        grab("sweep_loupe");
        canvas.setLoupe(false);
        canvas.fit();
        canvas.setCurrent(2);
        canvas.setShowsOne(true);
        grab("sweep_one");
        canvas.setShowsOne(false);
        fourAxes();
    }

    void fourAxes()
    {
        SweepSetup setup{picture(Mode::Hires, "a calm lake with snowy mountains by day", 7),
            {{findSweepAxis(QStringLiteral("strength")), {{0.2, {}}, {0.35, {}}, {0.5, {}}}},
                {findSweepAxis(QStringLiteral("guidance")), {{5, {}}, {7.5, {}}}},
                {findSweepAxis(QStringLiteral("steps")), {{6, {}}, {12, {}}}},
                {findSweepAxis(QStringLiteral("sampler")), {{0.0, "euler"}, {0.0, "dpmpp_2m"}}}}};
        setup.request.sampling.steps = 1;
        SweepPage& page = m_window->sweep().page();
        page.start(std::move(setup));
        while (page.run()->count(SweepState::Done) < 4)
            spin(100);
        m_window->run(Command::FocusQueue);
        grab("sweep_four_axes_running");
        while (page.run()->count(SweepState::Done) < 24)
            spin(100);
        spin(400);
        grab("sweep_four_axes");
    }

    test::StatePictures m_pictures;
    std::unique_ptr<test::StudioUnderTest> m_studio;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

int main(int argc, char** argv)
{
    return test::renderStates<Show>(argc, argv);
}
