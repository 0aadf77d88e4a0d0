#pragma once

#include "ui/compare/compare_types.h"

#include <QFrame>

class QLineEdit;
class QSlider;
class QStackedWidget;
class QToolButton;

namespace studio::ui {

class CompareActions;
class SegmentedControl;

/// The bar that floats over the lower edge of the canvas: modes, the mode's one choice, swap, zoom. Its parts
/// never change place while there is something to compare; for one picture alone it is the zoom.
class CompareBar : public QFrame {
    Q_OBJECT

public:
    CompareBar(const CompareActions& actions, QWidget* parent = nullptr);

    void setState(const CompareSettings& settings, int layerCount, bool blinking);
    /// Output pixels on device pixels, 1 is 100 %.
    void setZoom(double zoom);
    /// Hides what can be missed (also reachable by keys and menu) when there is less than `width`.
    void setRoom(int width);

Q_SIGNALS:
    void zoomEntered(double zoom);
    void opacityChanged(double opacity);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    /// The mode's one choice, as its button shows it.
    struct ModeOption {
        QString icon;
        QString text;
        QString hint;
    };
    static ModeOption optionOf(const CompareSettings& settings, int layerCount, bool blinking);
    QToolButton* addButton(QAction* action);
    QWidget* addLine();
    void addPercent();
    void readPercent();

    SegmentedControl* m_modes = nullptr;
    QStackedWidget* m_choice = nullptr;
    QToolButton* m_option = nullptr;
    QSlider* m_opacity = nullptr;
    QLineEdit* m_percent = nullptr;
    QList<QWidget*> m_ofPairs; ///< what one picture alone has no use for
    QList<QWidget*> m_spare;   ///< what is hidden first where there is little room
    double m_zoom = 1.0;
};

/// "100 %", "33.3 %", "1 600 %": no digits that mean nothing.
QString percentText(double zoom);

} // namespace studio::ui
