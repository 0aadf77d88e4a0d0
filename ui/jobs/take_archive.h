#pragma once

#include "core/api/take_store.h"
#include "ui/jobs/latest_task.h"
#include "ui/jobs/stored_take.h"
#include "ui/jobs/thumbnail_loader.h"
#include "ui/models/take_list.h"

#include <QFileSystemWatcher>
#include <QObject>

#include <limits>

namespace studio::ui {

/// What the gallery asks the store for.
struct TakeFilter {
    TakeQuery query;
    std::int64_t from = 0;                                         ///< made at that time or later
    std::int64_t until = std::numeric_limits<std::int64_t>::max(); ///< made before it

    bool isNarrow() const { return !query.text.empty() || query.starredOnly || from > 0 || hasEnd(); }
    bool hasEnd() const { return until != std::numeric_limits<std::int64_t>::max(); }
};

/// What became of a change to several takes. Those that are refused keep none of the others back.
struct TakeChanges {
    struct Refusal {
        std::string id;
        Failure failure;
    };
    std::vector<std::string> done; ///< ids
    std::vector<Refusal> refused;
};

/// The takes on the disk and those of this session, for the window: everything that touches the disk happens in the
/// background, and answers come on the thread of the window, where this lives. Lists follow what other programs do in
/// the same folder. The destructor waits for what has been begun.
class TakeArchive : public QObject {
    Q_OBJECT

public:
    using Ids = std::vector<std::string>;
    template <class T> using Answer = std::function<void(const Outcome<T>&)>;

    explicit TakeArchive(QObject* parent = nullptr);
    ~TakeArchive() override;

    /// Where the store is; it is not made before something is kept in it. Empty: there is none.
    void setFolder(const std::filesystem::path& folder);
    const std::filesystem::path& folder() const { return m_folder; }

    /// Lists are read from now on. Before, nothing touches the disk.
    void begin();
    void refresh();
    /// What pictures carry that are dragged out of the lists.
    void setDragged(Recipe recipe);
    bool isListing() const { return m_listing.isBusy(); }

    TakeList& takes() { return m_takes; } ///< of all times, without the trash: the filmstrip's
    TakeList& found() { return m_found; } ///< what the filter finds: the gallery's
    const TakeFilter& filter() const { return m_filter; }
    void setFilter(TakeFilter filter);
    ThumbnailLoader& thumbnails() { return m_thumbnails; }
    int trashed() const { return m_trashed; } ///< how many takes lie in the trash

    /// A run of this session that has ended. `id`: of its take in the store; empty: it was not kept.
    void add(std::shared_ptr<const Take> take, const std::string& id);
    /// Of a take that this session made or opened; empty: it is not in the store.
    std::string idOf(const Take* take) const;

    /// The newest question wins: the answers of those overtaken are never given.
    void open(const std::string& id, std::optional<std::size_t> run, Answer<OpenedTake> answer);
    void read(const std::string& id, Answer<StoredTake> answer);
    void findCutOff(std::vector<std::string> declined, Answer<std::optional<CutOff>> answer);

    /// All of them. A failure: the store cannot be opened, and nothing has changed.
    void star(Ids ids, bool starred, Answer<TakeChanges> answer);
    void trash(Ids ids, Answer<TakeChanges> answer);
    void restore(Ids ids, Answer<TakeChanges> answer);
    /// What the takes hold, and whether they go beyond a room of `bytes` though nothing more may be removed.
    void measure(std::int64_t bytes, Answer<LimitReport> answer);
    /// The answer is how many are gone.
    void emptyTrash(Answer<int> answer);

Q_SIGNALS:
    /// Both lists are as the store was a moment ago.
    void listed();
    /// The store cannot be read.
    void failed(const studio::Failure& failure);

private:
    struct Listing {
        std::vector<TakeSummary> all;
        std::vector<TakeSummary> found;
        int trashed = 0;
        bool running = false; ///< one of them is being made
        std::optional<Failure> failure;
    };
    struct Place; ///< the open store; used in the lane alone

    static Listing list(Place& place, const TakeFilter& filter);
    void show(Listing listing);
    void watch();
    template <class T, class Work> void change(Work work, Answer<T> answer);
    template <class T, class Question> void inLane(Question question, Answer<T> answer);

    std::filesystem::path m_folder;
    std::shared_ptr<Place> m_place;
    TakeList m_takes;
    TakeList m_found;
    TakeFilter m_filter;
    int m_trashed = 0;
    bool m_begun = false;
    std::vector<std::pair<std::weak_ptr<const Take>, std::string>> m_ids;
    ThumbnailLoader m_thumbnails;
    QFileSystemWatcher m_watcher;
    QTimer m_changed; ///< several changes at once are one
    QThreadPool m_lane;
    QThreadPool m_openLane;
    LatestTask<Listing> m_listing;
    Answer<OpenedTake> m_opened;
    LatestTask<Outcome<OpenedTake>> m_opening;
};

} // namespace studio::ui
