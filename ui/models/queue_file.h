#pragma once

#include "ui/models/queue_list.h"

#include <QString>

#include <memory>
#include <vector>

class QLockFile;

namespace studio::ui {

/// What a queue file holds.
struct StoredQueue {
    std::vector<QueueEntry> entries; ///< none of them running
    QString trouble;                 ///< a sentence, if not everything could be read; empty: all is well
};

/// The queue on the disk: versioned JSON, replaced as a whole by renaming, so that whatever ends the program leaves the
/// queue before or the queue after. A file that cannot be read is set aside under a name of its own, never written
/// over. Of several programs with one file the first keeps it; the others work without.
class QueueFile {
public:
    static constexpr int kVersion = 1;

    /// Empty path: nothing is kept.
    explicit QueueFile(QString path);
    ~QueueFile();

    StoredQueue read();
    /// False if it could not be written.
    bool write(const std::vector<QueueEntry>& entries);

    const QString& path() const { return m_path; }
    /// False: what is written goes nowhere, and the queue ends with the program.
    bool isKept() const { return !m_path.isEmpty(); }

private:
    /// Under what name the file is now, or where it stays; a sentence.
    QString setAside();

    QString m_path; ///< empty: nothing is kept
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace studio::ui
