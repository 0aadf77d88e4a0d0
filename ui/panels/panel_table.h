#pragma once

#include "ui/models/applicability.h"

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

namespace studio::ui {

class FieldForm;
class StudioController;
class StudioState;

/// A part of the left column below the prompt: one row of the table. The window makes the parts from the rows.
struct PanelInfo {
    const char* id;
    const char* title; ///< untranslated, context Panels
    QWidget* (*make)(StudioController& controller, QWidget* parent);
    QString (*summary)(const StudioState& state); ///< what a folded part still says
    bool open;                      ///< while the mode uses it, until the person folds or unfolds it
    std::optional<Setting> setting; ///< what decides whether the mode uses it; absent: always
};

const std::vector<PanelInfo>& panelTable();

// The rows' functions; each in a file of its own name.
QWidget* makeSizePanel(StudioController& controller, QWidget* parent);
QWidget* makeSamplingPanel(StudioController& controller, QWidget* parent);
QWidget* makeSecondPassPanel(StudioController& controller, QWidget* parent);
QWidget* makeEnlargementPanel(StudioController& controller, QWidget* parent);
QWidget* makeRefinerPanel(StudioController& controller, QWidget* parent);
QWidget* makeModelPanel(StudioController& controller, QWidget* parent);
QWidget* makeAdapterPanel(StudioController& controller, QWidget* parent);
QWidget* makeAdvancedPanel(StudioController& controller, QWidget* parent);

/// How many of the advanced panel's values are not what they usually are.
int advancedChanges(const Request& request);

} // namespace studio::ui
