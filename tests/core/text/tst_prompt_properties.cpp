#include "core/base/unicode.h"
#include "core/text/emphasis.h"
#include "core/text/prompt_choices.h"
#include "core/text/prompt_schedule.h"
#include "core/text/prompt_syntax.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

using namespace studio;

namespace {

constexpr int kPrompts = 4000;

constexpr std::array<std::string_view, 34> kPieces{"a", "cat", " ", ",", "(", ")", "[", "]", "{", "}", ":",
    "|", "\\", "\n", "0.5", "1.5", "3", "-2", "+.5", "1.2.3", "BREAK", " AND ", "<", ">", "<lora:x:1>",
    "__x__", "#", "\xC3\xA9", "[a:b:0.4]", "[c|d]", "(e:1.3)", "{f|g}", "::", "\xE3\x80\x80"};

/// Prompts of a grammar's pieces in any order: mostly broken, often enough not.
std::vector<std::string> prompts(unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<std::string> out;
    for (int i = 0; i < kPrompts; ++i) {
        std::string prompt;
        for (unsigned left = unsigned(random()) % 24; left > 0; --left)
            prompt += kPieces[random() % kPieces.size()];
        out.push_back(std::move(prompt));
    }
    return out;
}

bool isPlain(const std::string& text)
{
    return text.find_first_of("()[]{}:|\\<>#_") == std::string::npos
        && text.find("BREAK") == std::string::npos && text.find("AND") == std::string::npos;
}

} // namespace

/// What holds for every prompt, however broken.
class TestPromptProperties : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void schedulesCoverTheirPass()
    {
        int changing = 0;
        for (const std::string& prompt : prompts(1)) {
            const text::PromptSchedule schedule(prompt);
            for (const text::PassClock clock : {text::PassClock{7, 0, 0}, text::PassClock{5, 7, 1}}) {
                const std::vector<text::TimedText> texts = schedule.over(clock);
                QVERIFY(!texts.empty());
                QCOMPARE(texts.back().until, clock.calls);
                QVERIFY(std::ranges::is_sorted(texts, std::less_equal(), &text::TimedText::until)
                    || texts.size() == 1);
                QVERIFY(texts.front().until >= 1);
                for (const text::TimedText& timed : texts)
                    QVERIFY(timed.text.size() <= prompt.size() && isUtf8(timed.text));
                changing += texts.size() > 1 ? 1 : 0;
            }
            if (schedule.isFixed())
                QCOMPARE(schedule.over({7, 0, 0}).front().text, prompt);
        }
        QVERIFY2(changing > 100, "the pieces hardly ever make a schedule: nothing was tested");
    }

    void emphasisLosesNoWord()
    {
        const auto letters = [](std::string_view text) {
            std::string out;
            std::ranges::copy_if(
                text, std::back_inserter(out), [](char c) { return c == 'a' || c == 'c' || c == 't'; });
            return out;
        };
        int weighted = 0;
        for (const std::string& prompt : prompts(2)) {
            std::string joined;
            for (const text::WeightedText& part : text::readEmphasis(prompt).parts) {
                QVERIFY(std::isfinite(part.weight) && isUtf8(part.text));
                joined += part.text;
                weighted += part.weight != 1.0 ? 1 : 0;
            }
            QCOMPARE(letters(joined), letters(prompt));
        }
        QVERIFY(weighted > 1000);
    }

    void compositionsAndTagsStayWithinThePrompt()
    {
        for (const std::string& prompt : prompts(3)) {
            const std::vector<text::ComposedText> parts = text::readComposition(prompt);
            QVERIFY(!parts.empty());
            for (const text::ComposedText& part : parts)
                QVERIFY(prompt.find(part.text) != std::string::npos && std::isfinite(part.weight));
            std::vector<text::PromptTag> tags;
            std::string rest = text::withoutTags(prompt, tags);
            std::size_t size = rest.size();
            for (const text::PromptTag& tag : tags) {
                QVERIFY(prompt.find(tag.written) != std::string::npos);
                size += tag.written.size();
            }
            QCOMPARE(size, prompt.size());
            QVERIFY(text::withoutComments(prompt).find('#') == std::string::npos);
        }
    }

    void choicesLeaveNoneThatCouldBeMade()
    {
        const text::Wildcards wildcards = [](const std::string&) { return std::vector<std::string>{"y"}; };
        for (const std::string& prompt : prompts(4)) {
            const text::ChosenText chosen = text::chooseText(prompt, 5, wildcards);
            QVERIFY(!chosen.cutShort && chosen.unknown.empty() && isUtf8(chosen.text));
            QVERIFY(chosen.text.size() <= prompt.size());
            QCOMPARE(text::chooseText(prompt, 5, wildcards).text, chosen.text);
        }
    }

    void aPromptWithoutSyntaxIsItself()
    {
        int plain = 0;
        for (const std::string& prompt : prompts(5)) {
            if (!isPlain(prompt))
                continue;
            ++plain;
            QCOMPARE(text::chooseText(prompt, 1, {}).text, prompt);
            QCOMPARE(text::withoutComments(prompt), prompt);
            QVERIFY(text::PromptSchedule(prompt).isFixed());
            QVERIFY(text::readEmphasis(prompt).parts == (std::vector<text::WeightedText>{{prompt, 1.0}}));
            const std::vector<text::ComposedText> parts = text::readComposition(prompt);
            QVERIFY(parts.size() == 1 && parts[0].weight == 1.0 && prompt.starts_with(parts[0].text));
        }
        QVERIFY(plain > 200);
    }
};

QTEST_GUILESS_MAIN(TestPromptProperties)
#include "tst_prompt_properties.moc"
