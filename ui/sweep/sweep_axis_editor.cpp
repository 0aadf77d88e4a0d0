#include "ui/sweep/sweep_axis_editor.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"
#include "ui/widgets/calm_inputs.h"

#include <QLineEdit>
#include <QListWidget>
#include <QStackedWidget>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kRowsHeight = 148;
constexpr int kProposedRows = 3; ///< of a table: the present one and its neighbours in the list

} // namespace

SweepAxisEditor::SweepAxisEditor(
    const QString& title, bool optional, const Request& request, const Catalog& catalog, QWidget* parent)
    : QWidget(parent)
    , m_request(request)
    , m_catalog(catalog)
    , m_choice(new CalmComboBox(this))
    , m_pages(new QStackedWidget(this))
    , m_numbers(new QLineEdit)
    , m_hint(new QLabel)
    , m_rows(new QListWidget)
{
    auto* name = new QLabel(title, this);
    setTextRole(*name, TextRole::Caption);
    name->setBuddy(m_choice);
    m_choice->setAccessibleName(title);
    std::vector<Choice> choices;
    if (optional)
        choices.push_back({QString(), tr("None"), {}, {}});
    for (const SweepAxisInfo& info : sweepAxes())
        choices.push_back({QString::fromLatin1(info.id), sweepAxisTitle(info), {}, {}});
    m_choice->setChoices(std::move(choices));
    m_numbers->setAccessibleName(tr("%1: values").arg(title));
    m_hint->setWordWrap(true);
    setTextRole(*m_hint, TextRole::Caption);
    m_rows->setAccessibleName(tr("%1: values").arg(title));
    auto* typed = new QWidget;
    auto* typing = new QVBoxLayout(typed);
    typing->setContentsMargins(0, 0, 0, 0);
    typing->setSpacing(spacing::kUnit);
    typing->addWidget(m_numbers);
    typing->addWidget(m_hint);
    typing->addStretch();
    m_pages->addWidget(new QWidget);
    m_pages->addWidget(typed);
    m_pages->addWidget(m_rows);
    m_pages->setFixedHeight(kRowsHeight);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kInGroup);
    column->addWidget(name);
    column->addWidget(m_choice);
    column->addWidget(m_pages);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &SweepAxisEditor::propose);
    connect(m_numbers, &QLineEdit::textChanged, this, &SweepAxisEditor::changed);
    connect(m_rows, &QListWidget::itemChanged, this, &SweepAxisEditor::changed);
}

void SweepAxisEditor::choose(const QString& axisId)
{
    m_choice->choose(axisId);
    propose();
}

void SweepAxisEditor::propose()
{
    const SweepAxisInfo* info = findSweepAxis(m_choice->chosen());
    m_pages->setCurrentIndex(!info ? 0 : info->table ? 2 : 1);
    if (info && info->table) {
        fillRows(*info);
    } else if (info) {
        QStringList numbers;
        for (const double number : info->proposal(info->read(m_request).number, mostOf(*info, m_request)))
            numbers << numberWords(number);
        m_numbers->setText(numbers.join(QStringLiteral("  ")));
        m_hint->setText(tr("%1 to %2, separated by spaces")
                            .arg(numberWords(info->least), numberWords(mostOf(*info, m_request))));
    }
    Q_EMIT changed();
}

void SweepAxisEditor::fillRows(const SweepAxisInfo& info)
{
    const QSignalBlocker quiet(m_rows);
    m_rows->clear();
    const std::string present = info.read(m_request).id;
    const auto& table = m_catalog.*info.table;
    const auto found = std::find_if(
        table.begin(), table.end(), [&](const CatalogEntry& entry) { return entry.id == present; });
    const auto at = found == table.end() ? 0 : found - table.begin();
    const auto first = std::clamp<std::ptrdiff_t>(
        at - 1, 0, std::max<std::ptrdiff_t>(0, std::ssize(table) - kProposedRows));
    for (std::ptrdiff_t i = 0; i < std::ssize(table); ++i) {
        const CatalogEntry& entry = table[static_cast<std::size_t>(i)];
        auto* item = new QListWidgetItem(toQt(entry.label), m_rows);
        item->setData(Qt::UserRole, toQt(entry.id));
        item->setToolTip(toQt(entry.description));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(i >= first && i < first + kProposedRows ? Qt::Checked : Qt::Unchecked);
    }
    m_rows->setCurrentRow(static_cast<int>(at));
    m_rows->scrollToItem(m_rows->item(static_cast<int>(first)), QAbstractItemView::PositionAtTop);
}

std::optional<SweepAxis> SweepAxisEditor::axis() const
{
    const SweepAxisInfo* info = findSweepAxis(m_choice->chosen());
    if (!info)
        return std::nullopt;
    SweepAxis axis{info, {}};
    if (!info->table) {
        for (const double number : numbersIn(m_numbers->text()).value_or(std::vector<double>()))
            axis.values.push_back({number, {}});
        return axis;
    }
    for (int row = 0; row < m_rows->count(); ++row) {
        const QListWidgetItem* item = m_rows->item(row);
        if (item->checkState() == Qt::Checked)
            axis.values.push_back({0.0, toStd(item->data(Qt::UserRole).toString())});
    }
    return axis;
}

QString SweepAxisEditor::fault() const
{
    const SweepAxisInfo* info = findSweepAxis(m_choice->chosen());
    if (!info || info->table || numbersIn(m_numbers->text()))
        return {};
    return tr("%1: \"%2\" has a piece that is no number.").arg(sweepAxisTitle(*info), m_numbers->text());
}

} // namespace studio::ui
