// Renders the panel of adapters and the language of prompts in many states to PNG files, to be looked at. Not a test:
// it judges nothing. Needs a screen that can be read (Xvfb).
//   show_adapters FOLDER WIDTHxHEIGHT dark|light [STATE...]
#include "adapter_samples.h"
#include "state_pictures.h"
#include "studio_under_test.h"
#include "ui/main_window/dialogs.h"
#include "ui/main_window/main_window.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_use.h"
#include "ui/panels/adapter_view.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/fold_group.h"

#include <QApplication>
#include <QHelpEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>

using namespace studio;
using namespace studio::ui;
using test::spin;

namespace {

constexpr const char* kAllSyntax
    = "(a red fox:1.3) in the [snow], [dawn:dusk:0.4], ((ink)) {birch|2::pine} __trees__, easynegative\n"
      "<lora:ink_wash:0.8> <lora:missing:1> [cat|dog] AND a hill :0.7 BREAK wide # a note\n"
      "(never closed and stray ]";

class Show {
public:
    explicit Show(test::StatePictures pictures)
        : m_pictures(std::move(pictures))
        , m_window(m_pictures.window(m_studio.controller))
    {
        m_studio.open();
        controller().state().change([](Request& r) {
            r.mode = Mode::Hires;
            r.prompt = "a calm lake with snowy mountains by day";
        });
        for (const char* id : {"size", "second_pass"})
            m_window->panel(QLatin1String(id))->setOpen(false);
        m_window->panel(QStringLiteral("adapters"))->setOpen(true);
        spin(400);
    }

    void all()
    {
        bring();
        grab("adapters_empty");
        find();
        bring();
        grab("adapters_found");
        wrongFamily();
        used();
        prompt();
        settings();
    }

private:
    StudioController& controller() { return m_studio.controller; }

    void grab(const char* state)
    {
        if (m_pictures.wants(state))
            m_pictures.saveScreen(state, *m_window);
    }

    /// Scrolls the left column so that the panel is in sight.
    void bring()
    {
        FoldGroup* group = m_window->panel(QStringLiteral("adapters"));
        spin(100);
        for (QWidget* at = group->parentWidget(); at; at = at->parentWidget())
            if (auto* area = qobject_cast<QScrollArea*>(at)) {
                area->verticalScrollBar()->setValue(group->mapTo(area->widget(), QPoint()).y());
                return;
            }
    }

    void find()
    {
        const QString folder = m_studio.folder.filePath(QStringLiteral("loras"));
        test::writeManyLoras(folder);
        test::writeEmbedding(
            m_studio.folder.filePath(QStringLiteral("words")), QStringLiteral("easynegative"));
        Settings settings = controller().settings();
        settings.adapterFolders = {folder};
        settings.embeddingFolders = {m_studio.folder.filePath(QStringLiteral("words"))};
        controller().setSettings(settings);
        spin(1200);
    }

    void wrongFamily()
    {
        auto* view = m_window->panel(QStringLiteral("adapters"))->findChild<AdapterView*>();
        view->setFocus(Qt::TabFocusReason);
        view->setCurrentIndex(view->model()->index(12, 0));
        QTest::keyClick(view, Qt::Key_Space);
        grab("adapters_wrong_family");
        view->scrollToTop();
    }

    void used()
    {
        AdapterUse& use = controller().adapterUse();
        const auto path = [this](const char* name) {
            return m_studio.folder.filePath(QStringLiteral("loras/%1.safetensors").arg(QLatin1String(name)));
        };
        m_studio.engine->setWarnings(
            {"4 keys of ink_wash.safetensors match nothing in the model and are not applied: "
             "lora_unet_mid_block_7.alpha, lora_unet_mid_block_7.lora_down.weight and 2 more."});
        use.add(path("film_grain"), 0.7);
        use.add(path("ink_wash"));
        use.add(path("stained_glass"));
        use.setSecond(use.used()[1], 0.35);
        use.setEnabled(use.used()[2], false);
        controller().state().change(
            [](Request& r) { r.prompt = "a calm lake, film still, 35mm, grain <lora:gouache:0.6>"; });
        bring();
        spin(500);
        grab("adapters_used");
        m_studio.engine->setWarnings({});
        for (int i = 0; i < 4; ++i)
            use.remove(UsedAdapter(use.used()[0]));
        bring();
    }

    void prompt()
    {
        PromptEdit* edit = m_window->promptPanel().prompt();
        controller().state().change([](Request& r) { r.prompt = kAllSyntax; });
        edit->setFocus();
        grab("prompt_syntax");
        const int at = edit->toPlainText().indexOf(QLatin1String("dawn"));
        hover(*edit, at + 5);
        grab("prompt_hover_change");
        hover(*edit, edit->toPlainText().indexOf(QLatin1String("<lora:missing")) + 3);
        grab("prompt_hover_unknown");
        controller().state().change([](Request& r) { r.prompt = "a calm lake, "; });
        edit->moveCursor(QTextCursor::End);
        QTest::keyClicks(edit, QStringLiteral("<lora:in"));
        grab("prompt_completion");
        QTest::keyClick(edit, Qt::Key_Escape);
    }

    void hover(PromptEdit& edit, int position)
    {
        QTextCursor cursor(edit.document());
        cursor.setPosition(position);
        const QPoint at = edit.cursorRect(cursor).center() + QPoint(2, 0);
        QCursor::setPos(edit.viewport()->mapToGlobal(at)); // a tool tip stays where the pointer is
        spin(100);
        QHelpEvent help(QEvent::ToolTip, at, edit.viewport()->mapToGlobal(at));
        QApplication::sendEvent(edit.viewport(), &help);
        spin(500);
    }

    void settings()
    {
        showSettings(controller(), m_window.get());
        spin(200);
        if (QWidget* dialog = QApplication::activeModalWidget()) {
            if (auto* pages = dialog->findChild<QTabWidget*>())
                pages->setCurrentIndex(pages->count() - 1);
            grab("settings_adapters");
            dialog->close();
        }
    }

    test::StatePictures m_pictures;
    test::StudioUnderTest m_studio;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

int main(int argc, char** argv)
{
    return test::renderStates<Show>(argc, argv);
}
