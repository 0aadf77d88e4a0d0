#include "ui/compare/compare_numbers.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(CompareNumbers)
};

constexpr QChar kToCome{0x2026};

/// Three digits that mean something: 0.87, 2.31, 14.6, 220.
QString shortNumber(double value)
{
    return QLocale().toString(value, 'f', value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

QString fixed(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

QString sizeText(Extent size)
{
    return Words::tr("%1 × %2").arg(size.width).arg(size.height);
}

CompareNumber similarity(const std::optional<CompareMetrics>& m)
{
    const QString value = m && m->similarity ? fixed(*m->similarity, 3)
        : m                                  ? Words::tr("none")
                                             : QString(kToCome);
    QString explanation = Words::tr("how alike the composition is; 1 is the same");
    if (m)
        explanation += Words::tr(", both pictures at %1").arg(sizeText(m->compositionSize));
    return {Words::tr("Likeness (SSIM)"), value, Words::tr("SSIM %1").arg(value), explanation};
}

CompareNumber sharpness(const std::optional<CompareMetrics>& m)
{
    const bool isKnown = m && m->firstSharpness > 0.0;
    const QString value = isKnown ? Words::tr("× %1").arg(shortNumber(m->secondSharpness / m->firstSharpness))
        : m                       ? Words::tr("none")
                                  : QString(kToCome);
    QString explanation = Words::tr("fine detail of B against A");
    if (m)
        explanation += Words::tr(", both at %1").arg(sizeText(m->outputSize));
    return {Words::tr("Sharpness"), value, Words::tr("sharpness %1").arg(value), explanation};
}

CompareNumber colour(const std::optional<CompareMetrics>& m)
{
    const QString value = m ? Words::tr("ΔE %1").arg(fixed(m->colourDistance, 1)) : QString(kToCome);
    return {Words::tr("Colour"), value, Words::tr("colour %1").arg(value),
        Words::tr("distance of the two mean colours (CIEDE2000); about 1 is just seen")};
}

CompareNumber step(const std::optional<CompareMetrics>& m)
{
    const QString value = m
        ? Words::tr("≤ %1, mean %2").arg(m->difference.largest).arg(fixed(m->difference.mean, 1))
        : QString(kToCome);
    return {Words::tr("Difference"), value, Words::tr("difference %1").arg(value),
        Words::tr("largest and mean step of a channel, of 255")};
}

} // namespace

std::vector<CompareNumber> numbersOf(const std::optional<CompareMetrics>& metrics)
{
    return {similarity(metrics), sharpness(metrics), colour(metrics), step(metrics)};
}

QString numbersInFull(const CompareMetrics& metrics)
{
    QStringList lines;
    for (const CompareNumber& number : numbersOf(metrics))
        lines << Words::tr("%1  %2: %3").arg(number.name, number.value, number.explanation);
    return lines.join(u'\n');
}

} // namespace studio::ui
