#include "ui/main_window/save_commands.h"

#include "core/api/infotext.h"
#include "ui/compare/compare_view.h"
#include "ui/convert/pictures.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/models/take_mime.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDrag>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>

namespace studio::ui {

namespace {

constexpr int kDragThumbnail = 96;

struct FileType {
    QString filter;
    PictureFormat format;
    bool sixteenBit;
};

std::vector<FileType> fileTypes()
{
    return {
        {SaveCommands::tr("PNG (*.png)"), PictureFormat::Png, false},
        {SaveCommands::tr("PNG, 16 bits a channel (*.png)"), PictureFormat::Png, true},
        {SaveCommands::tr("JPEG (*.jpg *.jpeg)"), PictureFormat::Jpeg, false},
        {SaveCommands::tr("WebP (*.webp)"), PictureFormat::WebP, false},
    };
}

/// A name the person typed, with the ending of the type they chose if it has none of its own.
std::filesystem::path withEnding(const QString& path, PictureFormat format)
{
    const QString known = QFileInfo(path).suffix().toLower();
    const bool has = known == QLatin1String("png") || known == QLatin1String("jpg")
        || known == QLatin1String("jpeg") || known == QLatin1String("webp");
    return toPath(has ? path : path + QLatin1String(extensionOf(format)));
}

/// What a take was made with, if it is the one in sight: pictures of other takes say so themselves.
QStringList notesOf(const Take& take, const CompareView& view)
{
    const auto isOfTake = [&take](const CompareLayer& shown) {
        return std::any_of(take.layers.begin(), take.layers.end(),
            [&shown](const Layer& layer) { return layer.picture == shown.picture; });
    };
    if (!std::all_of(view.layers().begin(), view.layers().end(), isOfTake))
        return {};
    const Request& request = take.plan.request;
    QStringList notes;
    if (!request.prompt.empty())
        notes << toQt(request.prompt);
    if (!request.negativePrompt.empty())
        notes << SaveCommands::tr("Without: %1").arg(toQt(request.negativePrompt));
    notes << SaveCommands::tr("%1 · %2 steps · guidance %3 · seed %4")
                 .arg(modeName(request.mode))
                 .arg(request.sampling.steps)
                 .arg(numberWords(request.sampling.guidance))
                 .arg(request.seed.value_or(0));
    return notes;
}

QString fileName(const std::filesystem::path& path)
{
    return pathToQt(path.filename());
}

} // namespace

SaveCommands::SaveCommands(StudioController& controller, CompareView& view, QWidget* window)
    : m_controller(controller)
    , m_view(view)
    , m_window(window)
{ }

const Layer* SaveCommands::layerInSight(const std::shared_ptr<const Take>& take) const
{
    if (!take)
        return nullptr;
    const CompareSettings settings = m_view.settings();
    const int index = settings.showSecond ? settings.second : settings.first;
    if (settings.mode == CompareMode::Single && index >= 0 && index < static_cast<int>(take->layers.size()))
        return &take->layers[static_cast<std::size_t>(index)];
    return take->mainLayer();
}

void SaveCommands::save(const std::shared_ptr<const Take>& take)
{
    const Layer* layer = layerInSight(take);
    if (!layer)
        return;
    const Settings& settings = m_controller.settings();
    m_controller.saver().save(saveLayer(take, *layer, m_controller.pathFor(take->plan, layer->kind),
        {settings.format, settings.quality, settings.metadata}));
}

void SaveCommands::saveAs(std::shared_ptr<const Take> take)
{
    const Layer* layer = layerInSight(take);
    if (!layer)
        return;
    const Settings settings = m_controller.settings();
    // Qt's own dialog: the one place for the choice about metadata. Nothing is written over, so nobody is asked.
    QFileDialog dialog(m_window, tr("Save the picture: %1").arg(layerName(layer->kind)));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setOptions(QFileDialog::DontUseNativeDialog | QFileDialog::DontConfirmOverwrite);
    dialog.setDirectory(settings.lastFolder.isEmpty() ? outputFolder(settings) : settings.lastFolder);
    const std::vector<FileType> types = fileTypes();
    QStringList filters;
    for (const FileType& type : types)
        filters << type.filter;
    dialog.setNameFilters(filters);
    dialog.selectFile(fileName(m_controller.pathFor(take->plan, layer->kind).stem()));
    auto* metadata = new QCheckBox(tr("With prompt and settings"), &dialog);
    metadata->setChecked(settings.metadata);
    if (auto* grid = qobject_cast<QGridLayout*>(dialog.layout()))
        grid->addWidget(metadata, grid->rowCount(), 1);
    if (dialog.exec() != QDialog::Accepted || dialog.selectedFiles().isEmpty())
        return;
    const auto chosen
        = static_cast<std::size_t>(std::max<qsizetype>(0, filters.indexOf(dialog.selectedNameFilter())));
    const FileType& type = types[chosen];
    const std::filesystem::path path = withEnding(dialog.selectedFiles().front(), type.format);
    const bool sixteenBit = type.sixteenBit && formatOf(path) == PictureFormat::Png && layer->precise;
    m_controller.saver().save(
        saveLayer(take, *layer, path, {formatOf(path), settings.quality, metadata->isChecked()}, sixteenBit));
    Settings changed = m_controller.settings(); // others may have been changed while the dialog was open
    changed.lastFolder = dialog.directory().absolutePath();
    m_controller.setSettings(changed);
}

std::filesystem::path SaveCommands::sheetPath(const Take* take) const
{
    const Layer* layer = take ? take->mainLayer() : nullptr;
    if (!layer)
        return toPath(outputFolder(m_controller.settings())) / (toStd(tr("comparison")) + ".png");
    std::filesystem::path path = m_controller.pathFor(take->plan, layer->kind);
    path.replace_filename(toStd(tr("%1_comparison").arg(fileName(path.stem()))) + ".png");
    return path;
}

void SaveCommands::saveSheet(std::shared_ptr<const Take> take)
{
    if (m_view.layers().empty())
        return;
    // Before the dialog: a run that goes on may bring other pictures into sight behind it.
    const QImage sheet = m_view.sheet(take ? notesOf(*take, m_view) : QStringList());
    const std::filesystem::path proposed = sheetPath(take.get());
    const QString path = QFileDialog::getSaveFileName(m_window, tr("Save the comparison"), pathToQt(proposed),
        tr("Pictures (*.png *.jpg *.webp)"), nullptr, QFileDialog::DontConfirmOverwrite);
    if (path.isEmpty())
        return;
    const std::filesystem::path file = withEnding(path, PictureFormat::Png);
    m_controller.saver().save(
        saveImage(sheet, file, {formatOf(file), m_controller.settings().quality, false}));
}

bool SaveCommands::saveUnsaved()
{
    const QString folder = QFileDialog::getExistingDirectory(
        m_window, tr("Save the pictures in"), m_controller.settings().lastFolder);
    if (!folder.isEmpty())
        m_controller.unsaved().saveIn(toPath(folder));
    return !folder.isEmpty();
}

bool SaveCommands::copyPicture(const std::shared_ptr<const Take>& take)
{
    const Layer* layer = layerInSight(take);
    if (layer)
        QApplication::clipboard()->setImage(imageOf(layer->picture).copy());
    return layer != nullptr;
}

void SaveCommands::dragOut(std::shared_ptr<const Take> take, int layer)
{
    if (!take || layer < 0 || layer >= static_cast<int>(take->layers.size()))
        return;
    const Layer& dragged = take->layers[static_cast<std::size_t>(layer)];
    const double ratio = m_view.devicePixelRatioF();
    QPixmap thumbnail
        = QPixmap::fromImage(thumbnailOf(dragged.picture, static_cast<int>(kDragThumbnail * ratio)));
    thumbnail.setDevicePixelRatio(ratio);
    auto* drag = new QDrag(&m_view); // deletes itself
    const Recipe recipe = m_controller.settings().metadata ? Recipe::With : Recipe::Without;
    drag->setMimeData(new TakeMime(take, recipe, dragged.kind));
    drag->setPixmap(thumbnail);
    drag->setHotSpot({kDragThumbnail / 2, kDragThumbnail / 2});
    drag->exec(Qt::CopyAction);
}

bool SaveCommands::copyRecipe(const std::shared_ptr<const Take>& take)
{
    const Layer* layer = layerInSight(take);
    if (layer)
        QApplication::clipboard()->setText(toQt(toInfotext(take->plan, layer->kind)));
    return layer != nullptr;
}

} // namespace studio::ui
