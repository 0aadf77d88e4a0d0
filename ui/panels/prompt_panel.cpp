#include "ui/panels/prompt_panel.h"

#include "core/api/style_list.h"
#include "ui/convert/counted.h"
#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/models/adapter_library.h"
#include "ui/models/prompt_clock.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/elided_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kTokensOfOneChunk = 75; // CLIP reads 77 at a time, with start and end
constexpr int kShownHistory = 20;
constexpr int kPromptLines = 4;
constexpr int kNegativeLines = 2;

QString countWords(int tokens)
{
    const int chunks = std::max(1, (tokens + kTokensOfOneChunk - 1) / kTokensOfOneChunk);
    return QStringLiteral("%1 / %2").arg(tokens).arg(chunks * kTokensOfOneChunk);
}

} // namespace

PromptPanel::PromptPanel(StudioController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_prompt(new PromptEdit(kPromptLines, PromptEdit::Purpose::Prompt, this))
    , m_negative(new PromptEdit(kNegativeLines, PromptEdit::Purpose::Negative, this))
    , m_styleNames(new ElidedLabel(this))
    , m_styleReader(m_lane, std::chrono::milliseconds(0),
          [this](const Outcome<std::vector<CatalogEntry>>& styles) { showStyles(styles); })
{
    m_lane.setMaxThreadCount(1);
    setTextRole(*m_styleNames, TextRole::Caption);
    m_prompt->setAccessibleName(tr("Prompt"));
    m_prompt->setPlaceholderText(tr("What the picture shows"));
    m_negative->setAccessibleName(tr("Negative prompt"));
    m_negative->setPlaceholderText(tr("What it must not show"));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kUnit);
    column->addWidget(head(tr("Prompt"), m_prompt, m_promptCount, true));
    column->addWidget(m_prompt);
    column->addWidget(m_styleNames);
    column->addSpacing(spacing::kUnit);
    column->addWidget(head(tr("Negative prompt"), m_negative, m_negativeCount, false));
    column->addWidget(m_negative);

    StudioState& state = controller.state();
    connect(m_prompt, &QPlainTextEdit::textChanged, this,
        [this, &state] { state.change([this](Request& r) { r.prompt = toStd(m_prompt->toPlainText()); }); });
    connect(m_negative, &QPlainTextEdit::textChanged, this, [this, &state] {
        state.change([this](Request& r) { r.negativePrompt = toStd(m_negative->toPlainText()); });
    });
    connect(&state, &StudioState::requestChanged, this, &PromptPanel::showRequest);
    connect(&controller.planner(), &PlanWatcher::answered, this, &PromptPanel::showCounts);
    connect(&controller.adapters(), &AdapterLibrary::changed, this, &PromptPanel::showNames);
    connect(&state, &StudioState::planChanged, this, &PromptPanel::showSteps);
    connect(&controller, &StudioController::runStarted, this, [this] {
        m_prompt->beginUndoStep(); // back to what this picture was made with
        m_negative->beginUndoStep();
    });
    showRequest();
    showNames();
}

QWidget* PromptPanel::head(const QString& title, QWidget* buddy, NumberLabel*& count, bool history)
{
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::kUnit);
    auto* label = new QLabel(title, line);
    label->setBuddy(buddy);
    row->addWidget(label);
    row->addStretch();
    count = new NumberLabel(line);
    count->setFont(fontFor(TextRole::Caption));
    count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    count->reserve(QStringLiteral("888 / 888"));
    count->setToolTip(
        tr("Tokens the text encoder reads, and the room they take. Beyond 75, the text is read in parts."));
    row->addWidget(count);
    if (history) {
        m_styles = tool(QStringLiteral("styles"), tr("Styles laid around the prompt"), line);
        connect(m_styles, &QToolButton::clicked, this, [this] {
            m_styleReader.ask([file = m_controller.services().stylesFile] { return listStyles(file); });
        });
        row->addWidget(m_styles);
        QToolButton* button = tool(QStringLiteral("clock"), tr("Prompts used before"), line);
        connect(button, &QToolButton::clicked, this, [this, button] { showHistory(button); });
        row->addWidget(button);
    }
    return line;
}

QToolButton* PromptPanel::tool(const QString& iconName, const QString& name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    return button;
}

