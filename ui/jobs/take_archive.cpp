#include "ui/jobs/take_archive.h"

#include "core/api/log.h"
#include "ui/convert/strings.h"

#include <QMetaObject>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr std::chrono::milliseconds kAfterAChange{400};
constexpr std::chrono::milliseconds kWhileOneRuns{3000}; ///< its folder changes all the time
constexpr std::chrono::milliseconds kWhileTyping{120};

} // namespace

struct TakeArchive::Place {
    std::filesystem::path folder;
    std::shared_ptr<TakeStore> store;

    /// Null while there is no such folder: looking makes none.
    Outcome<std::shared_ptr<TakeStore>> open()
    {
        std::error_code none;
        if (folder.empty() || !std::filesystem::exists(folder, none))
            return std::shared_ptr<TakeStore>();
        if (store)
            return store;
        Outcome<std::shared_ptr<TakeStore>> opened = openTakeStore({folder});
        if (auto* found = std::get_if<std::shared_ptr<TakeStore>>(&opened))
            store = *found;
        return opened;
    }
};

TakeArchive::TakeArchive(QObject* parent)
    : QObject(parent)
    , m_place(std::make_shared<Place>())
    , m_listing(m_lane, kWhileTyping, [this](Listing listing) { show(std::move(listing)); })
    , m_opening(m_openLane, std::chrono::milliseconds(0), [this](const Outcome<OpenedTake>& opened) {
        if (const auto* take = std::get_if<OpenedTake>(&opened)) {
            m_takes.setLoaded(take->stored.summary.id, take->take);
            m_ids.emplace_back(take->take, take->stored.summary.id);
        }
        m_opened(opened);
    })
{
    for (QThreadPool* lane : {&m_lane, &m_openLane})
        lane->setMaxThreadCount(1);
    m_changed.setSingleShot(true);
    m_changed.setInterval(kAfterAChange);
    connect(&m_changed, &QTimer::timeout, this, &TakeArchive::refresh);
    const auto changed = [this] {
        if (!m_changed.isActive())
            m_changed.start();
    };
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, changed);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, changed);
}

TakeArchive::~TakeArchive()
{
    m_lane.waitForDone();
}

void TakeArchive::setFolder(const std::filesystem::path& folder)
{
    if (folder == m_folder)
        return;
    m_folder = folder;
    m_place = std::make_shared<Place>(Place{folder, nullptr});
    if (const QStringList watched = m_watcher.directories() + m_watcher.files(); !watched.isEmpty())
        m_watcher.removePaths(watched);
    refresh();
}

void TakeArchive::begin()
{
    m_begun = true;
    refresh();
}

void TakeArchive::refresh()
{
    if (m_begun)
        m_listing.ask([place = m_place, filter = m_filter] { return list(*place, filter); });
}

void TakeArchive::setDragged(Recipe recipe)
{
    m_takes.setDragged(recipe);
    m_found.setDragged(recipe);
}

void TakeArchive::setFilter(TakeFilter filter)
{
    m_filter = std::move(filter);
    refresh();
}

TakeArchive::Listing TakeArchive::list(Place& place, const TakeFilter& filter)
{
    Listing listing;
    const Outcome<std::shared_ptr<TakeStore>> opened = place.open();
    if (const Failure* failure = failureOf(opened)) {
        listing.failure = *failure;
        return listing;
    }
    const auto& store = std::get<std::shared_ptr<TakeStore>>(opened);
    if (!store)
        return listing;
    const auto ask = [&](const TakeQuery& query) -> std::vector<TakeSummary> {
        Outcome<std::vector<TakeSummary>> takes = store->list(query);
        if (const Failure* failure = failureOf(takes))
            listing.failure = *failure;
        auto* found = std::get_if<std::vector<TakeSummary>>(&takes);
        return found ? std::move(*found) : std::vector<TakeSummary>();
    };
    listing.all = ask({});
    const std::vector<TakeSummary> trash = ask({.text = {}, .trashed = true});
    listing.trashed = static_cast<int>(trash.size());
    const bool isAll = filter.query.text.empty() && !filter.query.starredOnly;
    listing.found = !isAll ? ask(filter.query) : filter.query.trashed ? trash : listing.all;
    std::erase_if(listing.found, [&filter](const TakeSummary& take) {
        return take.created < filter.from || take.created >= filter.until;
    });
    listing.running = std::any_of(listing.all.begin(), listing.all.end(),
        [](const TakeSummary& take) { return take.state == TakeState::Running; });
    // What has no picture or cannot be opened is nothing to browse through; the gallery offers what can be done.
    std::erase_if(listing.all,
        [](const TakeSummary& take) { return take.picture.empty() || take.state == TakeState::Damaged; });
    return listing;
}

void TakeArchive::show(Listing listing)
{
    if (listing.failure) {
        logWarning("The takes cannot be listed: " + listing.failure->detail);
        Q_EMIT failed(*listing.failure);
        return;
    }
    m_trashed = listing.trashed;
    m_changed.setInterval(listing.running ? kWhileOneRuns : kAfterAChange);
    if (listing.running)
        m_changed.start(); // it may end without a change that can be seen from here
    m_takes.setStored(std::move(listing.all));
    m_found.setStored(std::move(listing.found));
    watch();
    Q_EMIT listed();
}

