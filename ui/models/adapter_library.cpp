#include "ui/models/adapter_library.h"

#include "ui/convert/strings.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

#include <algorithm>

namespace studio::ui {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 5000; // a folder chosen by mistake must not be read for minutes
constexpr int kMostWildcards = 5000;

std::vector<fs::path> pathsOf(const QStringList& folders)
{
    std::vector<fs::path> paths;
    for (const QString& folder : folders)
        paths.push_back(toPath(folder));
    return paths;
}

std::vector<AdapterFile> look(
    const std::vector<fs::path>& folders, FileKind wanted, const std::stop_token& stop)
{
    std::vector<AdapterFile> found;
    std::vector<fs::path> files = adapterFilesIn(folders);
    files.resize(std::min(files.size(), kMostFiles));
    for (const fs::path& path : files) {
        if (stop.stop_requested())
            break;
        AdapterFile file = readAdapterFile(path);
        // What cannot be read stays in sight, with the reason.
        const bool isBroken = file.kind == FileKind::Unknown && !file.faults.empty();
        if (file.kind == wanted || isBroken)
            found.push_back(std::move(file));
    }
    std::ranges::sort(found, [](const AdapterFile& a, const AdapterFile& b) {
        return QString::localeAwareCompare(toQt(a.name), toQt(b.name)) < 0;
    });
    return found;
}

QStringList wildcardsIn(const QString& folder)
{
    QStringList names;
    if (folder.isEmpty())
        return names;
    QDirIterator each(folder, {QStringLiteral("*.txt")}, QDir::Files,
        QDirIterator::Subdirectories | QDirIterator::FollowSymlinks);
    for (int files = 0; each.hasNext() && files < kMostWildcards; ++files) {
        const QString below = QDir(folder).relativeFilePath(each.next());
        names << below.chopped(4);
    }
    names.sort(Qt::CaseInsensitive);
    return names;
}

} // namespace

AdapterScan scanAdapters(const AdapterFolders& folders, const std::stop_token& stop)
{
    const fs::path model = toPath(folders.model);
    const std::vector<fs::path> adapters
        = model.empty() ? pathsOf(folders.adapters) : adapterFolders(pathsOf(folders.adapters), model);
    const std::vector<fs::path> embeddings
        = model.empty() ? pathsOf(folders.embeddings) : embeddingFolders(pathsOf(folders.embeddings), model);
    AdapterScan scan;
    scan.adapters = look(adapters, FileKind::Lora, stop);
    scan.embeddings = look(embeddings, FileKind::TextualInversion, stop);
    scan.wildcards = wildcardsIn(folders.wildcards);
    for (const fs::path& folder : adapters)
        scan.searched << pathToQt(folder);
    return scan;
}

AdapterLibrary::AdapterLibrary(QObject* parent)
    : QObject(parent)
    , m_task(m_lane, std::chrono::milliseconds(0), [this](AdapterScan found) {
        m_scanning = false;
        m_known = true;
        m_found = std::move(found);
        Q_EMIT changed();
    })
{
    m_lane.setMaxThreadCount(1);
    m_lane.setThreadPriority(QThread::LowestPriority);
}

AdapterLibrary::~AdapterLibrary()
{
    m_stop.request_stop();
}

void AdapterLibrary::setFolders(const AdapterFolders& folders)
{
    if (folders == m_folders && (m_known || m_scanning))
        return;
    m_folders = folders;
    rescan();
}

void AdapterLibrary::rescan()
{
    m_stop.request_stop(); // of a scan that has been overtaken
    m_stop = std::stop_source();
    m_scanning = true;
    m_task.ask([folders = m_folders, stop = m_stop.get_token()] { return scanAdapters(folders, stop); });
    Q_EMIT changed();
}

const AdapterFile* AdapterLibrary::adapter(const QString& name) const
{
    const fs::path path = toPath(name);
    const auto& adapters = m_found.adapters;
    auto found = std::ranges::find(adapters, path, &AdapterFile::path);
    if (found == adapters.end()) {
        const std::string stem
            = toStd(pathToQt(path.extension() == ".safetensors" ? path.stem() : path.filename()));
        found = std::ranges::find(adapters, stem, &AdapterFile::name);
    }
    return found == adapters.end() ? nullptr : &*found;
}

QString whyUnfit(const AdapterFile& file)
{
    if (file.kind == FileKind::Unknown)
        return file.faults.empty() ? AdapterLibrary::tr("This file is no adapter.")
                                   : toQt(file.faults.front());
    if (file.family.empty() || file.family == "SDXL")
        return {};
    return AdapterLibrary::tr("Made for %1. The model in use is SDXL, which needs adapters made for SDXL.")
        .arg(toQt(file.family));
}

} // namespace studio::ui
