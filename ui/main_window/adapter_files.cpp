// What happens to adapters and upscalers that are dropped on the window or opened from it.
#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/status_line.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_use.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/notice.h"

#include <QFileInfo>

namespace studio::ui {

void MainWindow::useAdapter(const QString& path)
{
    const AdapterFile* known = m_controller.adapters().adapter(path);
    const double weight = known ? known->preferredWeight.value_or(1.0) : 1.0;
    m_controller.adapterUse().add(path, weight);
    m_panels.value(QStringLiteral("adapters"))->setOpen(true);
    m_notice->hide();
    m_status->say(tr("In use: %1").arg(path));
}

/// For whatever enlarges, whichever mode is chosen. One in a folder that is searched goes by its name.
void MainWindow::useUpscaler(const QString& path)
{
    const QFileInfo file(path);
    QStringList folders = m_controller.settings().upscalerFolders;
    for (const std::filesystem::path& folder : m_controller.services().upscalerFolders)
        folders << pathToQt(folder);
    const std::string name = toStd(file.completeBaseName());
    const auto& known = m_controller.state().catalog().upscalers;
    const bool isListed = folders.contains(file.absolutePath())
        && std::ranges::any_of(known, [&](const CatalogEntry& entry) { return entry.id == name; });
    m_controller.state().replace(tr("the upscaler %1").arg(file.completeBaseName()), [&](Request& request) {
        request.simple.upscaler = isListed ? name : toStd(path);
        for (Rung& rung : request.hires.rungs)
            rung.upscaler = request.simple.upscaler;
    });
    m_panels
        .value(m_controller.state().request().mode == Mode::Simple ? QStringLiteral("enlargement")
                                                                   : QStringLiteral("second_pass"))
        ->setOpen(true);
    m_notice->hide();
    m_status->say(m_controller.state().request().mode == Mode::Standard
            ? tr("In use: %1. Standard does not enlarge; Simple and Hires fix do.").arg(path)
            : tr("In use: %1").arg(path));
}

void MainWindow::useEmbedding(const QString& path)
{
    const QFileInfo file(path);
    const auto& known = m_controller.adapters().found().embeddings;
    const bool isSearched
        = std::ranges::any_of(known, [&](const AdapterFile& one) { return one.path == toPath(path); });
    const QString word = file.completeBaseName();
    if (isSearched)
        return m_notice->say(Notice::Kind::Good, tr("%1 is an embedding").arg(file.fileName()),
            tr("Write %1 into the prompt or the negative prompt where it shall act.").arg(word), path);
    const auto search = [this, folder = file.absolutePath()] {
        Settings settings = m_controller.settings();
        if (!settings.embeddingFolders.contains(folder))
            settings.embeddingFolders << folder;
        m_controller.setSettings(settings);
    };
    m_notice->say(Notice::Kind::Warning, tr("%1 is an embedding").arg(file.fileName()),
        tr("Prompts name embeddings by word, %1 in this case, once their folder is searched.").arg(word),
        path, {{tr("Search its folder"), search}});
}

} // namespace studio::ui
