#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/folder_field.h"
#include "ui/panels/field_form.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/calm_inputs.h"

#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QTabWidget>

namespace studio::ui {

namespace {

constexpr int kListHeight = 96;
constexpr int kEdge = 20;                                       // around a page
constexpr const char* kDesktopIsLight = "studioDesktopIsLight"; // property of the application

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::SettingsDialog)
};

/// The dialog's rows, each tied to one member of the settings.
class SettingsDialog : public QDialog {
public:
    SettingsDialog(StudioController& controller, QWidget* window);

    void done(int result) override;

private:
    template <class Change> void change(Change&& change)
    {
        Settings settings = m_controller.settings();
        change(settings);
        m_controller.setSettings(settings);
    }
    void beginPage(QTabWidget& pages, const QString& title);
    void addTitle(const QString& text);
    template <class Enum>
    void addChoice(const QString& label, Enum Settings::*member, const QStringList& names);
    void addSwitch(const QString& label, bool Settings::*member);
    void addFolder(
        const QString& label, const QString& name, std::function<QString()> inUse, QString Settings::*member);
    void addSaving();
    void addNamePattern();
    void addTakes();
    void addTakesLimit();
    void addQuality();
    void addFolders(const QString& name, const QString& hint, QStringList Settings::*member);
    void addModelFolders();
    void addAdapterFolders();
    void addDevice();

    StudioController& m_controller;
    QFormLayout* m_form = nullptr; ///< of the page that is being filled
};

