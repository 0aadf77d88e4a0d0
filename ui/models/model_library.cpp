#include "ui/models/model_library.h"

#include "ui/convert/strings.h"

#include <QDirIterator>
#include <QFileInfo>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kMostFiles = 2000; // a folder chosen by mistake must not be read for minutes

bool isOfUse(FileKind kind)
{
    return fits(ModelSlot::Base, kind) || fits(ModelSlot::Refiner, kind) || fits(ModelSlot::Vae, kind);
}

void look(const QString& path, std::vector<ModelEntry>& found)
{
    const Outcome<Inspection> looked = inspect(toPath(path));
    const auto* inspection = std::get_if<Inspection>(&looked);
    if (inspection && isOfUse(inspection->kind))
        found.push_back({path, modelName(path), inspection->kind});
}

} // namespace

std::vector<ModelEntry> scanModels(const QStringList& folders, const std::stop_token& stop)
{
    std::vector<ModelEntry> found;
    int files = 0;
    for (const QString& folder : folders) {
        QStringList inside; // diffusers folders: their own files are parts, not models
        QDirIterator each(folder, {QStringLiteral("*.safetensors"), QStringLiteral("model_index.json")},
            QDir::Files, QDirIterator::Subdirectories | QDirIterator::FollowSymlinks);
        QStringList singles;
        while (each.hasNext() && files < kMostFiles && !stop.stop_requested()) {
            const QFileInfo file(each.next());
            ++files;
            if (file.fileName() == QLatin1String("model_index.json"))
                inside << file.absolutePath();
            else
                singles << file.absoluteFilePath();
        }
        for (const QString& path : inside)
            look(path, found);
        for (const QString& path : singles) {
            const bool isPart = std::any_of(inside.begin(), inside.end(),
                [&](const QString& model) { return path.startsWith(model + u'/'); });
            if (!isPart && !stop.stop_requested())
                look(path, found);
        }
    }
    std::sort(found.begin(), found.end(), [](const ModelEntry& a, const ModelEntry& b) {
        return QString::localeAwareCompare(a.name, b.name) < 0;
    });
    return found;
}

ModelLibrary::ModelLibrary(QObject* parent)
    : QObject(parent)
    , m_task(m_lane, std::chrono::milliseconds(0), [this](std::vector<ModelEntry> found) {
        m_scanning = false;
        m_entries = std::move(found);
        Q_EMIT changed();
    })
{
    m_lane.setMaxThreadCount(1);
    m_lane.setThreadPriority(QThread::LowestPriority);
}

ModelLibrary::~ModelLibrary()
{
    m_stop.request_stop();
}

void ModelLibrary::setFolders(const QStringList& folders)
{
    m_folders = folders;
    rescan();
}

void ModelLibrary::rescan()
{
    m_stop.request_stop(); // of a scan that has been overtaken
    m_stop = std::stop_source();
    m_scanning = true;
    m_task.ask([folders = m_folders, stop = m_stop.get_token()] { return scanModels(folders, stop); });
    Q_EMIT changed();
}

bool fits(ModelSlot slot, FileKind kind)
{
    switch (slot) {
    case ModelSlot::Base:
        return kind == FileKind::SdxlBase;
    case ModelSlot::Refiner:
        return kind == FileKind::SdxlRefiner;
    case ModelSlot::Vae:
        return kind == FileKind::SdxlVae;
    }
    return false;
}

QString whyRefused(ModelSlot slot, const Inspection& inspection)
{
    if (fits(slot, inspection.kind))
        return {};
    const QString what = toQt(inspection.title);
    switch (slot) {
    case ModelSlot::Base:
        if (inspection.kind == FileKind::SdxlRefiner)
            return ModelLibrary::tr("This is %1. Choose it as the refiner.").arg(what);
        return ModelLibrary::tr("This is %1. The model must be an SDXL base checkpoint.").arg(what);
    case ModelSlot::Refiner:
        return ModelLibrary::tr("This is %1. The refiner must be an SDXL refiner checkpoint.").arg(what);
    case ModelSlot::Vae:
        return ModelLibrary::tr("This is %1. The VAE must be one for SDXL.").arg(what);
    }
    return {};
}

QString modelName(const QString& path)
{
    const QFileInfo file(path);
    return file.suffix() == QLatin1String("safetensors") ? file.completeBaseName() : file.fileName();
}

} // namespace studio::ui
