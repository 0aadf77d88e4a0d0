#pragma once

#include "core/api/take_store.h"

#include <QCoreApplication>
#include <QWidget>

#include <functional>
#include <vector>

class QLabel;
class QLineEdit;
class QStackedLayout;
class QToolButton;

namespace studio::ui {

class CalmComboBox;
class EmptyNote;
class GalleryGrid;
class StudioController;
class TakeCommands;

/// All takes as thumbnails, with a search; or what lies in the trash. Takes the place of the canvas.
class GalleryPage : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::GalleryPage)

public:
    GalleryPage(StudioController& controller, TakeCommands& commands, QWidget* parent = nullptr);

    std::function<void()> left; ///< back to the canvas

    GalleryGrid& grid() const { return *m_grid; }
    QLineEdit& search() const { return *m_search; }
    CalmComboBox& days() const { return *m_days; }
    QToolButton& starredOnly() const { return *m_starred; }
    QToolButton& trash() const { return *m_trash; }
    QString words() const; ///< what it says in the place of thumbnails; empty while there are some

    /// The commands act on what is selected here.
    void takeOver();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeFoot();
    QToolButton* makeSwitch(const QString& icon, const QString& name, const QString& hint);
    void filter();
    void clearFilter();
    void showFound();

    StudioController& m_controller;
    TakeCommands& m_commands;
    QLineEdit* m_search = nullptr;
    CalmComboBox* m_days = nullptr;
    QToolButton* m_starred = nullptr;
    QToolButton* m_trash = nullptr;
    QLabel* m_count = nullptr;
    QLabel* m_chosen = nullptr;
    GalleryGrid* m_grid = nullptr;
    QStackedLayout* m_pages = nullptr;
    EmptyNote* m_note = nullptr;
    QList<QWidget*> m_outside; ///< buttons for takes outside the trash
    QList<QWidget*> m_inTrash; ///< buttons for those in it
};

} // namespace studio::ui
