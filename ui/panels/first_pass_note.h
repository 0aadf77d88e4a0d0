#pragma once

#include <QFrame>

class QLabel;

namespace studio::ui {

class StudioController;

/// Says that the request begins at a stored first pass, whose it is, and how to leave it. Hidden otherwise.
class FirstPassNote : public QFrame {
    Q_OBJECT

public:
    explicit FirstPassNote(StudioController& controller, QWidget* parent = nullptr);

    QString sentence() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void update();
    void showPicture();

    StudioController& m_controller;
    QLabel* m_picture = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_sentence = nullptr;
};

} // namespace studio::ui
