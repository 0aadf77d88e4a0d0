#include "ui/jobs/unsaved_pictures.h"

#include "ui/models/take_list.h"

#include <algorithm>
#include <ranges>

namespace studio::ui {

UnsavedPictures::UnsavedPictures(PictureSaver& saver, QObject* parent)
    : QObject(parent)
    , m_saver(saver)
{
    connect(&saver, &PictureSaver::saved, this, [this](const QString&, const SaveOrder& order) {
        std::erase_if(m_entries, [&](const Entry& entry) { return entry.order.subject == order.subject; });
        noteSafe(order.subject);
        Q_EMIT changed();
    });
    connect(&saver, &PictureSaver::failed, this, [this](const SaveOrder& order, const Failure& failure) {
        m_failure = failure;
        note(order, true);
        Q_EMIT changed();
        Q_EMIT refusedOne();
    });
}

void UnsavedPictures::note(const SaveOrder& order, bool refused)
{
    for (Entry& entry : m_entries) {
        if (entry.order.subject != order.subject)
            continue;
        if (refused)
            entry = {order, true, 0};
        return;
    }
    m_entries.push_back({order, refused, 0});
}

void UnsavedPictures::dropOldest()
{
    std::int64_t bytes = 0;
    for (Entry& entry : std::views::reverse(m_entries)) {
        bytes += entry.bytes;
        // Those that were refused count for nothing: they are held until they are written.
        if (entry.bytes > 0 && bytes > TakeList::kMostBytes)
            entry.bytes = -1;
    }
    std::erase_if(m_entries, [](const Entry& entry) { return entry.bytes < 0; });
}

void UnsavedPictures::noteSafe(const std::shared_ptr<const void>& subject)
{
    std::erase_if(m_safe, [](const auto& known) { return known.expired(); });
    if (!isSafe(subject))
        m_safe.push_back(subject);
}

bool UnsavedPictures::isSafe(const std::shared_ptr<const void>& subject) const
{
    return std::any_of(
        m_safe.begin(), m_safe.end(), [&](const auto& known) { return known.lock() == subject; });
}

void UnsavedPictures::takeKept(const Take& take)
{
    for (const Layer& layer : take.layers)
        noteSafe(layer.picture);
    Q_EMIT changed();
}

void UnsavedPictures::takeNotKept(const Take& take, const PathFor& pathFor, SaveOptions options)
{
    // Held on its own, without the other layers and the picture before rounding: there may be many.
    const auto recipe = std::make_shared<Take>(take);
    recipe->layers.clear();
    for (Layer layer : take.layers) {
        if (isSafe(layer.picture))
            continue;
        layer.precise.reset();
        note(saveLayer(recipe, layer, pathFor(layer.kind), options), false);
    }
    Q_EMIT changed();
}

void UnsavedPictures::notWanted(
    const Take& take, const Layer& layer, std::filesystem::path path, SaveOptions options)
{
    if (isSafe(layer.picture))
        return;
    const auto recipe = std::make_shared<Take>(take);
    recipe->layers.clear();
    Layer alone = layer;
    alone.precise.reset();
    const auto bytes = static_cast<std::int64_t>(layer.picture->values.size());
    m_entries.push_back({saveLayer(recipe, alone, std::move(path), options), false, bytes});
    dropOldest();
    Q_EMIT changed();
}

std::vector<SaveOrder> UnsavedPictures::refused() const
{
    std::vector<SaveOrder> orders;
    for (const Entry& entry : m_entries) {
        if (entry.refused)
            orders.push_back(entry.order);
    }
    return orders;
}

std::vector<SaveOrder> UnsavedPictures::onlyInMemory() const
{
    std::vector<SaveOrder> orders;
    for (const Entry& entry : m_entries) {
        if (!isSafe(entry.order.subject))
            orders.push_back(entry.order);
    }
    return orders;
}

void UnsavedPictures::tryAgain()
{
    for (const SaveOrder& order : refused())
        m_saver.save(order);
}

void UnsavedPictures::saveIn(const std::filesystem::path& folder)
{
    for (const Entry& entry : m_entries) {
        if (!entry.refused && isSafe(entry.order.subject))
            continue;
        SaveOrder elsewhere = entry.order;
        elsewhere.path = folder / entry.order.path.filename();
        m_saver.save(std::move(elsewhere));
    }
}

void UnsavedPictures::giveUp()
{
    m_entries.clear();
    Q_EMIT changed();
}

} // namespace studio::ui
