#pragma once

#include "ui/compare/picture_pyramid.h"

#include <QObject>
#include <QThreadPool>

#include <deque>
#include <memory>
#include <set>

namespace studio::ui {

/// Builds pyramids in the background and keeps the recent ones, so that going back to a take is immediate.
/// Lives on the thread of the window; only the building runs elsewhere.
class PyramidStore : public QObject {
    Q_OBJECT

public:
    explicit PyramidStore(QObject* parent = nullptr);
    ~PyramidStore() override;

    /// The pyramid if it is there or quickly made (previews); otherwise null, and `built` follows.
    std::shared_ptr<const PicturePyramid> request(const std::shared_ptr<const Picture8>& picture);

    /// Pictures of up to so many pixels are made at once: a millisecond, against previews that never come to be seen on
    /// a busy machine.
    static constexpr int kAtOnce = 256 * 256;

    /// What is kept beside the pyramids somebody still shows.
    static constexpr std::size_t kKeptBytes = 256u << 20;

Q_SIGNALS:
    void built();

private:
    /// Holds the picture too: a new one can then not take the address of an old one.
    struct Entry {
        std::shared_ptr<const Picture8> picture;
        std::shared_ptr<const PicturePyramid> pyramid;
    };
    void keep(Entry entry);

    std::deque<Entry> m_entries; ///< most recently used first
    std::set<const Picture8*> m_building;
    QThreadPool m_pool;
};

} // namespace studio::ui
