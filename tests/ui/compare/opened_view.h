#pragma once

#include "test_pictures.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_view.h"

#include <QMouseEvent>
#include <QWheelEvent>
#include <QtTest>

namespace studio::test {

inline ui::CompareLayer layer(const char* label, Picture8 picture)
{
    return {QString::fromLatin1(label), {}, shared(std::move(picture))};
}

/// A view with a red first pass and a blue picture of twice its size, in a window that is shown.
struct Opened {
    Opened()
    {
        view.setReducedMotion(true);
        view.resize(900, 700);
        view.show();
        view.activateWindow();
        active = QTest::qWaitForWindowActive(&view); // shortcuts need it
        view.setLayers({layer("First pass", flat({128, 128}, {200, 0, 0})),
            layer("Hires", flat({256, 256}, {0, 0, 200}))});
        ready();
        view.canvas().setFocus();
    }
    void ready() const { QTRY_VERIFY(view.canvas().isReady()); }
    ui::CompareCanvas& canvas() { return view.canvas(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(&view.canvas(), key, modifiers);
    }
    /// The window's pixel at a point of the canvas given as device pixels.
    QColor shown(QPoint devicePixel)
    {
        const QImage grabbed = view.canvas().grab().toImage();
        return grabbed.pixelColor(devicePixel);
    }

    ui::CompareView view;
    bool active = false;
};

inline QPointF inWidget(const ui::CompareCanvas& canvas, QPointF devicePixel)
{
    return devicePixel / canvas.devicePixelRatioF();
}

inline void move(ui::CompareCanvas& canvas, QPointF at, Qt::MouseButtons buttons = Qt::NoButton)
{
    QMouseEvent event(QEvent::MouseMove, at, canvas.mapToGlobal(at), Qt::NoButton, buttons, Qt::NoModifier);
    QCoreApplication::sendEvent(&canvas, &event);
}

inline void wheel(ui::CompareCanvas& canvas, QPointF at, int angle)
{
    QWheelEvent event(
        at, canvas.mapToGlobal(at), {}, {0, angle}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &event);
}

} // namespace studio::test
