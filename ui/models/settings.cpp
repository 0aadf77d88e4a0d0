#include "ui/models/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>

#include <algorithm>

namespace studio::ui {

namespace {

// One row for each remembered value: file and value go the same way in both directions.
template <class Visit> void eachValue(Settings& s, Visit&& visit)
{
    visit("look/theme", s.theme);
    visit("look/reduced_motion", s.reducedMotion);
    visit("look/geometry", s.geometry);
    visit("look/left_column", s.leftColumn);
    visit("look/right_column", s.rightColumn);
    visit("saving/automatic", s.autoSave);
    visit("saving/folder", s.outputFolder);
    visit("saving/name_pattern", s.namePattern);
    visit("saving/keep_takes", s.keepTakes);
    visit("saving/takes_folder", s.takesFolder);
    visit("saving/takes_gigabytes", s.takesGigabytes);
    visit("saving/format", s.format);
    visit("saving/quality", s.quality);
    visit("saving/metadata", s.metadata);
    visit("models/folders", s.modelFolders);
    visit("adapters/folders", s.adapterFolders);
    visit("adapters/embedding_folders", s.embeddingFolders);
    visit("upscalers/folders", s.upscalerFolders);
    visit("adapters/resting", s.restingAdapters);
    visit("models/recent", s.recentModels);
    visit("work/prompts", s.promptHistory);
    visit("work/declined_takes", s.declinedTakes);
    visit("work/request", s.lastRequest);
    visit("work/defaults", s.lastDefaults);
    visit("work/folder", s.lastFolder);
    visit("work/generate_count", s.generateCount);
    visit("work/queue_count", s.queueCount);
    visit("work/queue_random_seeds", s.queueRandomSeeds);
}

template <class T> void fromVariant(const QVariant& stored, T& value)
{
    if constexpr (std::is_enum_v<T>) {
        bool isNumber = false;
        const int number = stored.toInt(&isNumber);
        // Every enumeration that is stored has three values.
        if (isNumber && number >= 0 && number <= 2)
            value = static_cast<T>(number);
    } else if (stored.canConvert<T>()) {
        value = stored.value<T>();
    }
}

template <class T> QVariant toVariant(const T& value)
{
    if constexpr (std::is_enum_v<T>)
        return static_cast<int>(value);
    else
        return QVariant::fromValue(value);
}

} // namespace

Settings loadSettings(const QString& file)
{
    Settings settings;
    const QSettings store(file, QSettings::IniFormat);
    eachValue(settings, [&](const char* key, auto& value) {
        if (const QVariant stored = store.value(QLatin1String(key)); stored.isValid())
            fromVariant(stored, value);
    });
    settings.quality = std::clamp(settings.quality, 1, 100);
    settings.takesGigabytes = std::clamp(settings.takesGigabytes, 0, 10000);
    settings.generateCount = std::clamp(settings.generateCount, 1, 100);
    settings.queueCount = std::clamp(settings.queueCount, 1, 100);
    settings.outputFolder = folderFrom(settings.outputFolder).value_or(QString());
    settings.takesFolder = folderFrom(settings.takesFolder).value_or(QString());
    return settings;
}

bool saveSettings(const Settings& settings, const QString& file, const Settings& known)
{
    QVariantMap before;
    Settings copy = known;
    eachValue(copy,
        [&](const char* key, const auto& value) { before.insert(QLatin1String(key), toVariant(value)); });
    QVariantMap changed;
    copy = settings;
    eachValue(copy, [&](const char* key, const auto& value) {
        if (const QVariant now = toVariant(value); now != before.value(QLatin1String(key)))
            changed.insert(QLatin1String(key), now);
    });
    if (changed.isEmpty())
        return true;
    QDir().mkpath(QFileInfo(file).absolutePath());
    QSettings store(file, QSettings::IniFormat);
    for (auto each = changed.cbegin(); each != changed.cend(); ++each)
        store.setValue(each.key(), each.value());
    store.sync();
    return store.status() == QSettings::NoError;
}

std::optional<QString> folderFrom(const QString& typed)
{
    QString folder = typed.trimmed();
    if (folder.isEmpty())
        return QString();
    if (folder == u'~' || folder.startsWith(QLatin1String("~/")))
        folder.replace(0, 1, QDir::homePath());
    if (!QDir::isAbsolutePath(folder))
        return std::nullopt;
    return QDir::cleanPath(folder);
}

QString outputFolder(const Settings& settings)
{
    if (!settings.outputFolder.isEmpty())
        return settings.outputFolder;
    return QStandardPaths::writableLocation(QStandardPaths::PicturesLocation)
        + QStringLiteral("/Hires Studio");
}

void remember(QStringList& recent, const QString& path, int most)
{
    if (path.isEmpty())
        return;
    recent.removeAll(path);
    recent.prepend(path);
    if (recent.size() > most)
        recent.resize(most);
}

} // namespace studio::ui
