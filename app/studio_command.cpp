#include "app/studio_command.h"

#include "app/cli/file_names.h"
#include "app/cli/take_writer.h"
#include "app/cli/usage_error.h"
#include "app/ending_signals.h"
#include "app/process_setup.h"
#include "app/resources.h"
#include "app/take_services.h"
#include "core/api/log.h"
#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QIcon>
#include <QSettings>
#include <QStandardPaths>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>

#include <unistd.h>

namespace studio {

namespace {

/// Seconds since this process was started; to a hundredth.
double secondsSinceStart()
{
    std::ifstream file("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    // The program's name may hold blanks; it ends with the last parenthesis. Field 22 is the start time.
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 22; ++field)
        fields >> skipped;
    double ticks = 0.0;
    fields >> ticks;
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9
        - ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

bool isTorchLoaded()
{
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        if (line.find("libtorch") != std::string::npos)
            return true;
    }
    return false;
}

std::string patternFault(const std::string& pattern)
{
    try {
        cli::checkNamePattern(pattern);
        return {};
    } catch (const cli::UsageError& error) {
        return error.what();
    }
}

/// Folders that the settings name, before the program's own.
void addFolders(std::vector<std::filesystem::path>& folders, const QSettings& settings, const char* key)
{
    std::vector<std::filesystem::path> named;
    for (const QString& folder : settings.value(QLatin1String(key)).toStringList())
        named.emplace_back(folder.toStdString());
    folders.insert(folders.begin(), named.begin(), named.end());
}

std::filesystem::path cacheFolder()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    return folder.isEmpty() ? std::filesystem::path() : ui::toPath(folder) / "hires-studio";
}

/// The engine with the folders that the settings name at this moment.
Outcome<std::shared_ptr<Engine>> openEngineFor(EngineOptions options, const QString& settingsFile)
{
    const QSettings settings(settingsFile, QSettings::IniFormat);
    addFolders(options.adapters, settings, "adapters/folders");
    addFolders(options.embeddings, settings, "adapters/embedding_folders");
    addFolders(options.upscalers, settings, "upscalers/folders");
    return openEngine(options);
}

ui::StudioServices makeServices()
{
    ui::StudioServices services;
    services.settingsFile = QStandardPaths::writableLocation(QStandardPaths::ConfigLocation)
        + QStringLiteral("/hires-studio/settings.ini");
    services.queueFile = QFileInfo(services.settingsFile).absolutePath() + QStringLiteral("/queue.json");
    EngineOptions options = defaultEngineOptions();
    options.lowPriority = true;
    services.openEngine = [options, file = services.settingsFile] { return openEngineFor(options, file); };
    services.keepTakes = &keepTakes;
    services.goOn = &goOnWithTake;
    if (const std::filesystem::path data = dataFolder(); !data.empty())
        services.takesFolder = data / "takes";
    services.cacheFolder = cacheFolder();
    services.demoModel = options.demoModel;
    services.stylesFile = options.styles;
    services.adapterFolders = options.adapters;
    services.embeddingFolders = options.embeddings;
    services.upscalerFolders = options.upscalers;
    services.wildcards = options.wildcards;
    services.fileName = [](const std::string& pattern, const Plan& plan, LayerKind layer) {
        return cli::fileName(pattern, plan, layer, isMainLayer(plan.request.mode, layer), std::time(nullptr));
    };
    services.patternFault = &patternFault;
    services.nameTags = cli::nameTags();
    services.version = QStringLiteral(STUDIO_VERSION);
    return services;
}

struct Arguments {
    QString file;
    bool measureStart = false;
};

Arguments readArguments(const QApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("studio::Studio", "The window of Hires Studio."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("file"),
        QCoreApplication::translate(
            "studio::Studio", "A checkpoint, or a picture or JSON file with settings."));
    const QCommandLineOption measure(QStringLiteral("measure-start"),
        QCoreApplication::translate("studio::Studio", "Print how long the window took to open, and end."));
    parser.addOption(measure);
    QStringList words = application.arguments();
    if (words.size() > 1 && words.at(1) == QLatin1String("studio"))
        words.removeAt(1);
    parser.process(words);
    return {parser.positionalArguments().value(0), parser.isSet(measure)};
}

/// Qt ends the process with a message of its own if it finds no display.
bool isDisplayThere()
{
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        if (const char* value = std::getenv(name); value && *value)
            return true;
    }
    return false;
}

} // namespace

int openStudio(int argc, char** argv)
{
    if (!isDisplayThere()) {
        std::cerr
            << "There is no display to open a window on. hires-studio --help lists what works without one."
            << std::endl;
        return cli::kFailed;
    }
    prepareProcessForNetworks();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("hires-studio"));
    QApplication::setApplicationDisplayName(QStringLiteral("Hires Studio"));
    QApplication::setApplicationVersion(QStringLiteral(STUDIO_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("studio.hires.HiresStudio"));
    const Arguments arguments = readArguments(application);
    const std::filesystem::path state = stateFolder();
    startLog(state.empty() ? state : state / "hires-studio.log", LogLevel::Warning);

    ui::MainWindow* opened = nullptr;
    const EndingSignals ending([&opened] {
        if (opened)
            opened->closeUnasked();
    });
    ui::noteDesktopTheme();
    ui::StudioController controller(makeServices());
    ui::applyThemeOf(controller.settings());
    ui::MainWindow window(controller);
    QObject::connect(&window, &ui::MainWindow::firstPainted, &window, [&] {
        if (arguments.measureStart) {
            std::cout << "window_seconds " << secondsSinceStart() << "\nlibtorch_loaded "
                      << (isTorchLoaded() ? "yes" : "no") << std::endl;
            QApplication::quit();
            return;
        }
        controller.openEngine();
        if (!arguments.file.isEmpty())
            window.openFile(arguments.file);
    });
    opened = &window;
    QObject::connect(
        &application, &QGuiApplication::commitDataRequest, &window, [&window] { window.prepareForEnd(); },
        Qt::DirectConnection);
    window.show();
    return QApplication::exec();
}

} // namespace studio
