#pragma once

#include <QPushButton>

namespace studio::ui {

/// The one primary button: Generate. While something runs it is Cancel, in the same place, and fills as the run goes
/// on.
class ProgressButton : public QPushButton {
public:
    explicit ProgressButton(QWidget* parent = nullptr);

    void setIdle(const QString& text);
    /// `fraction` 0..1; negative: not known.
    void setRunning(const QString& text, double fraction);
    bool isShowingProgress() const { return m_running; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool m_running = false;
    double m_fraction = 0.0;
};

} // namespace studio::ui
