#include "ui/widgets/notice_stack.h"

#include "ui/theme/tokens.h"

#include <QVBoxLayout>

namespace studio::ui {

NoticeStack::NoticeStack(QWidget* parent)
    : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kUnit);
    for (Notice*& notice : m_notices) {
        notice = new Notice(this);
        column->addWidget(notice);
    }
}

} // namespace studio::ui
