#pragma once

#include <QHash>
#include <QObject>

#include <functional>

class QAction;
class QMainWindow;
class QMenu;

namespace studio::ui {

/// Everything the window does on demand. One row each in the table of window_actions.cpp.
enum class Command {
    OpenFile,
    OpenCheckpoint,
    Save,
    SaveAs,
    SaveSheet,
    OpenFolder,
    Quit,
    CopyPicture,
    CopyRecipe,
    UndoSettings,
    RedoSettings,
    Paste,
    PasteSettings,
    UseSettings,
    ResetSettings,
    ShowSettings,
    Generate,
    AddToQueue,
    PauseQueue,
    HiresStarred,
    Sweep,
    Cancel,
    Gallery,
    PreviousTake,
    NextTake,
    FocusPrompt,
    FocusSeed,
    FocusPicture,
    FocusQueue,
    ContactSheet,
    LeftColumn,
    RightColumn,
    FullScreen,
    CheckMachine,
    About,
};

/// The window's actions, in its menus, with their keys.
class WindowActions : public QObject {
    Q_OBJECT

public:
    WindowActions(QMainWindow& window, std::function<void(Command)> run);

    QAction* operator[](Command command) const { return m_actions.value(command); }
    /// "file", "edit", "generate", "take", "view", "help"
    QMenu* menu(const char* id) const { return m_menus.value(QByteArray(id)); }

private:
    QHash<Command, QAction*> m_actions;
    QHash<QByteArray, QMenu*> m_menus;
};

} // namespace studio::ui
