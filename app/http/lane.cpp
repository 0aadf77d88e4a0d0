#include "app/http/lane.h"

#include <algorithm>

namespace studio::http {

Job::Job(std::vector<Request> requests)
    : m_requests(std::move(requests))
{
    m_state.allTakes = m_requests.size();
}

bool Job::waitFor(std::chrono::milliseconds patience) const
{
    std::unique_lock lock(m_mutex);
    return m_change.wait_for(lock, patience, [this] { return m_over; });
}

Job::State Job::state() const
{
    const std::lock_guard lock(m_mutex);
    return m_state;
}

JobContext Job::context()
{
    JobContext context;
    context.stop = m_stop.get_token();
    context.planned = [this](const Plan& plan) {
        const std::lock_guard lock(m_mutex);
        m_state.plan = plan;
        m_state.progress = {};
        m_state.preview.reset();
    };
    context.report = [this](const Progress& progress) {
        const std::lock_guard lock(m_mutex);
        m_state.progress = progress;
    };
    context.preview = [this](const Preview& preview) {
        auto picture = std::make_shared<const Picture8>(preview.picture);
        const std::lock_guard lock(m_mutex);
        m_state.preview = std::move(picture);
    };
    return context;
}

void Job::run(Engine& engine)
{
    const JobContext jobContext = context();
    for (const Request& request : m_requests) {
        if (cancelled())
            break;
        {
            const std::lock_guard lock(m_mutex);
            m_state.started = true;
        }
        m_takes.push_back(engine.run(request, jobContext));
        {
            const std::lock_guard lock(m_mutex);
            m_state.finishedTakes = m_takes.size();
        }
        if (m_takes.back().ending != Ending::Finished)
            break;
    }
    finish();
}

void Job::finish()
{
    const std::lock_guard lock(m_mutex);
    m_over = true;
    m_change.notify_all();
}

Lane::Lane(Engine& engine, std::size_t capacity)
    : m_engine(engine)
    , m_capacity(capacity)
    , m_thread([this] { work(); })
{ }

Lane::~Lane()
{
    close();
    m_thread.join();
}

std::shared_ptr<Job> Lane::submit(std::vector<Request> requests)
{
    auto job = std::make_shared<Job>(std::move(requests));
    const std::lock_guard lock(m_mutex);
    if (m_closed) {
        job->cancel();
        job->finish();
        return job;
    }
    if (m_waiting.size() >= m_capacity && (m_running || !m_waiting.empty()))
        return nullptr;
    m_waiting.push_back(job);
    m_change.notify_all();
    return job;
}

void Lane::withdraw(const std::shared_ptr<Job>& job)
{
    job->cancel();
    const std::lock_guard lock(m_mutex);
    const auto place = std::find(m_waiting.begin(), m_waiting.end(), job);
    if (place == m_waiting.end())
        return;
    m_waiting.erase(place);
    job->finish();
}

void Lane::close()
{
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    if (m_running)
        m_running->cancel();
    for (const auto& job : m_waiting) {
        job->cancel();
        job->finish();
    }
    m_waiting.clear();
    m_change.notify_all();
}

bool Lane::closed() const
{
    const std::lock_guard lock(m_mutex);
    return m_closed;
}

std::shared_ptr<Job> Lane::running() const
{
    const std::lock_guard lock(m_mutex);
    return m_running;
}

std::size_t Lane::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_waiting.size();
}

void Lane::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_change.wait(lock, [this] { return m_closed || !m_waiting.empty(); });
        if (m_waiting.empty())
            return; // closed
        m_running = m_waiting.front();
        m_waiting.pop_front();
        const auto job = m_running;
        lock.unlock();
        job->run(m_engine);
        lock.lock();
        m_running.reset();
    }
}

} // namespace studio::http
