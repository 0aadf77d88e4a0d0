#pragma once

#include "ui/compare/compare_types.h"

#include <QAction>
#include <QList>
#include <QObject>

#include <array>

namespace studio::ui {

/// A row of the table of modes: what the bar, the menu and the keys are made from.
struct ModeInfo {
    CompareMode mode;
    const char* icon;
    const char* name; ///< untranslated, context CompareActions
    const char* hint; ///< what it is good for
    Qt::Key key;
};
extern const std::array<ModeInfo, 7> kModes;

/// Every command of the comparison. Keys that write something work in the whole window, except where one types; the
/// arrow keys belong to whatever holds the focus, and to the view only with it.
class CompareActions : public QObject {
    Q_OBJECT

public:
    explicit CompareActions(QWidget* view);

    QAction* mode(CompareMode mode) const;
    /// In the order of the menu; includes what the bar does not show.
    QList<QAction*> all() const { return m_all; }

    QAction* fit = nullptr;
    QAction* oneToOne = nullptr;
    QAction* zoomIn = nullptr;
    QAction* zoomOut = nullptr;
    QAction* swap = nullptr;
    QAction* smooth = nullptr; ///< checkable
    QAction* flip = nullptr;   ///< space: the other picture
    QAction* option = nullptr; ///< the one choice of the mode: axis, gain, magnification, panes, blink
    QAction* gain = nullptr;
    QAction* overlays = nullptr; ///< checkable: captions and bar are shown
    QAction* wipeBack = nullptr;
    QAction* wipeForward = nullptr;

Q_SIGNALS:
    void panWanted(QPointF distance); ///< device-independent pixels
    void probeMoveWanted(QPoint outputPixels);

private:
    QAction* add(
        const QString& text, const QString& icon, const QList<QKeySequence>& keys, const QString& hint = {});
    void addMoves();

    QWidget* m_view = nullptr;
    QList<QAction*> m_all;
    QList<QAction*> m_modes;
};

} // namespace studio::ui
