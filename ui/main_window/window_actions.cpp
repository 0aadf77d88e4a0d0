#include "ui/main_window/window_actions.h"

#include "ui/theme/icons.h"

#include <QAction>
#include <QKeySequence>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

#include <array>

namespace studio::ui {

namespace {

struct MenuInfo {
    const char* id;
    const char* title;
};

constexpr std::array kMenus{
    MenuInfo{"file", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&File")},
    MenuInfo{"edit", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Edit")},
    MenuInfo{"generate", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Generate")},
    MenuInfo{"take", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Take")},
    MenuInfo{"view", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&View")},
    MenuInfo{"help", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Help")},
};

struct CommandInfo {
    Command command;
    const char* menu;
    const char* text;
    const char* icon = "";
    const char* keys = "";
    bool checkable = false;
    bool lineBefore = false;
};

constexpr std::array kCommands{
    CommandInfo{Command::OpenFile, "file",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Open picture or settings…"), "image", "Ctrl+O"},
    CommandInfo{Command::OpenCheckpoint, "file",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Open a &checkpoint…"), "model", "Ctrl+Shift+O"},
    CommandInfo{Command::Save, "file", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Save picture"),
        "save", "Ctrl+S", false, true},
    CommandInfo{Command::SaveAs, "file", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Save picture &as…"),
        "", "Ctrl+Shift+S"},
    CommandInfo{Command::SaveSheet, "file",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Save comparison s&heet…"), "sheet", "Ctrl+Shift+E"},
    CommandInfo{Command::OpenFolder, "file",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Show the &folder"), "folder", ""},
    CommandInfo{Command::Quit, "file", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Quit"), "", "Ctrl+Q",
        false, true},
    CommandInfo{Command::UndoSettings, "edit",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "U&ndo the change of settings"), "undo", "Ctrl+Alt+Z"},
    CommandInfo{Command::RedoSettings, "edit",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Re&do the change of settings"), "redo",
        "Ctrl+Alt+Shift+Z"},
    CommandInfo{Command::CopyPicture, "edit", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Copy picture"),
        "copy", "Ctrl+C", false, true},
    CommandInfo{Command::CopyRecipe, "edit",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Copy the settings as &text"), "log", "Ctrl+Shift+C"},
    CommandInfo{Command::Paste, "edit", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Paste a p&icture"),
        "image", "Ctrl+V", false, true},
    CommandInfo{Command::PasteSettings, "edit",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Paste settings"), "reuse", "Ctrl+Shift+V"},
    CommandInfo{Command::UseSettings, "edit",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Use the settings of this picture"), "reuse",
        "Ctrl+R", false, true},
    CommandInfo{Command::ResetSettings, "edit",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Back to the defaults"), "undo", ""},
    CommandInfo{Command::ShowSettings, "edit", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Settings…"),
        "settings", "Ctrl+,", false, true},
    CommandInfo{Command::Generate, "generate", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Generate"),
        "generate", "Ctrl+Return"},
    CommandInfo{Command::AddToQueue, "generate",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Add to the queue"), "queue", "Ctrl+Shift+Return"},
    CommandInfo{Command::PauseQueue, "generate",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Pause the queue, or go on"), "pause",
        "Ctrl+Shift+P"},
    CommandInfo{Command::HiresStarred, "generate",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Hires the starred"), "star-filled", "Ctrl+Shift+H"},
    CommandInfo{Command::Sweep, "generate",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "S&weep the second pass…"), "grid", "Shift+F8"},
    CommandInfo{Command::Cancel, "generate", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Cancel"),
        "stop", "Esc"},
    CommandInfo{Command::Gallery, "view", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&All takes"),
        "grid", "G", true},
    CommandInfo{Command::PreviousTake, "view", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Newer take"),
        "chevron-left", "Alt+Left"},
    CommandInfo{Command::NextTake, "view", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Older take"),
        "chevron-right", "Alt+Right"},
    CommandInfo{Command::FocusPrompt, "view",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Go to the p&rompt"), "pencil", "Ctrl+L", false, true},
    CommandInfo{Command::FocusSeed, "view", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Go to the &seed"),
        "dice", "Ctrl+Shift+L"},
    CommandInfo{Command::FocusPicture, "view",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Go to the p&icture"), "image", "F6"},
    CommandInfo{Command::FocusQueue, "view",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Go to the &queue"), "queue", "F7"},
    CommandInfo{Command::ContactSheet, "view",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Contact sheet of the sweep"), "grid", "F8"},
    CommandInfo{Command::LeftColumn, "view", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Left column"),
        "panel-left", "F9", true, true},
    CommandInfo{Command::RightColumn, "view", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "Rig&ht column"),
        "panel-right", "F10", true},
    CommandInfo{Command::FullScreen, "view", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Full screen"),
        "", "F11", true},
    CommandInfo{Command::CheckMachine, "help",
        QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&Check this machine…"), "memory", ""},
    CommandInfo{Command::About, "help", QT_TRANSLATE_NOOP("studio::ui::WindowActions", "&About Hires Studio"),
        "info", ""},
};

} // namespace

WindowActions::WindowActions(QMainWindow& window, std::function<void(Command)> run)
    : QObject(&window)
{
    for (const MenuInfo& info : kMenus)
        m_menus.insert(info.id, window.menuBar()->addMenu(tr(info.title)));
    for (const CommandInfo& info : kCommands) {
        auto* action = new QAction(tr(info.text), this);
        if (*info.icon)
            action->setIcon(icon(QString::fromLatin1(info.icon)));
        if (*info.keys)
            action->setShortcut(QKeySequence(QString::fromLatin1(info.keys), QKeySequence::PortableText));
        action->setCheckable(info.checkable);
        connect(action, &QAction::triggered, this, [run, command = info.command] { run(command); });
        QMenu* menu = m_menus.value(info.menu);
        if (info.lineBefore)
            menu->addSeparator();
        menu->addAction(action);
        m_actions.insert(info.command, action);
    }
    // Held down, a key orders one picture.
    for (const Command command : {Command::Generate, Command::AddToQueue})
        m_actions[command]->setAutoRepeat(false);
    // The key pad has an Enter of its own.
    m_actions[Command::Generate]->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    m_actions[Command::AddToQueue]->setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return),
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Enter)});
}

} // namespace studio::ui
