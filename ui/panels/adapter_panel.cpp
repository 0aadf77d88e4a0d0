#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/jobs/take_archive.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_list.h"
#include "ui/models/adapter_use.h"
#include "ui/panels/adapter_card.h"
#include "ui/panels/adapter_view.h"
#include "ui/panels/field_form.h"
#include "ui/panels/panel_table.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace studio::ui {

namespace {

/// The adapters in use, then those that were found in the folders.
class AdapterPanel : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::AdapterPanel)

public:
    AdapterPanel(StudioController& controller, QWidget* parent);

private:
    QWidget* makeFolderLine();
    void addFolder();
    void showUsed();
    void showFound();

    StudioController& m_controller;
    AdapterList m_list;
    QVBoxLayout* m_cards = nullptr;
    QLineEdit* m_search = nullptr;
    AdapterView* m_view = nullptr;
    QLabel* m_words = nullptr;
    QPushButton* m_rescan = nullptr;
};

AdapterPanel::AdapterPanel(StudioController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_list(controller.adapters(), controller.adapterUse(), controller.archive().thumbnails())
{
    m_cards = new QVBoxLayout;
    m_cards->setSpacing(spacing::kInGroup);
    m_search = new QLineEdit(this);
    m_search->setPlaceholderText(tr("Search by name, folder or trigger words"));
    m_search->setAccessibleName(tr("Search for adapters"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_view = new AdapterView(m_list, this);
    m_words = new QLabel(this);
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    setTextRole(*m_words, TextRole::Secondary);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::kInGroup);
    column->addLayout(m_cards);
    column->addWidget(m_search);
    column->addWidget(m_view);
    column->addWidget(m_words);
    column->addWidget(makeFolderLine());

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_list.setSearch(text);
        showFound();
    });
    connect(m_view, &AdapterView::refused, this, [this](const QString& sentence) {
        m_words->setText(sentence);
        m_words->show();
    });
    // What was said of one row is no word on the next.
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] { showFound(); });
    connect(&controller.adapters(), &AdapterLibrary::changed, this, [this] { showFound(); });
    connect(&controller.adapterUse(), &AdapterUse::changed, this, [this] { showUsed(); });
    showUsed();
    showFound();
}

QWidget* AdapterPanel::makeFolderLine()
{
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::kInGroup);
    auto* add = new QPushButton(tr("Add folder…"), line);
    add->setToolTip(tr("A folder of LoRAs and their kin. Those of A1111 and ComfyUI are used in place."));
    m_rescan = new QPushButton(tr("Rescan"), line);
    row->addWidget(add);
    row->addWidget(m_rescan);
    row->addStretch();
    connect(add, &QPushButton::clicked, this, [this] { addFolder(); });
    connect(m_rescan, &QPushButton::clicked, &m_controller.adapters(), &AdapterLibrary::rescan);
    return line;
}

void AdapterPanel::addFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(
        this, tr("Folder of adapters"), m_controller.settings().lastFolder);
    if (folder.isEmpty())
        return;
    Settings settings = m_controller.settings();
    if (!settings.adapterFolders.contains(folder))
        settings.adapterFolders << folder;
    settings.lastFolder = folder;
    m_controller.setSettings(settings);
}

/// Cards stay while they show the same adapter, so that a field that is being edited keeps the focus.
void AdapterPanel::showUsed()
{
    const std::vector<UsedAdapter>& used = m_controller.adapterUse().used();
    const auto cardAt = [this](int i) {
        QLayoutItem* item = m_cards->itemAt(i);
        return item ? static_cast<AdapterCard*>(item->widget()) : nullptr;
    };
    for (int i = 0; i < int(used.size()); ++i) {
        const UsedAdapter& one = used[std::size_t(i)];
        AdapterCard* card = cardAt(i);
        while (card && (card->used().choice.name != one.choice.name)) {
            delete m_cards->takeAt(i);
            card->hide();
            card->deleteLater();
            card = cardAt(i);
        }
        if (!card) {
            card = new AdapterCard(m_controller, m_controller.archive().thumbnails(), one, this);
            m_cards->insertWidget(i, card);
            card->show();
        }
        card->setUsed(one);
    }
    while (AdapterCard* card = cardAt(int(used.size()))) {
        delete m_cards->takeAt(int(used.size()));
        card->hide();
        card->deleteLater();
    }
}

void AdapterPanel::showFound()
{
    const AdapterLibrary& library = m_controller.adapters();
    const bool any = !library.found().adapters.empty();
    m_search->setVisible(any);
    m_view->setVisible(m_list.rowCount() > 0);
    m_words->setVisible(m_list.rowCount() == 0);
    if (any)
        m_words->setText(tr("No adapter matches “%1”.").arg(m_search->text()));
    else if (!library.isKnown())
        m_words->setText(tr("Looking for adapters…"));
    else
        m_words->setText(
            tr("Adapters (LoRA, LyCORIS, DoRA) teach a model a style, a person or a thing. Add the "
               "folder they lie in, of A1111 or ComfyUI for example, or drop a file on the window: "
               "it is used where it is."));
    const QStringList& searched = library.found().searched;
    FieldForm::setUsable(*m_rescan,
        searched.isEmpty() ? tr("There are no folders yet. Add one first.") : QString(),
        tr("Searched:\n%1").arg(searched.join(u'\n')));
    m_rescan->setText(library.isScanning() ? tr("Looking…") : tr("Rescan"));
}

} // namespace

QWidget* makeAdapterPanel(StudioController& controller, QWidget* parent)
{
    return new AdapterPanel(controller, parent);
}

} // namespace studio::ui
