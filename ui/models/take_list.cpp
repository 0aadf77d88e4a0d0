#include "ui/models/take_list.h"

#include "ui/convert/pictures.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/models/model_library.h"
#include "ui/theme/tokens.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace studio::ui {

namespace {

constexpr int kThumbnailSide = 2 * (spacing::kFilmstrip - 24); // sharp on screens of 2x
constexpr int kMostRanges = 64; ///< of rows that come or go one after another; above it, all are new

std::int64_t bytesOf(const Take& take)
{
    std::int64_t bytes = 0;
    for (const Layer& layer : take.layers) {
        const std::int64_t pixels = static_cast<std::int64_t>(layer.size.width) * layer.size.height;
        bytes += pixels * 3 * ((layer.picture ? 1 : 0) + (layer.precise ? 4 : 0));
    }
    return bytes;
}

/// What the store will say of a take that was just made.
TakeSummary summaryOf(const Take& take)
{
    const Request& request = take.plan.request;
    TakeSummary summary;
    summary.created = QDateTime::currentMSecsSinceEpoch();
    summary.state = take.ending == Ending::Finished ? TakeState::Finished
        : take.ending == Ending::Cancelled          ? TakeState::Cancelled
                                                    : TakeState::Failed;
    summary.hasFirstPass = false;
    summary.mode = request.mode;
    summary.seed = request.seed.value_or(0);
    summary.prompt = request.prompt;
    summary.negativePrompt = request.negativePrompt;
    summary.model = toStd(modelName(toQt(request.models.base)));
    summary.layers = static_cast<int>(take.layers.size());
    summary.finishedRuns = summary.state == TakeState::Finished ? 1 : 0;
    if (const Layer* layer = take.mainLayer())
        summary.size = layer->size;
    return summary;
}

} // namespace

QString stateInWords(TakeState state)
{
    switch (state) {
    case TakeState::Running:
        return TakeList::tr("running");
    case TakeState::Finished:
        return {};
    case TakeState::Cancelled:
        return TakeList::tr("cancelled");
    case TakeState::Failed:
        return TakeList::tr("failed");
    case TakeState::Interrupted:
        return TakeList::tr("cut off");
    case TakeState::Damaged:
        return TakeList::tr("damaged");
    }
    return {};
}

QString takeInWords(const TakeSummary& take)
{
    const bool isKnown = take.state != TakeState::Damaged;
    QStringList parts;
    if (isKnown)
        parts << modeName(take.mode);
    if (take.size.isSet())
        parts << sizeWords(take.size);
    if (isKnown)
        parts << TakeList::tr("seed %1").arg(take.seed);
    if (const QString state = stateInWords(stateToShow(take)); !state.isEmpty())
        parts << state;
    if (take.starred)
        parts << TakeList::tr("starred");
    return parts.join(QStringLiteral(", "));
}

TakeList::TakeList(QObject* parent)
    : QAbstractListModel(parent)
{ }

std::string TakeList::add(std::shared_ptr<const Take> take, const std::string& id)
{
    const Layer* layer = take->mainLayer();
    if (!layer)
        return {};
    QImage thumbnail = thumbnailOf(layer->picture, kThumbnailSide);
    if (const int row = rowOf(id); row >= 0) {
        TakeRow& known = m_rows[static_cast<std::size_t>(row)];
        const TakeSummary made = summaryOf(*take);
        known.summary.state = made.state;
        known.summary.finishedRuns += made.finishedRuns;
        known.summary.size = made.size;
        known.summary.picture.clear(); // of an earlier run
        known.take = std::move(take);
        known.thumbnail = std::move(thumbnail);
        Q_EMIT dataChanged(index(row), index(row));
        dropOldest();
        return id;
    }
    TakeRow row{summaryOf(*take), !id.empty(), std::move(take), std::move(thumbnail)};
    row.summary.id = id.empty() ? "memory-" + std::to_string(++m_unstored) : id;
    const std::string name = row.summary.id;
    beginInsertRows({}, 0, 0);
    m_rows.insert(m_rows.begin(), std::move(row));
    endInsertRows();
    dropOldest();
    return name;
}

