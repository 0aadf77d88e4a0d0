#include "ui/compare/compare_bar.h"

#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_scene.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/typography.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QSlider>
#include <QStackedWidget>
#include <QToolButton>

#include <cmath>

namespace studio::ui {

namespace {

constexpr int kChoiceWidth = 84;
constexpr int kPercentWidth = 62;

/// A thin upright line between groups.
class GroupLine : public QWidget {
public:
    explicit GroupLine(QWidget* parent)
        : QWidget(parent)
    {
        setFixedSize(9, spacing::kControlHeight);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter(this).fillRect(4, 5, 1, height() - 10, tokensOf(palette()).strongBorder);
    }
};

} // namespace

QString percentText(double zoom)
{
    const double percent = zoom * 100.0;
    const bool whole = std::abs(percent - std::round(percent)) < 0.05 || percent >= 100.0;
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return QObject::tr("%1 %").arg(locale.toString(percent, 'f', whole ? 0 : 1));
}

CompareBar::CompareBar(const CompareActions& actions, QWidget* parent)
    : QFrame(parent)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(6, 6, 6, 6);
    row->setSpacing(2);
    m_modes = new SegmentedControl(this);
    m_modes->setAccessibleName(tr("How to compare"));
    for (const ModeInfo& info : kModes)
        m_modes->addChoice(actions.mode(info.mode))
            ->setIconSize(QSize(spacing::kLargeIcon, spacing::kLargeIcon));
    row->addWidget(m_modes);

    auto* apart = new QWidget(this);
    apart->setFixedWidth(spacing::kUnit);
    row->addWidget(apart);
    m_choice = new QStackedWidget(this);
    m_choice->setFixedSize(kChoiceWidth, spacing::kControlHeight);
    m_option = new QToolButton(m_choice);
    m_option->setDefaultAction(actions.option);
    m_option->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setButtonRole(*m_option, ButtonRole::Quiet);
    m_opacity = new QSlider(Qt::Horizontal, m_choice);
    m_opacity->setRange(0, 100);
    m_opacity->setAccessibleName(tr("Opacity of B over A"));
    m_opacity->setToolTip(tr("Opacity of B over A ([ and ])"));
    connect(
        m_opacity, &QSlider::valueChanged, this, [this](int value) { Q_EMIT opacityChanged(value / 100.0); });
    m_choice->addWidget(m_option);
    m_choice->addWidget(m_opacity);
    row->addWidget(m_choice);
    m_ofPairs << m_modes << apart << m_choice << addLine() << addButton(actions.swap) << addLine();
    addButton(actions.zoomOut);
    addPercent();
    addButton(actions.zoomIn);
    addButton(actions.fit);
    addButton(actions.oneToOne);
    m_spare << addButton(actions.smooth);
}

QToolButton* CompareBar::addButton(QAction* action)
{
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setAccessibleName(action->text());
    button->setFocusPolicy(Qt::TabFocus);
    setButtonRole(*button, ButtonRole::Quiet);
    layout()->addWidget(button);
    return button;
}

QWidget* CompareBar::addLine()
{
    auto* line = new GroupLine(this);
    layout()->addWidget(line);
    return line;
}

void CompareBar::addPercent()
{
    m_percent = new QLineEdit(this);
    m_percent->setFixedWidth(kPercentWidth);
    m_percent->setAlignment(Qt::AlignCenter);
    m_percent->setAccessibleName(tr("Zoom in percent of output pixels"));
    m_percent->setToolTip(tr("Output pixels on pixels of the screen: 25 to 3200 %"));
    layout()->addWidget(m_percent);
    connect(m_percent, &QLineEdit::editingFinished, this, &CompareBar::readPercent);
}

void CompareBar::readPercent()
{
    if (!m_percent->isModified())
        return;
    QString text = m_percent->text();
    text.remove(u'%');
    bool isNumber = false;
    double percent = QLocale().toDouble(text.trimmed(), &isNumber);
    if (!isNumber)
        percent = text.trimmed().toDouble(&isNumber);
    m_percent->setText(percentText(m_zoom));
    m_percent->setModified(false);
    if (isNumber && percent > 0.0)
        Q_EMIT zoomEntered(percent / 100.0);
}

void CompareBar::setZoom(double zoom)
{
    m_zoom = zoom;
    if (!m_percent->isModified())
        m_percent->setText(percentText(zoom));
}

CompareBar::ModeOption CompareBar::optionOf(const CompareSettings& settings, int layerCount, bool blinking)
{
    switch (settings.mode) {
    case CompareMode::Side:
        return {QStringLiteral("grid"), tr("%1 panes").arg(std::min(settings.panes, layerCount)),
            tr("How many pictures stand side by side")};
    case CompareMode::Wipe:
        if (settings.wipeAxis == WipeAxis::Vertical)
            return {QStringLiteral("wipe-v"), tr("Upright"), tr("Which way the line runs: upright or level")};
        return {QStringLiteral("wipe-h"), tr("Level"), tr("Which way the line runs: upright or level")};
    case CompareMode::Blink:
        return {blinking ? QStringLiteral("pause") : QStringLiteral("play"),
            blinking ? tr("Hold") : tr("Run"), tr("Blink by itself, or by hand with Space")};
    case CompareMode::Difference:
        return {QStringLiteral("contrast"), tr("Gain %1").arg(settings.gain),
            tr("How much the difference is amplified")};
    case CompareMode::Loupe:
        return {QStringLiteral("search"), tr("%1 ×").arg(settings.magnification),
            tr("How much the loupe magnifies")};
    case CompareMode::Single:
    case CompareMode::Overlay:
        break;
    }
    return {QStringLiteral("image"), settings.showSecond ? tr("B") : tr("A"), tr("Which picture is shown")};
}

void CompareBar::setState(const CompareSettings& settings, int layerCount, bool blinking)
{
    const bool pair = layerCount > 1;
    for (QWidget* part : m_ofPairs)
        part->setVisible(pair);
    const bool overlay = settings.mode == CompareMode::Overlay;
    m_option->setVisible(pair && !overlay); // a single picture leaves nothing to choose
    m_choice->setCurrentWidget(overlay ? static_cast<QWidget*>(m_opacity) : m_option);
    m_opacity->blockSignals(true);
    m_opacity->setValue(static_cast<int>(std::lround(settings.opacity * 100)));
    m_opacity->blockSignals(false);
    QAction* option = m_option->defaultAction();
    const ModeOption shown = optionOf(settings, layerCount, blinking);
    const bool choice = pair && !(settings.mode == CompareMode::Side && layerCount < 3);
    const QString key = option->shortcut().toString(QKeySequence::NativeText);
    option->setIcon(icon(shown.icon));
    option->setText(shown.text);
    option->setEnabled(choice);
    option->setToolTip(choice ? tr("%1 (%2)").arg(shown.hint, key)
            : pair            ? tr("This take has two pictures")
                              : tr("This take has one picture"));
    m_option->setAccessibleName(shown.hint + QStringLiteral(": ") + shown.text);
}

void CompareBar::setRoom(int width)
{
    for (QWidget* widget : m_spare)
        widget->setVisible(true);
    for (QWidget* widget : m_spare) {
        if (sizeHint().width() > width)
            widget->setVisible(false);
    }
}

void CompareBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    drawBox(painter, rect(), t.raised, t.border, 10);
}

} // namespace studio::ui
