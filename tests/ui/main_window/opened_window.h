#pragma once

#include "studio_under_test.h"
#include "ui/main_window/main_window.h"
#include "ui/widgets/calm_inputs.h"

#include <QTest>

namespace studio::test {

/// A window on the screen whose engine is open.
struct OpenedWindow {
    explicit OpenedWindow(std::chrono::milliseconds perStep = std::chrono::milliseconds(1))
        : studio(perStep)
        , window(studio.controller)
    {
        window.resize(1440, 900);
        window.show();
        ready = QTest::qWaitForWindowExposed(&window) && studio.open();
    }

    StudioUnderTest studio;
    ui::MainWindow window;
    bool ready = false;
};

inline ui::CalmSpinBox* numberNamed(QWidget* parent, const QString& name)
{
    for (ui::CalmSpinBox* box : parent->findChildren<ui::CalmSpinBox*>()) {
        if (box->accessibleName() == name)
            return box;
    }
    return nullptr;
}

} // namespace studio::test
