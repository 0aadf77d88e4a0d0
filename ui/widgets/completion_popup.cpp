#include "ui/widgets/completion_popup.h"

#include "ui/theme/control_painter.h"
#include "ui/theme/typography.h"

#include <QListWidget>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kRow = 26;
constexpr int kLeastWidth = 220;
constexpr int kMostWidth = 420;
constexpr int kDetail = Qt::UserRole;

/// The name, and behind it quietly what it is.
class RowDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, kRow}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& t = tokensOf(option.palette);
        const bool lit = option.state & QStyle::State_Selected;
        painter->save();
        if (lit)
            painter->fillRect(option.rect, t.selection);
        const QRect area = option.rect.adjusted(spacing::kInGroup, 0, -spacing::kInGroup, 0);
        const QString name = index.data().toString();
        painter->setFont(fontFor(TextRole::Body));
        painter->setPen(t.text);
        const QString shown = painter->fontMetrics().elidedText(name, Qt::ElideRight, area.width());
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, shown);
        const int left = painter->fontMetrics().horizontalAdvance(shown) + spacing::kBetweenGroups;
        painter->setFont(fontFor(TextRole::Caption));
        painter->setPen(lit ? t.text : t.secondary);
        const QRect rest = area.adjusted(left, 0, 0, 0);
        if (rest.width() > 2 * spacing::kBetweenGroups)
            painter->drawText(rest, Qt::AlignRight | Qt::AlignVCenter,
                painter->fontMetrics().elidedText(
                    index.data(kDetail).toString(), Qt::ElideRight, rest.width()));
        painter->restore();
    }
};

} // namespace

CompletionPopup::CompletionPopup(QWidget* field)
    : QFrame(field, Qt::ToolTip | Qt::FramelessWindowHint)
    , m_list(new QListWidget(this))
{
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFocusPolicy(Qt::NoFocus);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setItemDelegate(new RowDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // it is as high as its rows
    m_list->setAccessibleName(tr("Suggestions"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(m_list);
    connect(m_list, &QListWidget::itemClicked, this,
        [this](QListWidgetItem* item) { Q_EMIT accepted(m_list->row(item)); });
}

void CompletionPopup::open(const std::vector<Row>& rows, const QRect& caret, int chosen)
{
    m_list->clear();
    int width = kLeastWidth;
    for (const Row& row : rows) {
        auto* item = new QListWidgetItem(row.label, m_list);
        item->setData(kDetail, row.detail);
        item->setData(Qt::AccessibleTextRole, row.label + QStringLiteral(", ") + row.detail);
        const int needed
            = fontMetrics().horizontalAdvance(row.label + row.detail) + 4 * spacing::kBetweenGroups;
        width = std::max(width, std::min(needed, kMostWidth));
    }
    m_list->setCurrentRow(chosen);
    const QSize size(width, kRow * int(rows.size()) + 2);
    QPoint at = caret.bottomLeft() + QPoint(0, spacing::kUnit);
    if (const QScreen* screen = parentWidget()->screen()) {
        const QRect room = screen->availableGeometry();
        if (at.y() + size.height() > room.bottom())
            at.setY(caret.top() - spacing::kUnit - size.height());
        at.setX(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - size.width())));
    }
    setGeometry({at, size});
    show();
    raise();
}

void CompletionPopup::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    painter.fillRect(rect(), t.strongBorder);
    painter.fillRect(rect().adjusted(1, 1, -1, -1), t.field);
}

int CompletionPopup::chosen() const
{
    return m_list->currentRow();
}

int CompletionPopup::count() const
{
    return m_list->count();
}

void CompletionPopup::move(int rows)
{
    const int count = m_list->count();
    const int now = m_list->currentRow();
    const int next = now < 0 ? (rows > 0 ? 0 : count - 1) : (now + rows % count + count) % count;
    m_list->setCurrentRow(next);
    Q_EMIT moved(next);
}

} // namespace studio::ui
