#include "ui/panels/adapter_view.h"

#include "ui/models/adapter_list.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"

#include <QKeyEvent>
#include <QPainterPath>
#include <QStyledItemDelegate>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kRow = 52;
constexpr int kPicture = 44;
constexpr int kShownRows = 5;
constexpr double kFaint = 0.4; // a picture that cannot be used

class AdapterDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, kRow}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& t = tokensOf(option.palette);
        const bool usable = index.data(AdapterList::WhyNotRole).toString().isEmpty();
        const bool used = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        painter->save();
        painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
        if (used)
            painter->fillRect(option.rect, t.selection);
        else if (option.state & QStyle::State_MouseOver && usable)
            painter->fillRect(option.rect, t.hover);
        const int gap = (kRow - kPicture) / 2;
        const QRect frame(option.rect.left() + gap, option.rect.top() + gap, kPicture, kPicture);
        drawPicture(*painter, frame, index.data(AdapterList::PictureRole).value<QImage>(), usable, t);
        drawSign(*painter, option.rect, used, usable, t);
        const int right = option.rect.right() - spacing::kInGroup - spacing::kIcon - spacing::kUnit;
        const QRect text(
            QPoint(frame.right() + spacing::kInGroup, frame.top()), QPoint(right, frame.bottom()));
        drawText(
            *painter, text, index, usable ? t.text : t.disabled, usable || used ? t.secondary : t.warning);
        if (option.state & QStyle::State_HasFocus)
            drawFocusRing(*painter, option.rect, t, spacing::kSmallRadius);
        painter->restore();
    }

    bool editorEvent(QEvent*, QAbstractItemModel*, const QStyleOptionViewItem&, const QModelIndex&) override
    {
        return false; // the view decides what a click does
    }

private:
    static void drawPicture(
        QPainter& painter, const QRect& frame, const QImage& image, bool usable, const Tokens& t)
    {
        painter.save();
        QPainterPath rounded;
        rounded.addRoundedRect(frame, spacing::kSmallRadius, spacing::kSmallRadius);
        painter.setClipPath(rounded);
        painter.fillRect(frame, t.panel);
        painter.setOpacity(usable ? 1.0 : kFaint);
        if (image.isNull()) {
            const int inset = (kPicture - spacing::kLargeIcon) / 2;
            painter.drawPixmap(frame.topLeft() + QPoint(inset, inset),
                iconPixmap(QStringLiteral("styles"), spacing::kLargeIcon, t.secondary,
                    painter.device()->devicePixelRatioF()));
        } else {
            painter.drawImage(frame, image);
        }
        painter.restore();
    }

    static void drawSign(QPainter& painter, const QRect& row, bool used, bool usable, const Tokens& t)
    {
        const QString name = !usable ? QStringLiteral("warning")
            : used                   ? QStringLiteral("check")
                                     : QStringLiteral("plus");
        const QColor colour = !usable ? t.warning : used ? t.accent : t.secondary;
        painter.drawPixmap(row.right() - spacing::kInGroup - spacing::kIcon,
            row.center().y() - spacing::kIcon / 2,
            iconPixmap(name, spacing::kIcon, colour, painter.device()->devicePixelRatioF()));
    }

    static void drawText(QPainter& painter, const QRect& area, const QModelIndex& index, const QColor& name,
        const QColor& detail)
    {
        const QRect upper(area.left(), area.top(), area.width(), area.height() / 2);
        const QRect lower(area.left(), upper.bottom() + 1, area.width(), area.height() / 2);
        const auto draw = [&](const QRect& place, const QString& text, Qt::Alignment alignment) {
            painter.drawText(place, Qt::AlignLeft | alignment,
                painter.fontMetrics().elidedText(text, Qt::ElideRight, place.width()));
        };
        painter.setFont(fontFor(TextRole::Body));
        painter.setPen(name);
        draw(upper, index.data(Qt::DisplayRole).toString(), Qt::AlignBottom);
        painter.setFont(fontFor(TextRole::Caption));
        painter.setPen(detail);
        draw(lower.adjusted(0, 2, 0, 0), index.data(AdapterList::DetailRole).toString(), Qt::AlignTop);
    }
};

} // namespace

AdapterView::AdapterView(AdapterList& list, QWidget* parent)
    : QListView(parent)
    , m_list(list)
{
    setModel(&list);
    setItemDelegate(new AdapterDelegate(this));
    setUniformItemSizes(true);
    setMouseTracking(true);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Adapters in the folders"));
    connect(this, &QListView::clicked, this, &AdapterView::toggle);
    for (const auto changed : {&QAbstractItemModel::modelReset})
        connect(&list, changed, this, [this] { updateGeometry(); });
}

QSize AdapterView::sizeHint() const
{
    const int rows = std::clamp(m_list.rowCount(), 1, kShownRows);
    return {200, rows * kRow + 2 * frameWidth()};
}

void AdapterView::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (key == Qt::Key_Space || key == Qt::Key_Return || key == Qt::Key_Enter)
        return toggle(currentIndex());
    QListView::keyPressEvent(event);
}

void AdapterView::toggle(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    if (const QString why = index.data(AdapterList::WhyNotRole).toString(); !why.isEmpty()) {
        Q_EMIT refused(why);
        return;
    }
    m_list.toggle(index);
}

} // namespace studio::ui
