#include "ui/models/prompt_reading.h"

#include "ui/convert/strings.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_list.h"
#include "ui/models/prompt_tags.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

using Kind = PromptMark::Kind;
using Look = PromptRun::Look;

constexpr qsizetype kLongestQuote = 40;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::PromptReading)
};

const PromptNames::Name* find(const std::vector<PromptNames::Name>& names, const QString& text)
{
    const QString ending = QStringLiteral(".safetensors");
    const QString name = text.endsWith(ending) ? text.chopped(ending.size()) : text;
    const auto found = std::ranges::find_if(names,
        [&](const PromptNames::Name& one) { return one.text == name || name.endsWith(u'/' + one.text); });
    return found == names.end() ? nullptr : &*found;
}

/// Builds the runs of one prompt.
class Reader {
public:
    Reader(const QString& prompt, bool isNegative, const PromptNames& names, const PromptClock& clock)
        : m_prompt(prompt)
        , m_names(names)
        , m_clock(clock)
        , m_steps(std::max(clock.steps, 1))
        , m_calls(m_steps * std::max(clock.callsPerStep, 1))
    {
        const std::u32string text = prompt.toStdU32String();
        for (const char32_t c : text) {
            m_at.push_back(m_end);
            m_end += c > 0xFFFF ? 2 : 1;
        }
        m_at.push_back(m_end);
        m_marks = markPrompt(std::u32string_view(text), isNegative);
    }

    std::vector<PromptRun> read()
    {
        for (const WeightedRange& range : m_marks.text)
            if (range.weight != 1.0)
                add(range.range, Look::Text).weight = range.weight;
        addEmbeddings();
        for (const PromptMark& mark : m_marks.marks)
            addMark(mark);
        return std::move(m_runs);
    }

private:
    PromptRun& add(const PromptRange& range, Look look)
    {
        m_runs.push_back({.begin = m_at[range.begin], .end = m_at[range.end], .look = look});
        return m_runs.back();
    }

    QString quote(const PromptRange& range) const
    {
        QString text = m_prompt.mid(m_at[range.begin], m_at[range.end] - m_at[range.begin]).simplified();
        if (text.size() > kLongestQuote)
            text = text.left(kLongestQuote) + u'…';
        return text.isEmpty() ? Words::tr("nothing") : QStringLiteral("“%1”").arg(text);
    }

    QString written(const PromptRange& range) const
    {
        return m_prompt.mid(m_at[range.begin], m_at[range.end] - m_at[range.begin]);
    }

    void addMark(const PromptMark& mark)
    {
        switch (mark.kind) {
        case Kind::Bracket:
            return addBracket(mark);
        case Kind::Change:
        case Kind::Alternation:
            add(mark.range, Look::Change).words = changeWords(m_marks.changes.at(std::size_t(mark.index)));
            return;
        case Kind::Choice:
            add(mark.range, Look::Choice).words = Words::tr("One of these is used; the seed chooses it.");
            return;
        case Kind::Wildcard:
            return addWildcard(mark.range);
        case Kind::Tag:
            return addTag(mark.range, m_marks.tags.at(std::size_t(mark.index)).adapter);
        case Kind::And:
            add(mark.range, Look::Join).words
                = Words::tr("AND: what follows is a prompt of its own; the picture follows both.");
            return;
        case Kind::PartWeight:
            add(mark.range, Look::Join).words
                = Words::tr("The guidance of this prompt counts %1 times.").arg(weightText(mark.weight));
            return;
        case Kind::Break:
            add(mark.range, Look::Join).words
                = Words::tr("BREAK: the text encoders read what follows as a new part.");
            return;
        case Kind::Comment:
            add(mark.range, Look::Comment).words = Words::tr("A comment; it is no part of the prompt.");
            return;
        default:
            return addFault(mark);
        }
    }

    void addBracket(const PromptMark& mark)
    {
        PromptRun& run = add(mark.range, Look::Bracket);
        run.weight = mark.weight;
        run.words = Words::tr("This bracket counts its text %1 times.").arg(weightText(mark.factor));
    }

    void addFault(const PromptMark& mark)
    {
        PromptRun& run = add(mark.range, mark.kind == Kind::OpenBracket ? Look::Bracket : Look::Text);
        run.isFault = true;
        switch (mark.kind) {
        case Kind::OpenBracket:
            run.weight = mark.weight;
            run.words = Words::tr("Nothing closes this bracket; it acts to the end of the prompt.");
            return;
        case Kind::StrayBracket:
            run.words
                = Words::tr("This bracket closes nothing; it is read as text. Write \\%1 if that is meant.")
                      .arg(written(mark.range));
            return;
        case Kind::NotANumber:
            run.words = Words::tr("“%1” is no weight; 1 takes its place.").arg(written(mark.range));
            return;
        case Kind::StrayBar:
            run.words = Words::tr(
                "A bar outside of [ ], or a backslash that keeps nothing: none of the [ ] changes "
                "on the way.");
            return;
        case Kind::BreakWord:
            run.words = Words::tr("BREAK within brackets is a word; outside of them it begins a new part.");
            return;
        case Kind::TagAsText:
            run.words = Words::tr("In a negative prompt this is text. Adapters are named in the prompt.");
            return;
        default:
            return;
        }
    }

