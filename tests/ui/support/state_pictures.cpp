#include "state_pictures.h"

#include "ui/main_window/dialogs.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QPixmap>
#include <QScreen>

#include <cstdio>

namespace studio::test {

namespace {

QString fileOf(const StatePictures& pictures, const char* state)
{
    return QStringLiteral("%1/%2_%3_%4x%5.png")
        .arg(pictures.folder, QLatin1String(state), pictures.theme)
        .arg(pictures.size.width())
        .arg(pictures.size.height());
}

void write(const QPixmap& pixmap, const QString& file)
{
    std::printf("%s%s\n", pixmap.save(file) ? "" : "cannot write ", qPrintable(file));
}

} // namespace

bool StatePictures::wants(const char* state) const
{
    return rest.isEmpty() || rest.contains(QLatin1String(state));
}

void StatePictures::save(const char* state, QWidget& what, int milliseconds) const
{
    spin(milliseconds);
    write(what.grab(), fileOf(*this, state));
}

void StatePictures::saveScreen(const char* state, const QWidget& window, int milliseconds) const
{
    spin(milliseconds);
    const QRect area = window.geometry();
    write(window.screen()->grabWindow(0, area.x(), area.y(), area.width(), area.height()),
        fileOf(*this, state));
}

std::unique_ptr<ui::MainWindow> StatePictures::window(ui::StudioController& controller) const
{
    ui::Settings settings = controller.settings();
    settings.theme = theme == QLatin1String("light") ? ui::ThemeChoice::Light : ui::ThemeChoice::Dark;
    controller.setSettings(settings);
    ui::applyThemeOf(settings);
    auto window = std::make_unique<ui::MainWindow>(controller);
    window->resize(size);
    window->show();
    return window;
}

std::optional<StatePictures> statePictures()
{
    const QStringList words = QApplication::arguments();
    const QStringList sides = words.value(2).split(u'x');
    const QSize size(sides.value(0).toInt(), sides.value(1).toInt());
    if (words.size() < 4 || size.isEmpty()) {
        std::fprintf(
            stderr, "usage: %s FOLDER WIDTHxHEIGHT dark|light [WORD...]\n", qPrintable(words.value(0)));
        return std::nullopt;
    }
    QDir().mkpath(words.at(1));
    return StatePictures{words.at(1), size, words.at(3), words.mid(4)};
}

void spin(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds)
        QApplication::processEvents(QEventLoop::AllEvents, 10);
}

} // namespace studio::test
