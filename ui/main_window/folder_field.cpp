#include "ui/main_window/folder_field.h"

#include "ui/models/settings.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace studio::ui {

FolderField::FolderField(const QString& name, std::function<QString()> inUse,
    std::function<void(const QString& folder)> chosen, QWidget* parent)
    : QWidget(parent)
    , m_inUse(std::move(inUse))
    , m_chosen(std::move(chosen))
    , m_field(new QLineEdit(m_inUse(), this))
    , m_faultRow(new QWidget(this))
    , m_fault(new QLabel(m_faultRow))
{
    m_field->setAccessibleName(name);
    auto* browse = new QPushButton(tr("Browse…"), this);
    browse->setAutoDefault(false); // Enter in the field is meant for what stands there
    browse->setAccessibleName(tr("Browse for: %1").arg(name));
    auto* sign = new QLabel(m_faultRow);
    sign->setPixmap(
        iconPixmap(QStringLiteral("error"), spacing::kIcon, tokensOf(palette()).bad, devicePixelRatioF()));
    m_fault->setWordWrap(true);
    m_fault->setTextFormat(Qt::PlainText);
    setTextRole(*m_fault, TextRole::Caption);
    auto* words = new QHBoxLayout(m_faultRow);
    words->setContentsMargins(0, 0, 0, 0);
    words->setSpacing(spacing::kUnit);
    words->addWidget(sign, 0, Qt::AlignTop);
    words->addWidget(m_fault, 1);
    m_faultRow->hide();
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::kInGroup);
    line->addWidget(m_field, 1);
    line->addWidget(browse);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kUnit);
    column->addLayout(line);
    column->addWidget(m_faultRow);
    connect(m_field, &QLineEdit::textEdited, m_faultRow, &QWidget::hide);
    connect(m_field, &QLineEdit::editingFinished, this, [this] {
        if (m_field->isModified())
            takeTyped();
    });
    connect(browse, &QPushButton::clicked, this, [this] { this->browse(); });
}

QString FolderField::fault() const
{
    return m_faultRow->isHidden() ? QString() : m_fault->text();
}

void FolderField::takeTyped()
{
    const QString typed = m_field->text().trimmed();
    const std::optional<QString> folder = folderFrom(typed);
    if (folder)
        m_chosen(*folder);
    m_field->setText(m_inUse());
    if (!folder)
        m_fault->setText(
            tr("“%1” is not a full path, so the folder stays as it was. Begin with / or ~/.").arg(typed));
    m_faultRow->setVisible(!folder);
}

void FolderField::browse()
{
    const QString folder
        = QFileDialog::getExistingDirectory(this, m_field->accessibleName(), m_field->text());
    if (folder.isEmpty())
        return;
    m_chosen(folder);
    m_field->setText(m_inUse());
    m_faultRow->hide();
}

} // namespace studio::ui
