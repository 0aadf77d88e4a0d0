#include "ui/panels/comparison_numbers.h"

#include "ui/compare/compare_numbers.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QGridLayout>
#include <QLabel>

namespace studio::ui {

ComparisonNumbers::ComparisonNumbers(QWidget* parent)
    : QWidget(parent)
    , m_pair(new QLabel(this))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, spacing::kInGroup, 0, 0);
    grid->setVerticalSpacing(spacing::kInGroup);
    grid->setColumnStretch(0, 1);
    auto* title = new QLabel(tr("Comparison"), this);
    setTextRole(*title, TextRole::GroupTitle);
    grid->addWidget(title, 0, 0, 1, 2);
    m_pair->setWordWrap(true);
    setTextRole(*m_pair, TextRole::Caption);
    grid->addWidget(m_pair, 1, 0, 1, 2);
    for (const CompareNumber& number : numbersOf(std::nullopt)) {
        auto* name = new QLabel(number.name, this);
        setTextRole(*name, TextRole::Caption);
        auto* value = new QLabel(this);
        value->setFont(fontFor(TextRole::Caption));
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        const int row = grid->rowCount();
        grid->addWidget(name, row, 0);
        grid->addWidget(value, row, 1, Qt::AlignRight);
        m_names.push_back(name);
        m_values.push_back(value);
    }
    hide();
}

void ComparisonNumbers::setNumbers(const QString& pair, const std::optional<CompareMetrics>& metrics)
{
    setVisible(!pair.isEmpty());
    m_pair->setText(pair);
    const std::vector<CompareNumber> numbers = numbersOf(metrics);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        m_values[i]->setText(numbers[i].value);
        m_values[i]->setAccessibleName(QStringLiteral("%1 %2").arg(numbers[i].name, numbers[i].value));
        for (QLabel* label : {m_names[i], m_values[i]})
            label->setToolTip(numbers[i].explanation);
    }
}

QString ComparisonNumbers::text() const
{
    QStringList lines{m_pair->text()};
    for (std::size_t i = 0; i < m_names.size(); ++i)
        lines << QStringLiteral("%1 %2").arg(m_names[i]->text(), m_values[i]->text());
    return lines.join(u'\n');
}

} // namespace studio::ui
