#include "ui/sweep/sweep_words.h"

#include <QCoreApplication>
#include <QStringList>

#include <cmath>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::SweepWords)
};

} // namespace

QString axisValueWords(const SweepSetup& setup, int axis, int cell, const Catalog& catalog)
{
    if (axis >= static_cast<int>(setup.axes.size()))
        return {};
    for (int i = 0; i < axis; ++i)
        cell /= static_cast<int>(setup.axes[static_cast<std::size_t>(i)].values.size());
    const SweepAxis& shown = setup.axes[static_cast<std::size_t>(axis)];
    const std::size_t index = static_cast<std::size_t>(cell) % shown.values.size();
    return sweepValueWords(*shown.info, shown.values[index], catalog);
}

QString cellWords(const SweepSetup& setup, int cell, const Catalog& catalog)
{
    QStringList parts;
    for (std::size_t axis = 0; axis < setup.axes.size(); ++axis)
        parts << Words::tr("%1 %2").arg(sweepAxisTitle(*setup.axes[axis].info),
            axisValueWords(setup, static_cast<int>(axis), cell, catalog));
    return parts.join(QStringLiteral(" · "));
}

QString cellStateWords(const SweepCell& cell)
{
    switch (cell.state) {
    case SweepState::Waiting:
        return Words::tr("waits");
    case SweepState::Running:
        return Words::tr("running, %1 %").arg(std::lround(100 * cell.fraction));
    case SweepState::Done:
        return Words::tr("done");
    case SweepState::Failed:
        return Words::tr("failed: %1").arg(cell.why);
    case SweepState::Removed:
        return Words::tr("taken out of the queue");
    }
    return {};
}

} // namespace studio::ui
