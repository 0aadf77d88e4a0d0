#pragma once

#include <QFrame>
#include <QList>

class QActionGroup;
class QToolButton;

namespace studio::ui {

/// One choice out of a few, all of them in sight. Each choice is a checkable QAction, so that menus,
/// shortcuts and this control share one truth. The focus enters at the chosen part; the arrow keys move it.
class SegmentedControl : public QFrame {
    Q_OBJECT

public:
    explicit SegmentedControl(QWidget* parent = nullptr);

    /// Adds `action` and makes it exclusive with the others. `style` is that of its button.
    QToolButton* addChoice(QAction* action, Qt::ToolButtonStyle style = Qt::ToolButtonIconOnly);
    QActionGroup* group() const { return m_group; }
    /// Lets the parts share the width evenly.
    void setStretched(bool stretched);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void moveChoice(const QObject* from, int step);

    QActionGroup* m_group = nullptr;
    QList<QToolButton*> m_buttons;
    bool m_stretched = false;
};

} // namespace studio::ui
