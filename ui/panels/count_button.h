#pragma once

#include <QCoreApplication>
#include <QToolButton>

namespace studio::ui {

class StudioController;

/// Beside Generate: how many pictures one press makes. While several are being made, it stops after the present one.
class CountButton : public QToolButton {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::CountButton)

public:
    explicit CountButton(StudioController& controller, QWidget* parent = nullptr);

private:
    void fill();
    void refresh();

    StudioController& m_controller;
};

} // namespace studio::ui
