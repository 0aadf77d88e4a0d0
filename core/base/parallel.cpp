#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace studio {

void parallelFor(int count, const std::function<void(int)>& body)
{
    std::atomic<int> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
    const auto work = [&] {
        try {
            for (int i = next.fetch_add(1); i < count; i = next.fetch_add(1))
                body(i);
        } catch (...) {
            next.store(count);
            const std::lock_guard lock(mutex);
            if (!failure)
                failure = std::current_exception();
        }
    };
    {
        const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
        std::vector<std::jthread> helpers;
        helpers.reserve(static_cast<std::size_t>(cores));
        try {
            for (int i = 1; i < std::min(cores, count); ++i)
                helpers.emplace_back(work);
        } catch (const std::system_error&) {
            // The system gives no more threads: those that run, and this one, do the work.
        }
        work();
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace studio
