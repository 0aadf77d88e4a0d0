#pragma once

#include <QThreadPool>

#include <functional>

namespace studio::ui {

/// Shares the rows of one picture among a few threads and waits for them. The caller works too, so a frame is
/// finished even while every core is busy with something else: a helper that never got to run leaves nothing
/// undone.
class RowPool {
public:
    /// `helpers` threads beside the caller; -1: as many as there are cores, at most three.
    explicit RowPool(int helpers = -1);
    ~RowPool();

    /// Calls `work(begin, end)` for bands that cover [0, rows). Bands do not overlap; order is free. Little work (rows
    /// times `rowLength` pixels) stays with the caller: on a busy machine a helper may be slow to come back.
    void run(int rows, int rowLength, const std::function<void(int begin, int end)>& work);

private:
    QThreadPool m_pool;
};

} // namespace studio::ui
