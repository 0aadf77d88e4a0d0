#include "ui/panels/take_panel.h"

#include "ui/convert/pictures.h"
#include "ui/convert/stage_words.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/models/model_library.h"
#include "ui/models/take_list.h"
#include "ui/panels/comparison_numbers.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/elided_label.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace studio::ui {

namespace {

constexpr int kThumbnail = 44;

QLabel* selectable(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

QString recipeInWords(const Take& take, const QString& builtInModel)
{
    const Request& request = take.plan.request;
    QStringList lines;
    lines << TakePanel::tr("%1 · %2 steps · guidance %3")
                 .arg(modeName(request.mode))
                 .arg(request.sampling.steps)
                 .arg(numberWords(request.sampling.guidance));
    for (const PlannedStage& stage : take.plan.stages) {
        if (stage.kind == StageKind::Denoise && stage.rung >= 0) {
            const auto& rung = request.hires.rungs[static_cast<std::size_t>(stage.rung)];
            lines << TakePanel::tr("Second pass: strength %1, %2")
                         .arg(numberWords(rung.strength), stepsWords(stage, rung.steps));
        }
    }
    const QString model = toQt(request.models.base);
    lines << (model.isEmpty() || model == builtInModel ? TakePanel::tr("Built-in model") : modelName(model));
    return lines.join(u'\n');
}

TakePanel::TakePanel(QWidget* parent)
    : QWidget(parent)
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    setTake(nullptr);
}

void TakePanel::beginContent()
{
    delete m_content;
    m_content = new QWidget(this);
    layout()->addWidget(m_content);
    m_column = new QVBoxLayout(m_content);
    m_column->setContentsMargins(spacing::kPanel, spacing::kPanel, spacing::kPanel, spacing::kPanel);
    m_column->setSpacing(spacing::kInGroup);
    m_comparison = new ComparisonNumbers(m_content);
}

void TakePanel::setTake(const std::shared_ptr<const Take>& take)
{
    m_take = take;
    beginContent();
    if (take && !take->layers.empty()) {
        addLayers(*take);
        addButtons();
        m_column->addWidget(m_comparison);
        addNumbers(*take);
        addStages(*take);
        addRecipe(*take);
    } else {
        addWords(tr("A take keeps everything one run makes: the first pass, the enlarged picture, the "
                    "finished one, their times and the settings. It appears here."));
        m_column->addWidget(m_comparison);
    }
    m_column->addStretch();
}

void TakePanel::setRun(const std::optional<Plan>& plan)
{
    m_take.reset();
    beginContent();
    addTitle(tr("Being made"));
    addWords(
        tr("The layers of this take, their times and what can be done with them appear here when the run "
           "is done."));
    m_column->addWidget(m_comparison);
    if (plan) {
        Take take;
        take.plan = *plan;
        if (plan->request.seed)
            addRow(tr("Seed"), QString::number(*plan->request.seed));
        addRecipe(take);
    }
    m_column->addStretch();
}

void TakePanel::addWords(const QString& words)
{
    auto* label = selectable(words, m_content);
    setTextRole(*label, TextRole::Caption);
    m_column->addWidget(label);
}

void TakePanel::addTitle(const QString& text)
{
    auto* title = new QLabel(text, m_content);
    setTextRole(*title, TextRole::GroupTitle);
    if (m_column->count() > 0)
        m_column->addSpacing(spacing::kInGroup);
    m_column->addWidget(title);
}

void TakePanel::addLayers(const Take& take)
{
    addTitle(tr("Layers"));
    for (const Layer& layer : take.layers) {
        auto* line = new QHBoxLayout;
        line->setSpacing(spacing::kInGroup);
        auto* picture = new QLabel(m_content);
        const double ratio = devicePixelRatioF();
        QPixmap thumbnail
            = QPixmap::fromImage(thumbnailOf(layer.picture, static_cast<int>(kThumbnail * ratio)));
        thumbnail.setDevicePixelRatio(ratio);
        picture->setPixmap(thumbnail);
        picture->setFixedSize(kThumbnail, kThumbnail);
        picture->setAlignment(Qt::AlignCenter);
        auto* text = new QVBoxLayout;
        text->setSpacing(0);
        text->setAlignment(Qt::AlignVCenter);
        text->addWidget(new QLabel(layerName(layer.kind), m_content));
        auto* facts = new QLabel(
            tr("%1 · after %2").arg(sizeWords(layer.size), secondsWords(layer.seconds)), m_content);
        setTextRole(*facts, TextRole::Caption);
        text->addWidget(facts);
        line->addWidget(picture);
        line->addLayout(text, 1);
        m_column->addLayout(line);
    }
}

void TakePanel::addRow(const QString& name, const QString& value)
{
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::kInGroup);
    auto* left = new ElidedLabel(m_content);
    left->setText(name);
    left->setToolTip(name);
    setTextRole(*left, TextRole::Caption);
    auto* right = new QLabel(value, m_content);
    right->setFont(fontFor(TextRole::Caption));
    right->setTextInteractionFlags(Qt::TextSelectableByMouse);
    line->addWidget(left, 1);
    line->addWidget(right);
    m_column->addLayout(line);
}

