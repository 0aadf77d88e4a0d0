#pragma once

#include <QAbstractButton>

namespace studio::ui {

/// Words that are in a prompt or not: pressed, they are, and a sign says so. Long ones end in "…".
class WordChip : public QAbstractButton {
    Q_OBJECT

public:
    explicit WordChip(const QString& words, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }
};

} // namespace studio::ui
