#pragma once

#include <QFont>
#include <QLabel>
#include <QWidget>

class QPainter;

namespace studio::ui {

/// The scale of type. Pixel sizes are device-independent.
enum class TextRole {
    Body,       ///< 13 px
    Secondary,  ///< 13 px, quieter: what stands beside the matter
    Caption,    ///< 11 px, quieter
    GroupTitle, ///< 15 px semibold
    Empty       ///< 20 px: what an empty page says
};

/// Inter where it is installed, else Noto Sans, else what the desktop offers.
QFont applicationFont();

QFont fontFor(TextRole role);

/// Gives a label its size and, for the quieter ones, the colour of secondary text. Follows a change of theme.
void setTextRole(QLabel& label, TextRole role);

/// Numbers that do not jitter while they change: every digit takes the width of the widest one. (Qt
/// before 6.7 cannot ask a font for its tabular figures.)
int tabularWidth(const QFont& font, const QString& text);
void drawTabular(QPainter& painter, const QRect& area, Qt::Alignment alignment, const QString& text);

/// One line of text with tabular figures, for read-outs. Keeps the widest size it was asked to reserve.
class NumberLabel : public QWidget {
    Q_OBJECT

public:
    explicit NumberLabel(QWidget* parent = nullptr);

    QString text() const { return m_text; }
    void setText(const QString& text);
    /// Makes room for `widest`, so that the layout stands still while values change.
    void reserve(const QString& widest);
    void setAlignment(Qt::Alignment alignment);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    QString m_widest;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
};

} // namespace studio::ui
