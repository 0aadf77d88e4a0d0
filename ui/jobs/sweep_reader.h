#pragma once

#include "ui/jobs/latest_task.h"
#include "ui/models/sweep_file.h"

#include <QObject>

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

namespace studio {
struct Picture8;
}

namespace studio::ui {

class SweepRun;

/// Reads the pictures of an earlier session's sweep from the store, in the background, and adds them to the run.
class SweepReader : public QObject {
    Q_OBJECT

public:
    /// The run must outlive this object.
    SweepReader(SweepRun& run, const std::filesystem::path& takesFolder);

private:
    struct Found {
        std::vector<std::pair<int, std::shared_ptr<const Picture8>>> pictures; ///< with their cells
        std::string firstPass; ///< of the take they stand on; empty: it is not kept
    };
    static Found read(const StoredSweep& sweep, const std::filesystem::path& takesFolder);

    SweepRun& m_run;
    QThreadPool m_lane;
    LatestTask<Found> m_task;
};

} // namespace studio::ui
