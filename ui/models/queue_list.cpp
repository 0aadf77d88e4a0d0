#include "ui/models/queue_list.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"

#include <QMimeData>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

const QString kEntryMime = QStringLiteral("application/x-hires-studio-queue-entry");

} // namespace

QString entryTitle(const QueueEntry& entry)
{
    const QString mode
        = entry.request.firstPass.empty() ? modeName(entry.request.mode) : QueueList::tr("Second pass alone");
    return entry.forecast && entry.forecast->size.isSet()
        ? QueueList::tr("%1 · %2").arg(mode, sizeWords(entry.forecast->size))
        : mode;
}

QString entryStateInWords(const QueueEntry& entry)
{
    switch (entry.state) {
    case QueueState::Running:
        return QueueList::tr("running, %1 %").arg(std::lround(100 * entry.fraction));
    case QueueState::Failed:
        return QueueList::tr("failed: %1").arg(toQt(entry.failure ? entry.failure->detail : std::string()));
    case QueueState::Waiting:
        break;
    }
    return QueueList::tr("waits");
}

std::optional<double> secondsFor(const QueueEntry& entry, bool leads)
{
    if (entry.state == QueueState::Failed)
        return 0.0;
    if (entry.state == QueueState::Running && entry.secondsLeft >= 0)
        return entry.secondsLeft;
    if (!entry.forecast || entry.forecast->seconds <= 0)
        return std::nullopt;
    const double saved = leads ? 0.0 : entry.forecast->firstPassSeconds;
    return std::max(0.0, (entry.forecast->seconds - saved) * (1.0 - entry.fraction));
}

QueueList::QueueList(QObject* parent)
    : QAbstractListModel(parent)
{ }

int QueueList::rowOf(std::uint64_t id) const
{
    const auto found = std::find_if(
        m_entries.begin(), m_entries.end(), [id](const QueueEntry& entry) { return entry.id == id; });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

const QueueEntry* QueueList::find(std::uint64_t id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_entries[static_cast<std::size_t>(row)];
}

const QueueEntry* QueueList::running() const
{
    for (const QueueEntry& entry : m_entries) {
        if (entry.state == QueueState::Running)
            return &entry;
    }
    return nullptr;
}

const QueueEntry* QueueList::firstWaiting() const
{
    for (const QueueEntry& entry : m_entries) {
        if (entry.state == QueueState::Waiting)
            return &entry;
    }
    return nullptr;
}

int QueueList::count(QueueState state) const
{
    return static_cast<int>(std::count_if(m_entries.begin(), m_entries.end(),
        [state](const QueueEntry& entry) { return entry.state == state; }));
}

std::vector<std::uint64_t> QueueList::add(std::vector<QueueEntry> entries)
{
    if (entries.empty())
        return {};
    std::vector<std::uint64_t> ids;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(entries.size()) - 1);
    for (QueueEntry& entry : entries) {
        entry.id = ++m_lastId;
        ids.push_back(entry.id);
        m_entries.push_back(std::move(entry));
    }
    endInsertRows();
    tellChanged();
    return ids;
}

void QueueList::remove(std::uint64_t id)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_entries.erase(m_entries.begin() + row);
    endRemoveRows();
    tellChanged();
}

void QueueList::clear()
{
    beginResetModel();
    std::erase_if(m_entries, [](const QueueEntry& entry) { return entry.state != QueueState::Running; });
    endResetModel();
    tellChanged();
}

void QueueList::move(std::uint64_t id, int before)
{
    const int row = rowOf(id);
    before = std::clamp(before, 0, rowCount());
    if (row < 0 || before == row || before == row + 1)
        return;
    beginMoveRows({}, row, row, {}, before);
    const auto first = m_entries.begin();
    if (before > row)
        std::rotate(first + row, first + row + 1, first + before);
    else
        std::rotate(first + before, first + row, first + row + 1);
    endMoveRows();
    tellChanged();
}

template <class Change> bool QueueList::change(std::uint64_t id, Change&& change)
{
    const int row = rowOf(id);
    if (row < 0)
        return false;
    QueueEntry& entry = m_entries[static_cast<std::size_t>(row)];
    const QueueEntry before = entry;
    change(entry);
    if (entry == before)
        return false;
    Q_EMIT dataChanged(index(row), index(row));
    return true;
}

void QueueList::tellChanged()
{
    m_untoldChange = true;
    if (!m_together)
        tellTogether();
}

void QueueList::tellProgressed()
{
    m_untoldProgress = true;
    if (!m_together)
        tellTogether();
}

