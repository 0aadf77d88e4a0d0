#include "ui/panels/mode_bar.h"

#include "ui/convert/words.h"
#include "ui/models/studio_state.h"

#include <QAction>
#include <QActionGroup>

#include <array>

namespace studio::ui {

namespace {

constexpr std::array kModes{Mode::Standard, Mode::Simple, Mode::Hires, Mode::Compare};

} // namespace

ModeBar::ModeBar(StudioState& state, QWidget* parent)
    : SegmentedControl(parent)
{
    setStretched(true);
    setAccessibleName(StudioState::tr("Mode"));
    for (const Mode mode : kModes) {
        auto* action = new QAction(modeName(mode), this);
        const QKeySequence key(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(mode)));
        action->setShortcut(key);
        action->setToolTip(
            QStringLiteral("%1 (%2)").arg(modeHint(mode), key.toString(QKeySequence::NativeText)));
        action->setCheckable(true);
        action->setChecked(state.request().mode == mode);
        addChoice(action, Qt::ToolButtonTextOnly);
        connect(action, &QAction::triggered, this,
            [&state, mode] { state.change([mode](Request& r) { r.mode = mode; }); });
    }
    connect(&state, &StudioState::requestChanged, this,
        [this, &state] { action(state.request().mode)->setChecked(true); });
}

QAction* ModeBar::action(Mode mode) const
{
    return group()->actions().at(static_cast<int>(mode));
}

} // namespace studio::ui
