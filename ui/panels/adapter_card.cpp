#include "ui/panels/adapter_card.h"

#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/jobs/thumbnail_loader.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_list.h"
#include "ui/models/prompt_tags.h"
#include "ui/panels/field_form.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/tool_tip_text.h"
#include "ui/widgets/word_chip.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPainterPath>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr int kPicture = 40;
constexpr int kBoxWidth = 76;
constexpr double kMostWeight = 10.0;
constexpr double kWeightStep = 0.05;
constexpr std::size_t kMostChips = 12;

QString nameOf(const UsedAdapter& used)
{
    const std::filesystem::path path = toPath(toQt(used.choice.name));
    return pathToQt(path.extension() == ".safetensors" ? path.stem() : path.filename());
}

/// A picture with round corners, or the sign of a file without one.
QPixmap framed(const QImage& image, const Tokens& t, double ratio)
{
    QPixmap pixmap(QSize(kPicture, kPicture) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    QPainterPath rounded;
    rounded.addRoundedRect(0, 0, kPicture, kPicture, spacing::kSmallRadius, spacing::kSmallRadius);
    painter.setClipPath(rounded);
    painter.fillRect(0, 0, kPicture, kPicture, t.field);
    if (image.isNull()) {
        const int at = (kPicture - spacing::kLargeIcon) / 2;
        painter.drawPixmap(
            at, at, iconPixmap(QStringLiteral("styles"), spacing::kLargeIcon, t.secondary, ratio));
    } else {
        painter.drawImage(QRect(0, 0, kPicture, kPicture), image);
    }
    return pixmap;
}

} // namespace

QStringList saidOf(const StudioState& state, const UsedAdapter& used, const QString& file)
{
    QStringList said;
    const QString fileName = toPath(file).filename().empty() ? QString() : pathToQt(toPath(file).filename());
    const auto add = [&](const std::string& sentence) {
        const QString text = toQt(sentence);
        const bool named = (!fileName.isEmpty() && text.contains(fileName))
            || text.contains(u'"' + toQt(used.choice.name) + u'"')
            || (!used.written.isEmpty() && text.contains(used.written));
        if (named)
            said << text;
    };
    if (const auto& failure = state.planFailure())
        add(failure->detail);
    if (const auto& plan = state.plan()) {
        std::ranges::for_each(plan->warnings, add);
        std::ranges::for_each(plan->notes, add);
    }
    return said;
}

AdapterCard::AdapterCard(
    StudioController& controller, ThumbnailLoader& pictures, const UsedAdapter& used, QWidget* parent)
    : QFrame(parent)
    , m_controller(controller)
    , m_pictures(pictures)
    , m_used(used)
{
    setObjectName(QStringLiteral("adapterCard"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::kInGroup, spacing::kInGroup, spacing::kInGroup, spacing::kInGroup);
    column->setSpacing(spacing::kInGroup);
    column->addWidget(makeHead());
    column->addWidget(makeWeights());
    m_words = new QWidget(this);
    auto* flow = new FlowLayout(m_words);
    flow->setContentsMargins(0, 0, 0, 0);
    flow->setSpacing(spacing::kUnit);
    column->addWidget(m_words);
    column->addWidget(makeSaid());

    connect(&controller.adapters(), &AdapterLibrary::changed, this, &AdapterCard::showFile);
    connect(&pictures, &ThumbnailLoader::arrived, this, &AdapterCard::showFile);
    connect(&controller.state(), &StudioState::planChanged, this, &AdapterCard::showPlan);
    connect(&controller.state(), &StudioState::requestChanged, this, &AdapterCard::showWords);
    setUsed(used);
}

QWidget* AdapterCard::makeHead()
{
    auto* head = new QWidget(this);
    m_picture = new QLabel(head);
    m_picture->setFixedSize(kPicture, kPicture);
    m_acts = new QCheckBox(head);
    m_name = new ElidedLabel(head);
    m_detail = new ElidedLabel(head);
    setTextRole(*m_detail, TextRole::Caption);
    m_remove = new QToolButton(head);
    m_remove->setIcon(icon(QStringLiteral("close")));
    m_remove->setFocusPolicy(Qt::StrongFocus);
    setButtonRole(*m_remove, ButtonRole::Quiet);
    auto* text = new QVBoxLayout;
    text->setSpacing(2);
    text->addStretch();
    text->addWidget(m_name);
    text->addWidget(m_detail);
    text->addStretch();
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::kInGroup);
    row->addWidget(m_picture);
    row->addLayout(text, 1);
    row->addWidget(m_acts);
    row->addWidget(m_remove);
    AdapterUse& use = m_controller.adapterUse();
    connect(m_acts, &QCheckBox::clicked, this,
        [this, &use](bool on) { use.setEnabled(UsedAdapter(m_used), on); });
    connect(m_remove, &QToolButton::clicked, this, [this, &use] { use.remove(UsedAdapter(m_used)); });
    return head;
}

