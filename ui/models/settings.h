#pragma once

#include "core/api/picture_file.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace studio::ui {

enum class ThemeChoice { Dark, Light, System };

/// Which layers of a take are saved without being asked for.
enum class AutoSave { Nothing, Finished, Everything };

/// What the program remembers between two runs. A plain value.
struct Settings {
    ThemeChoice theme = ThemeChoice::Dark;
    bool reducedMotion = false;
    AutoSave autoSave = AutoSave::Finished;
    QString outputFolder; ///< empty: the program's folder among the person's pictures
    QString namePattern = QStringLiteral("[date]_[seed]_[layer]");
    bool keepTakes = true;  ///< keep every run on the disk, with all its layers
    QString takesFolder;    ///< empty: the program's own
    int takesGigabytes = 0; ///< room for them, 0..10000; 0: as much as there is
    PictureFormat format = PictureFormat::Png;
    int quality = 92;     ///< of JPEG and WebP, 1..100
    bool metadata = true; ///< write prompt and settings into the pictures
    QStringList modelFolders;
    QStringList adapterFolders;
    QStringList embeddingFolders;
    QStringList upscalerFolders;
    QString restingAdapters;       ///< those switched off, as JSON
    QStringList recentModels;      ///< newest first
    QStringList promptHistory;     ///< newest first
    QStringList declinedTakes;     ///< runs that were cut off and shall not be offered again; newest first
    QString lastRequest;           ///< JSON
    QString lastDefaults;          ///< JSON: what its models do by themselves
    QString lastFolder;            ///< of file dialogs
    int generateCount = 1;         ///< pictures that one press of Generate makes, 1..100
    int queueCount = 1;            ///< pictures that one order adds to the queue, 1..100
    bool queueRandomSeeds = false; ///< theirs after the first; false: each the next one
    QByteArray geometry;
    bool leftColumn = true;
    bool rightColumn = true;

    bool operator==(const Settings&) const = default;
};

/// Reads `file` (INI). What is missing or makes no sense takes its default.
Settings loadSettings(const QString& file);

/// Writes into `file` what is not as in `known`, and leaves everything else as it stands there: another window may have
/// stored it since. False if it cannot be written.
bool saveSettings(const Settings& settings, const QString& file, const Settings& known);

/// A folder as it was typed or stored: "~" and "~/..." are in the home folder. Nothing: it is not a full path, and would
/// be another folder wherever the program is started.
std::optional<QString> folderFrom(const QString& typed);

/// The chosen folder, or the default one.
QString outputFolder(const Settings& settings);

/// Puts `path` first and keeps the list short.
void remember(QStringList& recent, const QString& path, int most = 12);

} // namespace studio::ui
