#include "ui/models/take_list.h"

#include "ui/convert/pictures.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/models/take_mime.h"
#include "ui/theme/tokens.h"

namespace studio::ui {

namespace {

constexpr int kThumbnailSide = 2 * (spacing::kFilmstrip - 24); // sharp on screens of 2x

std::int64_t bytesOf(const Take& take)
{
    std::int64_t bytes = 0;
    for (const Layer& layer : take.layers) {
        const std::int64_t pixels = static_cast<std::int64_t>(layer.size.width) * layer.size.height;
        bytes += pixels * 3 * ((layer.picture ? 1 : 0) + (layer.precise ? 4 : 0));
    }
    return bytes;
}

} // namespace

QString takeInWords(const Take& take)
{
    QStringList parts{modeName(take.plan.request.mode)};
    if (const Layer* layer = take.mainLayer())
        parts << sizeWords(layer->size);
    if (take.plan.request.seed)
        parts << TakeList::tr("seed %1").arg(*take.plan.request.seed);
    if (take.ending == Ending::Cancelled)
        parts << TakeList::tr("cancelled");
    if (take.ending == Ending::Failed)
        parts << TakeList::tr("failed");
    return parts.join(QStringLiteral(", "));
}

TakeList::TakeList(QObject* parent)
    : QAbstractListModel(parent)
{ }

void TakeList::add(std::shared_ptr<const Take> take)
{
    const Layer* layer = take->mainLayer();
    if (!layer)
        return;
    const int row = rowCount();
    QImage thumbnail = thumbnailOf(layer->picture, kThumbnailSide);
    beginInsertRows({}, row, row);
    m_entries.push_back({std::move(take), std::move(thumbnail)});
    endInsertRows();
    dropOldest();
}

void TakeList::dropOldest()
{
    std::int64_t bytes = 0;
    for (const Entry& entry : m_entries)
        bytes += bytesOf(*entry.take);
    while (bytes > kMostBytes && m_entries.size() > 1) {
        bytes -= bytesOf(*m_entries.front().take);
        beginRemoveRows({}, 0, 0);
        m_entries.erase(m_entries.begin());
        endRemoveRows();
    }
}

std::shared_ptr<const Take> TakeList::take(int row) const
{
    return row >= 0 && row < rowCount() ? m_entries[static_cast<std::size_t>(row)].take : nullptr;
}

int TakeList::rowOf(const Take* take) const
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (m_entries[i].take.get() == take)
            return static_cast<int>(i);
    }
    return -1;
}

int TakeList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant TakeList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Entry& entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DecorationRole:
        return entry.thumbnail;
    case Qt::DisplayRole:
        return modeName(entry.take->plan.request.mode);
    case Qt::AccessibleTextRole:
        return takeInWords(*entry.take);
    case Qt::ToolTipRole:
        return QStringLiteral("%1\n%2").arg(takeInWords(*entry.take), toQt(entry.take->plan.request.prompt));
    default:
        return {};
    }
}

Qt::ItemFlags TakeList::flags(const QModelIndex& index) const
{
    return QAbstractListModel::flags(index) | Qt::ItemIsDragEnabled;
}

QMimeData* TakeList::mimeData(const QModelIndexList& indexes) const
{
    const std::shared_ptr<const Take> dragged = indexes.isEmpty() ? nullptr : take(indexes.front().row());
    return dragged ? new TakeMime(dragged) : nullptr; // the caller owns it
}

} // namespace studio::ui
