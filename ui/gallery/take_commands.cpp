#include "ui/gallery/take_commands.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/gallery/damaged_takes.h"
#include "ui/jobs/studio_controller.h"
#include "ui/jobs/take_archive.h"
#include "ui/theme/icons.h"
#include "ui/widgets/notice.h"

#include <QAction>
#include <QDesktopServices>
#include <QUrl>
#include <QWidget>

#include <algorithm>
#include <array>

namespace studio::ui {

namespace {

using Targets = std::vector<TakeSummary>;

/// Why a command does not apply; empty if it does.
using Why = QString (*)(const Targets&);

QString unlessOne(const Targets& takes)
{
    return takes.size() == 1 ? QString() : TakeCommands::tr("Choose one take.");
}

QString unlessOneOutside(const Targets& takes)
{
    if (takes.size() == 1 && takes.front().trashed)
        return TakeCommands::tr("Bring it back from the trash first.");
    return unlessOne(takes);
}

QString unlessTwo(const Targets& takes)
{
    const bool two = takes.size() == 2 && !takes[0].picture.empty() && !takes[1].picture.empty();
    return two ? QString() : TakeCommands::tr("Choose two takes that have a picture.");
}

QString unlessFirstPass(const Targets& takes)
{
    if (const QString why = unlessOneOutside(takes); !why.isEmpty())
        return why;
    return takes.front().hasFirstPass
        ? QString()
        : TakeCommands::tr(
            "The latent of its first pass is not kept: the pass never ended, or it was removed for room.");
}

QString unlessUnfinished(const Targets& takes)
{
    if (const QString why = unlessOneOutside(takes); !why.isEmpty())
        return why;
    if (takes.front().state == TakeState::Running)
        return TakeCommands::tr("It is still being made.");
    return takes.front().state == TakeState::Finished ? TakeCommands::tr("It is finished.") : QString();
}

QString unlessOutside(const Targets& takes)
{
    const auto trashed = [](const TakeSummary& take) { return take.trashed; };
    if (takes.empty())
        return TakeCommands::tr("Choose a take.");
    return std::any_of(takes.begin(), takes.end(), trashed)
        ? TakeCommands::tr("Bring it back from the trash first.")
        : QString();
}

QString unlessTrashed(const Targets& takes)
{
    const auto trashed = [](const TakeSummary& take) { return take.trashed; };
    const bool all = !takes.empty() && std::all_of(takes.begin(), takes.end(), trashed);
    return all ? QString() : TakeCommands::tr("Choose a take in the trash.");
}

QString never(const Targets&)
{
    return {};
}

struct Info {
    TakeCommand command;
    const char* text;
    const char* icon;
    const char* keys;
    Why why;
    bool anywhere = false;   ///< its key acts in the whole window, not in lists of takes alone
    bool lineBefore = false; ///< in menus
};

constexpr std::array kCommands{
    Info{TakeCommand::Open, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "&Open"), "image", "", &unlessOne},
    Info{TakeCommand::Compare, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "&Compare"), "compare", "C",
        &unlessTwo},
    Info{TakeCommand::SecondPass, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "Second &pass only"), "redo",
        "Ctrl+Shift+R", &unlessFirstPass, true, true},
    Info{TakeCommand::FinishRun, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "&Finish the run"), "play", "",
        &unlessUnfinished},
    Info{TakeCommand::UseRecipe, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "&Use its settings"), "reuse",
        "", &unlessOne, false, true},
    Info{TakeCommand::UseSeed, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "Use its &seed"), "dice",
        "Ctrl+Alt+R", &unlessOne, true},
    Info{TakeCommand::Star, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "S&tar"), "star", "Ctrl+D",
        &unlessOutside, true, true},
    Info{TakeCommand::ShowFolder, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "Show its fo&lder"), "folder",
        "", &unlessOne},
    Info{TakeCommand::Trash, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "Move to the t&rash"), "trash",
        "Del", &unlessOutside, false, true},
    Info{TakeCommand::Restore, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "&Bring back"), "undo", "",
        &unlessTrashed},
    Info{TakeCommand::EmptyTrash, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "&Empty the trash…"), "trash",
        "", &never},
    Info{TakeCommand::Undo, QT_TRANSLATE_NOOP("studio::ui::TakeCommands", "U&ndo"), "undo", "Ctrl+Z", &never,
        false, true},
};

} // namespace

TakeCommands::TakeCommands(StudioController& controller, Notice& notice, QWidget* window)
    : QObject(window)
    , m_controller(controller)
    , m_notice(notice)
    , m_window(window)
{
    for (const Info& info : kCommands) {
        if (info.lineBefore) {
            auto* line = new QAction(this);
            line->setSeparator(true);
            m_all << line;
        }
        auto* action = new QAction(icon(QString::fromLatin1(info.icon)), tr(info.text), this);
        if (*info.keys)
            action->setShortcut(QKeySequence(QString::fromLatin1(info.keys), QKeySequence::PortableText));
        action->setShortcutContext(info.anywhere ? Qt::WindowShortcut : Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, [this, command = info.command] { run(command); });
        if (info.anywhere)
            window->addAction(action);
        m_actions.insert(info.command, action);
        m_all << action;
    }
    connect(&controller.archive(), &TakeArchive::listed, this, &TakeCommands::update);
    connect(&controller, &StudioController::takeNotContinued, this, &TakeCommands::sayNotContinued);
    for (const auto changed : {&StudioController::engineOpened, &StudioController::runStarted})
        connect(&controller, changed, this, &TakeCommands::update);
    connect(&controller, &StudioController::takeFinished, this, &TakeCommands::update);
    connect(&controller, &StudioController::takeFinished, this, &TakeCommands::checkRoom);
    update();
}

