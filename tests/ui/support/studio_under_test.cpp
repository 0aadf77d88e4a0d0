#include "studio_under_test.h"

#include "app/take_services.h"
#include "ui/convert/strings.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>

namespace studio::test {

bool waitUntil(const std::function<bool()>& condition, int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition() && timer.elapsed() < milliseconds)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    return condition();
}

ui::StudioServices StudioUnderTest::services(std::shared_ptr<Engine> engine, const QString& folder)
{
    ui::StudioServices services;
    services.openEngine = [engine] { return Outcome<std::shared_ptr<Engine>>(engine); };
    services.fileName = [](const std::string&, const Plan& plan, LayerKind layer) {
        return std::to_string(plan.request.seed.value_or(0)) + "_" + layerId(layer);
    };
    services.patternFault
        = [](const std::string& pattern) { return pattern.empty() ? "the name is empty." : ""; };
    if (const auto fake = std::dynamic_pointer_cast<FakeEngine>(engine)) {
        services.keepTakes = [fake](std::shared_ptr<Engine> kept, const TakeStoreSettings& place,
                                 const ui::TakeListener& listener) {
            fake->keptIn = place.folder;
            fake->keptLimit = place.limitBytes;
            if (fake->notKept)
                listener.notKept(*fake->notKept);
            if (fake->keepReally)
                return keepTakes(kept, place, listener);
            return kept;
        };
    }
    services.goOn = &goOnWithTake;
    services.takesFolder = ui::toPath(folder) / "takes";
    services.stylesFile = ui::toPath(folder) / "styles.csv";
    services.nameTags = "[seed] [layer]";
    services.settingsFile = folder + QStringLiteral("/settings.ini");
    services.queueFile = folder + QStringLiteral("/queue.json");
    services.version = QStringLiteral("0.1.0");
    return services;
}

StudioUnderTest::StudioUnderTest(std::chrono::milliseconds perStep)
    : engine(std::make_shared<FakeEngine>(perStep))
    , controller(services(engine, folder.path()))
{
    ui::Settings settings = controller.settings();
    settings.outputFolder = folder.path() + QStringLiteral("/out");
    controller.setSettings(settings);
}

bool StudioUnderTest::open()
{
    controller.openEngine();
    return waitUntil([this] { return controller.state().plan().has_value(); }, 10000);
}

bool StudioUnderTest::waitForEnd(int milliseconds)
{
    return waitUntil([this] { return !controller.isRunning(); }, milliseconds);
}

QStringList StudioUnderTest::savedFiles() const
{
    return QDir(folder.path() + QStringLiteral("/out")).entryList(QDir::Files, QDir::Name);
}

} // namespace studio::test
