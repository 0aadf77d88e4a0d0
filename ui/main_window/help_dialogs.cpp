#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/generation_job.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/dialogs.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSysInfo>
#include <QToolButton>

namespace studio::ui {

namespace {

constexpr int kWidth = 480;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::HelpDialogs)
};

QDialog* makeDialog(QWidget* window, const QString& title)
{
    auto* dialog = new QDialog(window);
    dialog->setWindowTitle(title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setMinimumWidth(kWidth);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(spacing::kPanel);
    auto* heading = new QLabel(title, dialog);
    setTextRole(*heading, TextRole::GroupTitle);
    column->addWidget(heading);
    return dialog;
}

QLabel* addText(QDialog* dialog, const QString& text)
{
    auto* label = new QLabel(text, dialog);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    dialog->layout()->addWidget(label);
    return label;
}

/// An address to read and to copy; the program itself opens no connection.
void addAddress(QDialog* dialog, const QString& address)
{
    auto* field = new QLineEdit(address, dialog);
    field->setReadOnly(true);
    field->setCursorPosition(0);
    field->setAccessibleName(Words::tr("Address"));
    auto* copy = new QToolButton(dialog);
    copy->setIcon(icon(QStringLiteral("copy")));
    copy->setToolTip(Words::tr("Copy the address"));
    copy->setAccessibleName(Words::tr("Copy the address"));
    copy->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*copy, ButtonRole::Quiet);
    QObject::connect(
        copy, &QToolButton::clicked, dialog, [address] { QApplication::clipboard()->setText(address); });
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::kUnit);
    line->addWidget(field, 1);
    line->addWidget(copy);
    static_cast<QVBoxLayout*>(dialog->layout())->addLayout(line);
}

using Facts = std::vector<std::pair<QString, QString>>;

void addFacts(QDialog* dialog, const Facts& facts)
{
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(spacing::kBetweenGroups);
    form->setVerticalSpacing(spacing::kUnit);
    for (const auto& [name, value] : facts) {
        auto* label = new QLabel(value, dialog);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setWordWrap(true);
        auto* title = new QLabel(name, dialog);
        setTextRole(*title, TextRole::Caption);
        form->addRow(title, label);
    }
    static_cast<QVBoxLayout*>(dialog->layout())->addLayout(form);
}

QString asText(const Facts& facts)
{
    QString text;
    for (const auto& [name, value] : facts)
        text += QStringLiteral("%1: %2\n").arg(name, value);
    return text;
}

QDialogButtonBox* addButtons(QDialog* dialog)
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    dialog->layout()->addWidget(buttons);
    return buttons;
}

/// As high as its text needs at its width: labels that wrap ask for more before they know it.
void openFitted(QDialog* dialog)
{
    dialog->resize(kWidth, dialog->layout()->totalHeightForWidth(kWidth));
    dialog->open();
}

Facts machineFacts(StudioController& controller)
{
    Facts facts{{Words::tr("Program"), QStringLiteral("Hires Studio %1").arg(controller.services().version)},
        {Words::tr("System"), QSysInfo::prettyProductName()},
        {Words::tr("Qt"), QString::fromLatin1(qVersion())}};
    if (!controller.engine())
        return facts;
    const EngineReport report = controller.engine()->report();
    facts.emplace_back(Words::tr("libtorch"), toQt(report.torchVersion));
    facts.emplace_back(Words::tr("Device"), deviceName(report.device));
    const std::vector<CatalogEntry>& devices = controller.state().catalog().devices;
    for (const CatalogEntry& device : devices) {
        if (devices.size() > 1)
            facts.emplace_back(QString(), QStringLiteral("%1: %2").arg(toQt(device.id), toQt(device.label)));
    }
    facts.emplace_back(Words::tr("Threads"), QString::number(report.threads));
    facts.emplace_back(Words::tr("Memory"),
        Words::tr("%1 free of %2")
            .arg(bytesWords(report.memoryFreeBytes), bytesWords(report.memoryTotalBytes)));
    return facts;
}

/// What a short run says about the machine.
QString verdictOf(const Take& take)
{
    if (take.failure)
        return Words::tr("It does not work here: %1").arg(toQt(take.failure->detail));
    for (const StageRecord& stage : take.stages) {
        if (stage.kind == StageKind::Denoise && stage.steps > 0)
            return Words::tr("Everything works. One step takes %1 s; the whole picture took %2.")
                .arg(numberWords(stage.seconds / stage.steps, 3), secondsWords(take.seconds));
    }
    return Words::tr("The run was stopped.");
}

