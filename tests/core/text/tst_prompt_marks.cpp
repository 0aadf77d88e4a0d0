#include "core/api/prompt_marks.h"
#include "core/text/characters.h"
#include "core/text/emphasis.h"
#include "core/text/prompt_choices.h"
#include "core/text/prompt_schedule.h"
#include "core/text/prompt_syntax.h"

#include <QtTest>

#include <array>
#include <random>

using namespace studio;
using Kind = PromptMark::Kind;

Q_DECLARE_METATYPE(std::string)

namespace {

/// What the encoders read, a code point with its weight each.
using Letters = std::vector<std::pair<char32_t, double>>;

Letters lettersOfMarks(const std::string& prompt)
{
    const std::u32string text = text::decodeUtf8(prompt);
    Letters out;
    for (const WeightedRange& range : markPrompt(prompt).text)
        for (std::size_t i = range.range.begin; i < range.range.end; ++i)
            out.emplace_back(text[i], range.weight);
    return out;
}

/// The same from the functions that the pipeline runs, with the text of one moment.
Letters lettersOfParser(
    const std::string& prompt, const text::PassClock& clock, std::size_t moment, bool& changes)
{
    std::vector<text::PromptTag> tags;
    Letters out;
    for (const text::ComposedText& part :
        text::readComposition(text::withoutTags(text::withoutComments(prompt), tags))) {
        const std::vector<text::TimedText> texts = text::PromptSchedule(part.text).over(clock);
        changes = changes || texts.size() > 1 || !text::PromptSchedule(part.text).isFixed();
        for (const text::WeightedText& words : text::readEmphasis(texts[moment % texts.size()].text).parts)
            if (!words.isBreak())
                for (const char32_t c : text::decodeUtf8(words.text))
                    out.emplace_back(c, words.weight);
    }
    return out;
}

bool isWithin(const Letters& part, const Letters& whole)
{
    auto at = whole.begin();
    for (const auto& letter : part) {
        at = std::find(at, whole.end(), letter);
        if (at++ == whole.end())
            return false;
    }
    return true;
}

bool cutsWords(const std::string& whole)
{
    std::vector<text::PromptTag> tags;
    const std::string prompt = text::withoutTags(text::withoutComments(whole), tags);
    for (const std::string before : {"[", "]", "|", ":"})
        if (prompt.find(before + "BREAK") != prompt.npos || prompt.find("BREAK" + before) != prompt.npos)
            return true;
    return prompt.find(":[") != prompt.npos;
}

const char* nameOf(Kind kind)
{
    constexpr std::array kNames{"bracket", "change", "alternation", "choice", "wildcard", "tag", "and",
        "part weight", "break", "comment", "open", "stray", "no number", "bar", "break word", "tag as text"};
    return kNames.at(std::size_t(kind));
}

/// "bracket ( | bracket :1.2)"
std::string inWords(const std::string& prompt, bool isNegative)
{
    const std::u32string text = text::decodeUtf8(prompt);
    std::string words;
    for (const PromptMark& mark : markPrompt(prompt, isNegative).marks)
        words += (words.empty() ? "" : " | ") + std::string(nameOf(mark.kind)) + " "
            + text::encodeUtf8(
                std::u32string_view(text).substr(mark.range.begin, mark.range.end - mark.range.begin));
    return words;
}

} // namespace

