#include "ui/widgets/fold_group.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/elided_label.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace studio::ui {

FoldGroup::FoldGroup(const QString& title, QWidget* content, QWidget* parent)
    : QWidget(parent)
    , m_title(new QToolButton(this))
    , m_content(content)
{
    m_title->setText(title);
    m_title->setAccessibleName(title);
    m_title->setCheckable(true);
    m_title->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_title->setFocusPolicy(Qt::StrongFocus);
    m_title->setFont(fontFor(TextRole::GroupTitle));
    setButtonRole(*m_title, ButtonRole::Quiet);
    auto* summary = new ElidedLabel(this);
    summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setTextRole(*summary, TextRole::Caption);
    m_summary = summary;

    auto* head = new QHBoxLayout;
    head->setSpacing(spacing::kInGroup);
    head->addWidget(m_title);
    head->addWidget(m_summary, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kUnit);
    column->addLayout(head);
    column->addWidget(m_content);
    connect(m_title, &QToolButton::toggled, this, [this](bool open) { setOpen(open); });
    setOpen(true);
}

void FoldGroup::setOpen(bool open)
{
    m_title->setChecked(open);
    m_title->setIcon(icon(open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right")));
    m_title->setAccessibleDescription(open ? tr("Unfolded") : tr("Folded"));
    m_content->setVisible(open);
    m_summary->setVisible(!open);
}

bool FoldGroup::isOpen() const
{
    return m_title->isChecked();
}

void FoldGroup::setSummary(const QString& summary)
{
    m_summary->setText(summary);
    m_summary->setToolTip(summary);
}

} // namespace studio::ui