/// Two steps of the model in use, at its own size: real work, through every part of the engine.
void timeOneStep(StudioController& controller, QDialog* dialog, QPushButton* button, QLabel* verdict)
{
    Request request;
    request.prompt = "a beautiful sunset over mountains";
    request.seed = 1;
    request.models = controller.state().request().models;
    request.execution = controller.state().request().execution;
    request.sampling.steps = 2;
    auto* job = new GenerationJob(controller.engine(), request, controller.lane(), dialog);
    button->setEnabled(false);
    verdict->setText(Words::tr("Two steps are being run…"));
    QObject::connect(job, &GenerationJob::finished, dialog, [=](const std::shared_ptr<const Take>& take) {
        verdict->setText(verdictOf(*take));
        button->setEnabled(true);
        job->deleteLater();
    });
    job->start();
}

} // namespace

void showMachineCheck(StudioController& controller, QWidget* window)
{
    QDialog* dialog = makeDialog(window, Words::tr("Check this machine"));
    const Facts facts = machineFacts(controller);
    addFacts(dialog, facts);
    QLabel* verdict = addText(dialog,
        controller.engine()
            ? Words::tr("Press “Time a step” to run two steps of the model through every part of the engine.")
            : Words::tr("The engine has not started, so nothing can be run. The log says why."));
    QDialogButtonBox* buttons = addButtons(dialog);
    QPushButton* run = buttons->addButton(Words::tr("Time a step"), QDialogButtonBox::ActionRole);
    run->setEnabled(controller.canGenerate());
    QObject::connect(run, &QPushButton::clicked, dialog,
        [&controller, dialog, run, verdict] { timeOneStep(controller, dialog, run, verdict); });
    QPushButton* copy = buttons->addButton(Words::tr("Copy"), QDialogButtonBox::ActionRole);
    QObject::connect(copy, &QPushButton::clicked, dialog,
        [facts, verdict] { QApplication::clipboard()->setText(asText(facts) + verdict->text()); });
    openFitted(dialog);
}

void askForCheckpoint(
    StudioController& controller, QWidget* window, std::function<void(const QString& path)> chosen)
{
    QDialog* dialog = makeDialog(window, Words::tr("Open a checkpoint"));
    addText(dialog,
        Words::tr(
            "Hires Studio uses Stable Diffusion XL checkpoints: one .safetensors file, or a folder in the "
            "form of "
            "diffusers (with a model_index.json)."));
    addText(dialog,
        Words::tr(
            "To begin with, take the official files, which Stability AI keeps at Hugging Face. The model "
            "(6.9 GB) is sd_xl_base_1.0.safetensors:"));
    addAddress(dialog, QStringLiteral("https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0"));
    addText(dialog,
        Words::tr("The refiner for the second pass (6.1 GB, optional) is sd_xl_refiner_1.0.safetensors:"));
    addAddress(dialog, QStringLiteral("https://huggingface.co/stabilityai/stable-diffusion-xl-refiner-1.0"));
    addText(dialog,
        Words::tr(
            "Files that lie in the folders of A1111, ComfyUI or InvokeAI can stay there. What a file is, is "
            "read from "
            "the file itself: one of another kind is refused with the reason."));
    QDialogButtonBox* buttons = addButtons(dialog);
    QPushButton* choose = buttons->addButton(Words::tr("Choose a file…"), QDialogButtonBox::AcceptRole);
    choose->setDefault(true);
    QObject::connect(
        choose, &QPushButton::clicked, dialog, [&controller, dialog, window, chosen = std::move(chosen)] {
            const QString path = QFileDialog::getOpenFileName(window, Words::tr("Open a checkpoint"),
                controller.settings().lastFolder, Words::tr("Checkpoints (*.safetensors model_index.json)"));
            dialog->close();
            if (path.isEmpty())
                return;
            Settings settings = controller.settings();
            settings.lastFolder = QFileInfo(path).absolutePath();
            controller.setSettings(settings);
            chosen(path);
        });
    openFitted(dialog);
    choose->setFocus();
}

void showAbout(StudioController& controller, QWidget* window)
{
    QDialog* dialog = makeDialog(window, Words::tr("Hires Studio"));
    addText(dialog,
        Words::tr("High-resolution pictures with Stable Diffusion XL, natively. No picture, prompt or figure "
                  "leaves this "
                  "machine."));
    addFacts(dialog, machineFacts(controller));
    addButtons(dialog);
    openFitted(dialog);
}

} // namespace studio::ui
