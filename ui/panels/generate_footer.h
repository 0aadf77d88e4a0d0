#pragma once

#include "core/api/plan.h"

#include <QCoreApplication>
#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace studio::ui {

class CountButton;
class ProgressButton;
class StudioController;

/// What a run will take, with a sign and the remedy, what can be done if it cannot run, and the one primary button:
/// Generate, and Cancel while it runs. Beside it, quieter: how many pictures it makes, and the same into the queue.
class GenerateFooter : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::GenerateFooter)

public:
    explicit GenerateFooter(StudioController& controller, QWidget* parent = nullptr);

    ProgressButton* button() const { return m_button; }
    CountButton* countButton() const { return m_count; }
    QToolButton* queueButton() const { return m_add; }
    QString preflightText() const;
    /// What can be done, and what the plan warns of: a sentence a line.
    QString adviceText() const;

    /// The person wants another checkpoint than the one that cannot be used.
    std::function<void()> checkpointWanted;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void makeRemedies();
    void showPreflight();
    void showRemedies();
    QString whyNot() const; ///< Generate cannot be pressed; empty: it can
    void connectController();
    void showButton(double fraction);
    void showQueueButton();
    void setPreflight(const QString& icon, const QColor& colour, const QString& words, const QString& remedy,
        const Plan* plan = nullptr);

    StudioController& m_controller;
    QLabel* m_sign = nullptr;
    QLabel* m_words = nullptr;
    QLabel* m_adviceSign = nullptr;
    QLabel* m_advice = nullptr;
    ProgressButton* m_button = nullptr;
    CountButton* m_count = nullptr;
    QToolButton* m_add = nullptr;
    QWidget* m_remedies = nullptr; ///< for a model that cannot be used
    QPushButton* m_builtIn = nullptr;
    bool m_engineFailed = false;
};

} // namespace studio::ui
