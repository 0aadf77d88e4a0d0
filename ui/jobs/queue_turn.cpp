#include "ui/jobs/queue_turn.h"

#include "core/api/take_store.h"
#include "ui/convert/strings.h"
#include "ui/jobs/stored_take.h"

#include <QCoreApplication>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::QueueRunner)
};

bool isThere(const std::filesystem::path& file)
{
    std::error_code none;
    return !file.empty() && std::filesystem::exists(file, none);
}

std::optional<StoredTake> readTake(const std::filesystem::path& store, const std::string& id)
{
    if (!isThere(store) || id.empty())
        return std::nullopt; // looking makes no folder
    Outcome<StoredTake> read = readStoredTake(store, id);
    auto* take = std::get_if<StoredTake>(&read);
    return take ? std::optional(std::move(*take)) : std::nullopt;
}

/// Models that nobody chose are wherever the program is.
Request withoutModels(Request request)
{
    request.models = {};
    for (Rung& rung : request.hires.rungs)
        rung.model.clear();
    return request;
}

} // namespace

Request onKeptFirstPass(const QueueEntry& entry, const std::filesystem::path& store)
{
    Request request = entry.request;
    if (request.firstPass.empty())
        return request;
    const std::filesystem::path latent = toPath(toQt(request.firstPass));
    if (isThere(latent))
        return request;
    // It lies in the folder of its take, whose name is the take's id.
    const auto take = readTake(store, latent.parent_path().filename().string());
    if (take && isThere(take->firstPass)) {
        request.firstPass = toStd(pathToQt(take->firstPass));
        return request;
    }
    // What was planned on the latent has the settings that made it.
    if (entry.planned)
        request = *entry.planned;
    request.firstPass.clear();
    return request;
}

bool isRunOf(const QueueEntry& entry, const Request& planned)
{
    if (!entry.planned)
        return false;
    const bool chosen = !entry.request.models.base.empty();
    Request a = chosen ? *entry.planned : withoutModels(*entry.planned);
    Request b = chosen ? planned : withoutModels(planned);
    a.firstPass.clear(); // it gives what the same settings give from the start
    b.firstPass.clear();
    return a == b;
}

QueueTurn turnOf(const QueueEntry& entry, const std::filesystem::path& store) noexcept
{
    QueueTurn turn{entry.id, QueueTurn::Kind::Run, onKeptFirstPass(entry, store), nullptr, std::nullopt};
    const auto take = readTake(store, entry.take);
    if (!take || take->summary.trashed)
        return turn;
    for (std::size_t i = take->runs.size(); i-- > 0;) {
        const StoredRun& run = take->runs[i];
        const Request& planned = run.take.plan.request;
        if (!isRunOf(entry, planned))
            continue;
        const bool isLast = i + 1 == take->runs.size(); // only that one can be gone on with
        if (run.state == TakeState::Finished) {
            Outcome<OpenedTake> opened = openStoredTake(store, entry.take, i);
            if (const auto* found = std::get_if<OpenedTake>(&opened); found && found->take->mainLayer())
                return {entry.id, QueueTurn::Kind::Made, turn.request, found->take, std::nullopt};
        } else if (run.state == TakeState::Running) {
            const QString why
                = Words::tr("It is being finished elsewhere (take %1). Try again when that has ended.")
                      .arg(toQt(entry.take));
            return {entry.id, QueueTurn::Kind::Wait, turn.request, nullptr,
                Failure{ErrorKind::BadInput, toStd(why)}};
        } else if (isLast && (planned.firstPass.empty() || isThere(toPath(toQt(planned.firstPass))))) {
            turn.kind = QueueTurn::Kind::GoOn;
            return turn;
        }
    }
    return turn;
}

} // namespace studio::ui
