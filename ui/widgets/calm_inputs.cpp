#include "ui/widgets/calm_inputs.h"

#include "ui/convert/words.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QWheelEvent>

namespace studio::ui {

namespace {

constexpr int kPixelsPerStep = 6;
constexpr int kDot = 5;
constexpr int kHeadingHeight = 26;
constexpr int kShownEntries = 20;
constexpr int kHeading = Qt::UserRole + 1; // role: true for a heading

/// Draws headings of a list as captions; everything else as usual.
class ChoiceDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QSize usual = QStyledItemDelegate::sizeHint(option, index);
        return index.data(kHeading).toBool() ? QSize(usual.width(), kHeadingHeight) : usual;
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (!index.data(kHeading).toBool())
            return QStyledItemDelegate::paint(painter, option, index);
        painter->save();
        QFont font = fontFor(TextRole::Caption);
        font.setWeight(QFont::DemiBold);
        painter->setFont(font);
        painter->setPen(tokensOf(option.palette).secondary);
        painter->drawText(option.rect.adjusted(spacing::kInGroup, 0, -spacing::kUnit, -spacing::kUnit),
            Qt::AlignLeft | Qt::AlignBottom, index.data(Qt::DisplayRole).toString());
        painter->restore();
    }
};

} // namespace

CalmSpinBox::CalmSpinBox(QWidget* parent)
    : QDoubleSpinBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setKeyboardTracking(false); // a value counts when it has been typed to its end
    setCorrectionMode(QAbstractSpinBox::CorrectToNearestValue);
    connect(this, &QAbstractSpinBox::editingFinished, this, [this] {
        if (m_withheld)
            showValue(double(*m_withheld));
    });
}

bool CalmSpinBox::isBeingTyped() const
{
    const bool isSpecial = !specialValueText().isEmpty() && value() == minimum();
    return hasFocus()
        && text() != (isSpecial ? specialValueText() : prefix() + textFromValue(value()) + suffix());
}

void CalmSpinBox::showValue(double value)
{
    m_withheld = value;
    if (isBeingTyped())
        return;
    m_withheld.reset();
    const QSignalBlocker quiet(this);
    setValue(value);
}

QString CalmSpinBox::textFromValue(double value) const
{
    return numberWords(value, decimals());
}

void takeTypedNumber()
{
    for (QWidget* part = QApplication::focusWidget(); part; part = part->parentWidget()) {
        if (auto* box = qobject_cast<QAbstractSpinBox*>(part))
            return box->interpretText();
    }
}

void CalmSpinBox::wheelEvent(QWheelEvent* event)
{
    hasFocus() ? QDoubleSpinBox::wheelEvent(event) : event->ignore();
}

CalmComboBox::CalmComboBox(QWidget* parent)
    : QComboBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(8);
    setMaxVisibleItems(kShownEntries);
    setItemDelegate(new ChoiceDelegate(this));
}

void CalmComboBox::addHeading(const QString& text)
{
    addItem(text);
    const int row = count() - 1;
    setItemData(row, true, kHeading);
    if (auto* items = qobject_cast<QStandardItemModel*>(model()))
        items->item(row)->setFlags(Qt::NoItemFlags);
}

void CalmComboBox::setChoices(std::vector<Choice> choices)
{
    if (choices == m_choices)
        return;
    m_choices = std::move(choices);
    const QSignalBlocker quiet(this);
    const QString before = chosen();
    clear();
    QString group;
    for (const Choice& choice : m_choices) {
        if (choice.group != group) {
            group = choice.group;
            addHeading(group);
        }
        addItem(choice.label, choice.id);
        setItemData(count() - 1, choice.hint, Qt::ToolTipRole);
    }
    choose(before);
}

void CalmComboBox::choose(const QString& id)
{
    const QSignalBlocker quiet(this);
    for (int row = 0; row < count(); ++row) {
        if (!itemData(row, kHeading).toBool() && itemData(row).toString() == id)
            return setCurrentIndex(row);
    }
    setCurrentIndex(-1);
}

QString CalmComboBox::chosen() const
{
    return currentData().toString();
}

bool CalmComboBox::event(QEvent* event)
{
    // Letters look for an entry here; they must not become commands of the window.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool plain = !(key->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier));
        if (plain && !key->text().isEmpty() && key->text().front().isPrint()) {
            event->accept();
            return true;
        }
    }
    return QComboBox::event(event);
}

void CalmComboBox::wheelEvent(QWheelEvent* event)
{
    hasFocus() ? QComboBox::wheelEvent(event) : event->ignore();
}

FieldLabel::FieldLabel(const QString& text, QWidget* parent)
    : QLabel(text, parent)
{
    setContentsMargins(0, 0, 2 * kDot, 0);
}

void FieldLabel::setChanged(bool changed)
{
    if (m_changed == changed)
        return;
    m_changed = changed;
    update();
}

void FieldLabel::paintEvent(QPaintEvent* event)
{
    QLabel::paintEvent(event);
    if (!m_changed)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const Tokens& t = tokensOf(palette());
    painter.setBrush(isEnabled() ? t.accent : t.disabled);
    const int x = fontMetrics().horizontalAdvance(text()) + kDot;
    painter.drawEllipse(QRectF(x, (height() - kDot) / 2.0, kDot, kDot));
}

void FieldLabel::enterEvent(QEnterEvent*)
{
    setCursor(dragged && isEnabled() ? Qt::SizeHorCursor : Qt::ArrowCursor);
}

void FieldLabel::mousePressEvent(QMouseEvent* event)
{
    m_from = static_cast<int>(event->position().x());
}

void FieldLabel::mouseMoveEvent(QMouseEvent* event)
{
    const int steps = (static_cast<int>(event->position().x()) - m_from) / kPixelsPerStep;
    if (!dragged || steps == 0 || !(event->buttons() & Qt::LeftButton))
        return;
    m_from += steps * kPixelsPerStep;
    dragged(steps);
}

void FieldLabel::mouseDoubleClickEvent(QMouseEvent*)
{
    if (resetWanted)
        resetWanted();
}

} // namespace studio::ui
