#pragma once

#include "core/api/job_context.h"
#include "core/api/plan.h"

#include <QCoreApplication>
#include <QWidget>

#include <functional>
#include <vector>

namespace studio::ui {

/// The stages of a plan in a row, filling as they run, with one overall bar and the time that is left.
class PlanStrip : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::PlanStrip)

public:
    explicit PlanStrip(QWidget* parent = nullptr);

    /// The run it shows was clicked.
    std::function<void()> runChosen;

    /// Before a run: what would happen. Forgets any progress.
    void setPlan(const Plan& plan);
    void clear(const QString& words); ///< nothing to draw but `words`
    void setProgress(const Progress& progress);
    /// The run is over; what was finished stays marked. `words` stand where the time left stood.
    void setEnded(const QString& words, bool complete);

    /// The state in one sentence: what a screen reader says.
    QString sentence() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Segment {
        int first = 0; ///< stages [first, last] are drawn as one
        int last = 0;
        QString name;
        QString hint;
        int steps = 0;
    };
    enum class State { Waiting, Running, Done };

    State stateOf(const Segment& segment) const;
    QString wordsOf(const Segment& segment) const;
    QString restWords() const; ///< at the right end
    std::vector<QRect> placed() const;
    void announce();

    std::vector<Segment> m_segments;
    QString m_words;
    Progress m_progress;
    bool m_running = false;
    bool m_complete = false;
    double m_predicted = 0.0;
};

} // namespace studio::ui
