#pragma once

#include "core/api/take_store.h"

#include <QCoreApplication>
#include <QListView>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace studio::ui {

class TakeArchive;

/// Thumbnails of what the archive found, in rows, the newest first. Several can be selected.
class GalleryGrid : public QListView {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::GalleryGrid)

public:
    static constexpr int kPicture = 160; ///< side of the frame a picture lies in

    explicit GalleryGrid(TakeArchive& archive, QWidget* parent = nullptr);

    /// The person wants to see one (Enter, double click).
    std::function<void(const std::string& id)> opened;
    std::function<void()> selectionMoved;

    std::vector<TakeSummary> selected() const; ///< in the order of the list
    void select(const std::string& id);        ///< alone, and in sight

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;

private:
    void fitColumns();
    void selectAgain();

    TakeArchive& m_archive;
    std::set<std::string> m_selected; ///< survives a new list
    std::string m_current;
    bool m_resetting = false;
};

} // namespace studio::ui
