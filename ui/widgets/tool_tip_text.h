#pragma once

#include <QString>

namespace studio::ui {

/// A text for a tool tip that is shown as it stands: Qt takes "<lora:ink:1>" for a document with tags.
QString toolTipText(const QString& text);

} // namespace studio::ui
