// How long a frame of the comparison takes while the picture is dragged: from the mouse event to the painted window.
// Two 2048 × 2048 pictures, 1920 × 1080, software rendering. Run: QT_QPA_PLATFORM=offscreen bench_compare [frames]
#include "test_pictures.h"
#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <vector>

using namespace studio;
using namespace studio::ui;

namespace {

constexpr double kGoalMs = 16.7;

void send(CompareCanvas& canvas, QEvent::Type type, QPointF at)
{
    QMouseEvent event(type, at, canvas.mapToGlobal(at),
        type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
        type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&canvas, &event);
}

/// Of all threads of this program, in milliseconds: steadier than the clock on a busy machine.
double processorTime()
{
    return static_cast<double>(std::clock()) * 1e3 / CLOCKS_PER_SEC;
}

/// Drags along a figure of eight, so that every frame moves both ways and nothing repeats.
std::vector<double> drag(CompareView& view, int frames)
{
    CompareCanvas& canvas = view.canvas();
    const QPointF middle(canvas.width() * 0.3, canvas.height() * 0.4);
    const auto at
        = [&](int i) { return middle + QPointF(220 * std::sin(i * 0.11), 140 * std::sin(i * 0.22)); };
    send(canvas, QEvent::MouseButtonPress, at(0));
    std::vector<double> times;
    QElapsedTimer timer;
    for (int i = 1; i <= frames; ++i) {
        timer.start();
        send(canvas, QEvent::MouseMove, at(i));
        QApplication::processEvents(); // paints what the event made stale
        times.push_back(static_cast<double>(timer.nsecsElapsed()) * 1e-6);
    }
    send(canvas, QEvent::MouseButtonRelease, at(frames));
    std::sort(times.begin(), times.end());
    return times;
}

/// Zooms in and out about the middle: nothing of the frame before can be used.
std::vector<double> turnWheel(CompareView& view, int frames)
{
    CompareCanvas& canvas = view.canvas();
    canvas.zoomTo(0.5);
    std::vector<double> times;
    QElapsedTimer timer;
    for (int i = 0; i < frames; ++i) {
        const QPointF at(canvas.width() * 0.5, canvas.height() * 0.5);
        QWheelEvent event(at, canvas.mapToGlobal(at), {}, QPoint(0, i / 8 % 2 == 0 ? 50 : -50), Qt::NoButton,
            Qt::NoModifier, Qt::NoScrollPhase, false);
        timer.start();
        QCoreApplication::sendEvent(&canvas, &event);
        QApplication::processEvents();
        times.push_back(static_cast<double>(timer.nsecsElapsed()) * 1e-6);
    }
    std::sort(times.begin(), times.end());
    return times;
}

double quantile(const std::vector<double>& sorted, double share)
{
    return sorted[std::min(
        sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

/// Prints a row; false if it is over the goal.
bool report(
    const char* mode, const char* pixels, const char* place, const std::function<std::vector<double>()>& run)
{
    const double before = processorTime();
    const std::vector<double> times = run();
    const double processor = (processorTime() - before) / static_cast<double>(times.size());
    const double p95 = quantile(times, 0.95);
    std::printf("%-12s %-8s %6s  %7.2f %7.2f %7.2f %7.2f%s\n", mode, pixels, place, quantile(times, 0.5), p95,
        times.back(), processor, p95 > kGoalMs ? "  over the goal" : "");
    return p95 <= kGoalMs;
}

void waitUntilReady(const CompareView& view)
{
    while (!view.canvas().isReady() || !view.metrics())
        QApplication::processEvents(QEventLoop::AllEvents, 20);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const int frames = argc > 1 ? std::max(20, std::atoi(argv[1])) : 300;
    applyTheme(application, Scheme::Dark);
    CompareView view;
    view.resize(1920, 1080);
    const Picture8 fine = test::landscape({2048, 2048}, 7);
    view.setLayers({{QStringLiteral("First"), {}, test::shared(test::landscape({2048, 2048}, 3))},
        {QStringLiteral("Second"), {}, test::shared(fine)}});
    view.setReducedMotion(true);
    view.show();
    waitUntilReady(view);

    std::printf("%-12s %-8s %6s  %7s %7s %7s %7s\n", "mode", "pixels", "zoom", "p50 ms", "p95 ms", "max ms",
        "CPU ms");
    bool reached = true;
    for (const ModeInfo& mode : kModes) {
        for (const Sampling sampling : {Sampling::Smooth, Sampling::Nearest}) {
            CompareSettings settings = view.settings();
            settings.mode = mode.mode;
            settings.sampling = sampling;
            view.setSettings(settings);
            const char* pixels = sampling == Sampling::Smooth ? "smooth" : "nearest";
            for (const double zoom : {0.6, 1.0, 1.7, 4.0}) {
                view.canvas().zoomTo(zoom);
                QApplication::processEvents();
                char place[16];
                std::snprintf(place, sizeof place, "%.0f%%", zoom * 100);
                reached = report(mode.name, pixels, place, [&] { return drag(view, frames); }) && reached;
            }
            report(mode.name, pixels, "wheel", [&] { return turnWheel(view, frames); });
        }
    }
    std::printf(
        "goal: p95 <= %.1f ms while panning, in every row: %s\n", kGoalMs, reached ? "reached" : "missed");
    std::printf("(\"wheel\" rows draw the whole frame anew at every step and stand beside the goal)\n");
    return reached ? 0 : 1;
}
