#include "ui/panels/seed_row.h"

#include "ui/jobs/studio_controller.h"
#include "ui/panels/field_form.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QRegularExpressionValidator>
#include <QToolButton>

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
    m_field->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{0,20}")), m_field));
    auto* label = new QLabel(tr("Seed"), this);
    label->setBuddy(m_field);
    label->setMinimumWidth(kLabelWidth);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
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
    connect(m_field, &QLineEdit::editingFinished, this, &SeedRow::typed);
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
        showSeed(); // a checked button that was pressed again stays checked
    });
    layout()->addWidget(button);
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

void SeedRow::typed()
{
    bool isNumber = false;
    const quint64 seed = m_field->text().toULongLong(&isNumber);
    if (isNumber)
        setSeed(seed);
    else if (m_field->text().isEmpty())
        setSeed({});
    showSeed(); // a number that is too large is not taken
}

void SeedRow::showSeed()
{
    const StudioState& state = m_controller.state();
    const auto seed = state.request().seed;
    m_field->setText(seed ? QString::number(*seed) : QString());
    m_field->setPlaceholderText(
        state.lastSeed() ? tr("Random (last %1)").arg(*state.lastSeed()) : tr("Random"));
    m_random->setChecked(!seed);
    m_lock->setChecked(seed.has_value());
    m_lock->setIcon(icon(seed ? QStringLiteral("lock") : QStringLiteral("unlock")));
    FieldForm::setUsable(*m_reuse,
        m_inSight ? QString() : tr("There is no picture yet whose seed could be used."),
        tr("The seed of this picture"));
}

} // namespace studio::ui
