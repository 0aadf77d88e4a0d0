#pragma once

#include "ui/jobs/latest_task.h"
#include "ui/models/second_passes.h"

#include <QObject>

namespace studio::ui {

class StudioController;

/// Draft, pick, hires: puts a second pass for every starred take of the store into the queue. The takes are read in
/// the background.
class StarredHires : public QObject {
    Q_OBJECT

public:
    explicit StarredHires(StudioController& controller, QObject* parent = nullptr);

    void start();

Q_SIGNALS:
    /// What went into the queue and what did not.
    void added(const studio::ui::SecondPasses& passes);
    /// The store could not be read.
    void failed(const studio::Failure& failure);

private:
    using Read = Outcome<SecondPasses>;
    static Read read(const std::filesystem::path& folder, const SecondPassWish& wish);
    void add(Read read);

    StudioController& m_controller;
    QThreadPool m_lane;
    LatestTask<Read> m_task;
};

/// What was done, in a sentence or two.
QString secondPassesInWords(const SecondPasses& passes);

} // namespace studio::ui
