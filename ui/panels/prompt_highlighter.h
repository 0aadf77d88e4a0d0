#pragma once

#include "ui/models/prompt_reading.h"

#include <QSyntaxHighlighter>

#include <functional>
#include <optional>

namespace studio::ui {

/// Shows how a prompt is read: colours, grounds for weights, lines under what is wrong. Brackets go over lines, so
/// every change is read as a whole.
class PromptHighlighter : public QSyntaxHighlighter {
    Q_OBJECT

public:
    /// `read`: called with the whole text.
    PromptHighlighter(QTextDocument* document, std::function<PromptReading(const QString& text)> read);

    const PromptReading& reading() const { return m_reading; }
    /// Reads anew: what prompts may name has changed, or the colours have.
    void refresh();
    void setPalette(const QPalette& palette);

protected:
    void highlightBlock(const QString& text) override;

private:
    void read();
    void follow();

    std::function<PromptReading(const QString&)> m_read;
    PromptReading m_reading;
    QPalette m_palette;
    std::optional<QString> m_text; ///< that was read
    QString m_followed;            ///< the text whose lines were all drawn anew
};

} // namespace studio::ui
