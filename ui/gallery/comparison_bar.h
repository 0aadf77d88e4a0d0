#pragma once

#include "core/api/outcome.h"
#include "ui/compare/compare_types.h"
#include "ui/jobs/latest_task.h"
#include "ui/jobs/stored_take.h"

#include <QCoreApplication>
#include <QWidget>

#include <array>
#include <functional>

namespace studio::ui {

class CalmComboBox;

/// Chooses a layer of each of two takes, and reads their pictures in the background.
class ComparisonBar : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::ComparisonBar)

public:
    explicit ComparisonBar(QWidget* parent = nullptr);

    /// Begins with the picture each was made for. The same take twice: its last two runs.
    void compare(const StoredTake& first, const StoredTake& second);

    std::function<void(std::vector<CompareLayer>)> ready; ///< A and B, after each choice
    std::function<void(const Failure&)> failed;
    std::function<void()> left; ///< back to one take

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Choice {
        QString take;
        QString layer;
        StoredLayer stored;
    };
    using Read = Outcome<std::vector<CompareLayer>>;

    static std::vector<Choice> choicesOf(const StoredTake& take);
    static Read read(const std::array<Choice, 2>& chosen);
    void fill(std::size_t side, const StoredTake& take, int preferred);
    void ask();

    std::array<CalmComboBox*, 2> m_boxes{};
    std::array<std::vector<Choice>, 2> m_choices;
    QThreadPool m_lane;
    LatestTask<Read> m_reading;
};

} // namespace studio::ui