void TakePanel::addNumbers(const Take& take)
{
    addTitle(tr("Numbers"));
    if (take.plan.request.seed)
        addRow(tr("Seed"), QString::number(*take.plan.request.seed));
    addRow(tr("Time"), secondsWords(take.seconds));
    if (take.peakMemoryBytes > 0)
        addRow(tr("Most memory"), bytesWords(take.peakMemoryBytes));
    addRow(
        tr("Device"), QStringLiteral("%1, %2").arg(deviceName(take.device), precisionName(take.precision)));
}

void TakePanel::addStages(const Take& take)
{
    addTitle(tr("Stages"));
    for (std::size_t i = 0; i < take.stages.size(); ++i) {
        const StageRecord& stage = take.stages[i];
        const bool planned = i < take.plan.stages.size() && take.plan.stages[i].kind == stage.kind;
        addRow(planned ? stageLineIn(take.plan, i) : toQt(stage.label), secondsWords(stage.seconds));
    }
    for (const std::string& note : take.notes) {
        auto* words = selectable(toQt(note), m_content);
        setTextRole(*words, TextRole::Caption);
        m_column->addWidget(words);
    }
}

void TakePanel::addRecipe(const Take& take)
{
    addTitle(tr("Recipe"));
    m_column->addWidget(selectable(toQt(take.plan.request.prompt), m_content));
    const Request& request = take.plan.request;
    if (!request.negativePrompt.empty()) {
        auto* negative = selectable(tr("Without: %1").arg(toQt(request.negativePrompt)), m_content);
        setTextRole(*negative, TextRole::Caption);
        m_column->addWidget(negative);
    }
    auto* words = selectable(recipeInWords(take, m_builtInModel), m_content);
    setTextRole(*words, TextRole::Caption);
    m_column->addWidget(words);
}

/// Those used most in words, the others in one row of signs.
void TakePanel::addButtons()
{
    const auto addRow = [this](const QList<QAction*>& actions, Qt::ToolButtonStyle style) {
        auto* row = new QHBoxLayout;
        row->setSpacing(spacing::kUnit);
        for (QAction* action : actions) {
            auto* button = new QToolButton(m_content);
            button->setDefaultAction(action);
            button->setToolButtonStyle(style);
            button->setFocusPolicy(Qt::StrongFocus);
            button->setAccessibleName(action->text().remove(u'&'));
            setButtonRole(*button, ButtonRole::Plain);
            if (style == Qt::ToolButtonTextOnly)
                button->setSizePolicy(QSizePolicy::MinimumExpanding, QSizePolicy::Fixed);
            row->addWidget(button);
        }
        if (style == Qt::ToolButtonIconOnly)
            row->addStretch();
        m_column->addLayout(row);
    };
    addRow(m_mainActions, Qt::ToolButtonTextOnly);
    addRow(m_actions, Qt::ToolButtonIconOnly);
}

void TakePanel::setStored(const StoredTake& stored)
{
    if (!m_take || m_take->layers.empty())
        return;
    delete m_column->takeAt(m_column->count() - 1); // the stretch at the end
    addRuns(stored);
    addFiles(stored);
    m_column->addStretch();
}

/// A take whose second pass was run again has several; none of them is ever written over.
void TakePanel::addRuns(const StoredTake& stored)
{
    if (stored.runs.size() < 2)
        return;
    addTitle(tr("Runs"));
    for (std::size_t i = 0; i < stored.runs.size(); ++i) {
        const StoredRun& run = stored.runs[i];
        const Request& request = run.take.plan.request;
        QStringList words{tr("Run %1").arg(i + 1)};
        if (request.mode == Mode::Hires || request.mode == Mode::Compare)
            words << tr("strength %1").arg(numberWords(request.hires.rungs.back().strength));
        if (const QString state = stateInWords(run.state); !state.isEmpty())
            words << state;
        auto* button = new QToolButton(m_content);
        button->setText(words.join(QStringLiteral(" · ")));
        button->setCheckable(true);
        button->setChecked(run.take.plan == m_take->plan);
        button->setEnabled(!run.layers.empty());
        button->setToolTip(run.layers.empty() ? tr("It finished no picture.") : tr("Show this run"));
        button->setFocusPolicy(Qt::StrongFocus);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        setButtonRole(*button, ButtonRole::Quiet);
        QObject::connect(button, &QToolButton::clicked, this, [this, id = stored.summary.id, i] {
            if (runWanted)
                runWanted(id, i);
        });
        m_column->addWidget(button);
    }
    auto* compare = new QPushButton(tr("Compare the last two"), m_content);
    QObject::connect(compare, &QPushButton::clicked, this, [this, stored] {
        if (comparisonWanted)
            comparisonWanted(stored);
    });
    m_column->addWidget(compare, 0, Qt::AlignLeft);
}

void TakePanel::addFiles(const StoredTake& stored)
{
    addTitle(tr("Files"));
    addRow(tr("Made"),
        QLocale().toString(QDateTime::fromMSecsSinceEpoch(stored.summary.created), QLocale::ShortFormat));
    addRow(tr("On the disk"), bytesWords(stored.summary.bytes));
    addRow(tr("First pass"), stored.firstPass.empty() ? tr("not kept") : tr("kept"));
    addRow(tr("Folder"), toQt(stored.summary.id));
}

} // namespace studio::ui
