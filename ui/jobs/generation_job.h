#pragma once

#include "core/api/engine.h"

#include <QFutureWatcher>
#include <QObject>

#include <memory>
#include <stop_token>

class QThreadPool;

namespace studio::ui {

/// One run of the engine in a background lane. Values cross the thread, nothing else does. All signals come on the
/// thread of the window, in the order the engine called, `finished` last and once. The destructor cancels and waits.
class GenerationJob : public QObject {
    Q_OBJECT

public:
    GenerationJob(
        std::shared_ptr<Engine> engine, Request request, QThreadPool& lane, QObject* parent = nullptr);
    ~GenerationJob() override;

    void start(); ///< once
    void cancel() { m_stop.request_stop(); }
    bool isCancelling() const { return m_stop.stop_requested(); }

Q_SIGNALS:
    void planned(const studio::Plan& plan);
    void progressed(const studio::Progress& progress);
    void previewed(const studio::Preview& preview);
    void layerFinished(const studio::Layer& layer);
    void finished(std::shared_ptr<const studio::Take> take);

private:
    JobContext context();

    std::shared_ptr<Engine> m_engine;
    Request m_request;
    QThreadPool& m_lane;
    std::stop_source m_stop;
    QFutureWatcher<std::shared_ptr<const Take>> m_watcher;
};

} // namespace studio::ui
