#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/models/size_presets.h"
#include "ui/panels/field_form.h"
#include "ui/panels/panel_table.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/elided_label.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace studio::ui {

namespace {

/// The shapes that lead to sizes of their own, with these sizes: those that SDXL was trained at before the others.
std::vector<Choice> shapeChoices(const StudioState& state)
{
    const Extent usual = state.defaults().standard.size.value_or(Extent{1024, 1024});
    const bool isOfTrainedSize = isTrainedSize(usual);
    std::vector<Choice> trained;
    std::vector<Choice> others;
    std::vector<Request> met;
    for (std::size_t i = 0; i < shapes().size(); ++i) {
        Request made = state.request();
        setShape(made, state.defaults(), shapes()[i]);
        if (std::find(met.begin(), met.end(), made) != met.end())
            continue; // at a small model's sizes, some fall together
        met.push_back(made);
        const Extent size = made.standard.size.value_or(usual);
        Choice choice{QString::number(i),
            QStringLiteral("%1 · %2").arg(shapeName(shapes()[i]), sizeWords(size)), QString()};
        if (made.hires.base)
            choice.hint = FieldForm::tr("First pass %1").arg(sizeWords(*made.hires.base));
        const bool isTrained = isOfTrainedSize && isTrainedSize(size);
        if (isOfTrainedSize)
            choice.group
                = isTrained ? FieldForm::tr("Sizes SDXL was trained at") : FieldForm::tr("Other shapes");
        (isTrained ? trained : others).push_back(std::move(choice));
    }
    trained.insert(trained.end(), others.begin(), others.end());
    return trained;
}

ChoiceRow shapeRow()
{
    ChoiceRow row;
    row.label = FieldForm::tr("Shape");
    row.hint = FieldForm::tr("Gives all sizes a shape, with as many pixels as the model was made for");
    row.reset = [](Request& r, const Request& defaults) { setShape(r, defaults, {1, 1}); };
    row.isChanged = [](const StudioState& s) { return shapeOf(s) != Shape{1, 1}; };
    row.choices = [](const StudioState& s) {
        std::vector<Choice> choices = shapeChoices(s);
        if (shapeOf(s) == Shape{})
            choices.push_back({QStringLiteral("own"), shapeName({}), QString()});
        return choices;
    };
    row.read = [](const StudioState& s) {
        const auto at = std::find(shapes().begin(), shapes().end(), shapeOf(s));
        return at == shapes().end() ? QStringLiteral("own") : QString::number(at - shapes().begin());
    };
    return row;
}

SizeRow standardRow()
{
    SizeRow row;
    row.label = FieldForm::tr("Standard");
    row.hint = FieldForm::tr("The size of the standard picture");
    row.setting = Setting::StandardSize;
    row.reset = [](Request& r, const Request&) { r.standard.size.reset(); };
    row.isChanged = [](const StudioState& s) { return s.standardSize() != s.defaults().standard.size; };
    row.read = [](const StudioState& s) { return s.standardSize(); };
    row.write = [](Request& r, Extent size) { r.standard.size = size; };
    return row;
}

SizeRow firstPassRow()
{
    SizeRow row;
    row.label = FieldForm::tr("First pass");
    row.hint = FieldForm::tr("The size that simple and hires pictures start from");
    row.setting = Setting::FirstPassSize;
    row.reset = [](Request& r, const Request&) {
        r.simple.base.reset();
        r.hires.base.reset();
    };
    row.isChanged = [](const StudioState& s) { return s.firstPassSize() != s.defaults().hires.base; };
    row.read = [](const StudioState& s) { return s.firstPassSize(); };
    row.write = [](Request& r, Extent size) {
        r.simple.base = size;
        r.hires.base = size;
    };
    return row;
}

QToolButton* tool(const QString& iconName, const QString& name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    return button;
}

void choosePicture(StudioController& controller, QWidget* parent)
{
    const QString path = QFileDialog::getOpenFileName(parent, FieldForm::tr("Start from a picture"),
        controller.settings().lastFolder, FieldForm::tr("Pictures (*.png *.jpg *.jpeg *.webp)"));
    if (path.isEmpty())
        return;
    Settings settings = controller.settings();
    settings.lastFolder = QFileInfo(path).absolutePath();
    controller.setSettings(settings);
    controller.state().change([&](Request& r) { r.initPicture = toStd(path); });
}

/// A picture to start from instead of a first pass. It can be taken away again in every mode.
void addFirstPicture(FieldForm* form, StudioController& controller)
{
    auto* field = new QWidget(form);
    auto* name = new ElidedLabel(field, Qt::ElideMiddle);
    auto* open = tool(QStringLiteral("folder"), FieldForm::tr("Start from a picture…"), field);
    auto* clear = tool(QStringLiteral("close"), FieldForm::tr("Start from the prompt again"), field);
    auto* line = new QHBoxLayout(field);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(spacing::kUnit);
    line->addWidget(name, 1);
    line->addWidget(open);
    line->addWidget(clear);
    StudioState& state = controller.state();
    QObject::connect(
        open, &QToolButton::clicked, form, [&controller, form] { choosePicture(controller, form); });
    QObject::connect(clear, &QToolButton::clicked, form,
        [&state] { state.change([](Request& r) { r.initPicture.clear(); }); });
    form->addField(FieldForm::tr("Start from"), field);
    form->addUpdate([name, open, clear, &state] {
        const QString path = toQt(state.request().initPicture);
        name->setText(path.isEmpty() ? FieldForm::tr("the prompt") : QFileInfo(path).fileName());
        name->setToolTip(path);
        clear->setVisible(!path.isEmpty());
        FieldForm::setUsable(
            *open, whyUnused(state.request(), Setting::FirstPicture), open->accessibleName());
    });
}

} // namespace

QWidget* makeSizePanel(StudioController& controller, QWidget* parent)
{
    StudioState& state = controller.state();
    auto* form = new FieldForm(state, parent);
    ChoiceRow shape = shapeRow();
    shape.write = [&state](Request& r, const QString& id) {
        bool isNumber = false;
        const auto index = static_cast<std::size_t>(id.toUInt(&isNumber));
        if (isNumber && index < shapes().size())
            setShape(r, state.defaults(), shapes()[index]);
    };
    form->add(shape);
    form->add(standardRow());
    form->add(firstPassRow());
    addFirstPicture(form, controller);
    auto* words = new QLabel(form);
    words->setAccessibleName(FieldForm::tr("Sizes of the picture"));
    words->setWordWrap(true);
    setTextRole(*words, TextRole::Caption);
    form->addUnder(words);
    form->addUpdate([words, &state] { words->setText(sizesInWords(state)); });
    form->refresh();
    return form;
}

} // namespace studio::ui