    QString stepWords(double call) const
    {
        const int last = std::min(int(call), m_calls) * m_steps / m_calls + 1;
        return Words::tr("step %1 of %2").arg(std::min(last, m_steps)).arg(m_steps);
    }

    QString changeWords(const PromptChange& change) const
    {
        if (!change.when) {
            QStringList each;
            for (const PromptRange& segment : change.segments)
                each << quote(segment);
            return Words::tr("Changes with every step: %1, and again.").arg(each.join(QStringLiteral(", ")));
        }
        const QString before = quote(change.segments.at(0));
        const QString after = quote(change.segments.at(1));
        const double call = change.isFraction ? (*change.when - m_clock.passesBefore) * m_calls
                                              : *change.when - m_clock.callsBefore;
        if (call < 1.0)
            return Words::tr("%1 from the beginning.").arg(after);
        if (call >= m_calls)
            return Words::tr("%1 to the end: the pass has %2 steps.").arg(before).arg(m_steps);
        return Words::tr("%1 to %2, then %3.").arg(before, stepWords(call), after);
    }

    void addWildcard(const PromptRange& range)
    {
        PromptRun& run = add(range, Look::Choice);
        const QString name = written(range).mid(2).chopped(2);
        run.isFault = m_names.areKnown && !m_names.wildcards.contains(name);
        run.words = run.isFault
            ? Words::tr("There is no wildcard “%1”; it stays in the prompt as text.").arg(name)
            : Words::tr("A line of the wildcard “%1”; the seed chooses it.").arg(name);
    }

    void addTag(const PromptRange& range, const PlannedAdapter& adapter)
    {
        PromptRun& run = add(range, Look::Name);
        const QString name = toQt(adapter.name);
        if (adapter.kind != "lora" && adapter.kind != "lyco") {
            run.isFault = true;
            run.words = Words::tr("This program knows no adapters of the kind “%1”.").arg(toQt(adapter.kind));
            return;
        }
        const PromptNames::Name* known = find(m_names.adapters, name);
        run.isFault = m_names.areKnown && (!known || !known->unfit.isEmpty());
        if (run.isFault) {
            run.words = known
                ? known->unfit
                : Words::tr("There is no adapter “%1” in the folders; it is not applied.").arg(name);
            return;
        }
        run.words = adapter.unet == adapter.textEncoder
            ? Words::tr("The adapter “%1” at %2.").arg(name, weightText(adapter.unet))
            : Words::tr("The adapter “%1” at %2, in the text encoders at %3.")
                  .arg(name, weightText(adapter.unet), weightText(adapter.textEncoder));
        if (known && !known->detail.isEmpty())
            run.words += u'\n' + known->detail;
    }

    void addEmbeddings()
    {
        for (const PromptNames::Name& name : m_names.embeddings) {
            const auto isWordPart = [&](qsizetype at) {
                return at >= 0 && at < m_prompt.size() && m_prompt.at(at).isLetterOrNumber();
            };
            for (qsizetype at = m_prompt.indexOf(name.text, 0, Qt::CaseInsensitive); at >= 0;
                 at = m_prompt.indexOf(name.text, at + 1, Qt::CaseInsensitive)) {
                const qsizetype end = at + name.text.size();
                if (isWordPart(at - 1) || isWordPart(end))
                    continue;
                m_runs.push_back(
                    {.begin = at, .end = end, .look = Look::Name, .isFault = !name.unfit.isEmpty()});
                m_runs.back().words
                    = name.unfit.isEmpty() ? Words::tr("The embedding “%1”.").arg(name.text) : name.unfit;
            }
        }
    }

    const QString& m_prompt;
    const PromptNames& m_names;
    PromptClock m_clock;
    int m_steps;
    int m_calls;                 ///< of the denoiser in the whole pass
    std::vector<qsizetype> m_at; ///< of each code point, and the end
    qsizetype m_end = 0;
    PromptMarks m_marks;
    std::vector<PromptRun> m_runs;
};

} // namespace

PromptNames namesFrom(const AdapterScan& scan)
{
    PromptNames names;
    names.areKnown = true;
    for (const AdapterFile& file : scan.adapters)
        names.adapters.push_back(
            {toQt(file.name), detailsOf(file), file.preferredWeight.value_or(1.0), whyUnfit(file)});
    for (const AdapterFile& file : scan.embeddings)
        names.embeddings.push_back({toQt(file.name), toQt(file.family), 1.0, whyUnfit(file)});
    names.wildcards = scan.wildcards;
    return names;
}

PromptReading::PromptReading(
    const QString& prompt, bool isNegative, const PromptNames& names, const PromptClock& clock)
    : m_runs(Reader(prompt, isNegative, names, clock).read())
{ }

QString PromptReading::wordsAt(qsizetype position) const
{
    QString weight;
    QString words;
    for (const PromptRun& run : m_runs) {
        if (position < run.begin || position >= run.end)
            continue;
        if (run.weight != 1.0)
            weight = weightText(run.weight);
        if (!run.words.isEmpty())
            words = run.words;
    }
    return QStringList{weight, words}.join(
        weight.isEmpty() || words.isEmpty() ? QString() : QStringLiteral("\n"));
}

} // namespace studio::ui
