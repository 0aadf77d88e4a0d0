#pragma once

#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;

namespace studio::ui {

/// What an empty page says: a sign, why there is nothing, and what can be done about it.
class EmptyNote : public QWidget {
public:
    explicit EmptyNote(QWidget* parent = nullptr);

    /// `remedy`: the button's text; empty: there is none.
    void say(const QString& icon, const QString& title, const QString& sentence, const QString& remedy = {},
        std::function<void()> act = {});
    QString title() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void drawSign();

    QString m_icon;
    QLabel* m_sign = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_sentence = nullptr;
    QPushButton* m_remedy = nullptr;
    std::function<void()> m_act;
};

} // namespace studio::ui
