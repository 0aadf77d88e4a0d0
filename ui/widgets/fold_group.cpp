#include "ui/widgets/fold_group.h"

#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QAbstractButton>
#include <QVBoxLayout>

namespace studio::ui {

/// The line that folds and unfolds: the title flush with what it heads, what a folded part holds, an arrow.
class FoldTitle : public QAbstractButton {
public:
    FoldTitle(const QString& text, TextRole role, QWidget* parent)
        : QAbstractButton(parent)
    {
        setText(text);
        setCheckable(true);
        setFocusPolicy(Qt::StrongFocus);
        setFont(fontFor(role));
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    void setSummary(const QString& summary)
    {
        m_summary = summary;
        update();
    }

    QSize sizeHint() const override
    {
        return {FoldGroup::kRingRoom + fontMetrics().horizontalAdvance(text()) + spacing::kInGroup + kArrow,
            spacing::kControlHeight};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const Tokens& t = tokensOf(palette());
        QStyleOption option;
        option.initFrom(this);
        painter.setPen(t.text);
        painter.drawText(
            rect().adjusted(FoldGroup::kRingRoom, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text());
        const QString arrow = isChecked() ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down");
        painter.drawPixmap(width() - kArrow, (height() - kArrow) / 2,
            iconPixmap(arrow, kArrow, underMouse() ? t.text : t.secondary, devicePixelRatioF()));
        if (!isChecked() && !m_summary.isEmpty()) {
            const int left
                = FoldGroup::kRingRoom + fontMetrics().horizontalAdvance(text()) + spacing::kBetweenGroups;
            painter.setFont(fontFor(TextRole::Caption));
            painter.setPen(t.secondary);
            const QRect place(left, 0, width() - kArrow - spacing::kInGroup - left, height());
            painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                painter.fontMetrics().elidedText(m_summary, Qt::ElideRight, place.width()));
        }
        if (showsFocus(option))
            drawFocusRing(painter, rect(), t, spacing::kSmallRadius);
    }

    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }

private:
    static constexpr int kArrow = spacing::kIcon;

    QString m_summary;
};

FoldGroup::FoldGroup(const QString& title, QWidget* content, QWidget* parent, Level level)
    : QWidget(parent)
    , m_title(new FoldTitle(title, level == Level::Outer ? TextRole::GroupTitle : TextRole::Body, this))
    , m_content(content)
{
    m_title->setAccessibleName(title);
    // The content was made before the title; the Tab key comes to it after the title.
    content->setParent(nullptr);
    content->setParent(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kUnit);
    column->addWidget(m_title);
    auto* inset = new QHBoxLayout;
    // The rows of a part of a part stand in line with those around it.
    inset->setContentsMargins(level == Level::Outer ? kRingRoom : 0, 0, 0, 0);
    inset->addWidget(m_content);
    column->addLayout(inset);
    connect(m_title, &QAbstractButton::toggled, this, [this](bool open) { setOpen(open); });
    connect(m_title, &QAbstractButton::clicked, this, [this](bool open) {
        if (folded)
            folded(open);
    });
    setOpen(true);
}

void FoldGroup::setOpen(bool open)
{
    m_title->setChecked(open);
    m_title->setAccessibleDescription(open ? tr("Unfolded") : tr("Folded. %1").arg(m_summary));
    m_content->setVisible(open);
}

bool FoldGroup::isOpen() const
{
    return m_title->isChecked();
}

void FoldGroup::setSummary(const QString& summary, const QString& hint)
{
    m_summary = summary;
    m_title->setSummary(summary);
    m_title->setToolTip(hint); // the summary stands there already
    if (!isOpen())
        m_title->setAccessibleDescription(tr("Folded. %1").arg(hint.isEmpty() ? summary : hint));
}

} // namespace studio::ui
