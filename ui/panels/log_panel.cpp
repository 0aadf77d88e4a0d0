#include "ui/panels/log_panel.h"

#include "ui/convert/strings.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"

#include <QMetaObject>

namespace studio::ui {

LogPanel::LogPanel(QWidget* parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame); // the tab's page is its frame, as of the tabs beside it
    setMaximumBlockCount(kMostLines);
    setFont(fontFor(TextRole::Caption));
    setAccessibleName(tr("Log"));
    setPlaceholderText(tr("What the program does is written here."));
    // The sink may be called by any thread until it is removed; the event queue carries the line over.
    m_sink = addLogSink([this](const LogLine& line) {
        QMetaObject::invokeMethod(
            this, [this, line] { append(line); }, Qt::QueuedConnection);
    });
}

LogPanel::~LogPanel()
{
    removeLogSink(m_sink);
}

void LogPanel::append(const LogLine& line)
{
    QString text = toQt(line.time).left(8) + QStringLiteral("  ");
    if (line.level == LogLevel::Warning)
        text += tr("Warning: ");
    if (line.level == LogLevel::Error)
        text += tr("Error: ");
    appendPlainText(text + toQt(line.text));
}

} // namespace studio::ui
