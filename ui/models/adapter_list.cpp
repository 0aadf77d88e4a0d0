#include "ui/models/adapter_list.h"

#include "ui/convert/strings.h"
#include "ui/jobs/thumbnail_loader.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_use.h"
#include "ui/widgets/tool_tip_text.h"

#include <algorithm>

namespace studio::ui {

namespace {

QString toolTip(const AdapterFile& file)
{
    QStringList lines{toQt(file.name)};
    if (const QString why = whyUnfit(file); !why.isEmpty())
        lines << why;
    lines << toQt(file.title);
    for (const std::string& words : file.triggerWords)
        lines << AdapterList::tr("Trigger words: %1").arg(toQt(words));
    if (!file.notes.empty())
        lines << toQt(file.notes);
    for (const std::string& fault : file.faults)
        lines << toQt(fault);
    lines << pathToQt(file.path);
    lines.removeDuplicates();
    return toolTipText(lines.join(u'\n'));
}

} // namespace

QString detailsOf(const AdapterFile& file)
{
    QStringList parts;
    parts << (file.family.empty() ? AdapterList::tr("family unknown") : toQt(file.family));
    if (file.rank > 0)
        parts << AdapterList::tr("rank %1").arg(file.rank);
    if (!file.triggerWords.empty())
        parts << toQt(file.triggerWords.front());
    return parts.join(QStringLiteral(" · "));
}

AdapterList::AdapterList(AdapterLibrary& library, AdapterUse& use, ThumbnailLoader& pictures, QObject* parent)
    : QAbstractListModel(parent)
    , m_library(library)
    , m_use(use)
    , m_pictures(pictures)
{
    connect(&library, &AdapterLibrary::changed, this, &AdapterList::fill);
    connect(&use, &AdapterUse::changed, this, &AdapterList::showAgain);
    connect(&pictures, &ThumbnailLoader::arrived, this, &AdapterList::showAgain);
    fill();
}

void AdapterList::setSearch(const QString& text)
{
    m_search = text;
    fill();
}

bool AdapterList::matches(const AdapterFile& file) const
{
    QStringList text{toQt(file.name), toQt(file.family), pathToQt(file.path.parent_path().filename())};
    for (const std::string& words : file.triggerWords)
        text << toQt(words);
    const QString all = text.join(u'\n');
    const QStringList wanted = m_search.split(u' ', Qt::SkipEmptyParts);
    return std::ranges::all_of(
        wanted, [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

void AdapterList::fill()
{
    std::vector<AdapterFile> rows;
    std::ranges::copy_if(m_library.found().adapters, std::back_inserter(rows),
        [this](const AdapterFile& file) { return matches(file); });
    // Those that can be used come first.
    std::ranges::stable_partition(rows, [](const AdapterFile& file) { return whyUnfit(file).isEmpty(); });
    if (rows == m_rows)
        return;
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void AdapterList::showAgain()
{
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

void AdapterList::toggle(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    const AdapterFile file = m_rows.at(std::size_t(index.row()));
    const QString path = pathToQt(file.path);
    if (!whyUnfit(file).isEmpty())
        return;
    if (m_use.isUsed(path))
        m_use.remove(path);
    else
        m_use.add(path, file.preferredWeight.value_or(1.0));
}

int AdapterList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant AdapterList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const AdapterFile& file = m_rows.at(std::size_t(index.row()));
    const QString whyNot = whyUnfit(file);
    switch (role) {
    case Qt::DisplayRole:
        return toQt(file.name);
    case Qt::ToolTipRole:
        return toolTip(file);
    case Qt::AccessibleTextRole:
        return whyNot.isEmpty() ? QStringLiteral("%1, %2").arg(toQt(file.name), detailsOf(file))
                                : tr("%1, cannot be used. %2").arg(toQt(file.name), whyNot);
    case Qt::CheckStateRole:
        return whyNot.isEmpty() ? QVariant(m_use.isUsed(pathToQt(file.path)) ? Qt::Checked : Qt::Unchecked)
                                : QVariant();
    case PathRole:
        return pathToQt(file.path);
    case DetailRole:
        return whyNot.isEmpty() ? detailsOf(file) : whyNot;
    case WhyNotRole:
        return whyNot;
    case PictureRole:
        return squareMiddle(m_pictures.find(file.picture, kPictureSide).image);
    default:
        return {};
    }
}

Qt::ItemFlags AdapterList::flags(const QModelIndex& index) const
{
    // Those that cannot be used can be reached, so that a screen reader comes to the reason.
    return index.isValid() ? Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemNeverHasChildren
                           : Qt::NoItemFlags;
}

} // namespace studio::ui
