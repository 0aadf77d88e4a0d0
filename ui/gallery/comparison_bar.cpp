#include "ui/gallery/comparison_bar.h"

#include "core/api/picture_file.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/calm_inputs.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace studio::ui {

ComparisonBar::ComparisonBar(QWidget* parent)
    : QWidget(parent)
    , m_reading(m_lane, std::chrono::milliseconds(0), [this](Read read) {
        if (const Failure* failure = failureOf(read))
            failed(*failure);
        else
            ready(std::get<std::vector<CompareLayer>>(std::move(read)));
    })
{
    m_lane.setMaxThreadCount(1);
    setFixedHeight(spacing::kPlanStrip + spacing::kInGroup);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::kPanel, 0, spacing::kInGroup, 1);
    row->setSpacing(spacing::kInGroup);
    for (std::size_t side = 0; side < 2; ++side) {
        auto* name = new QLabel(side == 0 ? tr("A") : tr("B"), this);
        setTextRole(*name, TextRole::GroupTitle);
        m_boxes[side] = new CalmComboBox(this);
        m_boxes[side]->setAccessibleName(side == 0 ? tr("Picture A") : tr("Picture B"));
        m_boxes[side]->setMinimumWidth(120);
        QObject::connect(m_boxes[side], &QComboBox::activated, this, [this] { ask(); });
        row->addWidget(name);
        row->addWidget(m_boxes[side], 1);
    }
    auto* leave = new QToolButton(this);
    leave->setIcon(icon(QStringLiteral("close")));
    leave->setToolTip(tr("End the comparison (Esc)"));
    leave->setAccessibleName(tr("End the comparison"));
    leave->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*leave, ButtonRole::Quiet);
    QObject::connect(leave, &QToolButton::clicked, this, [this] { left(); });
    row->addWidget(leave);
    setAccessibleName(tr("Comparison of two takes"));
    hide();
}

std::vector<ComparisonBar::Choice> ComparisonBar::choicesOf(const StoredTake& take)
{
    std::vector<Choice> choices;
    const QString name = tr("Seed %1").arg(take.summary.seed);
    for (std::size_t run = 0; run < take.runs.size(); ++run) {
        for (const StoredLayer& layer : take.runs[run].layers) {
            const QString kind = layerName(layer.kind);
            choices.push_back(
                {name, take.runs.size() > 1 ? tr("%1 of run %2").arg(kind).arg(run + 1) : kind, layer});
        }
    }
    return choices;
}

void ComparisonBar::fill(std::size_t side, const StoredTake& take, int preferred)
{
    m_choices[side] = choicesOf(take);
    m_boxes[side]->clear();
    for (const Choice& choice : m_choices[side])
        m_boxes[side]->addItem(
            QStringLiteral("%1 · %2 · %3").arg(choice.layer, sizeWords(choice.stored.size), choice.take));
    m_boxes[side]->setToolTip(toQt(take.summary.prompt));
    m_boxes[side]->setCurrentIndex(preferred);
}

void ComparisonBar::compare(const StoredTake& first, const StoredTake& second)
{
    const bool same = first.summary.id == second.summary.id;
    /// The picture a run was made for: the file the summary shows, or the last of an earlier run.
    const auto preferred = [](const StoredTake& take, std::size_t newerRuns) {
        int index = 0;
        int chosen = 0;
        const std::size_t run = take.runs.size() - 1 - std::min(newerRuns, take.runs.size() - 1);
        for (std::size_t i = 0; i < take.runs.size(); ++i) {
            for (const StoredLayer& layer : take.runs[i].layers) {
                const bool shown = newerRuns == 0 && layer.file == take.summary.picture;
                if (shown)
                    return index;
                if (i <= run)
                    chosen = index;
                ++index;
            }
        }
        return chosen;
    };
    fill(0, first, preferred(first, same ? 1 : 0));
    fill(1, second, preferred(second, 0));
    show();
    ask();
}

ComparisonBar::Read ComparisonBar::read(const std::array<Choice, 2>& chosen)
{
    std::vector<CompareLayer> layers;
    for (const Choice& choice : chosen) {
        Outcome<LoadedPicture> loaded = loadPicture(choice.stored.file);
        if (const Failure* failure = failureOf(loaded))
            return *failure;
        layers.push_back(
            {QStringLiteral("%1, %2").arg(choice.layer, choice.take), sizeWords(choice.stored.size),
                std::make_shared<const Picture8>(std::move(std::get<LoadedPicture>(loaded).picture))});
    }
    return layers;
}

void ComparisonBar::ask()
{
    std::array<Choice, 2> chosen;
    for (std::size_t side = 0; side < 2; ++side) {
        const int index = m_boxes[side]->currentIndex();
        if (index < 0)
            return;
        chosen[side] = m_choices[side][static_cast<std::size_t>(index)];
    }
    m_reading.ask([chosen] { return read(chosen); });
}

void ComparisonBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    painter.fillRect(rect(), t.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), t.border);
}

} // namespace studio::ui
