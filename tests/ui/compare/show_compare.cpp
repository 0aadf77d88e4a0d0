// Renders the comparison view in every mode to PNG files, to be looked at. Not a test: it judges nothing.
//   show_compare FOLDER [WIDTHxHEIGHT [SCALE [dark|light [MODE...]]]]
#include "test_pictures.h"
#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QTimer>

#include <cstdio>

using namespace studio;
using namespace studio::ui;

namespace {

struct Shot {
    const char* name;
    CompareSettings settings;
    double zoom; ///< 0: fit
};

std::vector<Shot> shots()
{
    using enum CompareMode;
    CompareSettings base{.second = 2};
    const auto with = [&](CompareMode mode) {
        CompareSettings settings = base;
        settings.mode = mode;
        return settings;
    };
    CompareSettings level = with(Wipe);
    level.wipeAxis = WipeAxis::Horizontal;
    CompareSettings three = with(Side);
    three.panes = 4;
    CompareSettings squares = with(Side);
    squares.sampling = Sampling::Nearest;
    CompareSettings second = with(Blink);
    second.showSecond = true;
    return {{"side", with(Side), 0}, {"side-1to1", with(Side), 1}, {"side-nearest-600", squares, 6},
        {"side-all", three, 0}, {"wipe", with(Wipe), 0}, {"wipe-300", with(Wipe), 3},
        {"wipe-level", level, 0}, {"blink", second, 0}, {"overlay", with(Overlay), 0},
        {"difference", with(Difference), 0}, {"loupe", with(Loupe), 0}, {"single", with(Single), 0}};
}

void wait(const CompareView& view)
{
    QElapsedTimer timer;
    timer.start();
    while ((!view.canvas().isReady() || (view.layers().size() > 1 && !view.metrics()))
        && timer.elapsed() < 20000)
        QApplication::processEvents(QEventLoop::AllEvents, 20);
    QApplication::processEvents();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc > 3)
        qputenv("QT_SCALE_FACTOR", argv[3]);
    QApplication application(argc, argv);
    if (argc < 2) {
        std::fprintf(stderr, "usage: show_compare FOLDER [WIDTHxHEIGHT [SCALE [dark|light [MODE...]]]]\n");
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    const QStringList size = QString::fromLatin1(argc > 2 ? argv[2] : "796x714").split(u'x');
    const QString scheme = QString::fromLatin1(argc > 4 ? argv[4] : "dark");
    applyTheme(application, scheme == QLatin1String("light") ? Scheme::Light : Scheme::Dark);
    const QStringList wanted = application.arguments().mid(5);

    CompareView view;
    view.setReducedMotion(true);
    view.resize(size.value(0).toInt(), size.value(1).toInt());
    view.setLayers({{QStringLiteral("First pass"), {}, test::shared(test::landscape({768, 768}, 3))},
        {QStringLiteral("Upscaled only"), {}, test::shared(test::landscape({1536, 1536}, 4))},
        {QStringLiteral("Hires"), {}, test::shared(test::landscape({1536, 1536}, 7))}});
    view.show();
    view.activateWindow();
    for (const Shot& shot : shots()) {
        if (!wanted.isEmpty() && !wanted.contains(QLatin1String(shot.name)))
            continue;
        view.setSettings(shot.settings);
        shot.zoom > 0 ? view.canvas().zoomTo(shot.zoom) : view.canvas().fit();
        wait(view);
        view.canvas().moveProbe({0, 0});
        QApplication::processEvents();
        const QString name = QStringLiteral("%1-%2-%3@%4.png")
                                 .arg(QLatin1String(shot.name), scheme, size.join(u'x'))
                                 .arg(view.devicePixelRatioF());
        if (!view.grab().save(folder.filePath(name)))
            std::fprintf(stderr, "cannot write %s\n", qPrintable(name));
    }
    return 0;
}
