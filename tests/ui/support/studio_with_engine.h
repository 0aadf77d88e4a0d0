#pragma once

#include "ui/jobs/studio_controller.h"

#include <QTemporaryDir>

namespace studio::test {

/// A controller that opens the real engine with the built-in model, and folders of its own. A target that uses it
/// depends on studio_engine.
struct StudioWithEngine {
    /// `lowPriority`: as in the program, the networks get what others leave over.
    explicit StudioWithEngine(bool lowPriority = false);

    /// Opens the engine and waits for the first plan, for at most a minute.
    bool open();
    bool waitForEnd(int milliseconds = 120000);

    static ui::StudioServices services(const QString& folder, bool lowPriority = false);

    QTemporaryDir folder;
    ui::StudioController controller;
};

} // namespace studio::test
