#pragma once

#include "ui/jobs/stored_take.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <string>
#include <vector>

class QAction;
class QWidget;

namespace studio::ui {

class Notice;
class StudioController;
struct TakeChanges;

/// Everything that can be done with takes. One row each in the table of take_commands.cpp.
enum class TakeCommand {
    Open,
    Compare,
    SecondPass,
    FinishRun,
    UseRecipe,
    UseSeed,
    Star,
    ShowFolder,
    Trash,
    Restore,
    EmptyTrash,
    Undo,
};

/// The actions on takes, for menus, buttons and keys. What they act on is told by whoever knows; an action that does
/// not apply is disabled, and its tool tip says why.
class TakeCommands : public QObject {
    Q_OBJECT

public:
    TakeCommands(StudioController& controller, Notice& notice, QWidget* window);

    QAction* operator[](TakeCommand command) const { return m_actions.value(command); }
    QList<QAction*> all() const; ///< in the order of the table, with separators

    void setTargets(std::vector<TakeSummary> targets);
    const std::vector<TakeSummary>& targets() const { return m_targets; }
    void run(TakeCommand command);

    // What the window does.
    std::function<void(const std::string& id)> opened;
    std::function<void(const StoredTake& first, const StoredTake& second)> compared;
    std::function<void(const QString& sentence)> said;
    std::function<void()> settingsWanted;

    /// Looks for a run that a crash cut off, and offers to finish it.
    void offerToFinish();
    /// Says why a take could not be gone on with.
    void sayNotContinued(const std::string& id, const Failure& failure);

private:
    void update();
    void compare();
    void startSecondPass(const std::string& id);
    void useRecipe(const std::string& id);
    void useSeed();
    void star();
    void trash();
    void restore();
    void askToEmptyTrash();
    void undo();
    void finish(const std::string& id);
    void withTake(const std::string& id, std::function<void(const StoredTake&)> act);
    enum class Change { Star, TakeStarOff, Trash, Restore };
    static Change opposite(Change change);
    static QString words(Change change, int count);
    void change(Change change, const std::vector<std::string>& ids, bool isUndo = false);
    void sayChanged(Change change, const TakeChanges& changes, bool isUndo);
    QString whatTrashMeans() const;
    void checkRoom();
    void remember(std::function<void()> undo);
    bool sayIfFailed(const Failure* failure);
    std::vector<std::string> ids() const;

    StudioController& m_controller;
    Notice& m_notice;
    QWidget* m_window;
    QHash<TakeCommand, QAction*> m_actions;
    QList<QAction*> m_all;
    std::vector<TakeSummary> m_targets;
    bool m_saidRoom = false;                       ///< once a session is enough
    std::vector<std::function<void()>> m_undoable; ///< the newest is the last
};

} // namespace studio::ui
