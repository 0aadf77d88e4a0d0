#include "ui/jobs/settings_store.h"

#include "core/api/log.h"
#include "ui/convert/strings.h"

#include <utility>

namespace studio::ui {

SettingsStore::SettingsStore(QString file)
    : m_file(std::move(file))
    , m_loaded(loadSettings(m_file))
    , m_known(m_loaded)
{
    m_lane.setMaxThreadCount(1);
}

SettingsStore::~SettingsStore()
{
    m_lane.waitForDone();
}

void SettingsStore::store(const Settings& settings)
{
    m_lane.start([this, settings] { write(settings); });
}

bool SettingsStore::storeNow(const Settings& settings)
{
    m_lane.waitForDone();
    return write(settings);
}

bool SettingsStore::write(const Settings& settings)
{
    const bool written = saveSettings(settings, m_file, m_known);
    if (written)
        m_known = settings;
    else if (!m_failed)
        logWarning("The settings could not be written to " + toStd(m_file) + ".");
    m_failed = !written;
    return written;
}

} // namespace studio::ui
