#include "ui/sweep/sweep_page.h"

#include "ui/compare/compare_bar.h"
#include "ui/convert/counted.h"
#include "ui/convert/words.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"
#include "ui/jobs/sweep_reader.h"
#include "ui/queue/queue_words.h"
#include "ui/sweep/sweep_canvas.h"
#include "ui/sweep/sweep_words.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/elided_label.h"

#include <QFileInfo>
#include <QScrollArea>

#include <cmath>

namespace studio::ui {

namespace {

constexpr int kBarHeight = 40;

} // namespace

SweepPage::SweepPage(StudioController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_canvas(new SweepCanvas)
{
    auto* area = new QScrollArea(this);
    area->setWidget(m_canvas);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(area, 1);
    setFocusProxy(m_canvas);
    connect(m_canvas, &SweepCanvas::adopted, this, [this](int cell) {
        const QString words = cellWords(m_run->setup(), cell, m_controller.state().catalog());
        Q_EMIT adopted(m_run->cells()[static_cast<std::size_t>(cell)].request, words);
    });
    connect(m_canvas, &SweepCanvas::tryAgainWanted, this, [this](int cell) { m_run->tryAgain(cell); });
    connect(m_canvas, &SweepCanvas::currentChanged, this, &SweepPage::refresh);
    connect(m_canvas, &SweepCanvas::marksChanged, this, &SweepPage::refresh);
    connect(m_canvas, &SweepCanvas::compareWanted, m_compare, &QPushButton::click);
    connect(m_canvas, &SweepCanvas::viewChanged, this, &SweepPage::refreshZoom);
    connect(&controller.queue(), &QueueRunner::changed, this, &SweepPage::refresh);
    refresh();
    refreshZoom();
}

SweepPage::~SweepPage()
{
    m_reader.reset();
    m_canvas->setRun(nullptr, nullptr); // it would ask a run that is gone while the page falls apart
}

QToolButton* SweepPage::addTool(
    QWidget* bar, const char* iconName, const QString& name, std::function<void()> act)
{
    auto* button = new QToolButton(bar);
    button->setIcon(icon(QString::fromLatin1(iconName)));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    connect(button, &QToolButton::clicked, this, std::move(act));
    bar->layout()->addWidget(button);
    return button;
}

QWidget* SweepPage::makeBar()
{
    auto* bar = new QWidget(this);
    bar->setFixedHeight(kBarHeight);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(spacing::kPanel, 0, spacing::kInGroup, 0);
    row->setSpacing(spacing::kUnit);
    m_headline = new ElidedLabel(bar);
    m_headline->setAccessibleName(tr("Sweep"));
    row->addWidget(m_headline, 1);
    addTool(bar, "minus", tr("Smaller (−)"), [this] { m_canvas->zoomStep(-1); });
    m_zoom = new QLabel(bar);
    m_zoom->setAccessibleName(tr("Zoom"));
    m_zoom->setMinimumWidth(tabularWidth(font(), QStringLiteral("3200 %")));
    m_zoom->setAlignment(Qt::AlignCenter);
    row->addWidget(m_zoom);
    addTool(bar, "plus", tr("Larger (+)"), [this] { m_canvas->zoomStep(1); });
    addTool(bar, "fit", tr("Fit (F)"), [this] { m_canvas->fit(); });
    addTool(bar, "one-to-one", tr("Actual size (Z)"), [this] { m_canvas->oneToOne(); });
    m_loupe = addTool(
        bar, "loupe", tr("Loupe in every cell (6)"), [this] { m_canvas->setLoupe(m_loupe->isChecked()); });
    m_loupe->setCheckable(true);
    m_one = addTool(bar, "single", tr("The current cell alone (0, or a double click)"),
        [this] { m_canvas->setShowsOne(m_one->isChecked()); });
    m_one->setCheckable(true);
    m_compare = new QPushButton(tr("Compare A and B"), bar);
    connect(m_compare, &QPushButton::clicked, this, [this] {
        const auto marked = m_canvas->marked();
        Q_EMIT comparisonWanted(marked[0], marked[1]);
    });
    row->addSpacing(spacing::kInGroup);
    row->addWidget(m_compare);
    m_save = addTool(bar, "save", tr("Save the sheet as one picture…"), [this] { Q_EMIT saveWanted(); });
    addTool(bar, "grid", tr("New sweep… (Shift+F8)"), [this] { Q_EMIT newWanted(); });
    addTool(bar, "close", tr("Close; the pictures stay among the takes (F8)"), [this] { Q_EMIT closed(); });
    return bar;
}

void SweepPage::start(SweepSetup setup)
{
    take(std::make_unique<SweepRun>(std::move(setup), m_controller));
    writeSweep(m_run->stored(), file());
}

void SweepPage::restore(StoredSweep stored)
{
    take(std::make_unique<SweepRun>(std::move(stored), m_controller));
    m_reader = std::make_unique<SweepReader>(*m_run, m_controller.takesFolder());
}

void SweepPage::take(std::unique_ptr<SweepRun> run)
{
    m_reader.reset(); // it adds to the run that goes
    m_canvas->setRun(nullptr, nullptr);
    m_run = std::move(run);
    connect(m_run.get(), &SweepRun::cellChanged, this, &SweepPage::refresh);
    connect(m_run.get(), &SweepRun::kept, this, [this] { writeSweep(m_run->stored(), file()); });
    m_canvas->setRun(m_run.get(), &m_controller.state().catalog());
    m_canvas->setFocus(Qt::OtherFocusReason);
    refresh();
}

QString SweepPage::file() const
{
    const QString& queue = m_controller.services().queueFile;
    return queue.isEmpty() ? QString() : QFileInfo(queue).absolutePath() + QStringLiteral("/sweep.json");
}

void SweepPage::refresh()
{
    if (!m_run) {
        m_headline->setText(tr("No sweep yet"));
        m_compare->setEnabled(false);
        m_save->setEnabled(false);
        return;
    }
    const int all = m_run->setup().cells();
    const int done = m_run->count(SweepState::Done);
    const int failed = m_run->count(SweepState::Failed);
    QStringList parts{done == all ? counted(all, tr("1 picture"), tr("%n pictures", nullptr, all))
                                  : tr("%1 of %2").arg(done).arg(all)};
    if (done + failed < all && m_controller.queue().isPaused())
        parts << tr("queue paused");
    else if (done + failed < all)
        parts << timeLeftWords(m_controller.queue().tally());
    if (failed > 0)
        parts << tr("%n failed", nullptr, failed);
    parts.removeAll(QString());
    m_headline->setText(parts.join(QStringLiteral(" · ")));
    const int current = m_canvas->current();
    const SweepCell& cell = m_run->cells()[static_cast<std::size_t>(current)];
    const QString words = cellWords(m_run->setup(), current, m_controller.state().catalog());
    m_canvas->setAccessibleDescription(
        tr("%1: %2. Enter takes its settings, Space marks it for the comparison.")
            .arg(words, cellStateWords(cell)));
    const auto marked = m_canvas->marked();
    const bool two = marked[0] >= 0 && marked[1] >= 0;
    m_compare->setEnabled(two);
    m_compare->setToolTip(two ? tr("Open A and B in the comparison view (C)")
                              : tr("Mark two pictures first: Ctrl+click, or Space on the current one."));
    m_save->setEnabled(done > 0);
}

void SweepPage::refreshZoom()
{
    m_zoom->setText(m_run && m_run->size().isSet() ? percentText(m_canvas->scene().zoom()) : QString());
    m_one->setChecked(m_canvas->showsOne());
    m_loupe->setChecked(m_canvas->hasLoupe());
}

QString SweepPage::headline() const
{
    return m_headline->text();
}

} // namespace studio::ui
