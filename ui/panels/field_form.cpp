#include "ui/panels/field_form.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <memory>

namespace studio::ui {

namespace {

constexpr int kLabelWidth = 116;
constexpr int kRounding = 8;  // sides are multiples of it
constexpr int kSizeStep = 64; // what the networks like best; every multiple of 8 may be typed

CalmSpinBox* sideBox(const QString& name, QWidget* parent)
{
    auto* box = new CalmSpinBox(parent);
    box->setDecimals(0);
    box->setRange(64, 8192);
    box->setSingleStep(kSizeStep);
    box->setAccessibleName(name);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setAlignment(Qt::AlignHCenter);
    return box;
}

} // namespace

FieldForm::FieldForm(StudioState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(spacing::kInGroup);
    m_grid->setVerticalSpacing(spacing::kInGroup);
    m_grid->setColumnMinimumWidth(0, kLabelWidth);
    m_grid->setColumnStretch(1, 1);
    connect(&state, &StudioState::requestChanged, this, &FieldForm::refresh);
    connect(&state, &StudioState::defaultsChanged, this, &FieldForm::refresh);
    connect(&state, &StudioState::catalogChanged, this, &FieldForm::refresh);
    connect(&state, &StudioState::planChanged, this, &FieldForm::refresh);
}

void FieldForm::refresh()
{
    for (const auto& update : m_updates)
        update();
}

void FieldForm::setUsable(QWidget& widget, const QString& whyNot, const QString& hint)
{
    widget.setEnabled(whyNot.isEmpty());
    widget.setToolTip(whyNot.isEmpty() ? hint : whyNot);
    widget.setAccessibleDescription(whyNot.isEmpty() ? hint : whyNot);
}

FieldLabel* FieldForm::place(const FieldRow& row, QWidget* field, std::vector<QWidget*> parts)
{
    auto* label = new FieldLabel(row.label, this);
    label->setBuddy(parts.front());
    const int line = m_grid->rowCount();
    m_grid->addWidget(label, line, 0);
    m_grid->addWidget(field, line, 1);
    if (row.reset)
        label->resetWanted = [this, reset = row.reset] {
            m_state.change([&](Request& request) { reset(request, m_state.defaults()); });
        };
    parts.push_back(label);
    addUpdate([this, label, row, parts] {
        const QString why = row.setting ? whyUnused(m_state.request(), *row.setting) : QString();
        const bool changed = row.isChanged && row.isChanged(m_state);
        QString hint = row.hint;
        if (changed)
            hint += (hint.isEmpty() ? QString() : QStringLiteral("\n"))
                + tr("Changed. Double-click the name to reset.");
        for (QWidget* part : parts)
            setUsable(*part, why, part == label ? hint : row.hint);
        label->setChanged(changed);
    });
    return label;
}

void FieldForm::add(const NumberRow& row)
{
    auto* box = new CalmSpinBox(this);
    box->setDecimals(row.decimals);
    box->setRange(row.least, row.most);
    box->setSingleStep(row.step);
    box->setSuffix(row.suffix);
    box->setSpecialValueText(row.atLeast);
    box->setAccessibleName(row.label);
    connect(box, &QDoubleSpinBox::valueChanged, this, [this, write = row.write](double value) {
        m_state.change([&](Request& request) { write(request, value); });
    });
    FieldLabel* label = place(row, box, {box});
    label->dragged = [box](int steps) { box->stepBy(steps); };
    addUpdate([this, box, read = row.read] { box->showValue(read(m_state)); });
}

void FieldForm::add(const ChoiceRow& row)
{
    auto* box = new CalmComboBox(this);
    box->setAccessibleName(row.label);
    connect(box, &QComboBox::activated, this, [this, box, write = row.write] {
        m_state.change([&](Request& request) { write(request, box->chosen()); });
    });
    QWidget* field = box;
    if (row.beside) {
        field = new QWidget(this);
        auto* line = new QHBoxLayout(field);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(spacing::kUnit);
        line->addWidget(box, 1);
        line->addWidget(row.beside(field));
    }
    place(row, field, {box});
    addUpdate([this, box, row] {
        const QString id = row.read(m_state);
        std::vector<Choice> choices = row.choices(m_state);
        const auto isShown = [&](const Choice& choice) { return choice.id == id; };
        if (std::none_of(choices.begin(), choices.end(), isShown))
            choices.push_back({id, id, QString()}); // not known (yet): shown as it is called
        box->setChoices(std::move(choices));
        box->choose(id);
    });
}

void FieldForm::add(const SizeRow& row)
{
    auto* field = new QWidget(this);
    auto* width = sideBox(tr("%1, width").arg(row.label), field);
    auto* height = sideBox(tr("%1, height").arg(row.label), field);
    const auto tool = [&](const char* name, const QString& words) {
        auto* button = new QToolButton(field);
        button->setIcon(icon(QLatin1String(name)));
        button->setAccessibleName(words.arg(row.label));
        button->setFocusPolicy(Qt::StrongFocus);
        setButtonRole(*button, ButtonRole::Quiet);
        return button;
    };
    QToolButton* swap = tool("swap", tr("%1, swap width and height"));
    QToolButton* lock = tool("unlink", tr("%1, keep the ratio"));
    lock->setCheckable(true);
    auto* line = new QHBoxLayout(field);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(spacing::kUnit);
    line->addWidget(width, 1);
    auto* times = new QLabel(QStringLiteral("×"), field);
    line->addWidget(times);
    line->addWidget(height, 1);
    line->addWidget(lock);
    line->addWidget(swap);
    connectSize(row, {width, height, lock, swap});
    place(row, field, {width, height, lock, swap, times})->dragged = [this, row, lock](int steps) {
        const Extent size = row.read(m_state);
        const int wider = size.width + steps * kSizeStep;
        const double ratio = static_cast<double>(size.height) / size.width;
        writeSize(row,
            {wider,
                lock->isChecked() ? static_cast<int>(std::lround(wider * ratio))
                                  : size.height + steps * kSizeStep});
    };
    addUpdate([this, width, height, swap, read = row.read] {
        const Extent size = read(m_state);
        width->showValue(size.width);
        height->showValue(size.height);
        if (swap->isEnabled())
            swap->setToolTip(tr("Swap width and height"));
    });
}

void FieldForm::writeSize(const SizeRow& row, Extent size)
{
    m_state.change([&](Request& request) {
        row.write(request, {scaledSide(size.width, 1.0), scaledSide(size.height, 1.0)});
    });
    refresh(); // a side that was rounded is shown as it is now
}

void FieldForm::connectSize(const SizeRow& row, const SizeParts& parts)
{
    const auto& [width, height, lock, swap] = parts;
    // Of the moment it was locked: rounding does not add up.
    const auto ratio = std::make_shared<double>(1.0);
    const auto sides = [width = width, height = height] {
        return Extent{static_cast<int>(width->value()), static_cast<int>(height->value())};
    };
    connect(lock, &QToolButton::toggled, this, [this, ratio, sides, lock = lock](bool on) {
        *ratio = static_cast<double>(sides().width) / std::max(1, sides().height);
        lock->setIcon(icon(on ? QStringLiteral("link") : QStringLiteral("unlink")));
        refresh();
    });
    connect(width, &QDoubleSpinBox::valueChanged, this, [this, row, ratio, sides, lock = lock] {
        const Extent size = sides();
        writeSize(row,
            lock->isChecked() ? Extent{size.width, static_cast<int>(std::lround(size.width / *ratio))}
                              : size);
    });
    connect(height, &QDoubleSpinBox::valueChanged, this, [this, row, ratio, sides, lock = lock] {
        const Extent size = sides();
        writeSize(row,
            lock->isChecked() ? Extent{static_cast<int>(std::lround(size.height * *ratio)), size.height}
                              : size);
    });
    addUpdate([this, ratio, lock = lock, read = row.read] {
        if (lock->isEnabled())
            lock->setToolTip(lock->isChecked() ? tr("Width and height keep their ratio")
                                               : tr("Keep the ratio of width and height"));
        // A size that came from elsewhere has a ratio of its own.
        const Extent size = read(m_state);
        if (std::abs(size.height * *ratio - size.width) > kRounding * std::max(1.0, *ratio))
            *ratio = static_cast<double>(size.width) / std::max(1, size.height);
    });
    connect(swap, &QToolButton::clicked, this, [this, row, ratio] {
        const Extent size = row.read(m_state);
        *ratio = 1.0 / *ratio;
        writeSize(row, {size.height, size.width});
    });
}

void FieldForm::add(const SwitchRow& row)
{
    auto* box = new QCheckBox(this);
    box->setAccessibleName(row.label);
    connect(box, &QCheckBox::clicked, this, [this, write = row.write](bool on) {
        m_state.change([&](Request& request) { write(request, on); });
    });
    place(row, box, {box});
    addUpdate([this, box, read = row.read] { box->setChecked(read(m_state)); });
}

void FieldForm::addWide(QWidget* widget)
{
    m_grid->addWidget(widget, m_grid->rowCount(), 0, 1, 2);
}

void FieldForm::addUnder(QWidget* widget)
{
    m_grid->addWidget(widget, m_grid->rowCount(), 1);
}

void FieldForm::addField(const QString& text, QWidget* widget, std::optional<Setting> setting)
{
    FieldRow row;
    row.label = text;
    row.hint = widget->toolTip();
    row.setting = setting;
    place(row, widget, {widget});
}

} // namespace studio::ui
