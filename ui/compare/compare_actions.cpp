#include "ui/compare/compare_actions.h"

#include "ui/theme/icons.h"

#include <QWidget>

namespace studio::ui {

const std::array<ModeInfo, 7> kModes{{
    {CompareMode::Side, "side", QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Side by side"),
        QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Pictures beside one another, moving together"),
        Qt::Key_1},
    {CompareMode::Wipe, "wipe-v", QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Wipe"),
        QT_TRANSLATE_NOOP("studio::ui::CompareActions", "One picture on each side of a line"), Qt::Key_2},
    {CompareMode::Blink, "blink", QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Blink"),
        QT_TRANSLATE_NOOP("studio::ui::CompareActions", "The pictures in turn, in the same place"),
        Qt::Key_3},
    {CompareMode::Overlay, "overlay", QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Overlay"),
        QT_TRANSLATE_NOOP("studio::ui::CompareActions", "B over A, as opaque as you like"), Qt::Key_4},
    {CompareMode::Difference, "difference", QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Difference"),
        QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Where the pictures differ, and how much"),
        Qt::Key_5},
    {CompareMode::Loupe, "loupe", QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Loupe"),
        QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Both pictures magnified at the cursor"), Qt::Key_6},
    {CompareMode::Single, "single", QT_TRANSLATE_NOOP("studio::ui::CompareActions", "Single"),
        QT_TRANSLATE_NOOP("studio::ui::CompareActions", "One picture; hold Space for the other"), Qt::Key_0},
}};

CompareActions::CompareActions(QWidget* view)
    : QObject(view)
    , m_view(view)
{
    for (const ModeInfo& info : kModes) {
        QAction* action
            = add(tr(info.name), QString::fromLatin1(info.icon), {QKeySequence(info.key)}, tr(info.hint));
        action->setCheckable(true);
        action->setData(static_cast<int>(info.mode));
        m_modes << action;
    }
    fit = add(tr("Fit"), QStringLiteral("fit"), {Qt::Key_F}, tr("The whole picture"));
    oneToOne = add(tr("Actual size"), QStringLiteral("one-to-one"), {Qt::Key_Z},
        tr("One output pixel on one pixel of the screen"));
    zoomIn = add(tr("Zoom in"), QStringLiteral("plus"), {Qt::Key_Plus, Qt::Key_Equal});
    zoomOut = add(tr("Zoom out"), QStringLiteral("minus"), {Qt::Key_Minus});
    swap = add(tr("Swap A and B"), QStringLiteral("swap"), {Qt::Key_S});
    smooth = add(tr("Smooth pixels"), QStringLiteral("smooth"), {Qt::Key_N},
        tr("Off: every pixel as a square, to judge single pixels"));
    smooth->setCheckable(true);
    // Space is no shortcut but a key of the canvas, so that it can be held, and still presses buttons.
    flip = add(tr("Show the other picture"), QString(), {});
    flip->setToolTip(tr("Show the other picture (Space)"));
    option = add(tr("Change what the mode shows"), QString(), {Qt::Key_W});
    overlays = add(tr("Captions and bar"), QString(), {Qt::Key_H}, tr("Off: nothing but the picture"));
    overlays->setCheckable(true);
    overlays->setChecked(true);
    gain = add(tr("Amplify the difference"), QString(), {Qt::Key_D});
    wipeBack = add(tr("Move back"), QString(), {Qt::Key_BracketLeft});
    wipeForward = add(tr("Move forward"), QString(), {Qt::Key_BracketRight});
    addMoves();
}

QAction* CompareActions::mode(CompareMode mode) const
{
    for (QAction* action : m_modes) {
        if (action->data().toInt() == static_cast<int>(mode))
            return action;
    }
    return nullptr;
}

QAction* CompareActions::add(
    const QString& text, const QString& iconName, const QList<QKeySequence>& keys, const QString& hint)
{
    auto* action = new QAction(text, this);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WindowShortcut);
    const QString shortcut = keys.isEmpty() ? QString() : keys.first().toString(QKeySequence::NativeText);
    const QString title = shortcut.isEmpty() ? text : tr("%1 (%2)").arg(text, shortcut);
    action->setToolTip(hint.isEmpty() ? title : title + u'\n' + hint);
    action->setStatusTip(hint);
    m_view->addAction(action);
    m_all << action;
    return action;
}

void CompareActions::addMoves()
{
    struct Move {
        Qt::Key key;
        QPoint direction;
        QString pan;
        QString probe;
    };
    const Move moves[] = {{Qt::Key_Left, {-1, 0}, tr("Look left"), tr("Read one pixel to the left")},
        {Qt::Key_Right, {1, 0}, tr("Look right"), tr("Read one pixel to the right")},
        {Qt::Key_Up, {0, -1}, tr("Look up"), tr("Read one pixel up")},
        {Qt::Key_Down, {0, 1}, tr("Look down"), tr("Read one pixel down")}};
    constexpr double kStep = 64.0;
    for (const Move& move : moves) {
        // The picture moves against the direction one looks in.
        const QPointF distance = -QPointF(move.direction) * kStep;
        const qsizetype before = m_all.size();
        connect(add(move.pan, QString(), {QKeySequence(move.key)}), &QAction::triggered, this,
            [this, distance] { Q_EMIT panWanted(distance); });
        connect(add(move.probe, QString(), {QKeySequence(Qt::SHIFT | move.key)}), &QAction::triggered, this,
            [this, direction = move.direction] { Q_EMIT probeMoveWanted(direction); });
        connect(
            add(move.probe + tr(", ten at once"), QString(), {QKeySequence(Qt::CTRL | Qt::SHIFT | move.key)}),
            &QAction::triggered, this,
            [this, direction = move.direction] { Q_EMIT probeMoveWanted(direction * 10); });
        for (qsizetype i = before; i < m_all.size(); ++i)
            m_all[i]->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    }
}

} // namespace studio::ui
