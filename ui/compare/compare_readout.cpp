#include "ui/compare/compare_readout.h"

#include "ui/compare/compare_numbers.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/typography.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

constexpr int kHeight = 26;
constexpr int kSwatch = 10;
constexpr QChar kFigureSpace{0x2007};
constexpr int kReadingRoom = 80;     // of what stands between the words of a reading
const QLatin1String kBetween("   "); // between two numbers

QString padded(int value, int digits)
{
    return QString::number(value).rightJustified(digits, kFigureSpace);
}

QString colourText(const std::array<std::uint8_t, 3>& colour)
{
    constexpr QChar kEnSpace{0x2002};
    return padded(colour[0], 3) + kEnSpace + padded(colour[1], 3) + kEnSpace + padded(colour[2], 3);
}

double distance(const PixelReading& reading)
{
    const auto lab = [](const std::array<std::uint8_t, 3>& c) { return labFromSrgb(c[0], c[1], c[2]); };
    return ciede2000(lab(*reading.first), lab(*reading.second));
}

QString placeText(const PixelReading& reading)
{
    return QStringLiteral("%1, %2").arg(reading.position.x()).arg(reading.position.y());
}

QString distanceText(const PixelReading& reading)
{
    return QStringLiteral("ΔE %1").arg(QLocale().toString(distance(reading), 'f', 1));
}

} // namespace

CompareReadout::CompareReadout(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Pixel under the cursor and numbers of the comparison"));
}

void CompareReadout::setReading(const std::optional<PixelReading>& reading, bool pair)
{
    m_reading = reading;
    m_pair = pair;
    setAccessibleDescription(readingText() + QStringLiteral(". ") + metricsText());
    update();
}

void CompareReadout::setMetrics(const std::optional<CompareMetrics>& metrics, bool pair)
{
    m_metrics = metrics;
    m_measures = pair;
    setToolTip(m_measures && metrics ? numbersInFull(*metrics) : QString());
    setAccessibleDescription(readingText() + QStringLiteral(". ") + metricsText());
    update();
}

void CompareReadout::setHint(const QString& hint)
{
    m_hint = hint;
    update();
}

void CompareReadout::setEmpty(bool empty)
{
    m_empty = empty;
    update();
}

QString CompareReadout::readingText() const
{
    if (!m_reading)
        return {};
    QString text = placeText(*m_reading);
    if (m_reading->first)
        text += QStringLiteral("  A ") + colourText(*m_reading->first);
    if (m_pair && m_reading->second)
        text += QStringLiteral("  B ") + colourText(*m_reading->second);
    if (m_pair && m_reading->first && m_reading->second)
        text += QStringLiteral("  ") + distanceText(*m_reading);
    return text;
}

QStringList CompareReadout::numberParts() const
{
    if (!m_measures)
        return {};
    if (!m_metrics)
        return {tr("measuring …")};
    QStringList parts;
    for (const CompareNumber& number : numbersOf(m_metrics))
        parts << number.inLine;
    return parts;
}

QString CompareReadout::metricsText() const
{
    return numberParts().join(kBetween);
}

int CompareReadout::roomForNumbers() const
{
    const QString reading = readingText();
    const QFont font = fontFor(TextRole::Caption);
    // Besides its words, a reading has two letters, two swatches and the room between them.
    return width() - 2 * spacing::kPanel
        - (reading.isEmpty() ? 0 : tabularWidth(font, reading) + kReadingRoom);
}

/// The tool tip and the take's panel have all of them.
QString CompareReadout::shownMetrics() const
{
    QStringList parts = numberParts();
    const QFont font = fontFor(TextRole::Caption);
    while (!parts.isEmpty() && tabularWidth(font, parts.join(kBetween)) > roomForNumbers())
        parts.removeLast();
    return parts.join(kBetween);
}

/// The numbers first: what the keys and the wheel do is learned once.
QString CompareReadout::shownHint() const
{
    if (m_reading)
        return {};
    const QFont font = fontFor(TextRole::Caption);
    const QString numbers = shownMetrics();
    const int room
        = roomForNumbers() - (numbers.isEmpty() ? 0 : tabularWidth(font, numbers) + spacing::kBetweenGroups);
    QStringList parts = m_hint.split(QStringLiteral(", "));
    while (!parts.isEmpty() && QFontMetrics(font).horizontalAdvance(parts.join(QStringLiteral(", "))) > room)
        parts.removeLast();
    return parts.join(QStringLiteral(", "));
}

QSize CompareReadout::sizeHint() const
{
    return {400, kHeight};
}

int CompareReadout::drawColour(
    QPainter& painter, int x, const QString& letter, const std::array<std::uint8_t, 3>& colour) const
{
    const Tokens& t = tokensOf(palette());
    painter.setPen(t.secondary);
    painter.drawText(QRect(x, 0, 12, height()), Qt::AlignLeft | Qt::AlignVCenter, letter);
    x += 12;
    drawBox(painter, QRect(x, (height() - kSwatch) / 2, kSwatch, kSwatch),
        QColor(colour[0], colour[1], colour[2]), t.strongBorder, 2);
    x += kSwatch + 6;
    const QString text = colourText(colour);
    const int width = tabularWidth(painter.font(), text);
    painter.setPen(t.text);
    drawTabular(painter, QRect(x, 0, width, height()), Qt::AlignLeft | Qt::AlignVCenter, text);
    return x + width + 12;
}

int CompareReadout::drawReading(QPainter& painter, int x) const
{
    painter.setPen(tokensOf(palette()).text);
    const int width = tabularWidth(painter.font(), QStringLiteral("0000, 0000"));
    drawTabular(
        painter, QRect(x, 0, width, height()), Qt::AlignLeft | Qt::AlignVCenter, placeText(*m_reading));
    x += width + 16;
    if (m_reading->first)
        x = drawColour(painter, x, QStringLiteral("A"), *m_reading->first);
    if (m_pair && m_reading->second)
        x = drawColour(painter, x, QStringLiteral("B"), *m_reading->second);
    if (m_pair && m_reading->first && m_reading->second) {
        const QString apart = distanceText(*m_reading);
        painter.setPen(tokensOf(palette()).text);
        drawTabular(painter, QRect(x, 0, 80, height()), Qt::AlignLeft | Qt::AlignVCenter, apart);
        x += tabularWidth(painter.font(), apart) + 16;
    }
    return x;
}

void CompareReadout::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    if (m_empty)
        return painter.fillRect(rect(), t.canvas);
    painter.fillRect(rect(), t.panel);
    painter.fillRect(QRect(0, 0, width(), 1), t.border);
    painter.setFont(fontFor(TextRole::Caption));
    const QRect line = rect().adjusted(spacing::kPanel, 0, -spacing::kPanel, 0);
    if (m_reading)
        drawReading(painter, line.left());
    painter.setPen(t.secondary);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, shownHint());
    drawTabular(painter, line, Qt::AlignRight | Qt::AlignVCenter, shownMetrics());
}

} // namespace studio::ui