SettingsDialog::SettingsDialog(StudioController& controller, QWidget* window)
    : QDialog(window)
    , m_controller(controller)
{
    setWindowTitle(Words::tr("Settings"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(520);
    auto* pages = new QTabWidget(this);
    pages->setDocumentMode(true);
    beginPage(*pages, Words::tr("General"));
    addChoice(Words::tr("Theme"), &Settings::theme,
        {Words::tr("Dark"), Words::tr("Light"), Words::tr("As the desktop")});
    addSwitch(Words::tr("Nothing moves by itself"), &Settings::reducedMotion);
    addDevice();
    beginPage(*pages, Words::tr("Saving"));
    addTitle(Words::tr("Pictures"));
    addSaving();
    addTitle(Words::tr("Takes"));
    addTakes();
    beginPage(*pages, Words::tr("Models"));
    addModelFolders();
    beginPage(*pages, Words::tr("Adapters"));
    addAdapterFolders();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, spacing::kUnit, 0, 0);
    column->setSpacing(0);
    column->addWidget(pages);
    column->addWidget(buttons);
    buttons->setContentsMargins(kEdge, 0, kEdge, kEdge);
    connect(this, &QDialog::finished, this, [this] { m_controller.storeSettings(); });
}

void SettingsDialog::done(int result)
{
    if (QWidget* typedIn = focusWidget())
        typedIn->clearFocus(); // what stands there counts
    QDialog::done(result);
}

void SettingsDialog::beginPage(QTabWidget& pages, const QString& title)
{
    auto* page = new QWidget(&pages);
    m_form = new QFormLayout(page);
    m_form->setContentsMargins(kEdge, kEdge, kEdge, kEdge);
    m_form->setHorizontalSpacing(spacing::kBetweenGroups);
    m_form->setVerticalSpacing(spacing::kInGroup);
    m_form->setLabelAlignment(Qt::AlignLeft);
    pages.addTab(page, title);
}

void SettingsDialog::addTitle(const QString& text)
{
    auto* title = new QLabel(text, this);
    setTextRole(*title, TextRole::GroupTitle);
    title->setContentsMargins(0, m_form->rowCount() > 0 ? spacing::kInGroup : 0, 0, 0);
    m_form->addRow(title);
}

template <class Enum>
void SettingsDialog::addChoice(const QString& label, Enum Settings::*member, const QStringList& names)
{
    auto* box = new CalmComboBox(this);
    box->addItems(names);
    box->setAccessibleName(label);
    box->setCurrentIndex(static_cast<int>(m_controller.settings().*member));
    connect(box, &QComboBox::activated, this,
        [this, member](int index) { change([&](Settings& s) { s.*member = static_cast<Enum>(index); }); });
    m_form->addRow(label, box);
}

void SettingsDialog::addSwitch(const QString& label, bool Settings::*member)
{
    auto* box = new QCheckBox(label, this);
    box->setChecked(m_controller.settings().*member);
    connect(box, &QCheckBox::clicked, this,
        [this, member](bool on) { change([&](Settings& s) { s.*member = on; }); });
    m_form->addRow(QString(), box);
}

void SettingsDialog::addFolder(
    const QString& label, const QString& name, std::function<QString()> inUse, QString Settings::*member)
{
    const auto chosen
        = [this, member](const QString& folder) { change([&](Settings& s) { s.*member = folder; }); };
    m_form->addRow(label, new FolderField(name, std::move(inUse), chosen, this));
}

void SettingsDialog::addTakes()
{
    addSwitch(Words::tr("Keep every run with all its pictures"), &Settings::keepTakes);
    addFolder(
        Words::tr("Folder"), Words::tr("Folder for takes"),
        [this] { return pathToQt(m_controller.takesFolder()); }, &Settings::takesFolder);
    addTakesLimit();
}

void SettingsDialog::addTakesLimit()
{
    auto* box = new CalmSpinBox(this);
    box->setDecimals(0);
    box->setRange(0, 10000);
    box->setSuffix(Words::tr(" GB"));
    box->setSpecialValueText(Words::tr("No limit"));
    box->setAccessibleName(Words::tr("Room for takes"));
    box->setToolTip(Words::tr(
        "Above it the first passes' latents of the oldest takes go first, then what was thrown away. "
        "Pictures and starred takes are never removed."));
    box->setValue(m_controller.settings().takesGigabytes);
    connect(box, &QDoubleSpinBox::valueChanged, this,
        [this](double value) { change([&](Settings& s) { s.takesGigabytes = static_cast<int>(value); }); });
    m_form->addRow(Words::tr("Room"), box);
}

void SettingsDialog::addSaving()
{
    addChoice(Words::tr("Save by itself"), &Settings::autoSave,
        {Words::tr("Nothing"), Words::tr("The finished picture"), Words::tr("Every layer")});
    addFolder(
        Words::tr("Folder"), Words::tr("Folder for pictures"),
        [this] { return outputFolder(m_controller.settings()); }, &Settings::outputFolder);
    addNamePattern();
    addChoice(Words::tr("Format"), &Settings::format,
        {QStringLiteral("PNG"), QStringLiteral("JPEG"), QStringLiteral("WebP")});
    addQuality();
    addSwitch(Words::tr("Write prompt and settings into the pictures"), &Settings::metadata);
}

void SettingsDialog::addNamePattern()
{
    auto* pattern = new QLineEdit(m_controller.settings().namePattern, this);
    pattern->setAccessibleName(Words::tr("Name pattern"));
    auto* fault = new QLabel(this);
    fault->setWordWrap(true);
    setTextRole(*fault, TextRole::Caption);
    const QString tags = toQt(m_controller.services().nameTags);
    const auto judge = [this, fault, tags](const QString& text) {
        const QString wrong = toQt(m_controller.services().patternFault(toStd(text)));
        fault->setText(wrong.isEmpty() ? Words::tr("May hold %1").arg(tags) : wrong);
        return wrong.isEmpty();
    };
    judge(pattern->text());
    connect(pattern, &QLineEdit::textEdited, this, [this, judge](const QString& text) {
        if (judge(text))
            change([&](Settings& s) { s.namePattern = text; });
    });
    m_form->addRow(Words::tr("Name"), pattern);
    m_form->addRow(QString(), fault);
}

void SettingsDialog::addQuality()
{
    auto* box = new CalmSpinBox(this);
    box->setDecimals(0);
    box->setRange(1, 100);
    box->setAccessibleName(Words::tr("Quality of JPEG and WebP"));
    box->setToolTip(Words::tr("Of JPEG and WebP, 1 to 100. WebP at 100 loses nothing; PNG never does."));
    box->setValue(m_controller.settings().quality);
    connect(box, &QDoubleSpinBox::valueChanged, this,
        [this](double value) { change([&](Settings& s) { s.quality = static_cast<int>(value); }); });
    const auto update = [this, box, words = box->toolTip()] {
        const bool png = m_controller.settings().format == PictureFormat::Png;
        FieldForm::setUsable(
            *box, png ? Words::tr("PNG loses nothing: it has no quality to choose.") : QString(), words);
    };
    connect(&m_controller, &StudioController::settingsChanged, box, update);
    update();
    m_form->addRow(Words::tr("Quality"), box);
}

/// Folders that are searched in this order, with what is read from them.
void SettingsDialog::addFolders(const QString& name, const QString& hint, QStringList Settings::*member)
{
    auto* list = new QListWidget(this);
    list->addItems(m_controller.settings().*member);
    list->setAccessibleName(name);
    list->setMinimumHeight(kListHeight);
    auto* add = new QPushButton(Words::tr("Add…"), this);
    auto* remove = new QPushButton(Words::tr("Remove"), this);
    add->setAccessibleName(Words::tr("Add to: %1").arg(name));
    remove->setAccessibleName(Words::tr("Remove from: %1").arg(name));
    connect(add, &QPushButton::clicked, this, [this, list, name, member] {
        const QString folder = QFileDialog::getExistingDirectory(this, name);
        if (folder.isEmpty() || (m_controller.settings().*member).contains(folder))
            return;
        list->addItem(folder);
        change([&](Settings& s) { s.*member << folder; });
    });
    connect(remove, &QPushButton::clicked, this, [this, list, member] {
        const std::unique_ptr<QListWidgetItem> item(list->takeItem(list->currentRow()));
        if (item)
            change([&](Settings& s) { (s.*member).removeAll(item->text()); });
    });
    const auto update = [list, remove] {
        const QString why = list->count() == 0 ? Words::tr("There is no folder in the list.")
            : list->currentRow() < 0           ? Words::tr("Choose the folder to remove first.")
                                               : QString();
        FieldForm::setUsable(
            *remove, why, Words::tr("Nothing is deleted; the folder is not searched any more."));
    };
    connect(list, &QListWidget::currentRowChanged, remove, update);
    connect(list->model(), &QAbstractItemModel::rowsInserted, remove, update);
    connect(list->model(), &QAbstractItemModel::rowsRemoved, remove, update);
    update();
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(spacing::kUnit);
    buttons->addWidget(add);
    buttons->addWidget(remove);
    buttons->addStretch();
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::kInGroup);
    line->addWidget(list, 1);
    line->addLayout(buttons);
    auto* words = new QLabel(hint, this);
    words->setWordWrap(true);
    setTextRole(*words, TextRole::Secondary);
    m_form->addRow(words);
    m_form->addRow(line);
}

