#include "ui/queue/queue_delegate.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/queue/queue_words.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"

#include <QFontMetrics>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

constexpr int kSide = spacing::kPanel; // of a row's content from its edges
constexpr int kLine = 18;
constexpr int kText = kSide + spacing::kIcon + 6; // where text begins
constexpr int kReasonLines = 3;
constexpr int kTryAgainHeight = 24;
constexpr int kWidthUnknown = 240; // before the view is laid out

struct Sign {
    const char* icon;
    QColor Tokens::*colour;
};

Sign signOf(QueueState state)
{
    switch (state) {
    case QueueState::Running:
        return {"play", &Tokens::accent};
    case QueueState::Failed:
        return {"error", &Tokens::bad};
    case QueueState::Waiting:
        break;
    }
    return {"clock", &Tokens::secondary};
}

QString timeOf(const QueueEntry& entry)
{
    if (entry.state == QueueState::Running)
        return QueueDelegate::tr("%1 %").arg(std::lround(100 * entry.fraction));
    const bool leads = entry.group.empty() || entry.request.firstPass.empty();
    const std::optional<double> seconds = secondsFor(entry, leads);
    return seconds && *seconds > 0 ? aboutSeconds(*seconds) : QString();
}

/// What differs comes first: the seed among pictures of one order, the second pass among the cells of a sheet.
QString settingsOf(const QueueEntry& entry, const Catalog& catalog)
{
    QStringList parts{QueueDelegate::tr("seed %1").arg(entry.request.seed.value_or(0))};
    if (const QString second = secondPassWords(entry.request, catalog); !second.isEmpty())
        parts.insert(entry.takeOnly ? 0 : 1, second);
    return parts.join(QStringLiteral(" · "));
}

QString reasonOf(const QueueEntry& entry)
{
    return entry.failure ? toQt(entry.failure->detail) : QString();
}

} // namespace

struct QueueDelegate::Lines {
    QRect sign;
    QRect title;
    QRect time;
    QRect prompt;
    QRect settings;
    QRect reason;
    QRect tryAgain;
    int height = 0;
};

QueueDelegate::QueueDelegate(const QueueList& list, const Catalog& catalog, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_list(list)
    , m_catalog(catalog)
{ }

QueueDelegate::Lines QueueDelegate::linesOf(const QRect& row, const QueueEntry& entry, const QFont& font)
{
    const int left = row.left() + kText;
    const int right = row.right() - kSide;
    int y = row.top() + spacing::kUnit + 2;
    Lines lines;
    lines.sign = QRect(row.left() + kSide, y + 1, spacing::kIcon, spacing::kIcon);
    const int timeWidth = tabularWidth(fontFor(TextRole::Caption), timeOf(entry));
    lines.time = QRect(right - timeWidth, y, timeWidth, kLine);
    lines.title = QRect(left, y, right - timeWidth - spacing::kInGroup - left, kLine);
    y += kLine;
    lines.prompt = QRect(left, y, right - left, kLine);
    y += kLine;
    lines.settings = QRect(left, y, right - left, kLine - 2);
    y += kLine - 2;
    if (entry.state == QueueState::Failed) {
        const QFontMetrics metrics(fontFor(TextRole::Caption), nullptr);
        const QRect room(left, y + 2, right - left, kReasonLines * metrics.lineSpacing());
        lines.reason = metrics.boundingRect(room, Qt::TextWordWrap, reasonOf(entry)).intersected(room);
        y = lines.reason.bottom() + spacing::kUnit;
        const QString words = tr("Try again");
        lines.tryAgain = QRect(
            left, y, QFontMetrics(font).horizontalAdvance(words) + 2 * spacing::kInGroup, kTryAgainHeight);
        y += kTryAgainHeight;
    }
    lines.height = y + spacing::kUnit + 4 - row.top();
    return lines;
}

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QueueEntry& entry = m_list.entries()[static_cast<std::size_t>(index.row())];
    const int width = option.rect.width() > 0 ? option.rect.width() : kWidthUnknown;
    return {width, linesOf(QRect(0, 0, width, 0), entry, option.font).height};
}

QRect QueueDelegate::removeArea(const QRect& row) const
{
    constexpr int kReach = 24;
    return {row.right() - kReach - spacing::kUnit, row.top() + spacing::kUnit + kLine - 2, kReach, kReach};
}

QRect QueueDelegate::tryAgainArea(const QRect& row, const QueueEntry& entry, const QFont& font) const
{
    return linesOf(row, entry, font).tryAgain;
}

void QueueDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QueueEntry& entry = m_list.entries()[static_cast<std::size_t>(index.row())];
    const Tokens& t = tokensOf(option.palette);
    const Lines lines = linesOf(option.rect, entry, option.font);
    const bool selected = option.state & QStyle::State_Selected;
    const bool touched = selected || (option.state & QStyle::State_MouseOver);
    painter->save();
    if (touched)
        painter->fillRect(option.rect, selected ? t.selection : t.hover);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), t.border);

    const Sign sign = signOf(entry.state);
    const double ratio = painter->device()->devicePixelRatioF();
    painter->drawPixmap(lines.sign.topLeft(),
        iconPixmap(QString::fromLatin1(sign.icon), spacing::kIcon, t.*sign.colour, ratio));
    const auto line = [&](const QRect& area, const QFont& font, const QColor& colour, const QString& text) {
        painter->setFont(font);
        painter->setPen(colour);
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(font).elidedText(text, Qt::ElideRight, area.width()));
    };
    const QFont caption = fontFor(TextRole::Caption);
    const bool running = entry.state == QueueState::Running;
    const int taken = touched ? removeArea(option.rect).width() : 0;
    line(lines.title, option.font, t.text, entryTitle(entry));
    const QString prompt = toQt(entry.request.prompt).simplified();
    line(
        lines.prompt.adjusted(0, 0, -taken, 0), caption, t.text, prompt.isEmpty() ? tr("No prompt") : prompt);
    line(lines.settings, caption, t.secondary, settingsOf(entry, m_catalog));
    painter->setFont(caption);
    painter->setPen(running ? t.text : t.secondary);
    drawTabular(*painter, lines.time, Qt::AlignRight | Qt::AlignVCenter, timeOf(entry));
    if (entry.state == QueueState::Failed) {
        painter->setPen(t.text);
        painter->drawText(lines.reason, Qt::TextWordWrap, reasonOf(entry));
        drawBox(*painter, lines.tryAgain, t.raised, t.strongBorder, spacing::kSmallRadius);
        painter->setFont(option.font);
        painter->drawText(lines.tryAgain, Qt::AlignCenter, tr("Try again"));
    }
    if (running) {
        const QRect bar(option.rect.left(), option.rect.bottom() - 2, option.rect.width(), 3);
        painter->fillRect(bar, t.border);
        painter->fillRect(
            QRect(bar.topLeft(), QSize(static_cast<int>(bar.width() * entry.fraction), bar.height())),
            t.accent);
    }
    if (touched) {
        const QRect area = removeArea(option.rect);
        const QRect cross(area.center() - QPoint(spacing::kIcon / 2, spacing::kIcon / 2),
            QSize(spacing::kIcon, spacing::kIcon));
        painter->drawPixmap(
            cross.topLeft(), iconPixmap(QStringLiteral("close"), spacing::kIcon, t.text, ratio));
    }
    if (selected && (option.state & QStyle::State_HasFocus))
        drawFocusRing(*painter, option.rect, t, 0);
    painter->restore();
}

} // namespace studio::ui
