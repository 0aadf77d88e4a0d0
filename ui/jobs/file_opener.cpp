#include "ui/jobs/file_opener.h"

#include "core/api/infotext.h"
#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/models/adapter_library.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QLocale>

#include <array>

namespace studio::ui {

namespace {

constexpr qint64 kMostRequestBytes = 1 << 20;

bool isAdapter(FileKind kind)
{
    return kind == FileKind::Lora || kind == FileKind::TextualInversion;
}

Outcome<Inspection> readRequest(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Failure{
            ErrorKind::FileMissing, toStd(path + QStringLiteral(" cannot be read: ") + file.errorString())};
    const QByteArray text = file.read(kMostRequestBytes);
    const Outcome<Request> read = requestFromJson({text.constData(), static_cast<std::size_t>(text.size())});
    if (const Failure* failure = failureOf(read))
        return *failure;
    Inspection inspection;
    inspection.kind = FileKind::Picture;
    inspection.request = std::get<Request>(read);
    return inspection;
}

/// Who made a picture whose settings are not, or not readably, in this program's own form; nothing: they are.
std::optional<QString> makerOf(const std::filesystem::path& picture)
{
    const Outcome<PictureMetadata> read = loadPictureMetadata(picture);
    const auto* metadata = std::get_if<PictureMetadata>(&read);
    if (!metadata || !failureOf(requestFromJson(metadata->requestJson)))
        return std::nullopt;
    const Outcome<ImportedRequest> imported = requestFromPicture(*metadata);
    const auto* found = std::get_if<ImportedRequest>(&imported);
    return found ? toQt(found->program) : QString();
}

} // namespace

FileOpener::FileOpener(QObject* parent)
    : QObject(parent)
    , m_task(m_lane, std::chrono::milliseconds(0), [this](const Found& found) { decide(found); })
{
    m_lane.setMaxThreadCount(1);
}

FileOpener::Found FileOpener::look(const QString& path, std::optional<ModelSlot> slot)
{
    const QFileInfo file(path);
    // A diffusers folder may be named by the file that makes it one.
    if (file.fileName() == QLatin1String("model_index.json"))
        return {file.absolutePath(), slot, inspect(toPath(file.absolutePath())), {}, {}};
    const bool isRequest = file.suffix().compare(QLatin1String("json"), Qt::CaseInsensitive) == 0;
    Found found{path, slot, isRequest ? readRequest(path) : inspect(toPath(path)), {}, {}};
    const auto* inspection = std::get_if<Inspection>(&found.inspection);
    if (inspection && isAdapter(inspection->kind))
        found.unfit = whyUnfit(readAdapterFile(toPath(path)));
    if (inspection && inspection->request && !isRequest)
        found.foreign = makerOf(toPath(path));
    return found;
}

void FileOpener::open(const QString& path, std::optional<ModelSlot> slot)
{
    m_task.ask([path, slot] { return look(path, slot); });
}

void FileOpener::decideOnAdapter(const Found& found, FileKind kind)
{
    if (!found.unfit.isEmpty())
        Q_EMIT refused(found.path, found.unfit);
    else if (kind == FileKind::Lora)
        Q_EMIT adapterFound(found.path);
    else
        Q_EMIT embeddingFound(found.path);
}

void FileOpener::decide(const Found& found)
{
    if (const Failure* failure = failureOf(found.inspection)) {
        Q_EMIT refused(found.path, toQt(failure->detail));
        return;
    }
    const auto* inspection = std::get_if<Inspection>(&found.inspection);
    if (!inspection)
        return;
    if (inspection->request && !found.slot) {
        FoundRequest request{*inspection->request, found.path, {}, toQt(inspection->infotext),
            found.foreign.value_or(QString()), !found.foreign};
        for (const std::string& sentence : inspection->notHonoured)
            request.notHonoured << toQt(sentence);
        Q_EMIT requestFound(request);
        return;
    }
    constexpr std::array kSlots{ModelSlot::Base, ModelSlot::Refiner, ModelSlot::Vae};
    for (const ModelSlot slot : kSlots) {
        if (fits(slot, inspection->kind) && (!found.slot || found.slot == slot)) {
            Q_EMIT modelFound(slot, found.path);
            return;
        }
    }
    if (!found.slot && isAdapter(inspection->kind))
        return decideOnAdapter(found, inspection->kind);
    if (found.slot)
        Q_EMIT refused(found.path, whyRefused(*found.slot, *inspection));
    else if (inspection->kind == FileKind::Upscaler && inspection->unfit.empty())
        Q_EMIT upscalerFound(found.path);
    else if (inspection->kind == FileKind::Upscaler)
        Q_EMIT refused(found.path, toQt(inspection->unfit));
    else if (inspection->kind == FileKind::Picture)
        Q_EMIT pictureFound(found.path);
    else
        Q_EMIT refused(found.path,
            tr("This is %1. Hires Studio opens SDXL checkpoints, refiners, VAEs and adapters, ESRGAN "
               "upscalers, and pictures with their settings.")
                .arg(toQt(inspection->title)));
}

QString fileFacts(const QString& path)
{
    const QFileInfo file(path);
    QStringList facts{FileOpener::tr("Path: %1").arg(path)};
    if (!file.exists())
        return (facts << FileOpener::tr("There is no such file.")).join(u'\n');
    if (file.isFile())
        facts << FileOpener::tr("Size: %1").arg(bytesWords(file.size()));
    facts << FileOpener::tr("Changed: %1").arg(QLocale().toString(file.lastModified(), QLocale::ShortFormat));
    return facts.join(u'\n');
}

} // namespace studio::ui
