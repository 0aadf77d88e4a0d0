#pragma once

#include "core/api/take.h"

#include <QCoreApplication>

#include <filesystem>
#include <memory>

class QWidget;

namespace studio::ui {

class CompareView;
class StudioController;

/// Saving and copying on demand. Writing happens in the background; the controller's saver says how it went. What asks
/// in a dialog takes the take by value: runs go on meanwhile, and the window shows other takes.
class SaveCommands {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::SaveCommands)

public:
    /// All must outlive this object, except at the very end.
    SaveCommands(StudioController& controller, CompareView& view, QWidget* window);

    /// The layer in sight, into the folder of the settings.
    void save(const std::shared_ptr<const Take>& take);
    void saveAs(std::shared_ptr<const Take> take);
    /// What is compared at this moment. `take`: the one in sight; null: pictures of others are.
    void saveSheet(std::shared_ptr<const Take> take);
    /// Asks for a folder, and orders everything into it that was refused or lies only in memory. False: no folder was
    /// chosen.
    bool saveUnsaved();
    bool copyPicture(const std::shared_ptr<const Take>& take);
    /// Hands a layer to whatever program the hand lets go of it over; comes back when it has.
    void dragOut(std::shared_ptr<const Take> take, int layer);
    bool copyRecipe(const std::shared_ptr<const Take>& take); ///< as A1111 writes it

    /// What is looked at: the picture shown alone, else the take's main one. Null without a picture.
    const Layer* layerInSight(const std::shared_ptr<const Take>& take) const;

private:
    std::filesystem::path sheetPath(const Take* take) const; ///< the name to propose

    StudioController& m_controller;
    CompareView& m_view;
    QWidget* m_window;
};

} // namespace studio::ui
