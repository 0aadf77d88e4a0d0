#pragma once

#include "core/api/request.h"
#include "ui/widgets/segmented_control.h"

namespace studio::ui {

class StudioState;

/// Standard · Simple · Hires fix · Compare. The menu shows the same actions.
class ModeBar : public SegmentedControl {
public:
    explicit ModeBar(StudioState& state, QWidget* parent = nullptr);

    QAction* action(Mode mode) const;
};

} // namespace studio::ui