void TakeList::setLoaded(const std::string& id, std::shared_ptr<const Take> take)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    m_rows[static_cast<std::size_t>(row)].take = std::move(take);
    dropOldest();
}

void TakeList::dropOldest()
{
    std::int64_t bytes = 0;
    bool isNewest = true;
    for (int i = 0; i < rowCount(); ++i) {
        TakeRow& row = m_rows[static_cast<std::size_t>(i)];
        if (!row.take)
            continue;
        bytes += bytesOf(*row.take);
        const bool fits = bytes <= kMostBytes || isNewest;
        isNewest = false;
        if (fits)
            continue;
        if (row.stored) {
            row.take.reset();
            continue;
        }
        beginRemoveRows({}, i, i);
        m_rows.erase(m_rows.begin() + i--);
        endRemoveRows();
    }
}

void TakeList::setStored(std::vector<TakeSummary> stored)
{
    std::vector<TakeRow> target;
    target.reserve(stored.size());
    for (TakeSummary& summary : stored)
        target.push_back({std::move(summary), true, nullptr, {}});
    takeOver(target);
    if (canMerge(target))
        return merge(std::move(target));
    beginResetModel();
    m_rows = std::move(target);
    endResetModel();
}

/// What only this session knows: takes in memory, some of which no store has.
void TakeList::takeOver(std::vector<TakeRow>& target) const
{
    std::unordered_map<std::string, const TakeRow*> known; // few, among thousands
    bool sorted = true;
    for (const TakeRow& row : m_rows) {
        if (!row.stored)
            target.push_back(row);
        else if (row.take || !row.thumbnail.isNull())
            known.emplace(row.summary.id, &row);
        sorted = sorted && row.stored;
    }
    for (TakeRow& row : target) {
        if (known.empty())
            break;
        const auto old = known.find(row.summary.id);
        if (old == known.end())
            continue;
        row.take = old->second->take;
        row.thumbnail = old->second->thumbnail;
        known.erase(old);
    }
    if (!sorted)
        std::stable_sort(target.begin(), target.end(),
            [](const TakeRow& a, const TakeRow& b) { return a.summary.created > b.summary.created; });
}

/// Whether the rows that stay keep their order, and few enough come and go between them.
bool TakeList::canMerge(const std::vector<TakeRow>& target) const
{
    const Difference part = differenceTo(target);
    const auto idsOf = [](auto begin, auto end) {
        std::unordered_set<std::string> ids;
        for (; begin != end; ++begin)
            ids.insert(begin->summary.id);
        return ids;
    };
    auto i = m_rows.begin() + part.begin;
    auto j = target.begin() + part.begin;
    const auto oldEnd = m_rows.end() - part.sameAtEnd;
    const auto newEnd = target.end() - part.sameAtEnd;
    const std::unordered_set<std::string> old = idsOf(i, oldEnd);
    const std::unordered_set<std::string> fresh = idsOf(j, newEnd);
    int ranges = 0;
    bool within = false;
    while (i != oldEnd || j != newEnd) {
        const bool gone = i != oldEnd && !fresh.contains(i->summary.id);
        const bool come = !gone && j != newEnd && !old.contains(j->summary.id);
        ranges += (gone || come) && !within ? 1 : 0;
        within = gone || come;
        if (!within && (i == oldEnd || j == newEnd || i->summary.id != j->summary.id))
            return false;
        if (!come)
            ++i;
        if (!gone)
            ++j;
    }
    return ranges <= kMostRanges;
}

/// Most of a list is usually as it was: what is the same at both ends needs no closer look.
TakeList::Difference TakeList::differenceTo(const std::vector<TakeRow>& target) const
{
    const auto least = static_cast<std::ptrdiff_t>(std::min(m_rows.size(), target.size()));
    Difference part;
    const auto same = [](const TakeRow& a, const TakeRow& b) { return a.summary.id == b.summary.id; };
    while (part.begin < least && same(*(m_rows.begin() + part.begin), *(target.begin() + part.begin)))
        ++part.begin;
    while (part.sameAtEnd < least - part.begin
        && same(*(m_rows.end() - part.sameAtEnd - 1), *(target.end() - part.sameAtEnd - 1)))
        ++part.sameAtEnd;
    return part;
}

