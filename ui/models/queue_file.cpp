#include "ui/models/queue_file.h"

#include "core/api/request_json.h"
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
    Json json{{"request", Json::parse(toJson(entry.request))}, {"group", entry.group}, {"failure", nullptr}};
    if (entry.failure)
        json["failure"] = {{"kind", kindId(entry.failure->kind)}, {"detail", entry.failure->detail}};
    return json;
}

/// Throws an exception that says what is wrong.
QueueEntry entryOf(const Json& json)
{
    const Outcome<Request> request = requestFromJson(json.at("request").dump());
    if (const Failure* failure = failureOf(request))
        throw std::runtime_error(failure->detail);
    QueueEntry entry;
    entry.request = std::get<Request>(request);
    entry.group = json.value("group", std::string());
    if (const Json failure = json.value("failure", Json()); failure.is_object()) {
        entry.state = QueueState::Failed;
        entry.failure
            = Failure{kindOf(failure.value("kind", std::string())), failure.value("detail", std::string())};
    }
    return entry;
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
        stored.trouble = setAside(file.errorString());
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
        stored.trouble = setAside(toQt(error.what()));
        return stored;
    }
    if (lost > 0)
        stored.trouble = setAside(Words::tr("%n of its pictures make no sense", nullptr, lost));
    return stored;
}

QString QueueFile::setAside(const QString& why)
{
    const QFileInfo file(m_path);
    const QString stamp = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    for (int number = 0; number < 100; ++number) {
        const QString name = file.absolutePath() + u'/' + file.completeBaseName() + QStringLiteral("-broken-")
            + stamp + (number > 0 ? QStringLiteral("-%1").arg(number) : QString()) + QStringLiteral(".json");
        if (!QFile::exists(name) && QFile::rename(m_path, name))
            return Words::tr("The queue of the last session could not be read (%1). It was set aside as %2.")
                .arg(why, QFileInfo(name).fileName());
    }
    const QString path = std::exchange(m_path, QString()); // never written over
    return Words::tr(
        "The queue in %1 could not be read (%2) nor set aside; what is queued now ends with this window.")
        .arg(path, why);
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