class TestPromptMarks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPartOfTheSyntaxIsFound_data()
    {
        QTest::addColumn<std::string>("prompt");
        QTest::addColumn<std::string>("marks");
        const auto row = [](const char* prompt, const char* marks) {
            QTest::newRow(prompt) << std::string(prompt) << std::string(marks);
        };
        row("plain words, nothing else", "");
        row("an (important) word", "bracket ( | bracket )");
        row("(a: 1.2 ) [b]", "bracket ( | bracket : 1.2 ) | bracket [ | bracket ]");
        row("\\(text\\)", "");
        row("(never closed", "open (");
        row("nothing opened)", "stray )");
        row("(a:1.2.3)", "bracket ( | bracket :1.2.3) | no number 1.2.3");
        row("[red:blue:0.4]", "change [ | change : | change :0.4]");
        row("[fog:0.5] [fog::5]", "change [ | change :0.5] | change [ | change : | change :5]");
        row("[cat|dog]", "alternation [ | alternation | | alternation ]");
        row("[a:[b|c]:3]",
            "change [ | change : | alternation [ | alternation | | alternation ] | change :3]");
        row("[a] b|c", "bracket [ | bracket ] | bar |");
        row("a AND b :1.5", "and AND | part weight :1.5");
        row("SAND AND_ ANDY", "");
        row("a BREAK b (c BREAK d)", "break BREAK | bracket ( | break word BREAK | bracket )");
        row("<lora:ink:0.8> hill", "tag <lora:ink:0.8>");
        row("{red|2::blue} __tree__", "choice { | choice |2:: | choice } | wildcard __tree__");
        row("{alone} a|b", "");
        row("a # (comment\nb", "comment # (comment");
        row("(a, # not this :2)\nb)", "bracket ( | comment # not this :2) | bracket )");
        row("\xC3\xA9t\xC3\xA9 (\xE6\x9C\x88:1.2)", "bracket ( | bracket :1.2)");
    }
    void everyPartOfTheSyntaxIsFound()
    {
        QFETCH(std::string, prompt);
        QFETCH(std::string, marks);
        QCOMPARE(inWords(prompt, false), marks);
    }

    void aNegativePromptHasFewerLayers()
    {
        QCOMPARE(inWords("<lora:x:1> a AND (b)", true),
            std::string("tag as text <lora:x:1> | bracket ( | bracket )"));
    }

    void bracketsSayWhatTheTextWithinCounts()
    {
        const PromptMarks marks = markPrompt("((a) b:1.5)");
        QCOMPARE(marks.marks.size(), std::size_t(4));
        QCOMPARE(marks.marks[1].weight, 1.1 * 1.5);
        QCOMPARE(marks.marks[1].factor, 1.1);
        QCOMPARE(marks.marks[3].factor, 1.5);
        QCOMPARE(marks.text.front().weight, 1.1 * 1.5);
        QCOMPARE(marks.text.back().weight, 1.5);
    }

    void changesSayWhatIsReadWhen()
    {
        const PromptMarks marks = markPrompt("x [red:[a|b]:0.4] [fog:5]");
        QCOMPARE(marks.changes.size(), std::size_t(3));
        const PromptChange& red = marks.changes[0];
        QVERIFY(red.range == (PromptRange{2, 17}) && red.when == 0.4 && red.isFraction);
        QVERIFY(red.segments == (std::vector<PromptRange>{{3, 6}, {7, 12}}));
        QVERIFY(!marks.changes[1].when && marks.changes[1].segments.size() == 2);
        const PromptChange& fog = marks.changes[2];
        QVERIFY(fog.when == 5.0 && !fog.isFraction);
        QVERIFY(fog.segments == (std::vector<PromptRange>{{19, 19}, {19, 22}})); // nothing before
        for (const PromptMark& mark : marks.marks) {
            const PromptRange& range = marks.changes.at(std::size_t(mark.index)).range;
            QVERIFY(range.begin <= mark.range.begin && mark.range.end <= range.end);
        }
    }

    void tagsSayWhatTheyAskFor()
    {
        const PromptMarks marks = markPrompt("a <lora:ink:0.8:unet=0.5> <lora:film:1:0.3>");
        QCOMPARE(marks.tags.size(), std::size_t(2));
        QCOMPARE(marks.tags[0].adapter.name, std::string("ink"));
        QCOMPARE(marks.tags[0].adapter.textEncoder, 0.8);
        QCOMPARE(marks.tags[0].adapter.unet, 0.5);
        QVERIFY(marks.tags[0].weights == (std::vector<PromptRange>{{12, 15}}));
        QCOMPARE(marks.tags[1].adapter.unet, 0.3);
        QVERIFY(marks.tags[1].weights == (std::vector<PromptRange>{{37, 38}, {39, 42}}));
    }

    void whatItFindsIsWhatTheProgramReads()
    {
        constexpr std::array<std::string_view, 32> kPieces{"a", "cat", " ", ",", "(", ")", "[", "]", ":", "|",
            "\\", "\n", "0.5", "1.5", "3", "-2", "+.5", "1.2.3", "BREAK", " AND ", "<", ">", "<lora:x:1>",
            "#", "\xC3\xA9", "[a:b:0.4]", "[c|d]", "(e:1.3)", "[f:2]", "::", "\xE3\x80\x80", "(g)"};
        std::mt19937 random(11);
        int fixed = 0;
        int changing = 0;
        for (int i = 0; i < 6000; ++i) {
            std::string prompt;
            for (unsigned left = unsigned(random()) % 24; left > 0; --left)
                prompt += kPieces[random() % kPieces.size()];
            // A weight, or the word BREAK, that a change cuts has no one place.
            if (cutsWords(prompt))
                continue;
            const Letters marked = lettersOfMarks(prompt);
            for (const text::PassClock clock : {text::PassClock{7, 0, 0}, text::PassClock{5, 7, 1}})
                for (std::size_t moment = 0; moment < 3; ++moment) {
                    bool changes = false;
                    const Letters read = lettersOfParser(prompt, clock, moment, changes);
                    ++(changes ? changing : fixed);
                    QVERIFY2(changes ? isWithin(read, marked) : read == marked, prompt.c_str());
                }
        }
        QVERIFY(fixed > 5000 && changing > 2000);
    }

    void choicesAreThoseTheProgramMakes()
    {
        constexpr std::array<std::string_view, 12> kPieces{
            "a", "{", "}", "|", "2::", "\\", "__x__", "_", "[", "]", " ", "{f|3::g}"};
        const text::Wildcards wildcards = [](const std::string&) { return std::vector<std::string>{"y"}; };
        std::mt19937 random(12);
        int made = 0;
        for (int i = 0; i < 4000; ++i) {
            std::string prompt;
            for (unsigned left = unsigned(random()) % 16; left > 0; --left)
                prompt += kPieces[random() % kPieces.size()];
            const bool isChanged = text::chooseText(prompt, 5, wildcards).text != prompt;
            QCOMPARE(!text::findChoices(prompt).empty(), isChanged);
            made += isChanged ? 1 : 0;
        }
        QVERIFY(made > 1000);
    }

    void hostilePromptsTakeNoTime()
    {
        for (const char* piece :
            {"(", "[", "{", "[a|", "[a|b]", "(a:1)", "<lora:", " AND ", "__", "#\n", "{|"}) {
            std::string prompt;
            while (prompt.size() < 20000)
                prompt += piece;
            QVERIFY(markPrompt(prompt).text.size() <= prompt.size());
        }
    }
};

QTEST_GUILESS_MAIN(TestPromptMarks)
#include "tst_prompt_marks.moc"
