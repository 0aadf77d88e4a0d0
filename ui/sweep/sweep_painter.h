#pragma once

#include "ui/models/sweep.h"
#include "ui/sweep/sweep_layout.h"
#include "ui/theme/tokens.h"

#include <QFont>
#include <QPainter>

namespace studio::ui {

struct SweepCell;

/// What a contact sheet shows around and over its pictures. In widget coordinates, from the tokens.

constexpr int kHeadHeight = 40; ///< of the columns' headings: axis over value
constexpr int kSheetLoupe = 4;  ///< magnification over the sheet

SheetMargins sheetMargins(const SweepSetup& setup);

void drawSheetHeads(QPainter& painter, const SheetLayout& sheet, const SweepSetup& setup,
    const Catalog& catalog, const Tokens& tokens, const QFont& font);
/// In the place of all headings, while one picture is shown alone.
void drawSheetTitle(QPainter& painter, const QRect& area, const QString& text, const Tokens& tokens);
/// A cell without a picture: it waits, runs, failed, or was taken out.
void drawCellState(QPainter& painter, const QRect& area, const SweepCell& cell, const Tokens& tokens);
/// The letter of a cell to compare: 0 is A, 1 is B.
void drawMark(QPainter& painter, const QRect& area, int mark, const Tokens& tokens);
void drawCurrent(QPainter& painter, const QRect& area, bool focused, const Tokens& tokens);
/// The point under the pointer, in each cell.
void drawProbe(QPainter& painter, const QRect& area, QPointF at);
/// A corner of the cell that `at` does not lie in.
QRect sheetLoupeArea(const QRect& cell, QPointF at);
void drawLoupeFrame(QPainter& painter, const QRect& area, const Tokens& tokens);

} // namespace studio::ui
