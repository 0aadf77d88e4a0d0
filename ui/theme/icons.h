#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>
#include <QStringList>

namespace studio::ui {

/// The icon `name` (a file of resources/icons without its suffix), drawn in the text colour of the
/// application's palette at the moment it is painted: a change of theme needs no reload. Selected mode is
/// drawn for the accent's ground. An unknown name gives an empty icon and a warning in the log.
QIcon icon(const QString& name);

/// The same drawing in one colour of your choice; `size` in device-independent pixels.
QPixmap iconPixmap(const QString& name, int size, const QColor& colour, double devicePixelRatio);

/// Names of all icons, sorted.
QStringList iconNames();

} // namespace studio::ui