void AdapterCard::addWeight(
    QHBoxLayout& row, const QString& label, const QString& hint, FieldLabel*& name, CalmSpinBox*& box)
{
    name = new FieldLabel(label, this);
    box = new CalmSpinBox(this);
    box->setRange(-kMostWeight, kMostWeight);
    box->setSingleStep(kWeightStep);
    box->setDecimals(2);
    box->setFixedWidth(kBoxWidth);
    box->setToolTip(hint);
    name->setBuddy(box);
    name->dragged = [box](int steps) { box->stepBy(steps); };
    name->setToolTip(hint);
    row.addWidget(name);
    row.addWidget(box);
}

QWidget* AdapterCard::makeWeights()
{
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::kInGroup);
    addWeight(*row, tr("First pass"),
        tr("How strong it acts in the first pass: 1 is as it was trained, 0 not at all."), m_firstLabel,
        m_first);
    row->addStretch();
    addWeight(*row, tr("Second"),
        tr("How strong it acts in the second pass; as in the first unless it is changed."), m_secondLabel,
        m_second);
    AdapterUse& use = m_controller.adapterUse();
    connect(m_first, &QDoubleSpinBox::valueChanged, this,
        [this, &use](double weight) { use.setFirst(UsedAdapter(m_used), weight); });
    connect(m_second, &QDoubleSpinBox::valueChanged, this,
        [this, &use](double weight) { use.setSecond(UsedAdapter(m_used), weight); });
    m_firstLabel->resetWanted = [this, &use] { use.setFirst(UsedAdapter(m_used), 1.0); };
    m_secondLabel->resetWanted = [this, &use] { use.setSecond(UsedAdapter(m_used), std::nullopt); };
    return line;
}

QWidget* AdapterCard::makeSaid()
{
    auto* line = new QWidget(this);
    m_sign = new QLabel(line);
    m_said = new QLabel(line);
    m_said->setWordWrap(true);
    m_said->setTextFormat(Qt::PlainText);
    setTextRole(*m_said, TextRole::Caption);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::kInGroup);
    row->addWidget(m_sign, 0, Qt::AlignTop);
    row->addWidget(m_said, 1);
    return line;
}

void AdapterCard::setUsed(const UsedAdapter& used)
{
    m_used = used;
    const QString name = nameOf(used);
    const bool isWritten = used.source == UsedAdapter::Source::Prompt;
    setAccessibleName(name);
    m_name->setText(name);
    m_acts->setVisible(!isWritten);
    m_acts->setChecked(used.source == UsedAdapter::Source::List);
    m_acts->setAccessibleName(tr("%1 acts").arg(name));
    m_acts->setToolTip(m_acts->isChecked() ? tr("Switch it off and keep it here") : tr("Switch it on again"));
    const QString remove
        = isWritten ? tr("Take %1 out of the prompt").arg(used.written) : tr("Remove %1").arg(name);
    m_remove->setAccessibleName(remove);
    m_remove->setToolTip(toolTipText(remove));
    m_first->showValue(used.choice.unet);
    m_second->showValue(used.choice.secondUnet.value_or(used.choice.unet));
    m_first->setAccessibleName(tr("Weight of %1 in the first pass").arg(name));
    m_second->setAccessibleName(tr("Weight of %1 in the second pass").arg(name));
    m_firstLabel->setChanged(used.choice.unet != 1.0);
    m_secondLabel->setChanged(used.choice.secondUnet.has_value());
    m_name->setEnabled(used.source != UsedAdapter::Source::Resting);
    showFile();
    showWords();
    showPlan();
}