void TakeList::merge(std::vector<TakeRow> target)
{
    removeMissing(target);
    insertNew(target);
    for (int i = 0; i < rowCount(); ++i) {
        TakeRow& row = m_rows[static_cast<std::size_t>(i)];
        TakeRow& fresh = target[static_cast<std::size_t>(i)];
        if (row.summary == fresh.summary && row.stored == fresh.stored)
            continue;
        row = std::move(fresh);
        Q_EMIT dataChanged(index(i), index(i));
    }
}

void TakeList::removeMissing(const std::vector<TakeRow>& target)
{
    const Difference part = differenceTo(target);
    std::unordered_set<std::string> fresh;
    for (auto row = target.begin() + part.begin; row != target.end() - part.sameAtEnd; ++row)
        fresh.insert(row->summary.id);
    const auto isGone
        = [&](int row) { return !fresh.contains(m_rows[static_cast<std::size_t>(row)].summary.id); };
    const int begin = static_cast<int>(part.begin);
    for (int last = rowCount() - 1 - static_cast<int>(part.sameAtEnd); last >= begin; --last) {
        if (!isGone(last))
            continue;
        int first = last;
        while (first > begin && isGone(first - 1))
            --first;
        beginRemoveRows({}, first, last);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        endRemoveRows();
        last = first;
    }
}

/// What is there already is a part of `target`, in its order. Leaves `target` as it is.
void TakeList::insertNew(const std::vector<TakeRow>& target)
{
    for (std::size_t first = 0; first < target.size(); ++first) {
        const bool atEnd = first == m_rows.size();
        std::size_t end = first;
        while (end < target.size() && (atEnd || target[end].summary.id != m_rows[first].summary.id))
            ++end;
        if (end == first)
            continue;
        const auto at = [](auto& rows, std::size_t i) { return rows.begin() + static_cast<int>(i); };
        beginInsertRows({}, static_cast<int>(first), static_cast<int>(end) - 1);
        m_rows.insert(at(m_rows, first), at(target, first), at(target, end));
        endInsertRows();
        first = end - 1;
    }
}

std::shared_ptr<const Take> TakeList::take(int row) const
{
    return row >= 0 && row < rowCount() ? this->row(row).take : nullptr;
}

int TakeList::rowOf(const std::string& id) const
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].summary.id == id)
            return static_cast<int>(i);
    }
    return -1;
}

int TakeList::rowOf(const Take* take) const
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (take && m_rows[i].take.get() == take)
            return static_cast<int>(i);
    }
    return -1;
}

int TakeList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant TakeList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const TakeSummary& summary = row(index.row()).summary;
    switch (role) {
    case Qt::DecorationRole:
        return row(index.row()).thumbnail;
    case Qt::DisplayRole:
        return modeName(summary.mode);
    case Qt::AccessibleTextRole:
    case Qt::AccessibleDescriptionRole: {
        const bool isText = role == Qt::AccessibleTextRole;
        return isText ? takeInWords(summary) : toQt(summary.prompt);
    }
    case Qt::ToolTipRole: {
        const QDateTime made = QDateTime::fromMSecsSinceEpoch(summary.created);
        QStringList lines{
            takeInWords(summary), toQt(summary.prompt), QLocale().toString(made, QLocale::ShortFormat)};
        if (!summary.damage.empty())
            lines << TakeList::tr("Damaged: %1").arg(toQt(summary.damage));
        return lines.join(u'\n');
    }
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
    if (indexes.isEmpty())
        return nullptr;
    const TakeRow& dragged = row(indexes.front().row());
    if (dragged.take)
        return new TakeMime(dragged.take, m_dragged); // the caller owns it
    return dragged.summary.picture.empty() ? nullptr : new FileMime(dragged.summary.picture, m_dragged);
}

} // namespace studio::ui
