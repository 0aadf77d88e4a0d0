#include "ui/panels/generate_footer.h"

#include "ui/convert/counted.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/model_remedy.h"
#include "ui/jobs/picture_series.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"
#include "ui/panels/count_button.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"
#include "ui/widgets/progress_button.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace studio::ui {

namespace {

constexpr int kShownWarnings = 2; // the tool tip holds the rest

QHBoxLayout* lineOf(QLabel* sign, QLabel* words)
{
    sign->setFixedSize(spacing::kIcon, spacing::kIcon);
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::kUnit + 2);
    line->addWidget(sign, 0, Qt::AlignTop);
    line->addWidget(words, 1, Qt::AlignTop);
    return line;
}

} // namespace

GenerateFooter::GenerateFooter(StudioController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_sign(new QLabel(this))
    , m_words(new QLabel(this))
    , m_adviceSign(new QLabel(this))
    , m_advice(new QLabel(this))
    , m_button(new ProgressButton(this))
    , m_count(new CountButton(controller, this))
    , m_add(new QToolButton(this))
{
    m_words->setAccessibleName(tr("What it will take"));
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    m_advice->setWordWrap(true);
    m_advice->setTextFormat(Qt::PlainText);
    m_advice->setAccessibleName(tr("Advice"));
    setTextRole(*m_words, TextRole::Caption);
    setTextRole(*m_advice, TextRole::Caption);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::kPanel, spacing::kInGroup, spacing::kPanel, spacing::kPanel);
    column->setSpacing(spacing::kUnit);
    column->addLayout(lineOf(m_sign, m_words));
    column->addLayout(lineOf(m_adviceSign, m_advice));
    makeRemedies();
    column->addWidget(m_remedies);
    column->addSpacing(spacing::kUnit);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(spacing::kInGroup);
    buttons->addWidget(m_button, 1);
    buttons->addWidget(m_count);
    buttons->addWidget(m_add);
    column->addLayout(buttons);
    setTabOrder(m_builtIn, m_button);
    setTabOrder(m_button, m_count);
    setTabOrder(m_count, m_add);
    m_add->setIcon(icon(QStringLiteral("queue")));
    m_add->setIconSize(QSize(spacing::kLargeIcon, spacing::kLargeIcon));
    m_add->setFixedHeight(spacing::kPrimaryHeight);
    m_add->setMinimumWidth(spacing::kPrimaryHeight);
    m_add->setFocusPolicy(Qt::StrongFocus);
    connect(m_add, &QToolButton::clicked, this, [this] { m_controller.queue().addFromControls(); });
    connect(&controller, &StudioController::settingsChanged, this, &GenerateFooter::showQueueButton);
    showQueueButton();
    connectController();
    setPreflight(QStringLiteral("clock"), tokensOf(palette()).secondary, tr("Starting the engine…"), {});
    showButton(0);
}

void GenerateFooter::connectController()
{
    StudioController& controller = m_controller;
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_controller.isRunning())
            m_controller.cancel();
        else
            m_controller.series().start(m_controller.state().request());
    });
    connect(&controller.series(), &PictureSeries::changed, this, [this] {
        if (!m_controller.isRunning())
            showButton(0);
    });
    connect(&controller, &StudioController::engineOpened, this, [this] { showButton(0); });
    connect(&controller, &StudioController::runStarted, this, [this] { showButton(0); });
    connect(&controller, &StudioController::cancelling, this, [this] { showButton(0); });
    connect(&controller, &StudioController::progressed, this,
        [this](const Progress& p) { showButton(p.fraction); });
    connect(&controller, &StudioController::takeFinished, this, [this] { showButton(0); });
    connect(&controller, &StudioController::engineFailed, this, [this](const Failure& failure) {
        m_engineFailed = true;
        showButton(0);
        setPreflight(QStringLiteral("error"), tokensOf(palette()).bad, tr("The engine did not start"),
            toQt(failure.detail));
    });
    connect(&controller.planner(), &PlanWatcher::answered, this, &GenerateFooter::showPreflight);
}

void GenerateFooter::showButton(double fraction)
{
    const PictureSeries& series = m_controller.series();
    if (!m_controller.isRunning()) {
        const QString why = whyNot();
        m_button->setIdle(series.wanted() == PictureSeries::kUntilStopped ? tr("Generate until I stop")
                : series.wanted() > 1 ? tr("Generate × %1").arg(series.wanted())
                                      : tr("Generate"));
        m_button->setEnabled(why.isEmpty());
        m_button->setToolTip(why.isEmpty() ? tr("Make the picture (Ctrl+Enter)") : why);
        m_button->setAccessibleDescription(why);
        return;
    }
    const bool cancelling = m_controller.isCancelling();
    const QString position = series.position();
    const QString cancel = position.isEmpty() ? tr("Cancel") : tr("Cancel %1").arg(position);
    m_button->setRunning(cancelling
            ? tr("Cancelling…")
            : QStringLiteral("%1   %2 %").arg(cancel).arg(static_cast<int>(100 * fraction)),
        fraction);
    m_button->setEnabled(!cancelling);
    m_button->setToolTip(position.isEmpty()
            ? tr("Stop; what is finished is kept (Esc)")
            : tr("Stop this picture and make no further ones; what is finished is kept (Esc)"));
}