void AdapterCard::showFile()
{
    const AdapterFile* file = m_controller.adapters().adapter(toQt(m_used.choice.name));
    const QImage image
        = file ? squareMiddle(m_pictures.find(file->picture, AdapterList::kPictureSide).image) : QImage();
    m_picture->setPixmap(framed(image, tokensOf(palette()), devicePixelRatioF()));
    QStringList details;
    if (m_used.source == UsedAdapter::Source::Prompt)
        details << tr("written in the prompt");
    else if (m_used.source == UsedAdapter::Source::Resting)
        details << tr("switched off");
    if (m_used.choice.textEncoder != m_used.choice.unet)
        details << tr("text encoder %1").arg(weightText(m_used.choice.textEncoder));
    if (!m_used.choice.blocks.empty())
        details << tr("weighted by blocks");
    if (details.isEmpty() && file)
        details << detailsOf(*file);
    m_detail->setText(details.join(QStringLiteral(" · ")));
    m_name->setToolTip(file ? pathToQt(file->path) : toQt(m_used.choice.name));
    fillWords();
}

void AdapterCard::fillWords()
{
    const AdapterFile* file = m_controller.adapters().adapter(toQt(m_used.choice.name));
    std::vector<std::string> words;
    if (file) {
        words = file->triggerWords;
        // Without a word of its author's, the captions it was trained with are the next best.
        for (const TrainedTag& tag : file->tags)
            if (file->triggerWords.empty())
                words.push_back(tag.text);
        words.resize(std::min(words.size(), kMostChips));
    }
    if (words == m_wordsShown)
        return;
    m_wordsShown = std::move(words);
    qDeleteAll(m_words->findChildren<WordChip*>(Qt::FindDirectChildrenOnly));
    StudioState& state = m_controller.state();
    for (const std::string& word : m_wordsShown) {
        const QString text = toQt(word);
        auto* chip = new WordChip(text, m_words);
        m_words->layout()->addWidget(chip);
        connect(chip, &WordChip::clicked, this, [&state, text](bool on) {
            state.change([&](Request& request) {
                const QString prompt = toQt(request.prompt);
                request.prompt = toStd(on ? withWords(prompt, text) : withoutWords(prompt, text));
            });
        });
        chip->show();
    }
    m_words->setVisible(!m_wordsShown.empty());
    showWords();
}

void AdapterCard::showWords()
{
    const QString prompt = toQt(m_controller.state().request().prompt);
    for (WordChip* chip : m_words->findChildren<WordChip*>(Qt::FindDirectChildrenOnly)) {
        const bool isThere = hasWords(prompt, chip->text());
        chip->setChecked(isThere);
        chip->setAccessibleName(tr("Trigger words: %1").arg(chip->text()));
        chip->setAccessibleDescription(isThere ? tr("In the prompt") : tr("Not in the prompt"));
        chip->setToolTip(
            toolTipText(isThere ? tr("“%1” is in the prompt. Click to take it out.").arg(chip->text())
                                : tr("Click to put “%1” into the prompt.").arg(chip->text())));
    }
    const QString whyNot = m_used.source == UsedAdapter::Source::Prompt
        ? tr("A tag in the prompt has one weight for every pass. Choose the adapter from the list to weigh "
             "the passes apart.")
        : whyUnused(m_controller.state().request(), Setting::SecondPass);
    FieldForm::setUsable(*m_second, whyNot,
        tr("How strong it acts in the second pass; as in the first unless it is changed."));
    m_secondLabel->setEnabled(whyNot.isEmpty());
}

void AdapterCard::showPlan()
{
    const AdapterFile* file = m_controller.adapters().adapter(toQt(m_used.choice.name));
    const QString path = file ? pathToQt(file->path) : toQt(m_used.choice.name);
    const QStringList said = m_used.source == UsedAdapter::Source::Resting
        ? QStringList()
        : saidOf(m_controller.state(), m_used, path);
    m_said->setText(said.join(u'\n'));
    m_sign->setPixmap(iconPixmap(
        QStringLiteral("warning"), spacing::kIcon, tokensOf(palette()).warning, devicePixelRatioF()));
    m_said->parentWidget()->setVisible(!said.isEmpty());
}

void AdapterCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    drawBox(painter, rect(), t.panel, t.border, spacing::kRadius);
}

} // namespace studio::ui
