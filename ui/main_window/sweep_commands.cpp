#include "ui/main_window/sweep_commands.h"

#include "core/api/take_store.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/main_window.h"
#include "ui/sweep/sweep_canvas.h"
#include "ui/sweep/sweep_dialog.h"
#include "ui/sweep/sweep_page.h"
#include "ui/sweep/sweep_picture.h"
#include "ui/sweep/sweep_words.h"

#include <QFileDialog>

namespace studio::ui {

namespace {

std::optional<Request> readFirstPass(
    const std::filesystem::path& folder, const std::string& takeId, const SecondPassWish& wish)
{
    const auto opened = openTakeStore({folder});
    const auto* store = std::get_if<std::shared_ptr<TakeStore>>(&opened);
    if (!store)
        return std::nullopt;
    const Outcome<StoredTake> read = (*store)->read(takeId);
    const StoredTake* take = std::get_if<StoredTake>(&read);
    return take && !take->firstPass.empty() ? secondPassOf(*take, wish) : std::nullopt;
}

} // namespace

SweepCommands::SweepCommands(StudioController& controller, MainWindow& window)
    : QObject(&window)
    , m_controller(controller)
    , m_window(window)
    , m_page(new SweepPage(controller, &window))
    , m_reading(m_lane, std::chrono::milliseconds(0),
          [this](const std::optional<Request>& ofTake) { openDialog(ofTake); })
{
    m_lane.setMaxThreadCount(1);
    m_page->hide();
    connect(m_page, &SweepPage::closed, this, &SweepCommands::close);
    connect(m_page, &SweepPage::newWanted, this, &SweepCommands::setUp);
    connect(m_page, &SweepPage::comparisonWanted, this, &SweepCommands::compare);
    connect(m_page, &SweepPage::saveWanted, this, &SweepCommands::save);
    connect(m_page, &SweepPage::adopted, this, [this](const Request& request, const QString& words) {
        // The controls make the same picture from the start: a seed or prompt that is changed there then counts.
        Request whole = m_controller.portable(request);
        whole.firstPass.clear();
        m_controller.state().replaceRequest(std::move(whole), tr("a picture of the sweep"));
        Q_EMIT said(tr("Now in the controls: %1").arg(words));
    });
}

void SweepCommands::setUp()
{
    const std::string takeId = m_window.takeId();
    if (!m_controller.engine())
        return Q_EMIT said(tr("The engine is still starting."));
    if (takeId.empty())
        return openDialog({});
    m_reading.ask([folder = m_controller.takesFolder(), takeId, wish = secondPassWish(m_controller.state())] {
        return readFirstPass(folder, takeId, wish);
    });
}

void SweepCommands::openDialog(const std::optional<Request>& ofTake)
{
    std::vector<SweepStart> starts;
    if (ofTake)
        starts.push_back({tr("The first pass of this take, seed %1, %2")
                              .arg(ofTake->seed.value_or(0))
                              .arg(sizeWords(firstPassSizeOf(*ofTake))),
            m_controller.portable(*ofTake)});
    Request present = m_controller.state().request();
    if (!present.seed)
        present.seed = m_controller.state().lastSeed();
    present = sweepStart(std::move(present));
    starts.push_back({tr("The controls, seed %1").arg(*present.seed), std::move(present)});
    auto* dialog = new SweepDialog(std::move(starts), m_controller.settings().keepTakes,
        m_controller.state().catalog(), m_controller.engine(), &m_window);
    connect(dialog, &SweepDialog::wanted, this, &SweepCommands::start);
    dialog->open();
}

void SweepCommands::start(const SweepSetup& setup)
{
    m_page->start(setup);
    show();
}

void SweepCommands::show()
{
    m_window.view().hide();
    m_page->show();
    m_page->setFocus(Qt::OtherFocusReason);
    Q_EMIT opened();
}

void SweepCommands::close()
{
    if (m_page->isHidden())
        return;
    m_page->hide();
    m_window.view().show();
    m_window.view().setFocus(Qt::OtherFocusReason);
}

void SweepCommands::toggle()
{
    if (!m_page->isHidden())
        return close();
    if (!m_page->run()) {
        std::optional<StoredSweep> last = readSweep(m_page->file());
        if (!last)
            return setUp();
        m_page->restore(std::move(*last));
    }
    show();
}

void SweepCommands::compare(int first, int second)
{
    std::vector<CompareLayer> layers;
    for (const int cell : {first, second}) {
        const SweepCell& shown = m_page->run()->cells()[static_cast<std::size_t>(cell)];
        layers.push_back({cellWords(m_page->run()->setup(), cell, m_controller.state().catalog()),
            sizeWords(shown.picture->size), shown.picture});
    }
    close();
    m_window.compare(std::move(layers));
    Q_EMIT said(tr("Two pictures of the sweep. F8 leads back to the sheet."));
}

void SweepCommands::save()
{
    const SweepRun& run = *m_page->run();
    const Settings& settings = m_controller.settings();
    const QString folder = settings.lastFolder.isEmpty() ? outputFolder(settings) : settings.lastFolder;
    const QString proposed
        = folder + u'/' + tr("sweep_%1").arg(run.setup().request.seed.value_or(0)) + QStringLiteral(".png");
    const QString path = QFileDialog::getSaveFileName(&m_window, tr("Save the sheet"), proposed,
        tr("Pictures (*.png *.jpg *.webp)"), nullptr, QFileDialog::DontConfirmOverwrite);
    if (path.isEmpty())
        return;
    std::filesystem::path file = toPath(path);
    if (!file.has_extension())
        file += ".png";
    m_controller.saver().save(saveDrawing(
        [parts = sweepPictures(run, m_controller.state().catalog())] { return makeSweepPicture(parts); },
        file, {formatOf(file), settings.quality, false}));
}

} // namespace studio::ui
