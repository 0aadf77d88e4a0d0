#include "ui/widgets/fold_group.h"

#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/elided_label.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace studio::ui {

namespace {

/// The line that folds and unfolds: an arrow and a word, without a ground of its own.
class FoldTitle : public QAbstractButton {
public:
    FoldTitle(const QString& text, QWidget* parent)
        : QAbstractButton(parent)
    {
        setText(text);
        setCheckable(true);
        setFocusPolicy(Qt::StrongFocus);
        setFont(fontFor(TextRole::GroupTitle));
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    }

    QSize sizeHint() const override
    {
        return {kArrow + spacing::kUnit + fontMetrics().horizontalAdvance(text()) + spacing::kInGroup,
            spacing::kControlHeight};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const Tokens& t = tokensOf(palette());
        QStyleOption option;
        option.initFrom(this);
        const QColor colour = underMouse() ? t.accent : t.text;
        const QString arrow = isChecked() ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right");
        painter.drawPixmap(
            0, (height() - kArrow) / 2, iconPixmap(arrow, kArrow, colour, devicePixelRatioF()));
        painter.setPen(colour);
        painter.drawText(
            rect().adjusted(kArrow + spacing::kUnit, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text());
        if (showsFocus(option))
            drawFocusRing(painter, rect(), t, spacing::kSmallRadius);
    }

    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }

private:
    static constexpr int kArrow = spacing::kIcon;
};

} // namespace

FoldGroup::FoldGroup(const QString& title, QWidget* content, QWidget* parent)
    : QWidget(parent)
    , m_title(new FoldTitle(title, this))
    , m_content(content)
{
    m_title->setAccessibleName(title);
    auto* summary = new ElidedLabel(this);
    summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setTextRole(*summary, TextRole::Caption);
    m_summary = summary;

    auto* head = new QHBoxLayout;
    head->setSpacing(spacing::kInGroup);
    head->addWidget(m_title, 0, Qt::AlignLeft);
    head->addWidget(m_summary, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kUnit);
    column->addLayout(head);
    column->addWidget(m_content);
    connect(m_title, &QAbstractButton::toggled, this, [this](bool open) { setOpen(open); });
    setOpen(true);
}

void FoldGroup::setOpen(bool open)
{
    m_title->setChecked(open);
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
