#pragma once

#include <QLabel>

namespace studio::ui {

/// One line of text that never asks for more width than there is: it ends in "…" and its tool tip holds it all.
class ElidedLabel : public QLabel {
public:
    explicit ElidedLabel(QWidget* parent = nullptr, Qt::TextElideMode mode = Qt::ElideRight);

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Qt::TextElideMode m_mode;
};

} // namespace studio::ui
