#include "ui/jobs/generation_job.h"

#include <QThreadPool>
#include <QtConcurrentRun>

namespace studio::ui {

GenerationJob::GenerationJob(
    std::shared_ptr<Engine> engine, Request request, QThreadPool& lane, QObject* parent)
    : QObject(parent)
    , m_engine(std::move(engine))
    , m_request(std::move(request))
    , m_lane(lane)
{
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] { Q_EMIT finished(m_watcher.result()); });
}

GenerationJob::~GenerationJob()
{
    m_stop.request_stop();
    m_watcher.disconnect(this);
    m_watcher.waitForFinished();
}

JobContext GenerationJob::context()
{
    // Called on the worker. The queue of this object's thread carries a copy over, and drops it if the object is
    // gone; the destructor waits for the worker, so `this` is there whenever the worker calls.
    const auto handOver = [this](auto signal) {
        return [this, signal](const auto& value) {
            QMetaObject::invokeMethod(
                this,
                [this, signal, value] {
                    Q_EMIT(this->*signal)
                    (value);
                },
                Qt::QueuedConnection);
        };
    };
    JobContext context;
    context.stop = m_stop.get_token();
    context.planned = handOver(&GenerationJob::planned);
    context.report = handOver(&GenerationJob::progressed);
    context.preview = handOver(&GenerationJob::previewed);
    context.layerFinished = handOver(&GenerationJob::layerFinished);
    return context;
}

void GenerationJob::start()
{
    m_watcher.setFuture(
        QtConcurrent::run(&m_lane, [engine = m_engine, request = m_request, context = context()] {
            return std::shared_ptr<const Take>(std::make_shared<Take>(engine->run(request, context)));
        }));
}

} // namespace studio::ui
