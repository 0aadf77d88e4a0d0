#include "ui/convert/strings.h"
#include "ui/jobs/file_opener.h"
#include "ui/jobs/studio_controller.h"
#include "ui/models/model_library.h"
#include "ui/panels/choices.h"
#include "ui/panels/panel_table.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>

namespace studio::ui {

namespace {

struct SlotInfo {
    ModelSlot slot;
    const char* label; // untranslated, context FieldForm
    const char* none;  // what an empty choice means
    std::string ModelChoice::*member;
};

constexpr std::array kSlots{
    SlotInfo{ModelSlot::Base, QT_TRANSLATE_NOOP("studio::ui::FieldForm", "Model"),
        QT_TRANSLATE_NOOP("studio::ui::FieldForm", "Built-in model"), &ModelChoice::base},
    SlotInfo{ModelSlot::Refiner, QT_TRANSLATE_NOOP("studio::ui::FieldForm", "Refiner"),
        QT_TRANSLATE_NOOP("studio::ui::FieldForm", "The model's own"), &ModelChoice::refiner},
    SlotInfo{ModelSlot::Vae, QT_TRANSLATE_NOOP("studio::ui::FieldForm", "VAE"),
        QT_TRANSLATE_NOOP("studio::ui::FieldForm", "The model's own"), &ModelChoice::vae},
};

std::vector<Choice> choicesFor(const SlotInfo& info, StudioController& controller)
{
    std::vector<Choice> choices{{QString(), FieldForm::tr(info.none), QString()}};
    const auto add = [&](const QString& path) {
        const bool known = std::any_of(
            choices.begin(), choices.end(), [&](const Choice& choice) { return choice.id == path; });
        if (!known)
            choices.push_back({path, modelName(path), path});
    };
    if (const QString now = toQt(controller.state().request().models.*(info.member)); !now.isEmpty())
        add(now);
    if (info.slot == ModelSlot::Base) {
        for (const QString& path : controller.settings().recentModels)
            if (QFileInfo::exists(path))
                add(path);
    }
    for (const ModelEntry& entry : controller.library().entries()) {
        if (fits(info.slot, entry.kind))
            add(entry.path);
    }
    return choices;
}

QToolButton* browseButton(
    const SlotInfo& info, StudioController& controller, FileOpener* opener, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    const QString name = FieldForm::tr("Browse for: %1").arg(FieldForm::tr(info.label));
    button->setIcon(icon(QStringLiteral("folder")));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    QObject::connect(
        button, &QToolButton::clicked, parent, [&controller, opener, parent, name, slot = info.slot] {
            const QString path = QFileDialog::getOpenFileName(parent, name, controller.settings().lastFolder,
                FieldForm::tr("Checkpoints (*.safetensors model_index.json)"));
            if (path.isEmpty())
                return;
            Settings settings = controller.settings();
            settings.lastFolder = QFileInfo(path).absolutePath();
            controller.setSettings(settings);
            opener->open(path, slot);
        });
    return button;
}

void addPicker(FieldForm* form, const SlotInfo& info, StudioController& controller, FileOpener* opener)
{
    auto* field = new QWidget(form);
    auto* box = new CalmComboBox(field);
    box->setAccessibleName(FieldForm::tr(info.label));
    auto* line = new QHBoxLayout(field);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(spacing::kUnit);
    line->addWidget(box, 1);
    line->addWidget(browseButton(info, controller, opener, field));
    QObject::connect(box, &QComboBox::activated, form, [&controller, box, member = info.member] {
        controller.state().change([&](Request& r) { r.models.*member = toStd(box->chosen()); });
    });
    form->addField(FieldForm::tr(info.label), field);
    form->addUpdate([box, info, &controller] {
        const QString now = toQt(controller.state().request().models.*(info.member));
        box->setChoices(choicesFor(info, controller));
        box->choose(now);
        box->setToolTip(now);
    });
}

void addFolders(FieldForm* form, StudioController& controller)
{
    auto* line = new QWidget(form);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::kInGroup);
    auto* add = new QPushButton(FieldForm::tr("Add folder…"), line);
    add->setToolTip(
        FieldForm::tr("A folder of checkpoints. Those of A1111, ComfyUI and InvokeAI are used in place."));
    auto* rescan = new QPushButton(FieldForm::tr("Rescan"), line);
    row->addWidget(add);
    row->addWidget(rescan);
    row->addStretch();
    QObject::connect(add, &QPushButton::clicked, form, [&controller, form] {
        const QString folder = QFileDialog::getExistingDirectory(
            form, FieldForm::tr("Folder of checkpoints"), controller.settings().lastFolder);
        if (folder.isEmpty())
            return;
        Settings settings = controller.settings();
        remember(settings.modelFolders, folder);
        settings.lastFolder = folder;
        controller.setSettings(settings);
    });
    ModelLibrary& library = controller.library();
    QObject::connect(rescan, &QPushButton::clicked, &library, &ModelLibrary::rescan);
    form->addUpdate([rescan, &library] {
        FieldForm::setUsable(*rescan,
            library.folders().isEmpty() ? FieldForm::tr("There are no folders yet. Add one first.")
                                        : QString(),
            library.folders().join(u'\n'));
        rescan->setText(library.isScanning() && !library.folders().isEmpty() ? FieldForm::tr("Looking…")
                                                                             : FieldForm::tr("Rescan"));
    });
    form->addWide(line);
}

} // namespace

QWidget* makeModelPanel(StudioController& controller, QWidget* parent)
{
    auto* form = new FieldForm(controller.state(), parent);
    auto* opener = new FileOpener(form);
    for (const SlotInfo& info : kSlots)
        addPicker(form, info, controller, opener);
    auto* notice = new Notice(form);
    form->addWide(notice);
    addFolders(form, controller);
    QObject::connect(
        opener, &FileOpener::modelFound, form, [&controller, notice](ModelSlot slot, const QString& path) {
            notice->hide();
            controller.setModel(slot, path);
        });
    QObject::connect(
        opener, &FileOpener::refused, notice, [notice](const QString& path, const QString& sentence) {
            notice->say(Notice::Kind::Bad, QFileInfo(path).fileName(), sentence, fileFacts(path));
        });
    QObject::connect(&controller.library(), &ModelLibrary::changed, form, &FieldForm::refresh);
    QObject::connect(&controller, &StudioController::settingsChanged, form, &FieldForm::refresh);
    form->refresh();
    return form;
}

} // namespace studio::ui