void PromptPanel::showRequest()
{
    const Request& request = m_controller.state().request();
    m_prompt->replaceText(toQt(request.prompt));
    m_negative->replaceText(toQt(request.negativePrompt));
    for (PromptEdit* edit : {m_prompt, m_negative})
        edit->setSyntax(request.prompts.syntax == PromptSyntax::A1111);
    QStringList styles;
    for (const std::string& style : request.prompts.styles)
        styles << toQt(style);
    const QString names = tr("Styles: %1").arg(styles.join(QStringLiteral(", ")));
    m_styleNames->setVisible(!styles.isEmpty());
    m_styleNames->setText(names);
    m_styleNames->setToolTip(names);
}

void PromptPanel::showNames()
{
    const AdapterLibrary& library = m_controller.adapters();
    const PromptNames names = library.isKnown() ? namesFrom(library.found()) : PromptNames{};
    m_prompt->setNames(names);
    m_negative->setNames(names);
}

void PromptPanel::showSteps()
{
    const auto& plan = m_controller.state().plan();
    const auto clock = plan ? clockOf(*plan) : std::nullopt;
    if (!clock)
        return;
    for (PromptEdit* edit : {m_prompt, m_negative})
        edit->setClock(*clock);
}

void PromptPanel::showCounts()
{
    const auto show = [](NumberLabel* label, std::optional<int> tokens) {
        label->setText(tokens ? countWords(*tokens) : QString());
        label->setAccessibleName(
            tokens ? counted(*tokens, tr("1 token"), tr("%n tokens", nullptr, *tokens)) : QString());
    };
    show(m_promptCount, m_controller.planner().promptTokens());
    show(m_negativeCount, m_controller.planner().negativeTokens());
}

void PromptPanel::showHistory(QWidget* below)
{
    QMenu menu(this);
    const QStringList entries = m_controller.prompts().entries().mid(0, kShownHistory);
    for (const QString& entry : entries) {
        QString line = menu.fontMetrics().elidedText(entry.simplified(), Qt::ElideRight, 2 * width());
        QAction* action = menu.addAction(line.replace(u'&', QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, entry] {
            m_prompt->replaceText(entry);
            m_prompt->setFocus();
        });
    }
    if (entries.isEmpty())
        menu.addAction(tr("Prompts appear here once they were used"))->setEnabled(false);
    menu.exec(below->mapToGlobal(QPoint(0, below->height())));
}

void PromptPanel::fillStyles(QMenu& menu, const Outcome<std::vector<CatalogEntry>>& styles)
{
    const auto say = [&](const QString& words) { menu.addAction(words)->setEnabled(false); };
    if (const Failure* failure = failureOf(styles))
        return say(toQt(failure->detail));
    const auto* entries = std::get_if<std::vector<CatalogEntry>>(&styles);
    if (!entries || entries->empty())
        return say(
            tr("A1111's styles.csv is read from %1").arg(pathToQt(m_controller.services().stylesFile)));
    const std::vector<std::string>& inUse = m_controller.state().request().prompts.styles;
    menu.setToolTipsVisible(true);
    for (const CatalogEntry& entry : *entries) {
        QAction* action = menu.addAction(toQt(entry.label).replace(u'&', QStringLiteral("&&")));
        action->setToolTip(toQt(entry.description));
        action->setCheckable(true);
        action->setChecked(std::find(inUse.begin(), inUse.end(), entry.id) != inUse.end());
        connect(action, &QAction::triggered, this, [this, id = entry.id](bool on) {
            m_controller.state().change([&](Request& r) {
                std::erase(r.prompts.styles, id);
                if (on)
                    r.prompts.styles.push_back(id);
            });
        });
    }
    if (inUse.empty())
        return;
    menu.addSeparator();
    connect(menu.addAction(tr("No styles")), &QAction::triggered, this,
        [this] { m_controller.state().change([](Request& r) { r.prompts.styles.clear(); }); });
}

void PromptPanel::showStyles(const Outcome<std::vector<CatalogEntry>>& styles)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillStyles(*menu, styles);
    menu->popup(m_styles->mapToGlobal(QPoint(0, m_styles->height())));
}

} // namespace studio::ui
