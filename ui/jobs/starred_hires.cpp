#include "ui/jobs/starred_hires.h"

#include "ui/convert/counted.h"
#include "ui/convert/strings.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"

namespace studio::ui {

StarredHires::StarredHires(StudioController& controller, QObject* parent)
    : QObject(parent)
    , m_controller(controller)
    , m_task(m_lane, std::chrono::milliseconds(0), [this](Read read) { add(std::move(read)); })
{
    m_lane.setMaxThreadCount(1);
}

void StarredHires::start()
{
    m_task.ask([folder = m_controller.takesFolder(), wish = secondPassWish(m_controller.state())] {
        return read(folder, wish);
    });
}

StarredHires::Read StarredHires::read(const std::filesystem::path& folder, const SecondPassWish& wish)
{
    const auto opened = openTakeStore({folder});
    if (const Failure* failure = failureOf(opened))
        return *failure;
    TakeStore& store = *std::get<std::shared_ptr<TakeStore>>(opened);
    TakeQuery query;
    query.starredOnly = true;
    const auto listed = store.list(query);
    if (const Failure* failure = failureOf(listed))
        return *failure;
    const auto& summaries = std::get<std::vector<TakeSummary>>(listed);
    std::vector<StoredTake> takes;
    QStringList unreadable;
    for (auto summary = summaries.rbegin(); summary != summaries.rend(); ++summary) { // as they were made
        const Outcome<StoredTake> take = store.read(summary->id);
        if (const Failure* failure = failureOf(take))
            unreadable << toQt(failure->detail);
        else if (std::holds_alternative<StoredTake>(take))
            takes.push_back(std::get<StoredTake>(take));
    }
    SecondPasses passes = secondPassesOf(takes, wish);
    passes.refused = unreadable + passes.refused;
    return passes;
}

void StarredHires::add(Read read)
{
    if (const Failure* failure = failureOf(read))
        return Q_EMIT failed(*failure);
    const auto& passes = std::get<SecondPasses>(read);
    std::vector<QueueEntry> entries;
    for (const Request& request : passes.requests) {
        QueueEntry entry;
        entry.request = m_controller.portable(request);
        entries.push_back(std::move(entry));
    }
    m_controller.queue().add(std::move(entries));
    Q_EMIT added(passes);
}

QString secondPassesInWords(const SecondPasses& passes)
{
    QStringList sentences;
    const int count = static_cast<int>(passes.requests.size());
    if (count > 0)
        sentences << counted(count, StarredHires::tr("One picture was added to the queue."),
            StarredHires::tr("%n pictures were added to the queue.", nullptr, count));
    if (passes.fromStored > 0)
        sentences << counted(passes.fromStored,
            StarredHires::tr("One second pass goes on from its stored first pass."),
            StarredHires::tr(
                "%n second passes go on from their stored first pass.", nullptr, passes.fromStored));
    if (passes.whole > 0)
        sentences << counted(passes.whole,
            StarredHires::tr("One is run as a whole with its seed, because its first pass is not kept."),
            StarredHires::tr("%n are run as a whole with their seed, because their first pass is not kept.",
                nullptr, passes.whole));
    if (passes.done > 0)
        sentences << counted(passes.done, StarredHires::tr("One has this second pass already."),
            StarredHires::tr("%n have this second pass already.", nullptr, passes.done));
    if (!passes.refused.isEmpty())
        sentences << StarredHires::tr("%n cannot be run.", nullptr, static_cast<int>(passes.refused.size()));
    if (sentences.isEmpty())
        sentences << StarredHires::tr(
            "No take is starred. Star the drafts you like, then hires them together.");
    return sentences.join(u' ');
}

} // namespace studio::ui
