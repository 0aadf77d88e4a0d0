#include "ui/sweep/sweep_dialog.h"

#include "ui/convert/counted.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/queue_planner.h"
#include "ui/sweep/sweep_axis_editor.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"
#include "ui/widgets/calm_inputs.h"

#include <QDialogButtonBox>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr std::chrono::milliseconds kPatience{200};
constexpr QSize kFirstSize(920, 380);

} // namespace

SweepDialog::SweepDialog(std::vector<SweepStart> starts, bool keeps, const Catalog& catalog,
    std::shared_ptr<Engine> engine, QWidget* parent)
    : QDialog(parent)
    , m_starts(std::move(starts))
    , m_keeps(keeps)
    , m_engine(std::move(engine))
    , m_from(new CalmComboBox(this))
    , m_sign(new QLabel(this))
    , m_summary(new QLabel(this))
    , m_task(std::make_unique<LatestTask<Forecast>>(
          m_lane, kPatience, [this](const Forecast& forecast) { tell(forecast); }))
{
    setWindowTitle(tr("Sweep the second pass"));
    setAttribute(Qt::WA_DeleteOnClose);
    setModal(true);
    m_lane.setMaxThreadCount(1);
    auto* from = new QHBoxLayout;
    from->setSpacing(spacing::kInGroup);
    auto* name = new QLabel(tr("Start from"), this);
    name->setBuddy(m_from);
    m_from->setAccessibleName(tr("Start from"));
    std::vector<Choice> choices;
    for (std::size_t i = 0; i < m_starts.size(); ++i)
        choices.push_back({QString::number(i), m_starts[i].words, {}, {}});
    m_from->setChoices(std::move(choices));
    m_from->choose(QStringLiteral("0"));
    connect(m_from, &QComboBox::currentIndexChanged, this, &SweepDialog::refresh);
    from->addWidget(name);
    from->addWidget(m_from, 1);
    auto* axes = new QHBoxLayout;
    axes->setSpacing(spacing::kBetweenGroups);
    const QStringList titles{tr("Columns"), tr("Rows"), tr("Groups of rows"), tr("Groups of columns")};
    for (const QString& title : titles) {
        const bool mayBeNone = !m_editors.empty();
        m_editors.push_back(new SweepAxisEditor(title, mayBeNone, m_starts.front().request, catalog, this));
        connect(m_editors.back(), &SweepAxisEditor::changed, this, &SweepDialog::refresh);
        axes->addWidget(m_editors.back(), 1);
    }
    m_sign->setFixedSize(spacing::kIcon, spacing::kIcon);
    m_summary->setWordWrap(true);
    m_summary->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_summary->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_summary->setAccessibleName(tr("What it will take"));
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::kUnit + 2);
    line->addWidget(m_sign, 0, Qt::AlignTop);
    line->addWidget(m_summary, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_start = buttons->addButton(tr("Add to the queue"), QDialogButtonBox::AcceptRole);
    m_start->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT wanted(setup());
        accept();
    });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(
        spacing::kBetweenGroups, spacing::kBetweenGroups, spacing::kBetweenGroups, spacing::kBetweenGroups);
    column->setSpacing(spacing::kBetweenGroups);
    column->addLayout(from);
    column->addLayout(axes);
    column->addLayout(line);
    column->addStretch();
    column->addWidget(buttons);
    resize(kFirstSize);
    m_editors[0]->choose(QStringLiteral("strength"));
    m_editors[1]->choose(QStringLiteral("steps"));
    for (std::size_t i = 2; i < m_editors.size(); ++i)
        m_editors[i]->choose(QString());
}

SweepDialog::~SweepDialog()
{
    m_task.reset(); // waits, while all it speaks to is still there
}

const Request& SweepDialog::request() const
{
    return m_starts[static_cast<std::size_t>(std::max(0, m_from->currentIndex()))].request;
}

SweepSetup SweepDialog::setup() const
{
    SweepSetup setup{request(), {}};
    for (const SweepAxisEditor* editor : m_editors) {
        if (std::optional<SweepAxis> axis = editor->axis())
            setup.axes.push_back(std::move(*axis));
    }
    return setup;
}

void SweepDialog::refresh()
{
    if (m_editors.size() < kMostSweepAxes)
        return; // still being made
    const SweepSetup wantedSetup = setup();
    QString fault;
    for (const SweepAxisEditor* editor : m_editors) {
        if (fault.isEmpty())
            fault = editor->fault();
    }
    if (fault.isEmpty())
        fault = sweepFault(wantedSetup);
    m_start->setEnabled(fault.isEmpty());
    if (!fault.isEmpty())
        return tell({0.0, true, fault});
    tell({});
    if (m_engine)
        m_task->ask([engine = m_engine, requests = sweepRequests(wantedSetup), keeps = m_keeps] {
            return work(*engine, requests, keeps);
        });
}

SweepDialog::Forecast SweepDialog::work(Engine& engine, const std::vector<Request>& requests, bool keeps)
{
    Forecast forecast;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const Outcome<Plan> outcome = engine.plan(requests[i]);
        if (const Failure* failure = failureOf(outcome)) {
            forecast.fault = toQt(failure->detail);
            return forecast;
        }
        const QueueForecast one = forecastOf(std::get<Plan>(outcome));
        forecast.all = forecast.all && one.seconds > 0;
        // Only the first one runs the first pass; the others find its latent.
        forecast.seconds += one.seconds - (i > 0 && keeps ? one.firstPassSeconds : 0.0);
    }
    return forecast;
}

void SweepDialog::tell(const Forecast& forecast)
{
    const Tokens& t = tokensOf(palette());
    const bool wrong = !forecast.fault.isEmpty();
    const SweepSetup shown = setup();
    if (wrong)
        m_start->setEnabled(false);
    m_sign->setPixmap(iconPixmap(wrong ? QStringLiteral("error") : QStringLiteral("grid"), spacing::kIcon,
        wrong ? t.bad : t.secondary, devicePixelRatioF()));
    if (wrong)
        return m_summary->setText(forecast.fault);
    QStringList sides;
    for (const SweepAxis& axis : shown.axes)
        sides << QString::number(axis.values.size());
    QStringList parts;
    parts << (sides.size() > 1
            ? counted(shown.cells(), tr("%1 = 1 picture"), tr("%1 = %n pictures", nullptr, shown.cells()))
                  .arg(sides.join(QStringLiteral(" × ")))
            : counted(shown.cells(), tr("1 picture"), tr("%n pictures", nullptr, shown.cells())));
    if (forecast.seconds > 0)
        parts << (forecast.all ? aboutSeconds(forecast.seconds)
                               : tr("over %1").arg(secondsWords(forecast.seconds)));
    const QString pass = !request().firstPass.empty() ? tr("The first pass is not run again.")
        : m_keeps
        ? tr("The first pass runs once.")
        : tr("Takes are not kept, so every picture runs its first pass; the settings can change that.");
    m_summary->setText(parts.join(QStringLiteral(" · ")) + QStringLiteral("\n") + pass);
}

QString SweepDialog::summary() const
{
    return m_summary->text();
}

} // namespace studio::ui