void SettingsDialog::addModelFolders()
{
    addFolders(Words::tr("Folders of checkpoints"),
        Words::tr("Checkpoints, refiners and VAEs for SDXL below these folders can be chosen in the "
                  "window. Folders of "
                  "A1111, ComfyUI and InvokeAI are read where they are; nothing in them is changed."),
        &Settings::modelFolders);
    addTitle(Words::tr("Upscalers"));
    const auto& own = m_controller.services().upscalerFolders;
    const QString words
        = Words::tr("ESRGAN and Real-ESRGAN networks (.safetensors), such as those in A1111's models/ESRGAN. "
                    "Searched in this order, then the program's own folder%1.");
    addFolders(Words::tr("Folders of upscalers"),
        words.arg(own.empty() ? QString() : QStringLiteral(": ") + pathToQt(own.front())),
        &Settings::upscalerFolders);
}

void SettingsDialog::addAdapterFolders()
{
    addTitle(Words::tr("LoRA, LyCORIS, DoRA"));
    addFolders(Words::tr("Folders of adapters"),
        Words::tr(
            "Searched in this order, then the program's own folder, then the folders of A1111 and ComfyUI "
            "beside the model in use."),
        &Settings::adapterFolders);
    addTitle(Words::tr("Embeddings"));
    addFolders(Words::tr("Folders of embeddings"),
        Words::tr("Textual inversions, which prompts name by the file's name."), &Settings::embeddingFolders);
}

void SettingsDialog::addDevice()
{
    StudioState& state = m_controller.state();
    auto* box = new CalmComboBox(this);
    box->setAccessibleName(Words::tr("Device"));
    box->addItem(Words::tr("The best there is"), QStringLiteral("auto"));
    for (const CatalogEntry& device : state.catalog().devices)
        box->addItem(toQt(device.label), toQt(device.id));
    box->setCurrentIndex(std::max(0, box->findData(toQt(state.request().execution.device))));
    connect(box, &QComboBox::activated, this, [&state, box] {
        state.change([&](Request& r) { r.execution.device = toStd(box->currentData().toString()); });
    });
    m_form->addRow(Words::tr("Device"), box);
    auto* precision = new CalmComboBox(this);
    precision->setAccessibleName(Words::tr("Precision"));
    precision->addItems({Words::tr("The device's usual"), QStringLiteral("float32"),
        QStringLiteral("bfloat16"), QStringLiteral("float16")});
    precision->setCurrentIndex(static_cast<int>(state.request().execution.precision));
    connect(precision, &QComboBox::activated, this, [&state](int index) {
        state.change([index](Request& r) { r.execution.precision = static_cast<Precision>(index); });
    });
    m_form->addRow(Words::tr("Precision"), precision);
}

} // namespace

void noteDesktopTheme()
{
    const QColor window = QApplication::palette().color(QPalette::Window);
    qApp->setProperty(kDesktopIsLight, window.lightnessF() > 0.5);
}

void applyThemeOf(const Settings& settings)
{
    const bool light = settings.theme == ThemeChoice::Light
        || (settings.theme == ThemeChoice::System && qApp->property(kDesktopIsLight).toBool());
    const Scheme scheme = light ? Scheme::Light : Scheme::Dark;
    if (tokensOf(QApplication::palette()).scheme != scheme || !qApp->property("studioThemed").toBool())
        applyTheme(*qApp, scheme);
    qApp->setProperty("studioThemed", true);
}

void showSettings(StudioController& controller, QWidget* window)
{
    auto* dialog = new SettingsDialog(controller, window);
    dialog->open();
}

} // namespace studio::ui
