#include "ui/panels/seed_text.h"

#include <QRegularExpression>

#include <algorithm>

namespace studio::ui {

namespace {

constexpr QLatin1String kChosenByProgram("-1");
constexpr QChar kMinus = u'-';

QString digitsIn(const QString& text)
{
    QString digits;
    for (const QChar letter : text) {
        if (letter.isDigit())
            digits += QChar(u'0' + static_cast<char16_t>(letter.digitValue()));
    }
    return digits;
}

} // namespace

QString seedDigits(const QString& text)
{
    static const QRegularExpression named(
        QStringLiteral("\\bseed\\W*(-?\\d+)"), QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = named.match(text);
    const QString number = (match.hasMatch() ? match.captured(1) : text).trimmed();
    if (number == kChosenByProgram || number == kMinus)
        return number;
    return digitsIn(number);
}

SeedText readSeed(const QString& text)
{
    if (text.isEmpty() || text.startsWith(kMinus))
        return {};
    bool fits = false;
    const quint64 seed = text.toULongLong(&fits);
    return fits ? SeedText{seed, false} : SeedText{{}, true};
}

QValidator::State SeedValidator::validate(QString& input, int& position) const
{
    const QString digits = seedDigits(input);
    if (digits != input) {
        // The caret stays behind the digit it was behind.
        const auto before = seedDigits(input.left(position)).size();
        input = digits;
        position = static_cast<int>(std::min(before, digits.size()));
    }
    return Acceptable;
}

} // namespace studio::ui
