#pragma once

#include "core/api/adapter_files.h"
#include "ui/jobs/latest_task.h"

#include <QObject>
#include <QStringList>

#include <stop_token>
#include <vector>

namespace studio::ui {

/// Where prompts and requests find what they name.
struct AdapterFolders {
    QStringList adapters;   ///< in the order they are searched
    QStringList embeddings; ///< likewise
    QString wildcards;      ///< of NAME.txt; empty: none
    QString model;          ///< the folders of A1111 and ComfyUI beside it count, too

    bool operator==(const AdapterFolders&) const = default;
};

struct AdapterScan {
    std::vector<AdapterFile> adapters;   ///< by name; those of other families, too
    std::vector<AdapterFile> embeddings; ///< likewise
    QStringList wildcards;               ///< names, sorted
    QStringList searched;                ///< the folders of adapters, with those beside the model
};

/// Looks at the headers of all files. Ends early when asked to stop.
AdapterScan scanAdapters(const AdapterFolders& folders, const std::stop_token& stop = {});

/// The adapters, embeddings and wildcards in the person's folders, looked up in the background.
class AdapterLibrary : public QObject {
    Q_OBJECT

public:
    explicit AdapterLibrary(QObject* parent = nullptr);
    ~AdapterLibrary() override;

    /// Looks anew if they are others than before.
    void setFolders(const AdapterFolders& folders);
    void rescan();
    bool isScanning() const { return m_scanning; }
    /// Whether a scan has ended since the program began.
    bool isKnown() const { return m_known; }
    const AdapterScan& found() const { return m_found; }

    /// The adapter of a path, or of a name as requests and prompts write it; null: it is not in the folders.
    const AdapterFile* adapter(const QString& name) const;

Q_SIGNALS:
    void changed();

private:
    AdapterFolders m_folders;
    AdapterScan m_found;
    bool m_scanning = false;
    bool m_known = false;
    std::stop_source m_stop;
    QThreadPool m_lane;
    LatestTask<AdapterScan> m_task;
};

/// Why an adapter or embedding does not go with an SDXL model, as a sentence; empty if it does.
QString whyUnfit(const AdapterFile& file);

} // namespace studio::ui
