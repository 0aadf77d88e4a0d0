#pragma once

#include <QString>
#include <QValidator>

#include <cstdint>
#include <limits>
#include <optional>

namespace studio::ui {

constexpr std::uint64_t kLargestSeed = std::numeric_limits<std::uint64_t>::max();

/// The seed that a field's text says.
struct SeedText {
    std::optional<std::uint64_t> seed; ///< none: a new one for every picture
    bool isTooLarge = false;           ///< digits that no seed can hold
};

/// What is typed or pasted, reduced to what a seed is written with: "12345 ", "12,345" and "Steps: 20, Seed: 12345" all
/// become 12345. "-1" stays: other programs write a seed of their own choice so.
QString seedDigits(const QString& text);

SeedText readSeed(const QString& text);

/// Puts `seedDigits` in place of whatever comes into the field. Never refuses: what is too large stays in sight, for the
/// field's owner to say so.
class SeedValidator : public QValidator {
public:
    using QValidator::QValidator;

    State validate(QString& input, int& position) const override;
};

} // namespace studio::ui
