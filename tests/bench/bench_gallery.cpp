// How the gallery scrolls over many stored takes.
//   bench_gallery [TAKES] [FOLDER]
// Makes the store in FOLDER (or a temporary one) if it has fewer takes, opens the gallery of a window of 1440 x 900,
// scrolls from end to end, and prints how long listing, opening and each frame took. A frame is the time
// from the step of the scroll bar to the painted pixels, by the clock and by the processor's time that the thread of the
// window had of it.
#include "stored_takes.h"
#include "studio_under_test.h"
#include "ui/convert/strings.h"
#include "ui/gallery/gallery_grid.h"
#include "ui/gallery/gallery_page.h"
#include "ui/jobs/take_archive.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScrollBar>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <utility>

using namespace studio;
using namespace studio::ui;

namespace {

/// One take, made once and linked: only the folder's name and the take's record differ.
void fill(const std::filesystem::path& place, int count)
{
    Request request = test::smallRequest("a calm lake with snowy mountains by day, take 0", 7);
    request.hires.base = Extent{256, 256};
    request.hires.rungs.front().target = Extent{512, 512};
    const std::string first = test::storeTake(place, request);
    QFile original(pathToQt(place / first / "take.json"));
    if (!original.open(QIODevice::ReadOnly))
        std::abort();
    const QJsonObject record = QJsonDocument::fromJson(original.readAll()).object();
    for (int i = 1; i < count; ++i) {
        char id[32];
        std::snprintf(id, sizeof id, "20260101-%06d-%06x", i % 240000, i);
        const auto folder = place / id;
        using std::filesystem::copy_options;
        std::filesystem::copy(
            place / first, folder, copy_options::recursive | copy_options::create_hard_links);
        QJsonObject changed = record;
        changed[QStringLiteral("id")] = QString::fromLatin1(id);
        changed[QStringLiteral("created_milliseconds")] = 1'767'225'600'000.0 + 60'000.0 * i;
        std::filesystem::remove(folder / "take.json");
        QFile file(pathToQt(folder / "take.json"));
        if (!file.open(QIODevice::WriteOnly))
            std::abort();
        file.write(QJsonDocument(changed).toJson());
    }
}

double percentile(std::vector<double> values, double part)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

/// Milliseconds of a clock: of the day, or of this thread alone, whatever else the machine does.
double now(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

struct Frames {
    std::vector<double> wall;
    std::vector<double> own; ///< time of the processor that this thread had
};

/// Turns the event loop once: what is painted meanwhile is on the screen then.
void turn(Frames& frames, double wall, double own)
{
    QApplication::sendPostedEvents();
    QApplication::processEvents();
    frames.wall.push_back(now(CLOCK_MONOTONIC) - wall);
    frames.own.push_back(now(CLOCK_THREAD_CPUTIME_ID) - own);
}

/// Steps of `distance` pixels; between them the loop turns, as it does between two events of a wheel.
Frames scroll(GalleryGrid& grid, int distance, int count)
{
    Frames frames;
    QScrollBar& bar = *grid.verticalScrollBar();
    bar.setValue(0);
    for (int i = 0; i < count; ++i) {
        const double wall = now(CLOCK_MONOTONIC);
        const double own = now(CLOCK_THREAD_CPUTIME_ID);
        bar.setValue((bar.value() + distance) % std::max(1, bar.maximum()));
        turn(frames, wall, own);
        test::waitUntil([] { return false; }, 8); // thumbnails arrive
    }
    return frames;
}

void print(const char* name, const Frames& frames)
{
    for (const auto& [what, times] : {std::pair("by the clock", &frames.wall), std::pair("own", &frames.own)})
        std::printf("%s, %s: %zu frames, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, most %.1f ms\n", name, what,
            times->size(), percentile(*times, 0.5), percentile(*times, 0.95), percentile(*times, 0.99),
            percentile(*times, 1.0));
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QStringList words = QApplication::arguments();
    const int count = std::max(1, words.value(1, QStringLiteral("10000")).toInt());
    test::StudioUnderTest studio;
    Settings settings = studio.controller.settings();
    settings.takesFolder = words.value(2, studio.folder.filePath(QStringLiteral("takes")));
    studio.controller.setSettings(settings);
    if (!std::filesystem::exists(studio.controller.takesFolder()))
        fill(studio.controller.takesFolder(), count);
    applyThemeOf(settings);
    MainWindow window(studio.controller);
    window.resize(1440, 900);
    window.show();
    QElapsedTimer timer;
    timer.start();
    studio.open();
    TakeArchive& archive = studio.controller.archive();
    test::waitUntil([&] { return archive.takes().rowCount() > 0; }, 600000);
    std::printf("%d takes listed for the first time in %.1f s\n", archive.takes().rowCount(),
        static_cast<double>(timer.elapsed()) / 1e3);
    window.actions()[Command::Gallery]->trigger();
    test::waitUntil([&] { return !archive.isListing(); }, 600000);
    GalleryGrid& grid = window.gallery()->grid();
    for (int i = 0; i < 5; ++i) {
        timer.restart();
        archive.refresh();
        Frames turns;
        while (archive.isListing())
            turn(turns, now(CLOCK_MONOTONIC), now(CLOCK_THREAD_CPUTIME_ID));
        std::printf("listed again in %lld ms; the window was busy for %.1f ms at most, own %.1f ms\n",
            timer.elapsed(), percentile(turns.wall, 1.0), percentile(turns.own, 1.0));
    }
    print("by the wheel (60 pixels)", scroll(grid, 60, 600));
    print("fast (1000 pixels)", scroll(grid, 1000, 400));
    print("jumps (across all)", scroll(grid, 104729, 200));
    timer.restart();
    test::waitUntil([&] { return archive.thumbnails().isIdle(); }, 60000);
    std::printf("the last page's thumbnails were there after %lld ms\n", timer.elapsed());
    return 0;
}
