#pragma once

#include "ui/models/settings.h"

#include <QThreadPool>

namespace studio::ui {

/// The file of the settings. Several windows may have one: each writes what it has changed itself, and leaves the rest
/// as the others have stored it. Used on the thread of the window; the destructor waits for what is being written.
class SettingsStore {
public:
    /// Reads the file.
    explicit SettingsStore(QString file);
    ~SettingsStore();

    SettingsStore(const SettingsStore&) = delete;
    SettingsStore& operator=(const SettingsStore&) = delete;

    const Settings& loaded() const { return m_loaded; }

    /// In the background, after what was ordered before.
    void store(const Settings& settings);
    /// False if they could not be written.
    bool storeNow(const Settings& settings);

private:
    bool write(const Settings& settings);

    QString m_file;
    Settings m_loaded;
    Settings m_known;      ///< what this window knows the file to hold; used in the lane, or while it rests
    bool m_failed = false; ///< the last writing; likewise
    QThreadPool m_lane;
};

} // namespace studio::ui
