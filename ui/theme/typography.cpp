#include "ui/theme/typography.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace studio::ui {

namespace {

int digitWidth(const QFontMetrics& metrics)
{
    int widest = 0;
    for (char16_t digit = u'0'; digit <= u'9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QChar(digit)));
    return widest;
}

bool keepsDigitWidth(QChar character)
{
    // A figure space (U+2007) stands for a missing digit.
    return character.isDigit() || character == QChar(0x2007);
}

int advance(const QFontMetrics& metrics, QChar character, int digit)
{
    return keepsDigitWidth(character) ? digit : metrics.horizontalAdvance(character);
}

} // namespace

QFont applicationFont()
{
    QFont font = QApplication::font();
    const QStringList installed = QFontDatabase::families();
    QStringList families;
    for (const QString& family : {QStringLiteral("Inter"), QStringLiteral("Noto Sans")}) {
        if (installed.contains(family))
            families << family;
    }
    families << font.families();
    font.setFamilies(families);
    font.setPixelSize(13);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QFont fontFor(TextRole role)
{
    QFont font = QApplication::font();
    font.setWeight(QFont::Normal); // said aloud, or a painter takes over the weight of its widget
    switch (role) {
    case TextRole::Body:
    case TextRole::Secondary:
        font.setPixelSize(13);
        break;
    case TextRole::Caption:
        font.setPixelSize(11);
        break;
    case TextRole::GroupTitle:
        font.setPixelSize(15);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Empty:
        font.setPixelSize(20);
        break;
    }
    return font;
}

void setTextRole(QLabel& label, TextRole role)
{
    label.setFont(fontFor(role));
    const bool quiet = role == TextRole::Caption || role == TextRole::Secondary;
    label.setForegroundRole(quiet ? QPalette::PlaceholderText : QPalette::WindowText);
}

int tabularWidth(const QFont& font, const QString& text)
{
    const QFontMetrics metrics(font);
    const int digit = digitWidth(metrics);
    int width = 0;
    for (const QChar character : text)
        width += advance(metrics, character, digit);
    return width;
}

void drawTabular(QPainter& painter, const QRect& area, Qt::Alignment alignment, const QString& text)
{
    const QFontMetrics metrics(painter.font());
    const int digit = digitWidth(metrics);
    const int width = tabularWidth(painter.font(), text);
    int x = area.left();
    if (alignment & Qt::AlignRight)
        x = area.right() + 1 - width;
    else if (alignment & Qt::AlignHCenter)
        x = area.left() + (area.width() - width) / 2;
    const int baseline = area.top() + (area.height() - metrics.height()) / 2 + metrics.ascent();
    // Words keep their kerning: only the digits are placed one by one.
    for (qsizetype i = 0; i < text.size();) {
        if (keepsDigitWidth(text[i])) {
            const int own = metrics.horizontalAdvance(text[i]);
            if (text[i].isDigit())
                painter.drawText(QPointF(x + (digit - own) / 2.0, baseline), QString(text[i]));
            x += digit;
            ++i;
            continue;
        }
        qsizetype end = i;
        int run = 0;
        while (end < text.size() && !keepsDigitWidth(text[end]))
            run += advance(metrics, text[end++], digit);
        painter.drawText(QPointF(x, baseline), text.mid(i, end - i));
        x += run;
        i = end;
    }
}

NumberLabel::NumberLabel(QWidget* parent)
    : QWidget(parent)
{
    setFont(fontFor(TextRole::Caption));
}

void NumberLabel::setText(const QString& text)
{
    if (text == m_text)
        return;
    const QSize before = sizeHint();
    m_text = text;
    if (sizeHint() != before)
        updateGeometry();
    setAccessibleName(text);
    update();
}

void NumberLabel::reserve(const QString& widest)
{
    m_widest = widest;
    updateGeometry();
}

void NumberLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

QSize NumberLabel::sizeHint() const
{
    return {std::max(tabularWidth(font(), m_text), tabularWidth(font(), m_widest)),
        QFontMetrics(font()).height()};
}

void NumberLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(font());
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, foregroundRole()));
    drawTabular(painter, rect(), m_alignment, m_text);
}

} // namespace studio::ui
