#include "ui/compare/row_pool.h"

#include <QThread>

#include <algorithm>
#include <atomic>
#include <memory>

namespace studio::ui {

namespace {

constexpr int kBand = 32;
constexpr int kWorthSharing = 200'000; // pixels

/// What the threads of one call share. Outlives the call in helpers that start late and find nothing left.
struct Share {
    std::atomic<int> next{0};
    std::atomic<int> finished{0};
    int bands = 0;
    int rows = 0;
    const std::function<void(int, int)>* work = nullptr;

    void help()
    {
        for (int band = next.fetch_add(1); band < bands; band = next.fetch_add(1)) {
            (*work)(band * kBand, std::min(rows, (band + 1) * kBand));
            finished.fetch_add(1, std::memory_order_release);
            finished.notify_one();
        }
    }
};

} // namespace

RowPool::RowPool(int helpers)
{
    const int count = helpers >= 0 ? helpers : std::clamp(QThread::idealThreadCount() - 1, 0, 3);
    m_pool.setMaxThreadCount(count);
    m_pool.setObjectName(QStringLiteral("canvas rows"));
}

RowPool::~RowPool()
{
    m_pool.waitForDone();
}

void RowPool::run(int rows, int rowLength, const std::function<void(int, int)>& work)
{
    if (m_pool.maxThreadCount() == 0 || rows * static_cast<qint64>(rowLength) < kWorthSharing)
        return work(0, rows);
    const auto share = std::make_shared<Share>();
    share->rows = rows;
    share->bands = (rows + kBand - 1) / kBand;
    share->work = &work;
    const int helpers = std::min(m_pool.maxThreadCount(), share->bands - 1);
    for (int i = 0; i < helpers; ++i)
        m_pool.tryStart([share] { share->help(); });
    share->help();
    // Only bands that a helper has already begun are waited for.
    for (int done = share->finished.load(std::memory_order_acquire); done < share->bands;
         done = share->finished.load(std::memory_order_acquire))
        share->finished.wait(done, std::memory_order_acquire);
}

} // namespace studio::ui
