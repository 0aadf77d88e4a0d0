#include "ui/widgets/segmented_control.h"

#include "ui/theme/control_painter.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QToolButton>

#include <algorithm>

namespace studio::ui {

SegmentedControl::SegmentedControl(QWidget* parent)
    : QFrame(parent)
    , m_group(new QActionGroup(this))
{
    m_group->setExclusive(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(1, 1, 1, 1);
    row->setSpacing(0);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QToolButton* SegmentedControl::addChoice(QAction* action, Qt::ToolButtonStyle style)
{
    action->setCheckable(true);
    m_group->addAction(action);
    auto* button = new QToolButton(this);
    button->setToolButtonStyle(style);
    button->setDefaultAction(action);
    button->setAccessibleName(action->text());
    button->setFocusPolicy(action->isChecked() ? Qt::StrongFocus : Qt::ClickFocus);
    setButtonRole(*button, ButtonRole::Segment);
    button->setSizePolicy(m_stretched ? QSizePolicy::Expanding : QSizePolicy::Fixed, QSizePolicy::Fixed);
    button->installEventFilter(this);
    // One stop for the Tab key: the chosen part. The focus goes with the choice, whoever makes it.
    connect(action, &QAction::toggled, button, [this, button](bool on) {
        button->setFocusPolicy(on ? Qt::StrongFocus : Qt::ClickFocus);
        const bool within = std::any_of(
            m_buttons.begin(), m_buttons.end(), [](const QToolButton* each) { return each->hasFocus(); });
        if (on && within)
            button->setFocus(Qt::OtherFocusReason);
    });
    layout()->addWidget(button);
    m_buttons << button;
    return button;
}

void SegmentedControl::setStretched(bool stretched)
{
    m_stretched = stretched;
    for (QToolButton* button : m_buttons)
        button->setSizePolicy(stretched ? QSizePolicy::Expanding : QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SegmentedControl::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    drawBox(painter, rect(), isEnabled() ? t.field : t.panel, t.border, spacing::kRadius);
}

bool SegmentedControl::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Up || key == Qt::Key_Right || key == Qt::Key_Down) {
            moveChoice(watched, key == Qt::Key_Left || key == Qt::Key_Up ? -1 : 1);
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void SegmentedControl::moveChoice(const QObject* from, int step)
{
    const int count = static_cast<int>(m_buttons.size());
    int at = 0;
    for (int i = 0; i < count; ++i) {
        if (m_buttons[i] == from)
            at = i;
    }
    for (int tried = 0; tried < count; ++tried) {
        at = (at + step + count) % count;
        if (m_buttons[at]->isEnabled() && m_buttons[at]->isVisible()) {
            m_buttons[at]->setFocus(Qt::TabFocusReason);
            m_buttons[at]->defaultAction()->trigger();
            return;
        }
    }
}

} // namespace studio::ui