/// Who hears of a change looks at the forecasts, too.
void QueueList::tellTogether()
{
    m_together = false;
    const bool progress = std::exchange(m_untoldProgress, false);
    if (std::exchange(m_untoldChange, false))
        Q_EMIT changed();
    else if (progress)
        Q_EMIT progressed();
}

void QueueList::setRunning(std::uint64_t id)
{
    change(id, [](QueueEntry& entry) {
        entry.state = QueueState::Running;
        entry.failure.reset();
        entry.fraction = 0.0;
        entry.secondsLeft = -1.0;
    });
    tellChanged();
}

void QueueList::setProgress(std::uint64_t id, double fraction, double secondsLeft)
{
    if (change(id, [&](QueueEntry& entry) {
            entry.fraction = fraction;
            entry.secondsLeft = secondsLeft;
        }))
        tellProgressed();
}

void QueueList::setWaiting(std::uint64_t id)
{
    change(id, [](QueueEntry& entry) {
        entry.state = QueueState::Waiting;
        entry.failure.reset();
        entry.fraction = 0.0;
        entry.secondsLeft = -1.0;
    });
    tellChanged();
}

void QueueList::setFailed(std::uint64_t id, Failure failure)
{
    change(id, [&](QueueEntry& entry) {
        entry.state = QueueState::Failed;
        entry.failure = std::move(failure);
        entry.fraction = 0.0;
        entry.secondsLeft = -1.0;
    });
    tellChanged();
}

void QueueList::setForecast(std::uint64_t id, const QueueForecast& forecast)
{
    if (change(id, [&](QueueEntry& entry) { entry.forecast = forecast; }))
        tellProgressed();
}

void QueueList::setPlanned(std::uint64_t id, const Request& planned)
{
    if (change(id, [&](QueueEntry& entry) { entry.planned = planned; }))
        tellChanged();
}

void QueueList::setTake(std::uint64_t id, const std::string& take)
{
    if (change(id, [&](QueueEntry& entry) { entry.take = take; }))
        tellChanged();
}

void QueueList::setRequest(std::uint64_t id, const Request& request)
{
    if (change(id, [&](QueueEntry& entry) { entry.request = request; }))
        tellChanged();
}

void QueueList::setGroup(std::uint64_t id, const std::string& group)
{
    if (change(id, [&](QueueEntry& entry) { entry.group = group; }))
        tellChanged();
}

void QueueList::setFirstPass(const std::string& group, const std::string& path)
{
    bool any = false;
    for (const QueueEntry& entry : m_entries) {
        if (!group.empty() && entry.group == group && entry.state != QueueState::Running)
            any = change(entry.id, [&](QueueEntry& e) { e.request.firstPass = path; }) || any;
    }
    if (any)
        tellChanged();
}

int QueueList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant QueueList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const QueueEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    const QString prompt = toQt(entry.request.prompt);
    switch (role) {
    case Qt::DisplayRole:
        return entryTitle(entry);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3").arg(entryTitle(entry), prompt, entryStateInWords(entry));
    case Qt::ToolTipRole: {
        QStringList lines{prompt};
        if (!entry.request.negativePrompt.empty())
            lines << tr("Without: %1").arg(toQt(entry.request.negativePrompt));
        if (entry.failure)
            lines << toQt(entry.failure->detail);
        return lines.join(u'\n');
    }
    default:
        return {};
    }
}

Qt::ItemFlags QueueList::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled; // between the rows, not on them
    const Qt::ItemFlags flags = QAbstractListModel::flags(index);
    const bool running = m_entries[static_cast<std::size_t>(index.row())].state == QueueState::Running;
    return running ? flags : flags | Qt::ItemIsDragEnabled;
}

QStringList QueueList::mimeTypes() const
{
    return {kEntryMime};
}

QMimeData* QueueList::mimeData(const QModelIndexList& indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    auto* data = new QMimeData; // the caller owns it
    const QueueEntry& entry = m_entries[static_cast<std::size_t>(indexes.front().row())];
    data->setData(kEntryMime, QByteArray::number(qulonglong{entry.id}));
    return data;
}

bool QueueList::dropMimeData(
    const QMimeData* data, Qt::DropAction action, int row, int, const QModelIndex& parent)
{
    if (action != Qt::MoveAction || !data->hasFormat(kEntryMime))
        return false;
    const int before = row >= 0 ? row : parent.isValid() ? parent.row() : rowCount();
    move(data->data(kEntryMime).toULongLong(), before);
    return false; // the entry stands where it should: the view has no row to take away
}

} // namespace studio::ui