QList<QAction*> TakeCommands::all() const
{
    return m_all;
}

void TakeCommands::setTargets(std::vector<TakeSummary> targets)
{
    m_targets = std::move(targets);
    update();
}

void TakeCommands::update()
{
    for (const Info& info : kCommands) {
        QString why = unlessSound(info.command, m_targets);
        if (why.isEmpty())
            why = info.why(m_targets);
        if (info.command == TakeCommand::FinishRun && why.isEmpty() && !m_controller.canGenerate())
            why = tr("Another run is going on, or the engine is still starting.");
        if (info.command == TakeCommand::EmptyTrash && m_controller.archive().trashed() == 0)
            why = tr("The trash is empty.");
        if (info.command == TakeCommand::Undo && m_undoable.empty())
            why = tr("There is nothing to undo.");
        QAction* action = m_actions.value(info.command);
        action->setEnabled(why.isEmpty());
        const QString name = action->text().remove(u'&');
        const QString key = action->shortcut().toString(QKeySequence::NativeText);
        const QString title = key.isEmpty() ? name : tr("%1 (%2)").arg(name, key);
        action->setToolTip(why.isEmpty() ? title : title + u'\n' + why);
    }
    const bool starred = !m_targets.empty()
        && std::all_of(m_targets.begin(), m_targets.end(), [](const TakeSummary& t) { return t.starred; });
    QAction* star = m_actions.value(TakeCommand::Star);
    star->setText(starred ? tr("Take the s&tar off") : tr("S&tar"));
    star->setIcon(icon(starred ? QStringLiteral("star-filled") : QStringLiteral("star")));
}

void TakeCommands::run(TakeCommand command)
{
    QAction* action = m_actions.value(command);
    if (!action->isEnabled())
        return;
    const std::string id = m_targets.empty() ? std::string() : m_targets.front().id;
    switch (command) {
    case TakeCommand::Open:
        return opened(id);
    case TakeCommand::Compare:
        return compare();
    case TakeCommand::SecondPass:
        return startSecondPass(id);
    case TakeCommand::FinishRun:
        return finish(id);
    case TakeCommand::UseRecipe:
        return useRecipe(id);
    case TakeCommand::UseSeed:
        return useSeed();
    case TakeCommand::Star:
        return star();
    case TakeCommand::ShowFolder:
        if (m_targets.front().state == TakeState::Damaged)
            return showDamagedTake(m_controller.archive().folder(), m_targets.front());
        return withTake(id, [](const StoredTake& take) {
            QDesktopServices::openUrl(QUrl::fromLocalFile(pathToQt(take.folder)));
        });
    case TakeCommand::Trash:
        return trash();
    case TakeCommand::Restore:
        return restore();
    case TakeCommand::EmptyTrash:
        return askToEmptyTrash();
    case TakeCommand::Undo:
        return undo();
    }
}

std::vector<std::string> TakeCommands::ids() const
{
    std::vector<std::string> ids;
    for (const TakeSummary& take : m_targets)
        ids.push_back(take.id);
    return ids;
}

bool TakeCommands::sayIfFailed(const Failure* failure)
{
    if (!failure)
        return false;
    // What is wrong with a take is no matter of settings.
    const bool isRefusal = failure->kind == ErrorKind::BadInput;
    m_notice.say(Notice::Kind::Bad, isRefusal ? tr("This cannot be done") : failureTitle(failure->kind),
        toQt(failure->detail), pathToQt(m_controller.archive().folder()));
    return true;
}

void TakeCommands::withTake(const std::string& id, std::function<void(const StoredTake&)> act)
{
    m_controller.archive().read(id, [this, act = std::move(act)](const Outcome<StoredTake>& read) {
        if (!sayIfFailed(failureOf(read)))
            act(std::get<StoredTake>(read));
    });
}

void TakeCommands::compare()
{
    // The older one is A: what came of it is B.
    const std::string first = m_targets.back().id;
    const std::string second = m_targets.front().id;
    withTake(first, [this, second](const StoredTake& a) {
        withTake(second, [this, a](const StoredTake& b) { compared(a, b); });
    });
}

void TakeCommands::startSecondPass(const std::string& id)
{
    withTake(id, [this, id](const StoredTake& take) {
        m_controller.state().replaceRequest(
            m_controller.portable(secondPassRequest(take, runToShow(take))), tr("the first pass of a take"));
        opened(id);
        said(tr("The first pass is kept. Change the second pass, then generate."));
    });
}

void TakeCommands::useRecipe(const std::string& id)
{
    withTake(id, [this](const StoredTake& take) {
        m_controller.state().replaceRequest(
            m_controller.portable(wholeRequest(take, runToShow(take))), tr("the settings of the take"));
        said(tr("The settings of the take are in use."));
    });
}

void TakeCommands::useSeed()
{
    const std::uint64_t seed = m_targets.front().seed;
    m_controller.state().change([seed](Request& request) { request.seed = seed; });
    said(tr("Seed %1 is in use.").arg(seed));
}

} // namespace studio::ui
