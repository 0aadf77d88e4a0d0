#pragma once

#include "core/api/prompt_marks.h"
#include "ui/models/prompt_clock.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace studio::ui {

struct AdapterScan;

/// What prompts may name, as far as it is known. Absent: not looked up yet, so nothing is called unknown.
struct PromptNames {
    struct Name {
        QString text;
        QString detail;      ///< for people: family, trigger words
        double weight = 1.0; ///< that an adapter is usually used at
        QString unfit;       ///< why it does not go with the model; empty: it does

        bool operator==(const Name&) const = default;
    };
    bool areKnown = false;
    std::vector<Name> adapters;
    std::vector<Name> embeddings;
    QStringList wildcards;

    bool operator==(const PromptNames&) const = default;
};

PromptNames namesFrom(const AdapterScan& scan);

/// A stretch of a prompt as the field shows it: UTF-16, [begin, end).
struct PromptRun {
    enum class Look { Text, Bracket, Change, Name, Choice, Join, Comment };
    qsizetype begin = 0;
    qsizetype end = 0;
    Look look = Look::Text;
    double weight = 1.0; ///< effective; Text and Bracket
    bool isFault = false;
    QString words; ///< what it does, in a sentence; empty: plain text
};

/// How a prompt is read, in words and for the eye.
class PromptReading {
public:
    PromptReading() = default;
    /// `clock`: of the pass that the prompt is for.
    PromptReading(const QString& prompt, bool isNegative, const PromptNames& names, const PromptClock& clock);

    /// In the order they are to be painted; later ones lie on top.
    const std::vector<PromptRun>& runs() const { return m_runs; }

    /// What stands at a position, the weight first; empty for plain text.
    QString wordsAt(qsizetype position) const;

private:
    std::vector<PromptRun> m_runs;
};

} // namespace studio::ui
