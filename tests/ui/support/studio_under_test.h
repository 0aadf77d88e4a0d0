#pragma once

#include "fake_engine.h"
#include "ui/jobs/studio_controller.h"

#include <QTemporaryDir>

#include <functional>

namespace studio::test {

/// Runs the event loop until `condition` holds; false if it does not in that time.
bool waitUntil(const std::function<bool()>& condition, int milliseconds);

/// A controller with a fake engine and folders of its own.
struct StudioUnderTest {
    explicit StudioUnderTest(std::chrono::milliseconds perStep = std::chrono::milliseconds(1));

    /// Opens the engine and waits for the first plan.
    bool open();
    /// Waits for the end of the run.
    bool waitForEnd(int milliseconds = 30000);
    QStringList savedFiles() const; ///< names, in the output folder

    static ui::StudioServices services(std::shared_ptr<Engine> engine, const QString& folder);

    QTemporaryDir folder;
    std::shared_ptr<FakeEngine> engine;
    ui::StudioController controller;
};

} // namespace studio::test
