#include "ui/gallery/gallery_page.h"

#include "ui/convert/strings.h"
#include "ui/gallery/gallery_grid.h"
#include "ui/gallery/take_commands.h"
#include "ui/jobs/studio_controller.h"
#include "ui/jobs/take_archive.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/calm_inputs.h"
#include "ui/widgets/empty_note.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QStackedLayout>
#include <QToolButton>

#include <array>

namespace studio::ui {

namespace {

constexpr int kBar = 44; ///< height of head and foot

struct Days {
    const char* id;
    const char* label;
};

constexpr std::array kDays{
    Days{"any", QT_TRANSLATE_NOOP("studio::ui::GalleryPage", "Any day")},
    Days{"today", QT_TRANSLATE_NOOP("studio::ui::GalleryPage", "Today")},
    Days{"yesterday", QT_TRANSLATE_NOOP("studio::ui::GalleryPage", "Yesterday")},
    Days{"week", QT_TRANSLATE_NOOP("studio::ui::GalleryPage", "Last 7 days")},
    Days{"month", QT_TRANSLATE_NOOP("studio::ui::GalleryPage", "Last 30 days")},
    Days{"year", QT_TRANSLATE_NOOP("studio::ui::GalleryPage", "This year")},
    Days{"older", QT_TRANSLATE_NOOP("studio::ui::GalleryPage", "Earlier years")},
};

/// Puts the days' first and last moment, by the clock of the place, into the filter.
void setDays(TakeFilter& filter, const QString& id)
{
    const QDate today = QDate::currentDate();
    const auto moment = [](QDate day) { return day.startOfDay().toMSecsSinceEpoch(); };
    if (id == QLatin1String("today"))
        filter.from = moment(today);
    else if (id == QLatin1String("yesterday")) {
        filter.from = moment(today.addDays(-1));
        filter.until = moment(today);
    } else if (id == QLatin1String("week"))
        filter.from = moment(today.addDays(-6));
    else if (id == QLatin1String("month"))
        filter.from = moment(today.addDays(-29));
    else if (id == QLatin1String("year"))
        filter.from = moment(QDate(today.year(), 1, 1));
    else if (id == QLatin1String("older"))
        filter.until = moment(QDate(today.year(), 1, 1));
}

/// A strip with the panel's ground and a line to the grid.
class Bar : public QWidget {
public:
    Bar(Qt::Edge line, QWidget* parent)
        : QWidget(parent)
        , m_line(line)
    {
        setFixedHeight(kBar);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const Tokens& t = tokensOf(palette());
        painter.fillRect(rect(), t.panel);
        painter.fillRect(QRect(0, m_line == Qt::TopEdge ? 0 : height() - 1, width(), 1), t.border);
    }

private:
    Qt::Edge m_line;
};

QHBoxLayout* rowOf(QWidget* bar)
{
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(spacing::kInGroup, 0, spacing::kInGroup, 0);
    row->setSpacing(spacing::kInGroup);
    return row;
}

} // namespace

GalleryPage::GalleryPage(StudioController& controller, TakeCommands& commands, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_commands(commands)
    , m_grid(new GalleryGrid(controller.archive(), this))
    , m_note(new EmptyNote(this))
{
    auto* middle = new QWidget(this);
    m_pages = new QStackedLayout(middle);
    m_pages->addWidget(m_grid);
    m_pages->addWidget(m_note);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(middle, 1);
    column->addWidget(makeFoot());
    setAccessibleName(tr("Gallery of takes"));
    for (QAction* action : commands.all())
        m_grid->addAction(action);
    m_grid->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_grid->opened = [this](const std::string& id) { m_commands.opened(id); };
    m_grid->selectionMoved = [this] { takeOver(); };
    setFocusProxy(m_grid);
    QObject::connect(&controller.archive(), &TakeArchive::listed, this, [this] { showFound(); });
    showFound();
}

QToolButton* GalleryPage::makeSwitch(const QString& iconName, const QString& name, const QString& hint)
{
    auto* button = new QToolButton(this);
    button->setIcon(icon(iconName));
    button->setText(name);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setCheckable(true);
    button->setToolTip(hint);
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    QObject::connect(button, &QToolButton::toggled, this, [this] { filter(); });
    return button;
}

QWidget* GalleryPage::makeHead()
{
    auto* bar = new Bar(Qt::BottomEdge, this);
    QHBoxLayout* row = rowOf(bar);
    auto* back = new QToolButton(bar);
    back->setIcon(icon(QStringLiteral("chevron-left")));
    back->setToolTip(tr("Back to the picture (Esc)"));
    back->setAccessibleName(tr("Back to the picture"));
    back->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*back, ButtonRole::Quiet);
    QObject::connect(back, &QToolButton::clicked, this, [this] { left(); });
    m_search = new QLineEdit(bar);
    m_search->setPlaceholderText(tr("Search"));
    m_search->setToolTip(tr("Words in the prompts, the model, the mode or the seed, or a day or month: "
                            "2026-11-23, 2026-11 (Ctrl+F)"));
    m_search->setAccessibleName(tr("Search the takes"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    QObject::connect(m_search, &QLineEdit::textChanged, this, [this] { filter(); });
    m_days = new CalmComboBox(bar);
    m_days->setAccessibleName(tr("Made"));
    std::vector<Choice> days;
    for (const Days& each : kDays)
        days.push_back({QString::fromLatin1(each.id), tr(each.label), {}, {}});
    m_days->setChoices(days);
    m_days->choose(QStringLiteral("any"));
    QObject::connect(m_days, &QComboBox::currentIndexChanged, this, [this] { filter(); });
    m_starred = makeSwitch(QStringLiteral("star"), tr("Starred"), tr("Only starred takes"));
    m_trash = makeSwitch(QStringLiteral("trash"), tr("Trash"), tr("What was thrown away"));
    m_count = new QLabel(bar);
    setTextRole(*m_count, TextRole::Caption);
    row->addWidget(back);
    row->addWidget(m_search, 1);
    row->addWidget(m_days);
    row->addWidget(m_starred);
    row->addWidget(m_trash);
    row->addWidget(m_count);
    return bar;
}

QWidget* GalleryPage::makeFoot()
{
    auto* bar = new Bar(Qt::TopEdge, this);
    QHBoxLayout* row = rowOf(bar);
    m_chosen = new QLabel(bar);
    setTextRole(*m_chosen, TextRole::Caption);
    const auto add = [&](TakeCommand command, Qt::ToolButtonStyle style, QList<QWidget*>& group) {
        auto* button = new QToolButton(bar);
        button->setDefaultAction(m_commands[command]);
        button->setToolButtonStyle(style);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setAccessibleName(m_commands[command]->text().remove(u'&'));
        setButtonRole(*button, ButtonRole::Plain);
        row->addWidget(button);
        group << button;
    };
    row->addWidget(m_chosen, 1);
    for (const TakeCommand command : {TakeCommand::FinishRun, TakeCommand::UseRecipe, TakeCommand::UseSeed,
             TakeCommand::Star, TakeCommand::Trash})
        add(command, Qt::ToolButtonIconOnly, m_outside);
    for (const TakeCommand command : {TakeCommand::SecondPass, TakeCommand::Compare, TakeCommand::Open})
        add(command, Qt::ToolButtonTextBesideIcon, m_outside);
    for (const TakeCommand command : {TakeCommand::Restore, TakeCommand::EmptyTrash})
        add(command, Qt::ToolButtonTextBesideIcon, m_inTrash);
    return bar;
}

void GalleryPage::filter()
{
    TakeFilter filter;
    filter.query.text = toStd(m_search->text());
    filter.query.starredOnly = m_starred->isChecked();
    filter.query.trashed = m_trash->isChecked();
    setDays(filter, m_days->chosen());
    m_controller.archive().setFilter(std::move(filter));
}

void GalleryPage::clearFilter()
{
    m_search->clear();
    m_days->choose(QStringLiteral("any"));
    m_starred->setChecked(false);
    filter();
}

void GalleryPage::takeOver()
{
    const std::vector<TakeSummary> chosen = m_grid->selected();
    const int count = static_cast<int>(chosen.size());
    m_chosen->setText(count == 0 ? tr("None chosen")
            : count == 1         ? tr("1 chosen")
                                 : tr("%1 chosen").arg(QLocale().toString(count)));
    m_commands.setTargets(chosen);
}

QString GalleryPage::words() const
{
    return m_pages->currentWidget() == m_note ? m_note->title() : QString();
}

void GalleryPage::showFound()
{
    TakeArchive& archive = m_controller.archive();
    const TakeFilter& filter = archive.filter();
    const int count = archive.found().rowCount();
    m_count->setText(count == 1 ? tr("1 take") : tr("%1 takes").arg(QLocale().toString(count)));
    m_trash->setText(archive.trashed() > 0 ? tr("Trash %1").arg(archive.trashed()) : tr("Trash"));
    for (QWidget* button : m_outside)
        button->setVisible(!filter.query.trashed);
    for (QWidget* button : m_inTrash)
        button->setVisible(filter.query.trashed);
    if (isVisible())
        takeOver(); // stars and states of the chosen ones may have changed
    m_pages->setCurrentWidget(count > 0 ? static_cast<QWidget*>(m_grid) : m_note);
    if (count > 0)
        return;
    if (filter.isNarrow())
        m_note->say(QStringLiteral("search"), tr("Nothing was found"),
            tr("No take has all these words in its prompt, model, seed or mode, and was made on these "
               "days."),
            tr("Show all takes"), [this] { clearFilter(); });
    else if (filter.query.trashed)
        m_note->say(QStringLiteral("trash"), tr("The trash is empty"),
            m_controller.settings().takesGigabytes > 0
                ? tr(
                    "What you throw away lies here until you empty the trash, or until the takes outgrow the "
                    "room the settings give them; what was made first goes first.")
                : tr("What you throw away lies here until you empty the trash."));
    else if (!m_controller.settings().keepTakes)
        m_note->say(QStringLiteral("grid"), tr("Takes are not kept"),
            tr("Switch on “Keep every run with all its pictures” in the settings, and every run is here the "
               "next time, too."));
    else
        m_note->say(QStringLiteral("grid"), tr("No takes yet"),
            tr("Every run is kept here with all its pictures, its settings and its first pass. Nothing is "
               "ever "
               "lost."),
            tr("Back to the picture"), [this] { left(); });
}

void GalleryPage::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Find)) {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
        return;
    }
    QWidget::keyPressEvent(event);
}

void GalleryPage::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), tokensOf(palette()).window);
}

} // namespace studio::ui
