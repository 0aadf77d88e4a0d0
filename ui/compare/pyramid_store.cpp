#include "ui/compare/pyramid_store.h"

#include <QtConcurrentRun>

#include <algorithm>

namespace studio::ui {

PyramidStore::PyramidStore(QObject* parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(2);
}

PyramidStore::~PyramidStore()
{
    m_pool.clear();
    m_pool.waitForDone();
}

std::shared_ptr<const PicturePyramid> PyramidStore::request(const std::shared_ptr<const Picture8>& picture)
{
    if (!picture || !picture->size.isSet())
        return nullptr;
    const auto found = std::find_if(
        m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.picture == picture; });
    if (found != m_entries.end()) {
        std::rotate(m_entries.begin(), found, found + 1);
        return m_entries.front().pyramid;
    }
    if (picture->size.width * static_cast<qint64>(picture->size.height) <= kAtOnce) {
        keep({picture, PicturePyramid::build(*picture)});
        return m_entries.front().pyramid;
    }
    if (m_building.insert(picture.get()).second) {
        QtConcurrent::run(&m_pool, [picture] {
            return PicturePyramid::build(*picture);
        }).then(this, [this, picture](std::shared_ptr<const PicturePyramid> pyramid) {
            m_building.erase(picture.get());
            keep({picture, std::move(pyramid)});
            Q_EMIT built();
        });
    }
    return nullptr;
}

void PyramidStore::keep(Entry entry)
{
    m_entries.push_front(std::move(entry));
    std::size_t bytes = 0;
    const auto tooMuch = std::find_if(m_entries.begin() + 1, m_entries.end(), [&bytes](const Entry& old) {
        bytes += old.pyramid->bytes();
        return bytes > kKeptBytes;
    });
    m_entries.erase(tooMuch, m_entries.end());
}

} // namespace studio::ui
