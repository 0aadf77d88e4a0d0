#include "ui/panels/count_button.h"

#include "ui/jobs/picture_series.h"
#include "ui/jobs/studio_controller.h"
#include "ui/theme/tokens.h"

#include <QActionGroup>
#include <QMenu>

#include <array>

namespace studio::ui {

namespace {

constexpr std::array kCounts{1, 2, 4, 8};

} // namespace

CountButton::CountButton(StudioController& controller, QWidget* parent)
    : QToolButton(parent)
    , m_controller(controller)
{
    setFixedHeight(spacing::kPrimaryHeight);
    setMinimumWidth(spacing::kPrimaryHeight);
    setFocusPolicy(Qt::StrongFocus);
    setPopupMode(QToolButton::InstantPopup);
    setMenu(new QMenu(this));
    connect(menu(), &QMenu::aboutToShow, this, [this] { fill(); });
    connect(&controller.series(), &PictureSeries::changed, this, [this] { refresh(); });
    fill(); // screen readers and tests see what it holds before it opens
    refresh();
}

void CountButton::fill()
{
    PictureSeries& series = m_controller.series();
    menu()->clear();
    if (series.isActive()) {
        connect(menu()->addAction(tr("Stop after this picture")), &QAction::triggered, &series,
            &PictureSeries::stop);
        menu()->addSeparator();
    }
    auto* group = new QActionGroup(menu());
    const auto offer = [&](int count, const QString& words) {
        QAction* action = menu()->addAction(words);
        action->setCheckable(true);
        action->setActionGroup(group);
        action->setChecked(series.wanted() == count);
        connect(action, &QAction::triggered, &series, [&series, count] { series.setWanted(count); });
    };
    for (const int count : kCounts)
        offer(count, tr("× %1").arg(count));
    if (std::find(kCounts.begin(), kCounts.end(), series.wanted()) == kCounts.end()
        && series.wanted() != PictureSeries::kUntilStopped)
        offer(series.wanted(), tr("× %1").arg(series.wanted()));
    offer(PictureSeries::kUntilStopped, tr("Until I stop"));
}

void CountButton::refresh()
{
    const int wanted = m_controller.series().wanted();
    const bool endless = wanted == PictureSeries::kUntilStopped;
    setText(endless ? QStringLiteral("∞") : tr("× %1").arg(wanted));
    setAccessibleName(
        endless ? tr("Pictures to make: until I stop") : tr("Pictures to make: %1").arg(wanted));
    setToolTip(tr("How many pictures Generate makes, each with the seed after the one before"));
}

} // namespace studio::ui
