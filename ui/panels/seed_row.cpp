#include "ui/panels/seed_row.h"

#include "ui/jobs/studio_controller.h"
#include "ui/panels/field_form.h"
#include "ui/panels/seed_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kLabelWidth = 40;

std::uint64_t newSeed()
{
    return QRandomGenerator::global()->generate(); // 32 bits: what other programs read, too
}

} // namespace

SeedRow::SeedRow(StudioController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_field(new QLineEdit(this))
{
    m_field->setAccessibleName(tr("Seed"));
    m_field->setValidator(new SeedValidator(m_field));
    auto* label = new QLabel(tr("Seed"), this);
    label->setBuddy(m_field);
    label->setMinimumWidth(kLabelWidth);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kUnit);
    m_row = new QHBoxLayout;
    column->addLayout(m_row);
    column->addWidget(makeFault());
    QHBoxLayout* row = m_row;
    row->setSpacing(spacing::kUnit);
    row->addWidget(label);
    row->addWidget(m_field, 1);

    m_random = addTool(QStringLiteral("dice"), tr("A new seed for every picture"), [this] { setSeed({}); });
    m_random->setCheckable(true);
    m_lock = addTool(QStringLiteral("lock"), tr("Keep one seed"),
        [this] { setSeed(m_controller.state().lastSeed().value_or(newSeed())); });
    m_lock->setCheckable(true);
    m_reuse
        = addTool(QStringLiteral("reuse"), tr("The seed of this picture"), [this] { setSeed(m_inSight); });
    m_next = addTool(QStringLiteral("plus"), tr("The next seed (+1)"), [this] {
        const StudioState& state = m_controller.state();
        setSeed(state.request().seed.value_or(state.lastSeed().value_or(newSeed())) + 1);
    });
    // At once: who presses Ctrl+Enter in the field means the seed that stands in it.
    connect(m_field, &QLineEdit::textEdited, this, &SeedRow::typed);
    connect(m_field, &QLineEdit::editingFinished, this, [this] {
        if (const SeedText text = readSeed(m_field->text()); !text.isTooLarge)
            m_field->setText(text.seed ? QString::number(*text.seed) : QString());
    });
    connect(&controller.state(), &StudioState::requestChanged, this, &SeedRow::showSeed);
    connect(&controller.state(), &StudioState::lastSeedChanged, this, &SeedRow::showSeed);
    showSeed();
}

QToolButton* SeedRow::addTool(const QString& iconName, const QString& name, std::function<void()> act)
{
    auto* button = new QToolButton(this);
    button->setIcon(icon(iconName));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    connect(button, &QToolButton::clicked, this, [this, act = std::move(act)] {
        act();
        m_field->clear();
        showSeed(); // a checked button that was pressed again stays checked
    });
    m_row->addWidget(button);
    return button;
}

void SeedRow::setSeed(std::optional<std::uint64_t> seed)
{
    m_controller.state().change([seed](Request& r) { r.seed = seed; });
}

void SeedRow::setSeedInSight(std::optional<std::uint64_t> seed)
{
    m_inSight = seed;
    showSeed();
}

QWidget* SeedRow::makeFault()
{
    m_fault = new QWidget(this);
    auto* row = new QHBoxLayout(m_fault);
    row->setContentsMargins(kLabelWidth + spacing::kUnit, 0, 0, 0);
    row->setSpacing(spacing::kUnit);
    auto* sign = new QLabel(m_fault);
    sign->setPixmap(
        iconPixmap(QStringLiteral("error"), spacing::kIcon, tokensOf(palette()).bad, devicePixelRatioF()));
    m_faultWords = new QLabel(m_fault);
    m_faultWords->setWordWrap(true);
    setTextRole(*m_faultWords, TextRole::Caption);
    row->addWidget(sign, 0, Qt::AlignTop);
    row->addWidget(m_faultWords, 1);
    m_fault->hide();
    return m_fault;
}

void SeedRow::typed()
{
    // What is too large stays in the field and is said; the seed from before is still the one that counts.
    if (const SeedText text = readSeed(m_field->text()); !text.isTooLarge)
        setSeed(text.seed);
    showFault();
}

void SeedRow::showSeed()
{
    const StudioState& state = m_controller.state();
    const auto seed = state.request().seed;
    const SeedText text = readSeed(m_field->text());
    // What says the same stays as it is being typed, and what is refused until there is another seed to show.
    const bool stays = text.isTooLarge ? seed == m_shown : text.seed == seed;
    m_shown = seed;
    if (!stays)
        m_field->setText(seed ? QString::number(*seed) : QString());
    showLastSeed();
    showFault();
    m_random->setChecked(!seed);
    m_lock->setChecked(seed.has_value());
    m_lock->setIcon(icon(seed ? QStringLiteral("lock") : QStringLiteral("unlock")));
    FieldForm::setUsable(*m_reuse,
        m_inSight ? QString() : tr("There is no picture yet whose seed could be used."),
        tr("The seed of this picture"));
}

/// In as many words as there is room for: never a number that is cut off.
void SeedRow::showLastSeed()
{
    const auto last = m_controller.state().lastSeed();
    QStringList forms{tr("Random")};
    if (last)
        forms = {tr("Random (last %1)").arg(*last), tr("last %1").arg(*last), tr("Random")};
    constexpr int kInset = 2 * spacing::kInGroup + 4; // of the text in its frame
    const auto fits = [this](const QString& words) {
        return m_field->fontMetrics().horizontalAdvance(words) <= m_field->width() - kInset;
    };
    const auto form = std::find_if(forms.begin(), forms.end(), fits);
    m_field->setPlaceholderText(form != forms.end() ? *form : forms.back());
    m_field->setToolTip(last ? tr("Empty: a new seed for every picture. The last one was %1.").arg(*last)
                             : tr("Empty: a new seed for every picture."));
}

void SeedRow::showFault()
{
    const auto seed = m_controller.state().request().seed;
    QString words;
    if (readSeed(m_field->text()).isTooLarge)
        words = tr("The largest seed is %1. Until this one fits, %2.")
                    .arg(kLargestSeed)
                    .arg(seed ? tr("%1 is used").arg(*seed) : tr("every picture has a new one"));
    m_faultWords->setText(words);
    m_field->setAccessibleDescription(words);
    m_fault->setVisible(!words.isEmpty());
}

QString SeedRow::faultText() const
{
    return m_faultWords->text();
}

void SeedRow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    showLastSeed();
}

} // namespace studio::ui
