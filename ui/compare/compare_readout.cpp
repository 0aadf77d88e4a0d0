#include "ui/compare/compare_readout.h"

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

/// Three digits that mean something: 0.87, 2.31, 14.6, 220.
QString shortNumber(double value)
{
    return QLocale().toString(value, 'f', value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
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
    m_pair = pair;
    setToolTip(m_pair && metrics
            ? tr("SSIM: how alike the composition is, both pictures at %1 × %2. 1 is the same.\n"
                 "Sharpness: fine detail of B against A, both at %3 × %4.\n"
                 "Colour: distance of the two mean colours (CIEDE2000); about 1 is just seen.\n"
                 "Difference: largest and mean step of a channel, of 255.")
                  .arg(metrics->compositionSize.width)
                  .arg(metrics->compositionSize.height)
                  .arg(metrics->outputSize.width)
                  .arg(metrics->outputSize.height)
            : QString());
    setAccessibleDescription(readingText() + QStringLiteral(". ") + metricsText());
    update();
}

void CompareReadout::setHint(const QString& hint)
{
    m_hint = hint;
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

QString CompareReadout::metricsText() const
{
    if (!m_pair)
        return {};
    if (!m_metrics)
        return tr("measuring …");
    const QLocale locale;
    QStringList parts;
    if (m_metrics->similarity)
        parts << tr("SSIM %1").arg(locale.toString(*m_metrics->similarity, 'f', 3));
    if (m_metrics->firstSharpness > 0.0)
        parts
            << tr("sharpness × %1").arg(shortNumber(m_metrics->secondSharpness / m_metrics->firstSharpness));
    parts << tr("colour ΔE %1").arg(locale.toString(m_metrics->colourDistance, 'f', 1));
    parts << tr("difference ≤ %1, mean %2")
                 .arg(m_metrics->difference.largest)
                 .arg(locale.toString(m_metrics->difference.mean, 'f', 1));
    return parts.join(QStringLiteral("   "));
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

void CompareReadout::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    painter.fillRect(rect(), t.panel);
    painter.fillRect(QRect(0, 0, width(), 1), t.border);
    painter.setFont(fontFor(TextRole::Caption));
    int x = spacing::kPanel;
    if (m_reading) {
        const QString place = placeText(*m_reading);
        painter.setPen(t.text);
        const int width = tabularWidth(painter.font(), QStringLiteral("0000, 0000"));
        drawTabular(painter, QRect(x, 0, width, height()), Qt::AlignLeft | Qt::AlignVCenter, place);
        x += width + 16;
        if (m_reading->first)
            x = drawColour(painter, x, QStringLiteral("A"), *m_reading->first);
        if (m_pair && m_reading->second)
            x = drawColour(painter, x, QStringLiteral("B"), *m_reading->second);
        if (m_pair && m_reading->first && m_reading->second) {
            const QString apart = distanceText(*m_reading);
            painter.setPen(t.text);
            drawTabular(painter, QRect(x, 0, 80, height()), Qt::AlignLeft | Qt::AlignVCenter, apart);
            x += tabularWidth(painter.font(), apart) + 16;
        }
    } else if (!m_hint.isEmpty()) {
        painter.setPen(t.secondary);
        painter.drawText(QRect(x, 0, width() - 2 * x, height()), Qt::AlignLeft | Qt::AlignVCenter, m_hint);
        x += painter.fontMetrics().horizontalAdvance(m_hint) + 16;
    }
    // What does not fit is left out from the end: the tool tip and the side panel have it all.
    QString numbers = metricsText();
    const int room = width() - x - spacing::kPanel;
    while (!numbers.isEmpty() && tabularWidth(painter.font(), numbers) > room)
        numbers.truncate(std::max<qsizetype>(0, numbers.lastIndexOf(QStringLiteral("   "))));
    painter.setPen(t.secondary);
    drawTabular(
        painter, rect().adjusted(x, 0, -spacing::kPanel, 0), Qt::AlignRight | Qt::AlignVCenter, numbers);
}

} // namespace studio::ui
