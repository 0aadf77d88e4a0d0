#pragma once

#include "core/api/take.h"

#include <QCoreApplication>

#include <memory>

class QWidget;

namespace studio::ui {

class CompareView;
class StudioController;

/// Saving and copying on demand. Writing happens in the background; the controller's saver says how it went.
class SaveCommands {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::SaveCommands)

public:
    /// All must outlive this object, except at the very end.
    SaveCommands(StudioController& controller, CompareView& view, QWidget* window);

    /// The layer in sight, into the folder of the settings.
    void save(const std::shared_ptr<const Take>& take);
    void saveAs(const std::shared_ptr<const Take>& take);
    void saveSheet(const std::shared_ptr<const Take>& take);
    /// Asks for a folder, and orders everything into it that was refused or lies only in memory. False: no folder was
    /// chosen.
    bool saveUnsaved();
    bool copyPicture(const std::shared_ptr<const Take>& take);
    /// Hands a layer to whatever program the hand lets go of it over; comes back when it has.
    void dragOut(const std::shared_ptr<const Take>& take, int layer);
    bool copyRecipe(const std::shared_ptr<const Take>& take); ///< as A1111 writes it

    /// What is looked at: the picture shown alone, else the take's main one. Null without a picture.
    const Layer* layerInSight(const std::shared_ptr<const Take>& take) const;

private:
    StudioController& m_controller;
    CompareView& m_view;
    QWidget* m_window;
};

} // namespace studio::ui
