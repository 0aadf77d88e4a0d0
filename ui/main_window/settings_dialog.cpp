#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/dialogs.h"
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
#include <QStyleHints>

namespace studio::ui {

namespace {

constexpr const char* kDesktopIsLight = "studioDesktopIsLight"; // property of the application

QString say(const char* text)
{
    return QCoreApplication::translate("studio::ui::SettingsDialog", text);
}

/// The dialog's rows, each tied to one member of the settings.
class SettingsDialog : public QDialog {
public:
    SettingsDialog(StudioController& controller, QWidget* window);

private:
    template <class Change> void change(Change&& change)
    {
        Settings settings = m_controller.settings();
        change(settings);
        m_controller.setSettings(settings);
    }
    void addTitle(const char* text);
    template <class Enum> void addChoice(const char* label, Enum Settings::*member, const QStringList& names);
    void addSwitch(const char* label, bool Settings::*member);
    void addSaving();
    void addQuality();
    void addFolders();
    void addDevice();

    StudioController& m_controller;
    QFormLayout* m_form = nullptr;
};

SettingsDialog::SettingsDialog(StudioController& controller, QWidget* window)
    : QDialog(window)
    , m_controller(controller)
    , m_form(new QFormLayout)
{
    setWindowTitle(say("Settings"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(520);
    m_form->setHorizontalSpacing(spacing::kBetweenGroups);
    m_form->setVerticalSpacing(spacing::kInGroup);
    m_form->setLabelAlignment(Qt::AlignLeft);
    addTitle("Look");
    addChoice("Theme", &Settings::theme, {say("Dark"), say("Light"), say("As the desktop")});
    addSwitch("Nothing moves by itself", &Settings::reducedMotion);
    addTitle("Saving");
    addSaving();
    addTitle("Models");
    addFolders();
    addTitle("Device");
    addDevice();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(spacing::kBetweenGroups);
    column->addLayout(m_form);
    column->addWidget(buttons);
    connect(this, &QDialog::finished, this, [this] { m_controller.storeSettings(); });
}

void SettingsDialog::addTitle(const char* text)
{
    auto* title = new QLabel(say(text), this);
    setTextRole(*title, TextRole::GroupTitle);
    title->setContentsMargins(0, m_form->rowCount() > 0 ? spacing::kInGroup : 0, 0, 0);
    m_form->addRow(title);
}

template <class Enum>
void SettingsDialog::addChoice(const char* label, Enum Settings::*member, const QStringList& names)
{
    auto* box = new CalmComboBox(this);
    box->addItems(names);
    box->setAccessibleName(say(label));
    box->setCurrentIndex(static_cast<int>(m_controller.settings().*member));
    connect(box, &QComboBox::activated, this,
        [this, member](int index) { change([&](Settings& s) { s.*member = static_cast<Enum>(index); }); });
    m_form->addRow(say(label), box);
}

void SettingsDialog::addSwitch(const char* label, bool Settings::*member)
{
    auto* box = new QCheckBox(say(label), this);
    box->setChecked(m_controller.settings().*member);
    connect(box, &QCheckBox::clicked, this,
        [this, member](bool on) { change([&](Settings& s) { s.*member = on; }); });
    m_form->addRow(QString(), box);
}

void SettingsDialog::addSaving()
{
    addChoice("Save by itself", &Settings::autoSave,
        {say("Nothing"), say("The finished picture"), say("Every layer")});
    auto* folder = new QLineEdit(outputFolder(m_controller.settings()), this);
    folder->setAccessibleName(say("Folder for pictures"));
    connect(folder, &QLineEdit::editingFinished, this,
        [this, folder] { change([&](Settings& s) { s.outputFolder = folder->text().trimmed(); }); });
    auto* browse = new QPushButton(say("Browse…"), this);
    connect(browse, &QPushButton::clicked, this, [this, folder] {
        const QString chosen
            = QFileDialog::getExistingDirectory(this, say("Folder for pictures"), folder->text());
        if (chosen.isEmpty())
            return;
        folder->setText(chosen);
        change([&](Settings& s) { s.outputFolder = chosen; });
    });
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::kInGroup);
    line->addWidget(folder, 1);
    line->addWidget(browse);
    m_form->addRow(say("Folder"), line);

    auto* pattern = new QLineEdit(m_controller.settings().namePattern, this);
    pattern->setAccessibleName(say("Name pattern"));
    auto* fault = new QLabel(this);
    fault->setWordWrap(true);
    setTextRole(*fault, TextRole::Caption);
    const QString tags = toQt(m_controller.services().nameTags);
    const auto judge = [this, fault, tags](const QString& text) {
        const QString wrong = toQt(m_controller.services().patternFault(toStd(text)));
        fault->setText(wrong.isEmpty() ? say("May hold %1").arg(tags) : wrong);
        return wrong.isEmpty();
    };
    judge(pattern->text());
    connect(pattern, &QLineEdit::textEdited, this, [this, judge](const QString& text) {
        if (judge(text))
            change([&](Settings& s) { s.namePattern = text; });
    });
    m_form->addRow(say("Name"), pattern);
    m_form->addRow(QString(), fault);
    addChoice(
        "Format", &Settings::format, {QStringLiteral("PNG"), QStringLiteral("JPEG"), QStringLiteral("WebP")});
    addQuality();
    addSwitch("Write prompt and settings into the pictures", &Settings::metadata);
}

void SettingsDialog::addQuality()
{
    auto* box = new CalmSpinBox(this);
    box->setDecimals(0);
    box->setRange(1, 100);
    box->setAccessibleName(say("Quality of JPEG and WebP"));
    box->setToolTip(say("Of JPEG and WebP, 1 to 100. WebP at 100 loses nothing; PNG never does."));
    box->setValue(m_controller.settings().quality);
    connect(box, &QDoubleSpinBox::valueChanged, this,
        [this](double value) { change([&](Settings& s) { s.quality = static_cast<int>(value); }); });
    m_form->addRow(say("Quality"), box);
}

void SettingsDialog::addFolders()
{
    auto* list = new QListWidget(this);
    list->addItems(m_controller.settings().modelFolders);
    list->setAccessibleName(say("Folders of checkpoints"));
    list->setFixedHeight(84);
    auto* add = new QPushButton(say("Add…"), this);
    auto* remove = new QPushButton(say("Remove"), this);
    connect(add, &QPushButton::clicked, this, [this, list] {
        const QString folder = QFileDialog::getExistingDirectory(this, say("Folder of checkpoints"));
        if (folder.isEmpty() || m_controller.settings().modelFolders.contains(folder))
            return;
        list->addItem(folder);
        change([&](Settings& s) { s.modelFolders << folder; });
    });
    connect(remove, &QPushButton::clicked, this, [this, list] {
        const std::unique_ptr<QListWidgetItem> item(list->takeItem(list->currentRow()));
        if (item)
            change([&](Settings& s) { s.modelFolders.removeAll(item->text()); });
    });
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(spacing::kUnit);
    buttons->addWidget(add);
    buttons->addWidget(remove);
    buttons->addStretch();
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::kInGroup);
    line->addWidget(list, 1);
    line->addLayout(buttons);
    m_form->addRow(say("Folders"), line);
}

void SettingsDialog::addDevice()
{
    StudioState& state = m_controller.state();
    auto* box = new CalmComboBox(this);
    box->setAccessibleName(say("Device"));
    box->addItem(say("The best there is"), QStringLiteral("auto"));
    for (const CatalogEntry& device : state.catalog().devices)
        box->addItem(toQt(device.label), toQt(device.id));
    box->setCurrentIndex(std::max(0, box->findData(toQt(state.request().execution.device))));
    connect(box, &QComboBox::activated, this, [&state, box] {
        state.change([&](Request& r) { r.execution.device = toStd(box->currentData().toString()); });
    });
    m_form->addRow(say("Device"), box);
    auto* precision = new CalmComboBox(this);
    precision->setAccessibleName(say("Precision"));
    precision->addItems({say("The device's usual"), QStringLiteral("float32"), QStringLiteral("bfloat16"),
        QStringLiteral("float16")});
    precision->setCurrentIndex(static_cast<int>(state.request().execution.precision));
    connect(precision, &QComboBox::activated, this, [&state](int index) {
        state.change([index](Request& r) { r.execution.precision = static_cast<Precision>(index); });
    });
    m_form->addRow(say("Precision"), precision);
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
