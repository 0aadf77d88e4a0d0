#include "app/cli/file_names.h"
#include "app/cli/usage_error.h"

#include <QtTest>

using namespace studio;
using namespace studio::cli;

namespace {

constexpr std::time_t kNoon = 1700000000;

Plan planOf(const std::string& prompt)
{
    Plan plan;
    plan.request.prompt = prompt;
    plan.request.seed = 42;
    plan.request.mode = Mode::Hires;
    plan.request.models.base = "/models/My Model.safetensors";
    PlannedStage stage;
    stage.size = {1536, 1024};
    stage.layer = LayerKind::Hires;
    plan.stages = {stage};
    return plan;
}

std::string named(const std::string& pattern, const std::string& prompt = "a cat",
    LayerKind layer = LayerKind::Hires, bool main = true)
{
    return fileName(pattern, planOf(prompt), layer, main, kNoon);
}

} // namespace

class TestFileNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTagHasItsValue()
    {
        QCOMPARE(named("[seed]"), std::string("42"));
        QCOMPARE(named("[mode]-[layer]"), std::string("hires-hires"));
        QCOMPARE(named("[width]x[height]"), std::string("1536x1024"));
        QCOMPARE(named("[steps] [cfg] [sampler]"), std::string("30 7.5 euler"));
        QCOMPARE(named("[model]"), std::string("My Model"));
        QCOMPARE(named("[prompt]"), std::string("a_cat"));
        QCOMPARE(named("[prompt_spaces]"), std::string("a cat"));
        QVERIFY(named("[date]_[time]").find("2023-11-1") == 0);
    }

    void noPromptLeavesItsFolder()
    {
        for (const char* prompt :
            {"../../etc/passwd", "/etc/passwd", "..", ".", "a/b\\c", "C:\\x", "~", "\n", "a:b*c?"}) {
            const std::string name = named("[prompt_spaces]", prompt);
            QVERIFY2(!name.empty(), prompt);
            QVERIFY2(name.find_first_of("/\\:*?\"<>|\n") == std::string::npos, name.c_str());
            QVERIFY2(name != ".." && name != "." && name.front() != '.', name.c_str());
        }
    }

    void namesAreBoundedAndStayUtf8()
    {
        std::string longPrompt;
        for (int i = 0; i < 500; ++i)
            longPrompt += "\xE7\x8C\xAB"; // three bytes each
        const std::string name = named("[prompt]_[prompt_spaces]_[prompt]", longPrompt);
        QVERIFY(name.size() <= 180);
        QVERIFY(QString::fromUtf8(name.c_str()).indexOf(QChar(0xFFFD)) < 0);
        QVERIFY(named("[prompt]", longPrompt, LayerKind::FirstPass, false).size() <= 180);
    }

    void otherLayersAreToldApart()
    {
        QCOMPARE(named("[seed]", "x", LayerKind::FirstPass, false), std::string("42_first_pass"));
        QCOMPARE(named("[seed]_[layer]", "x", LayerKind::FirstPass, false), std::string("42_first_pass"));
    }

    void compareHasNamesOfItsOwn()
    {
        Plan plan = planOf("x");
        plan.request.mode = Mode::Compare;
        QCOMPARE(fileName("[seed]", plan, LayerKind::Standard, true, kNoon), std::string("output_standard"));
        QCOMPARE(
            fileName("[seed]", plan, LayerKind::Simple, true, kNoon), std::string("output_simple_hires"));
        QCOMPARE(fileName("[seed]", plan, LayerKind::Hires, true, kNoon), std::string("output_hires_fix"));
        QCOMPARE(
            fileName("[seed]", plan, LayerKind::FirstPass, false, kNoon), std::string("output_first_pass"));
    }

    void wrongPatternsAreRefused()
    {
        for (const char* pattern : {"", "..", "a/b", "a\\b", "[nothing]", "[]"})
            QVERIFY_EXCEPTION_THROWN(checkNamePattern(pattern), UsageError);
        for (const char* pattern : {"picture", "[seed]", "open [bracket", "[date]_[seed]_[layer]"})
            checkNamePattern(pattern);
    }

    void anEmptyPromptStillGetsAName() { QCOMPARE(named("[prompt]", ""), std::string("picture")); }
};

QTEST_GUILESS_MAIN(TestFileNames)
#include "tst_file_names.moc"
