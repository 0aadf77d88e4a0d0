#pragma once

#include "core/api/inspection.h"
#include "ui/jobs/latest_task.h"

#include <QObject>
#include <QStringList>

#include <stop_token>
#include <vector>

namespace studio::ui {

struct ModelEntry {
    QString path;
    QString name;
    FileKind kind = FileKind::Unknown;

    bool operator==(const ModelEntry&) const = default;
};

/// SDXL checkpoints, refiners and VAEs below `folders`, sorted by name. The folders of other programs (A1111, ComfyUI,
/// InvokeAI) are read where they are. Looks at the files' headers only. Ends early when asked to stop.
std::vector<ModelEntry> scanModels(const QStringList& folders, const std::stop_token& stop = {});

/// The models in the person's folders, looked up in the background.
class ModelLibrary : public QObject {
    Q_OBJECT

public:
    explicit ModelLibrary(QObject* parent = nullptr);
    ~ModelLibrary() override;

    void setFolders(const QStringList& folders);
    void rescan();
    bool isScanning() const { return m_scanning; }
    const QStringList& folders() const { return m_folders; }
    const std::vector<ModelEntry>& entries() const { return m_entries; }

Q_SIGNALS:
    void changed();

private:
    QStringList m_folders;
    std::vector<ModelEntry> m_entries;
    bool m_scanning = false;
    std::stop_source m_stop;
    QThreadPool m_lane;
    LatestTask<std::vector<ModelEntry>> m_task;
};

/// What a picker accepts.
enum class ModelSlot { Base, Refiner, Vae };
bool fits(ModelSlot slot, FileKind kind);

/// Why a file of this kind cannot be used in the slot, and what to do; empty if it can.
QString whyRefused(ModelSlot slot, const Inspection& inspection);

/// The name to show for a path: the file without its ending, or the folder.
QString modelName(const QString& path);

} // namespace studio::ui