void GenerateFooter::showQueueButton()
{
    const StudioState& state = m_controller.state();
    const int count = m_controller.settings().queueCount;
    const QString name = counted(
        count, tr("Add a picture to the queue"), tr("Add %n pictures to the queue", nullptr, count));
    m_add->setText(count > 1 ? tr("×%1").arg(count) : QString());
    m_add->setToolButtonStyle(count > 1 ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    m_add->setAccessibleName(name);
    const bool wrong = state.planFailure() && !state.plan();
    m_add->setEnabled(!wrong);
    m_add->setToolTip(wrong ? planFailureInWords(state) : tr("%1 (Ctrl+Shift+Enter)").arg(name));
}

void GenerateFooter::makeRemedies()
{
    m_remedies = new QWidget(this);
    auto* grid = new QGridLayout(m_remedies);
    grid->setContentsMargins(0, spacing::kUnit, 0, 0);
    grid->setSpacing(spacing::kUnit);
    grid->setColumnStretch(0, 1);
    auto* other = new QPushButton(tr("Choose another checkpoint…"), m_remedies);
    connect(other, &QPushButton::clicked, this, [this] {
        if (checkpointWanted)
            checkpointWanted();
    });
    m_builtIn = new QPushButton(tr("Use the built-in model"), m_remedies);
    connect(m_builtIn, &QPushButton::clicked, this, [this] { useBuiltInModel(m_controller.state()); });
    auto* again = new QPushButton(tr("Look again"), m_remedies);
    connect(again, &QPushButton::clicked, this, [this] { m_controller.planner().refresh(); });
    grid->addWidget(other, 0, 0);
    grid->addWidget(again, 0, 1);
    grid->addWidget(m_builtIn, 1, 0, 1, 2);
    m_remedies->hide();
}

void GenerateFooter::showRemedies()
{
    const auto& failure = m_controller.state().planFailure();
    m_remedies->setVisible(failure && isAboutBase(*failure, m_controller.state().request()));
    m_builtIn->setVisible(!m_controller.services().demoModel.empty());
}

QString GenerateFooter::whyNot() const
{
    if (m_controller.state().planFailure())
        return planFailureInWords(m_controller.state());
    if (m_controller.canGenerate())
        return {};
    return m_engineFailed ? tr("The engine did not start.") : tr("The engine is still starting.");
}

void GenerateFooter::showPreflight()
{
    showQueueButton();
    showRemedies();
    if (!m_controller.isRunning())
        showButton(0);
    const StudioState& state = m_controller.state();
    const Tokens& t = tokensOf(palette());
    if (state.planFailure()) {
        setPreflight(QStringLiteral("error"), t.bad, planFailureInWords(state), {});
        return;
    }
    if (!state.plan())
        return;
    const Plan& plan = *state.plan();
    const EngineReport& report = m_controller.planner().report();
    QStringList parts;
    if (plan.predictedSeconds > 0)
        parts << aboutSeconds(plan.predictedSeconds);
    if (plan.predictedPeakBytes > 0 && report.memoryFreeBytes > 0)
        parts << tr("%1 of %2 free")
                     .arg(bytesWords(plan.predictedPeakBytes), bytesWords(report.memoryFreeBytes));
    const QString numbers = parts.join(QStringLiteral(" · "));
    // The engine warns of what is more than the whole machine has, and says what to do.
    const bool more = plan.predictedPeakBytes > report.memoryTotalBytes && !plan.warnings.empty();
    switch (judgeMemory(plan, report)) {
    case Fit::TooLarge:
        return setPreflight(QStringLiteral("error"), t.bad, tr("Does not fit: %1").arg(numbers),
            more ? QString() : tr("Choose a smaller size, or close other programs."), &plan);
    case Fit::Tight:
        return setPreflight(QStringLiteral("warning"), t.warning, tr("Tight: %1").arg(numbers),
            tr("It may need to work in tiles, which takes longer."), &plan);
    case Fit::Fits:
        return setPreflight(QStringLiteral("check"), t.good, tr("Fits: %1").arg(numbers), {}, &plan);
    case Fit::Unknown:
        break;
    }
    // No promise: what it needs is learned by running it.
    setPreflight(QStringLiteral("clock"), t.secondary,
        parts.isEmpty() ? tr("Time and memory are not known before the first run.")
                        : tr("%1; its memory is not known before the first run").arg(numbers),
        {}, &plan);
}

void GenerateFooter::setPreflight(const QString& iconName, const QColor& colour, const QString& words,
    const QString& remedy, const Plan* plan)
{
    const auto sign = [this](const QString& name, const QColor& ink) {
        return iconPixmap(name, spacing::kIcon, ink, devicePixelRatioF());
    };
    m_sign->setPixmap(sign(iconName, colour));
    m_words->setText(words);
    QStringList advice;
    if (!remedy.isEmpty())
        advice << remedy;
    QStringList warnings;
    if (plan) {
        for (const std::string& warning : plan->warnings)
            warnings << toQt(warning);
    }
    advice += warnings.mid(0, kShownWarnings);
    if (warnings.size() > kShownWarnings)
        advice << tr("And %n more.", nullptr, static_cast<int>(warnings.size()) - kShownWarnings);
    m_advice->setText(advice.join(u'\n'));
    m_advice->setToolTip(warnings.join(u'\n'));
    m_advice->setVisible(!advice.isEmpty());
    // A remedy belongs to the sign above it; a warning has one of its own.
    m_adviceSign->setPixmap(remedy.isEmpty() && !warnings.isEmpty()
            ? sign(QStringLiteral("warning"), tokensOf(palette()).warning)
            : QPixmap());
    m_adviceSign->setVisible(!advice.isEmpty());
}

void GenerateFooter::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(0, 0, width(), 1, tokensOf(palette()).border); // what is above scrolls
}

QString GenerateFooter::adviceText() const
{
    return m_advice->text();
}

QString GenerateFooter::preflightText() const
{
    return m_words->text();
}

} // namespace studio::ui
