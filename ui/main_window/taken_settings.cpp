// Settings and pictures that come from elsewhere: dropped, opened or pasted.
#include "ui/convert/strings.h"
#include "ui/jobs/file_opener.h"
#include "ui/jobs/pasted_pictures.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/status_line.h"
#include "ui/models/first_picture.h"
#include "ui/models/foreign_request.h"
#include "ui/models/generation_text.h"
#include "ui/models/model_library.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/notice.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileInfo>
#include <QImageReader>
#include <QMimeData>
#include <QUrl>

namespace studio::ui {

namespace {

constexpr int kAtAGlance = 3; // sentences; the details hold the rest

/// What was written and chosen stays; how it is made goes back.
void resetSettings(Request& request)
{
    Request fresh;
    fresh.prompt = request.prompt;
    fresh.negativePrompt = request.negativePrompt;
    fresh.mode = request.mode;
    fresh.models = request.models;
    request = fresh;
}

/// The model that was named is here, so nobody has to look for it.
QStringList withoutModel(QStringList sentences)
{
    sentences.removeIf([](const QString& sentence) {
        return sentence.startsWith(QLatin1String("The picture was made with the model "));
    });
    return sentences;
}

} // namespace

void MainWindow::connectPasting()
{
    connect(m_pasted, &PastedPictures::kept, this, &MainWindow::openFile);
    connect(m_pasted, &PastedPictures::notKept, this, [this](const QString& sentence) {
        m_notice->say(Notice::Kind::Bad, tr("The picture could not be pasted"), sentence);
    });
    for (PromptEdit* edit : {m_prompts->prompt(), m_prompts->negative()}) {
        edit->pasted = [this](const QString& text) { offerSettingsIn(text); };
        edit->picturePasted = [this] { paste(); };
    }
    connect(&m_controller.state(), &StudioState::replacementsChanged, this, &MainWindow::nameUndo);
    nameUndo();
}

/// The commands of the Edit menu that put other settings into the controls.
void MainWindow::runOnSettings(Command command)
{
    StudioState& state = m_controller.state();
    switch (command) {
    case Command::Paste:
        return paste();
    case Command::PasteSettings:
        return pasteSettings(QApplication::clipboard()->text());
    case Command::ResetSettings:
        return state.replace(tr("the defaults"), &resetSettings);
    case Command::UndoSettings:
        state.undoReplacement();
        return m_status->say(tr("The settings from before are back."));
    case Command::RedoSettings:
        m_status->say(tr("Now in the controls: %1").arg(state.lastUndone()));
        return state.redoReplacement();
    default:
        return useSettings();
    }
}

void MainWindow::nameUndo()
{
    const auto name = [](QAction& action, const QString& plain, const QString& full, const QString& what) {
        action.setEnabled(!what.isEmpty());
        action.setText(what.isEmpty() ? plain : full.arg(QString(what).replace(u'&', QStringLiteral("&&"))));
    };
    const StudioState& state = m_controller.state();
    name(*(*m_actions)[Command::UndoSettings], tr("U&ndo the change of settings"), tr("U&ndo: %1"),
        state.lastReplacement());
    name(*(*m_actions)[Command::RedoSettings], tr("Re&do the change of settings"), tr("Re&do: %1"),
        state.lastUndone());
}

void MainWindow::paste()
{
    const QMimeData* held = QApplication::clipboard()->mimeData();
    const QList<QUrl> urls = held ? held->urls() : QList<QUrl>();
    if (urls.size() == 1 && urls.front().isLocalFile())
        return openFile(urls.front().toLocalFile());
    const QImage picture = held && held->hasImage() ? QApplication::clipboard()->image() : QImage();
    if (picture.isNull() && !isGenerationText(QApplication::clipboard()->text()))
        return m_status->say(tr("There is no picture in the clipboard, and no settings are."));
    if (picture.isNull())
        return pasteSettings(QApplication::clipboard()->text());
    m_status->say(tr("The picture is being pasted."));
    m_pasted->keep(picture);
}

void MainWindow::pasteSettings(const QString& text)
{
    if (!isGenerationText(text))
        return m_notice->say(Notice::Kind::Warning, tr("There are no settings in the clipboard"),
            tr("Copy a picture's generation data first, as A1111, Civitai and this program write it: with a "
               "line that begins with “Steps:”."));
    const StudioState& state = m_controller.state();
    const auto read = settingsFromText(
        text, state.request(), {m_controller.library().entries(), state.catalog().upscalers});
    if (const Failure* failure = failureOf(read))
        return m_notice->say(
            Notice::Kind::Bad, tr("The pasted settings cannot be used"), toQt(failure->detail), text);
    const auto& settings = std::get<TextSettings>(read);
    takeOver(settings.request, tr("the pasted settings"), settings.notTaken);
}

/// The text stays where it was pasted until the person says what it is.
void MainWindow::offerSettingsIn(const QString& text)
{
    if (!isGenerationText(text))
        return;
    m_notice->say(Notice::Kind::Good, tr("The pasted text carries settings"),
        tr("All of it stands in the prompt now. Its prompts, steps, size and seed can go to where they "
           "belong."),
        {}, {{tr("Use these settings"), [this, text] { pasteSettings(text); }}});
}

void MainWindow::takeOver(
    Request request, const QString& what, const QStringList& notTaken, std::vector<Notice::Remedy> remedies)
{
    StudioState& state = m_controller.state();
    const bool changes = request != state.request();
    state.replaceRequest(std::move(request), what);
    m_notice->hide();
    m_status->say(tr("Now in the controls: %1").arg(what));
    if (changes)
        remedies.push_back({tr("Undo"), [this] { runOnSettings(Command::UndoSettings); }});
    if (!notTaken.isEmpty())
        m_notice->say(Notice::Kind::Warning, tr("Now in the controls: %1, but not everything").arg(what),
            notTaken.mid(0, kAtAGlance).join(u'\n'), notTaken.join(u'\n'), std::move(remedies));
    else if (remedies.size() > 1)
        m_notice->say(
            Notice::Kind::Good, tr("Now in the controls: %1").arg(what), {}, {}, std::move(remedies));
}

/// A picture or JSON file that was dropped or opened.
void MainWindow::takeOverFile(const FoundRequest& found)
{
    const QString& path = found.path;
    const QString what = tr("the settings of %1").arg(QFileInfo(path).fileName());
    std::vector<Notice::Remedy> remedies;
    if (!path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
        remedies.push_back({tr("Start from this picture"), [this, path] { startFromPicture(path); }});
        remedies.push_back({tr("Start from it with the settings before"),
            [this, path, before = m_controller.state().request()] { startFromPicture(path, &before); }});
    }
    if (found.isOurs)
        return takeOver(m_controller.portable(found.request), what, found.notHonoured, std::move(remedies));
    const Request present = m_controller.state().request();
    if (const ModelEntry* here = modelNamedIn(found.infotext, m_controller.library().entries()))
        return takeOver(withModelsOf(found.request, present, here->path), what,
            withoutModel(found.notHonoured), std::move(remedies));
    const QString kept = keptModelInWords(found.program, present);
    takeOver(withModelsOf(found.request, present), what, QStringList{kept} + found.notHonoured,
        std::move(remedies));
}

void MainWindow::startFromPicture(const QString& path, const Request* with)
{
    const QSize size = QImageReader(path).size();
    m_controller.state().replace(
        tr("%1 as the start").arg(QFileInfo(path).fileName()), [&](Request& request) {
            if (with)
                request = *with;
            startFrom(request, toStd(path), {size.width(), size.height()});
        });
}

} // namespace studio::ui
