// How fast the window answers while every core infers: from an input to the end of the painting that shows it. A thread
// plays the person; the engine is the real one with the built-in model. Then: what a preview costs beside a step.
//
//   QT_QPA_PLATFORM=offscreen bench_window [RUNS]      (2)
#include "studio_under_test.h"
#include "studio_with_engine.h"
#include "test_pictures.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"
#include "ui/panels/prompt_panel.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

using namespace studio;
using namespace studio::ui;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kPictureSide = 2048;

double milliseconds(Clock::duration time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

/// Knows when an input was sent, when it was handled, and when the window had been painted after that.
class TimedApplication : public QApplication {
public:
    using QApplication::QApplication;

    /// From any thread. The event itself is made on the thread of the window: its constructor touches the input
    /// devices, which belong there.
    void send(QObject* receiver, std::function<std::unique_ptr<QEvent>()> make)
    {
        QMetaObject::invokeMethod(
            this,
            [this, receiver, make = std::move(make), sent = Clock::now()] {
                sendEvent(receiver, make().get());
                m_handled.push_back(sent);
            },
            Qt::QueuedConnection);
    }

    bool notify(QObject* receiver, QEvent* event) override
    {
        const auto begun = Clock::now();
        const bool isPainting = event->type() == QEvent::UpdateRequest && receiver->isWidgetType();
        const int type = event->type();
        const char* const name = receiver->metaObject()->className();
        const bool answer = QApplication::notify(receiver, event);
        const auto now = Clock::now();
        if (milliseconds(now - begun) > longest) {
            longest = milliseconds(now - begun);
            longestWhat = name + std::string(", event ") + std::to_string(type);
        }
        if (isPainting) {
            for (const Clock::time_point sent : m_handled)
                latencies.push_back(milliseconds(now - sent));
            m_handled.clear();
        }
        return answer;
    }

    void forget()
    {
        latencies.clear();
        longest = 0.0;
    }

    std::vector<double> latencies;
    double longest = 0.0;
    std::string longestWhat;

private:
    std::vector<Clock::time_point> m_handled; ///< when they were sent; not painted yet
};

void report(const char* what, TimedApplication& application)
{
    std::vector<double> times = application.latencies;
    if (times.empty())
        return;
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) {
        return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
    };
    std::printf("%s: %zu inputs, to paint p50 %.1f  p95 %.1f  p99 %.1f  longest %.1f ms; longest event %.1f "
                "ms (%s)\n",
        what, times.size(), at(0.5), at(0.95), at(0.99), times.back(), application.longest,
        application.longestWhat.c_str());
    application.forget();
}

/// Sends inputs, some 35 a second at uneven distances, until `stop`.
std::jthread play(std::function<void(int)> input)
{
    return std::jthread([input = std::move(input)](const std::stop_token& stop) {
        for (int i = 0; !stop.stop_requested(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(19 + i * 7 % 20));
            input(i);
        }
    });
}

void typeDuringRuns(
    TimedApplication& application, test::StudioWithEngine& studio, MainWindow& window, int runs)
{
    QObject* prompt = window.promptPanel().prompt();
    for (int run = 0; run < runs; ++run) {
        studio.controller.state().change(
            [](Request& r) { r.prompt = "a calm lake with snowy mountains by day"; });
        studio.controller.generate();
        application.forget();
        const std::jthread person = play([&](int i) {
            const bool back = i % 40 >= 20;
            application.send(prompt, [back] {
                return std::make_unique<QKeyEvent>(QEvent::KeyPress, back ? Qt::Key_Backspace : Qt::Key_A,
                    Qt::NoModifier, back ? QString() : QStringLiteral("a"));
            });
        });
        studio.waitForEnd();
    }
    report("typing during a run", application);
}

void wipeDuringRuns(
    TimedApplication& application, test::StudioWithEngine& studio, MainWindow& window, int runs)
{
    CompareView& view = window.view();
    const auto first = test::shared(test::noise({kPictureSide, kPictureSide}, 1));
    const auto second = test::shared(test::noise({kPictureSide, kPictureSide}, 2));
    for (int run = 0; run < runs; ++run) {
        studio.controller.generate();
        window.run(Command::PreviousTake); // the person looks at something else: no previews
        view.setLayers({{QStringLiteral("A"), {}, first}, {QStringLiteral("B"), {}, second}});
        view.setMode(CompareMode::Wipe);
        test::waitUntil([&] { return view.canvas().isReady(); }, 20000);
        const QPointF middle(view.canvas().width() / 2.0, view.canvas().height() / 3.0);
        QMouseEvent press(QEvent::MouseButtonPress, middle, view.canvas().mapToGlobal(middle), Qt::LeftButton,
            Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&view.canvas(), &press);
        application.forget();
        const std::jthread person = play([&](int i) {
            const QPointF at = middle + QPointF(200 * std::sin(i * 0.2), 0);
            application.send(&view.canvas(), [at] {
                return std::make_unique<QMouseEvent>(
                    QEvent::MouseMove, at, at, Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
            });
        });
        studio.waitForEnd();
    }
    report("moving the wipe over 2048 x 2048 during a run", application);
}

/// Without the window: the time between the report of a step and its preview is what the preview took to make.
void priceOfPreviews(Engine& engine, const Request& request)
{
    std::vector<double> previews;
    std::vector<double> steps;
    Clock::time_point reported;
    Clock::time_point before;
    JobContext context;
    context.report = [&](const Progress& progress) {
        reported = Clock::now();
        if (progress.step > 1 && progress.stepCount > 1)
            steps.push_back(milliseconds(reported - before));
        before = reported;
    };
    context.preview = [&](const Preview&) { previews.push_back(milliseconds(Clock::now() - reported)); };
    engine.run(request, context);
    if (previews.empty() || steps.empty())
        return;
    std::sort(previews.begin(), previews.end());
    std::sort(steps.begin(), steps.end());
    const double preview = previews[previews.size() / 2];
    const double step = steps[steps.size() / 2];
    std::printf("a preview takes %.3f ms, a step %.1f ms: %.2f %%\n", preview, step, 100 * preview / step);
}

} // namespace

int main(int argc, char** argv)
{
    TimedApplication application(argc, argv);
    const int runs = argc > 1 ? std::max(1, std::atoi(argv[1])) : 2;
    applyThemeOf({});
    test::StudioWithEngine studio(true);
    MainWindow window(studio.controller);
    window.resize(1440, 900);
    window.show();
    if (!studio.open()) {
        std::printf("The engine did not start.\n");
        return 1;
    }
    studio.controller.state().change([](Request& r) {
        r.mode = Mode::Hires;
        r.prompt = "a calm lake with snowy mountains by day";
        r.seed = 1;
    });
    studio.controller.generate();
    studio.waitForEnd(); // loads everything once
    typeDuringRuns(application, studio, window, runs);
    wipeDuringRuns(application, studio, window, runs);
    priceOfPreviews(*studio.controller.engine(), studio.controller.state().request());
    return 0;
}
