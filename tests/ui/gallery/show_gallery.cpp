// Renders the gallery and what is done with stored takes to PNG files, to be looked at. Not a test: it judges nothing.
//   show_gallery FOLDER WIDTHxHEIGHT dark|light STORE
// STORE is a folder of takes, at least four; it is copied before anything is changed in it.
#include "gallery_window.h"
#include "state_pictures.h"
#include "ui/compare/compare_canvas.h"
#include "ui/gallery/comparison_bar.h"
#include "ui/main_window/dialogs.h"

#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using test::spin;

namespace {

class Show {
public:
    explicit Show(test::StatePictures pictures, bool filled = true)
        : m_pictures(std::move(pictures))
        , m_window(/*filled=*/false)
    {
        if (filled)
            std::filesystem::copy(
                toPath(m_pictures.rest.at(0)), m_window.place, std::filesystem::copy_options::recursive);
        m_window.window = m_pictures.window(m_window.studio.controller);
        m_window.studio.open();
        settle();
    }

    void empty()
    {
        gallery();
        grab("gallery_empty");
    }

    void all()
    {
        grab("start");
        QLineEdit* search = nullptr;
        gallery();
        grab("gallery_loading", 30);
        settle();
        search = &m_window.window->gallery()->search();
        m_window.choose(0);
        grab("gallery");
        m_window.choose(1);
        command(TakeCommand::Star);
        m_window.choose(3);
        command(TakeCommand::Star);
        m_window.choose(0);
        m_window.choose(3, Qt::ControlModifier);
        grab("gallery_two");
        menu();
        search->setFocus();
        search->setText(QStringLiteral("lake"));
        settle();
        grab("gallery_search");
        search->setText(QStringLiteral("a cat on a bicycle"));
        settle();
        grab("gallery_nothing");
        search->clear();
        m_window.window->gallery()->starredOnly().click();
        settle();
        grab("gallery_starred");
        m_window.window->gallery()->starredOnly().click();
        settle();
        thrownAway();
        shown();
    }

private:
    void settle()
    {
        test::waitUntil(
            [this] { return !m_window.archive().isListing() && m_window.archive().thumbnails().isIdle(); },
            20000);
        spin(300);
    }

    void gallery()
    {
        m_window.window->actions()[Command::Gallery]->trigger();
        test::waitUntil([this] { return !m_window.archive().isListing(); }, 20000);
    }

    void command(TakeCommand command)
    {
        m_window.window->takeCommands().run(command);
        settle();
    }

    void menu()
    {
        QMenu menu(m_window.window.get());
        menu.addActions(m_window.window->takeCommands().all());
        menu.popup(m_window.window->mapToGlobal(QPoint(500, 200)));
        grab("gallery_menu", 150, &menu);
        menu.hide();
    }

    void thrownAway()
    {
        m_window.choose(1);
        m_window.choose(2, Qt::ControlModifier);
        command(TakeCommand::Trash);
        grab("gallery_thrown");
        m_window.window->gallery()->trash().click();
        settle();
        m_window.choose(0);
        grab("gallery_trash");
        command(TakeCommand::EmptyTrash);
        grab("gallery_ask");
        m_window.window->notice().hide();
        m_window.window->gallery()->trash().click();
        settle();
    }

    void shown()
    {
        m_window.choose(0);
        m_window.choose(1, Qt::ControlModifier);
        command(TakeCommand::Compare);
        test::waitUntil([this] { return m_window.window->view().layers().size() == 2; }, 20000);
        settle();
        grab("compared");
        m_window.window->comparison().left();
        gallery();
        settle();
        m_window.choose(0);
        command(TakeCommand::SecondPass);
        test::waitUntil([this] { return m_window.window->take() != nullptr; }, 20000);
        settle();
        grab("second_pass");
        test::storeCutOffTake(m_window.place, test::smallRequest("a lighthouse in a storm, at night", 9), 3);
        m_window.studio.controller.archive().refresh();
        settle();
        m_window.window->takeCommands().offerToFinish();
        test::waitUntil([this] { return m_window.window->notice().isVisible(); }, 20000);
        grab("offer");
    }

    void grab(const char* state, int milliseconds = 200, QWidget* what = nullptr)
    {
        m_pictures.save(state, what ? *what : *m_window.window, milliseconds);
    }

    test::StatePictures m_pictures;
    test::GalleryWindow m_window;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const auto pictures = test::statePictures();
    if (!pictures || pictures->rest.isEmpty())
        return 2;
    Show(*pictures, /*filled=*/false).empty();
    Show(*pictures).all();
    return 0;
}
