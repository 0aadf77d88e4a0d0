#include "studio_with_engine.h"

#include "app/take_services.h"
#include "studio_under_test.h"
#include "ui/convert/strings.h"

namespace studio::test {

ui::StudioServices StudioWithEngine::services(const QString& folder, bool lowPriority)
{
    EngineOptions options;
    options.demoModel = STUDIO_SOURCE_DIR "/resources/demo_model";
    options.vocabulary = STUDIO_VOCABULARY;
    options.state = ui::toPath(folder) / "state";
    options.lowPriority = lowPriority;
    ui::StudioServices services = StudioUnderTest::services(nullptr, folder);
    services.openEngine = [options] { return openEngine(options); };
    services.keepTakes = &keepTakes;
    services.goOn = &goOnWithTake;
    services.cacheFolder = ui::toPath(folder) / "cache";
    services.demoModel = options.demoModel;
    return services;
}

StudioWithEngine::StudioWithEngine(bool lowPriority)
    : controller(services(folder.path(), lowPriority))
{
    ui::Settings settings = controller.settings();
    settings.outputFolder = folder.path() + QStringLiteral("/out");
    controller.setSettings(settings);
}

bool StudioWithEngine::open()
{
    controller.openEngine();
    return waitUntil([this] { return controller.state().plan().has_value(); }, 60000);
}

bool StudioWithEngine::waitForEnd(int milliseconds)
{
    return waitUntil([this] { return !controller.isRunning(); }, milliseconds);
}

} // namespace studio::test
