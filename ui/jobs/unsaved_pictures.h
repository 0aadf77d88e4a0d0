#pragma once

#include "ui/jobs/picture_saver.h"

#include <QObject>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace studio::ui {

/// Pictures that lie nowhere but in memory: those whose file could not be written, those of takes that were not kept
/// whole, and those that nobody wanted kept or saved so far. Each is held here until it is written somewhere or given up. Lives on the thread of the window.
class UnsavedPictures : public QObject {
    Q_OBJECT

public:
    using PathFor = std::function<std::filesystem::path(LayerKind)>;

    /// `saver` must outlive this object.
    explicit UnsavedPictures(PictureSaver& saver, QObject* parent = nullptr);

    /// Every picture of a take lies in the store, whatever becomes of its files.
    void takeKept(const Take& take);
    /// A take that is not whole in the store. `pathFor`: where its layers would be saved by `options`.
    void takeNotKept(const Take& take, const PathFor& pathFor, SaveOptions options);

    /// A picture that is neither kept in a take nor saved by itself, because the person wants it so. Of many of them the
    /// oldest go, as they do from the list of takes.
    void notWanted(const Take& take, const Layer& layer, std::filesystem::path path, SaveOptions options);

    /// Files that were ordered and could not be written.
    std::vector<SaveOrder> refused() const;
    const Failure& whyRefused() const { return m_failure; } ///< of the last one; without words: none was
    /// What is gone for good when the program ends.
    std::vector<SaveOrder> onlyInMemory() const;

    void tryAgain();
    /// Orders everything that is only in memory, or was refused, into one folder.
    void saveIn(const std::filesystem::path& folder);
    void giveUp();

Q_SIGNALS:
    /// The lists are not what they were.
    void changed();
    /// A file was refused: `refused` holds it.
    void refusedOne();

private:
    struct Entry {
        SaveOrder order;
        bool refused = false;   ///< false: nobody ordered a file of it
        std::int64_t bytes = 0; ///< of one that nobody wanted
    };

    void note(const SaveOrder& order, bool refused);
    void dropOldest();
    void noteSafe(const std::shared_ptr<const void>& subject);
    bool isSafe(const std::shared_ptr<const void>& subject) const;

    PictureSaver& m_saver;
    std::vector<Entry> m_entries;
    std::vector<std::weak_ptr<const void>> m_safe; ///< pictures that lie on the disk, in a file or a take
    Failure m_failure;
};

} // namespace studio::ui
