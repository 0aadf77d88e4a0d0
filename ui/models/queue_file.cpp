#include "ui/models/queue_file.h"

#include "core/api/request_json.h"
#include "ui/convert/counted.h"
#include "ui/convert/strings.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QSaveFile>

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace studio::ui {

namespace {

using Json = nlohmann::json;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::QueueFile)
};

constexpr std::array kKinds{std::pair{ErrorKind::BadInput, "bad_input"},
    std::pair{ErrorKind::FileMissing, "file_missing"}, std::pair{ErrorKind::FileCorrupt, "file_corrupt"},
    std::pair{ErrorKind::UnsupportedModel, "unsupported_model"},
    std::pair{ErrorKind::OutOfMemory, "out_of_memory"}, std::pair{ErrorKind::DiskFull, "disk_full"},
    std::pair{ErrorKind::Internal, "internal"}};

std::string kindId(ErrorKind kind)
{
    for (const auto& [each, id] : kKinds) {
        if (each == kind)
            return id;
    }
    return "internal";
}

ErrorKind kindOf(const std::string& id)
{
    for (const auto& [kind, each] : kKinds) {
        if (each == id)
            return kind;
    }
    return ErrorKind::Internal;
}

Json jsonOf(const QueueEntry& entry)
{
    Json json{{"request", Json::parse(toJson(entry.request))}, {"group", entry.group}, {"take", entry.take},
        {"take_only", entry.takeOnly}, {"planned", nullptr}, {"failure", nullptr}};
    if (entry.planned)
        json["planned"] = Json::parse(toJson(*entry.planned));
    if (entry.failure)
        json["failure"] = {{"kind", kindId(entry.failure->kind)}, {"detail", entry.failure->detail}};
    return json;
}

/// Throws an exception that says what is wrong.
Request requestOf(const Json& json)
{
    const Outcome<Request> request = requestFromJson(json.dump());
    if (const Failure* failure = failureOf(request))
        throw std::runtime_error(failure->detail);
    return std::get<Request>(request);
}

/// Throws an exception that says what is wrong. What older files do not have is left as it is.
QueueEntry entryOf(const Json& json)
{
    QueueEntry entry;
    entry.request = requestOf(json.at("request"));
    entry.group = json.value("group", std::string());
    entry.take = json.value("take", std::string());
    entry.takeOnly = json.value("take_only", false);
    if (const Json planned = json.value("planned", Json()); planned.is_object())
        entry.planned = requestOf(planned);
    if (const Json failure = json.value("failure", Json()); failure.is_object()) {
        entry.state = QueueState::Failed;
        entry.failure
            = Failure{kindOf(failure.value("kind", std::string())), failure.value("detail", std::string())};
    }
    return entry;
}

QString unread(const QString& why)
{
    return Words::tr("The queue of the last session could not be read (%1).").arg(why);
}

QString lostWords(int lost, int kept)
{
    if (kept == 0)
        return unread(counted(lost, Words::tr("its only picture makes no sense"),
            Words::tr("none of its %n pictures makes sense", nullptr, lost)));
    return counted(lost,
               Words::tr("One picture of the last session's queue makes no sense and was left out;"),
               Words::tr(
                   "%n pictures of the last session's queue make no sense and were left out;", nullptr, lost))
        + u' '
        + counted(kept, Words::tr("the other one waits here."),
            Words::tr("the other %n wait here.", nullptr, kept));
}

} // namespace

QueueFile::QueueFile(QString path)
    : m_path(std::move(path))
{ }

QueueFile::~QueueFile() = default;

StoredQueue QueueFile::read()
{
    StoredQueue stored;
    if (m_path.isEmpty())
        return stored;
    QDir().mkpath(QFileInfo(m_path).absolutePath());
    m_lock = std::make_unique<QLockFile>(m_path + QStringLiteral(".lock"));
    m_lock->setStaleLockTime(0); // a queue may be kept for days; who has ended is told by the process
    if (!m_lock->tryLock(0) && m_lock->error() == QLockFile::LockFailedError) {
        m_path.clear();
        stored.trouble = Words::tr(
            "Another window of this program keeps the queue; what is queued in this one ends with it.");
        return stored;
    }
    QFile file(m_path);
    if (!file.exists())
        return stored;
    if (!file.open(QIODevice::ReadOnly)) {
        stored.trouble = unread(file.errorString()) + u' ' + setAside();
        return stored;
    }
    int lost = 0;
    try {
        const Json json = Json::parse(file.readAll().toStdString());
        if (json.at("version").get<int>() > kVersion)
            throw std::runtime_error(toStd(Words::tr("a newer version of this program wrote it")));
        for (const Json& each : json.at("entries")) {
            try {
                stored.entries.push_back(entryOf(each));
            } catch (const std::exception&) {
                ++lost;
            }
        }
    } catch (const std::exception& error) {
        stored.entries.clear();
        stored.trouble = unread(toQt(error.what())) + u' ' + setAside();
        return stored;
    }
    if (lost > 0)
        stored.trouble = lostWords(lost, static_cast<int>(stored.entries.size())) + u' ' + setAside();
    return stored;
}

QString QueueFile::setAside()
{
    const QFileInfo file(m_path);
    const QString stamp = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    for (int number = 0; number < 100; ++number) {
        const QString name = file.absolutePath() + u'/' + file.completeBaseName() + QStringLiteral("-broken-")
            + stamp + (number > 0 ? QStringLiteral("-%1").arg(number) : QString()) + QStringLiteral(".json");
        if (!QFile::exists(name) && QFile::rename(m_path, name))
            return Words::tr("The file was set aside as %1.").arg(QFileInfo(name).fileName());
    }
    const QString path = std::exchange(m_path, QString()); // never written over
    return Words::tr("The file could not be set aside (%1); what is queued now ends with this window.")
        .arg(path);
}

bool QueueFile::write(const std::vector<QueueEntry>& entries)
{
    if (m_path.isEmpty())
        return true;
    if (entries.empty() && !QFile::exists(m_path))
        return true;
    Json json{{"kind", "hires-studio queue"}, {"version", kVersion}, {"entries", Json::array()}};
    for (const QueueEntry& entry : entries)
        json["entries"].push_back(jsonOf(entry));
    const std::string text = json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
    const auto size = static_cast<qint64>(text.size());
    QSaveFile file(m_path);
    return file.open(QIODevice::WriteOnly) && file.write(text.data(), size) == size && file.commit();
}

} // namespace studio::ui
