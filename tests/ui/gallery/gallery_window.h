#pragma once

#include "stored_takes.h"
#include "studio_under_test.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/strings.h"
#include "ui/gallery/gallery_grid.h"
#include "ui/gallery/gallery_page.h"
#include "ui/gallery/take_commands.h"
#include "ui/jobs/take_archive.h"
#include "ui/main_window/main_window.h"
#include "ui/widgets/notice.h"

#include <QAction>
#include <QPushButton>
#include <QTest>

#include <memory>
#include <string>
#include <vector>

namespace studio::test {

constexpr int kPatience = 30000; // milliseconds

/// A window over a store with three takes of earlier sessions: "a lake", "a harbour", "a wood", the newest last.
struct GalleryWindow {
    explicit GalleryWindow(
        bool filled = true, std::chrono::milliseconds perStep = std::chrono::milliseconds(1))
        : studio(perStep)
    {
        place = studio.controller.takesFolder();
        if (filled) {
            for (const char* prompt : {"a lake", "a harbour", "a wood"})
                ids.push_back(storeTake(place, smallRequest(prompt, 40 + ids.size())));
        }
    }

    bool open()
    {
        window = std::make_unique<ui::MainWindow>(studio.controller);
        window->resize(1440, 900);
        window->show();
        return QTest::qWaitForWindowExposed(window.get()) && studio.open() && settled();
    }

    bool settled() { return settledWith(static_cast<int>(ids.size())); }
    bool settledWith(int takes)
    {
        return waitUntil(
            [&] {
                return studio.controller.takes().rowCount() == takes
                    && !studio.controller.archive().isListing();
            },
            kPatience);
    }

    bool openGallery()
    {
        window->view().setFocus();
        QTest::keyClick(&window->view(), Qt::Key_G);
        return window->gallery() && window->gallery()->isVisible() && settled();
    }

    ui::GalleryGrid& grid() { return window->gallery()->grid(); }
    ui::TakeArchive& archive() { return studio.controller.archive(); }

    QStringList shown()
    {
        QStringList prompts;
        for (int row = 0; row < archive().found().rowCount(); ++row)
            prompts << ui::toQt(archive().found().row(row).summary.prompt);
        return prompts;
    }

    void choose(int row, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        const QRect cell = grid().visualRect(archive().found().index(row));
        QTest::mouseClick(grid().viewport(), Qt::LeftButton, modifiers, cell.center());
    }

    void press(const QString& remedy)
    {
        QPushButton* found = nullptr;
        const bool offered = waitUntil(
            [&] {
                for (QPushButton* button : window->notice().findChildren<QPushButton*>())
                    found = button->text() == remedy && button->isVisible() ? button : found;
                return found != nullptr;
            },
            kPatience);
        QVERIFY2(offered, qPrintable(remedy));
        found->click();
    }

    StudioUnderTest studio;
    std::filesystem::path place;
    std::vector<std::string> ids;
    std::unique_ptr<ui::MainWindow> window;
};

inline QStringList words(const char* first, const char* second = nullptr, const char* third = nullptr)
{
    QStringList all;
    for (const char* word : {first, second, third}) {
        if (word)
            all << QString::fromLatin1(word);
    }
    return all;
}

} // namespace studio::test