/// The folder sees takes come and go, and the index's journal beside it whatever else changes.
void TakeArchive::watch()
{
    const QStringList watched = m_watcher.directories();
    for (const std::filesystem::path& folder : {m_folder, m_folder / "trash"}) {
        const QString path = pathToQt(folder);
        std::error_code none;
        if (!watched.contains(path) && std::filesystem::exists(folder, none))
            m_watcher.addPath(path);
    }
}

void TakeArchive::add(std::shared_ptr<const Take> take, const std::string& id)
{
    std::erase_if(m_ids, [](const auto& known) { return known.first.expired(); });
    if (!id.empty())
        m_ids.emplace_back(take, id);
    m_takes.add(std::move(take), id);
    if (!id.empty())
        refresh();
}

std::string TakeArchive::idOf(const Take* take) const
{
    for (const auto& [known, id] : m_ids) {
        if (take && known.lock().get() == take)
            return id;
    }
    return {};
}

void TakeArchive::open(const std::string& id, std::optional<std::size_t> run, Answer<OpenedTake> answer)
{
    m_opened = std::move(answer);
    m_opening.ask([folder = m_folder, id, run] { return openStoredTake(folder, id, run); });
}

template <class T, class Question> void TakeArchive::inLane(Question question, Answer<T> answer)
{
    // The destructor waits for the lane, so `this` is there whenever the worker calls; what it posts after that is
    // dropped with this object.
    m_lane.start([this, question = std::move(question), answer = std::move(answer)] {
        const Outcome<T> outcome = question();
        QMetaObject::invokeMethod(
            this, [answer, outcome] { answer(outcome); }, Qt::QueuedConnection);
    });
}

void TakeArchive::read(const std::string& id, Answer<StoredTake> answer)
{
    inLane<StoredTake>([folder = m_folder, id] { return readStoredTake(folder, id); }, std::move(answer));
}

void TakeArchive::findCutOff(std::vector<std::string> declined, Answer<std::optional<CutOff>> answer)
{
    inLane<std::optional<CutOff>>(
        [folder = m_folder, declined = std::move(declined)] { return ui::findCutOff(folder, declined); },
        std::move(answer));
}

/// `work` answers an Outcome<T> for the open store. Without a store there is nothing to change.
template <class T, class Work> void TakeArchive::change(Work work, Answer<T> answer)
{
    const auto question = [place = m_place, work = std::move(work)]() -> Outcome<T> {
        const Outcome<std::shared_ptr<TakeStore>> opened = place->open();
        if (const Failure* failure = failureOf(opened))
            return *failure;
        const auto& store = std::get<std::shared_ptr<TakeStore>>(opened);
        return store ? work(*store) : Outcome<T>(T());
    };
    inLane<T>(question, [this, answer = std::move(answer)](const Outcome<T>& outcome) {
        refresh();
        if (answer)
            answer(outcome);
    });
}

namespace {

template <class Act> Outcome<TakeChanges> each(const TakeArchive::Ids& ids, Act&& act)
{
    TakeChanges changes;
    for (const std::string& id : ids) {
        const Outcome<bool> outcome = act(id);
        if (const Failure* failure = failureOf(outcome))
            changes.refused.push_back({id, *failure});
        else
            changes.done.push_back(id);
    }
    return changes;
}

} // namespace

void TakeArchive::star(Ids ids, bool starred, Answer<TakeChanges> answer)
{
    change<TakeChanges>(
        [ids = std::move(ids), starred](TakeStore& store) {
            return each(ids, [&](const std::string& id) { return store.star(id, starred); });
        },
        std::move(answer));
}

void TakeArchive::trash(Ids ids, Answer<TakeChanges> answer)
{
    change<TakeChanges>(
        [ids = std::move(ids)](
            TakeStore& store) { return each(ids, [&](const std::string& id) { return store.trash(id); }); },
        std::move(answer));
}

void TakeArchive::restore(Ids ids, Answer<TakeChanges> answer)
{
    change<TakeChanges>(
        [ids = std::move(ids)](
            TakeStore& store) { return each(ids, [&](const std::string& id) { return store.restore(id); }); },
        std::move(answer));
}

void TakeArchive::measure(std::int64_t bytes, Answer<LimitReport> answer)
{
    inLane<LimitReport>(
        [folder = m_folder, bytes]() -> Outcome<LimitReport> {
            const Outcome<std::shared_ptr<TakeStore>> opened = openTakeStore({folder, bytes});
            if (const Failure* failure = failureOf(opened))
                return *failure;
            return std::get<std::shared_ptr<TakeStore>>(opened)->applyLimit();
        },
        std::move(answer));
}

void TakeArchive::emptyTrash(Answer<int> answer)
{
    change<int>([](TakeStore& store) { return store.emptyTrash(); }, std::move(answer));
}

} // namespace studio::ui
