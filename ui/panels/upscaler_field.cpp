#include "ui/panels/upscaler_field.h"

#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/panels/choices.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QToolButton>
#include <QUrl>

namespace studio::ui {

namespace {

void addFolder(StudioController& controller, QWidget* parent)
{
    const QString folder = QFileDialog::getExistingDirectory(
        parent, FieldForm::tr("Folder of upscalers"), controller.settings().lastFolder);
    if (folder.isEmpty())
        return;
    Settings settings = controller.settings();
    if (!settings.upscalerFolders.contains(folder))
        settings.upscalerFolders << folder;
    settings.lastFolder = folder;
    controller.setSettings(settings);
}

QToolButton* makeFolderButton(StudioController& controller, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(icon(QStringLiteral("folder")));
    button->setAccessibleName(FieldForm::tr("Folders of upscalers…"));
    button->setToolTip(button->accessibleName());
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    auto* menu = new QMenu(button);
    QObject::connect(menu->addAction(FieldForm::tr("Add a folder…")), &QAction::triggered, button,
        [&controller, button] { addFolder(controller, button->window()); });
    const auto& own = controller.services().upscalerFolders;
    QAction* open = menu->addAction(FieldForm::tr("Open the folder"));
    open->setEnabled(!own.empty());
    QObject::connect(open, &QAction::triggered, button, [own] {
        const QString folder = pathToQt(own.front());
        QDir().mkpath(folder);
        QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
    });
    // Not the button's own: there is no room for an arrow beside its sign.
    QObject::connect(button, &QToolButton::clicked, menu,
        [button, menu] { menu->popup(button->mapToGlobal(QPoint(0, button->height()))); });
    return button;
}

} // namespace

void describeUpscalers(ChoiceRow& row, StudioController& controller)
{
    const auto& own = controller.services().upscalerFolders;
    row.hint = FieldForm::tr("Enlarges the picture. ESRGAN networks (.safetensors) can be put into %1, or "
                             "into a folder of your own beside this list, or dropped on the window.")
                   .arg(own.empty() ? FieldForm::tr("a folder") : pathToQt(own.front()));
    row.choices = [read = row.read](const StudioState& s) {
        std::vector<Choice> choices = choicesOf(s.catalog().upscalers);
        const QString now = read(s);
        const auto isNow = [&](const Choice& choice) { return choice.id == now; };
        // One that is used where it lies is called by its file; its tool tip says where that is.
        if (now.contains(u'/') && std::none_of(choices.begin(), choices.end(), isNow))
            choices.push_back({now, QFileInfo(now).completeBaseName(), now});
        return choices;
    };
    row.beside = [&controller](QWidget* parent) { return makeFolderButton(controller, parent); };
}

} // namespace studio::ui
