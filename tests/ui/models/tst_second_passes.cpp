#include "ui/models/second_passes.h"

#include <QTest>

using namespace studio;
using namespace studio::ui;

namespace {

/// A stored take as the store reads it: its requests are resolved.
StoredTake takeOf(Mode mode, Extent size, bool withFirstPass = true)
{
    StoredTake take;
    take.summary.id = "20260101-120000-abcdef";
    take.summary.state = TakeState::Finished;
    StoredRun run;
    run.state = TakeState::Finished;
    Request& request = run.take.plan.request;
    request.prompt = "a lake";
    request.seed = 7;
    request.mode = mode;
    request.standard.size = request.simple.base = request.hires.base = size;
    take.runs.push_back(run);
    if (withFirstPass)
        take.firstPass = "/takes/20260101-120000-abcdef/first_pass.safetensors";
    return take;
}

SecondPassWish wish()
{
    SecondPassWish wanted;
    wanted.first = {256, 256};
    Rung rung;
    rung.target = Extent{512, 512};
    rung.strength = 0.5;
    wanted.rungs = {rung};
    return wanted;
}

} // namespace

class TestSecondPasses : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDraftGoesOnFromItsStoredFirstPass_data();
    void aDraftGoesOnFromItsStoredFirstPass();
    void theSecondPassIsThatOfTheControls();
    void anotherSizeKeepsTheScale();
    void withoutAFirstPassItIsRunAsAWhole();
    void whatIsDoneIsNotDoneAgain();
    void aDifferentSecondPassIsDone_data();
    void aDifferentSecondPassIsDone();
    void whatCannotBeRunSaysWhy();
};

void TestSecondPasses::aDraftGoesOnFromItsStoredFirstPass_data()
{
    QTest::addColumn<Mode>("mode");
    QTest::newRow("standard") << Mode::Standard;
    QTest::newRow("simple") << Mode::Simple;
    QTest::newRow("compare") << Mode::Compare;
}

void TestSecondPasses::aDraftGoesOnFromItsStoredFirstPass()
{
    QFETCH(const Mode, mode);
    StoredTake take = takeOf(mode, {256, 256});
    take.runs.front().take.plan.request.standard.useRefiner = true;
    const SecondPasses passes = secondPassesOf({take}, wish());
    QCOMPARE(passes.fromStored, 1);
    QCOMPARE(passes.requests.size(), std::size_t{1});
    const Request& request = passes.requests.front();
    QVERIFY(request.mode == Mode::Hires);
    QCOMPARE(request.firstPass, take.firstPass.string());
    QCOMPARE(request.prompt, std::string("a lake"));
    QCOMPARE(request.seed.value_or(0), std::uint64_t{7});
    QCOMPARE(request.hires.base.value_or(Extent{}), (Extent{256, 256}));
    QVERIFY(!request.standard.useRefiner);
    QVERIFY(check(request).empty());
}

void TestSecondPasses::theSecondPassIsThatOfTheControls()
{
    StudioState state;
    state.change([](Request& r) {
        r.prompt = "something else, which is no business of the draft's";
        r.hires.base = Extent{256, 256};
        r.hires.rungs.front().scale = 1.5;
        r.hires.rungs.front().strength = 0.45;
        r.hires.rungs.front().prompt = "with more detail";
        r.handover = Handover::EightBit;
    });
    const SecondPasses passes = secondPassesOf({takeOf(Mode::Standard, {256, 256})}, secondPassWish(state));
    const Request& request = passes.requests.front();
    QCOMPARE(request.prompt, std::string("a lake"));
    const Rung& rung = request.hires.rungs.front();
    QCOMPARE(rung.target.value_or(Extent{}), (Extent{384, 384}));
    QCOMPARE(rung.strength, 0.45);
    QCOMPARE(rung.prompt.value_or(std::string()), std::string("with more detail"));
    QVERIFY(request.handover == Handover::EightBit);
}

void TestSecondPasses::anotherSizeKeepsTheScale()
{
    const SecondPasses passes = secondPassesOf({takeOf(Mode::Standard, {320, 192})}, wish());
    const Request& request = passes.requests.front();
    QCOMPARE(request.hires.base.value_or(Extent{}), (Extent{320, 192}));
    QCOMPARE(request.hires.rungs.front().target.value_or(Extent{}), (Extent{640, 384}));
}

void TestSecondPasses::withoutAFirstPassItIsRunAsAWhole()
{
    const SecondPasses passes = secondPassesOf(
        {takeOf(Mode::Standard, {256, 256}, false), takeOf(Mode::Simple, {256, 256})}, wish());
    QCOMPARE(passes.whole, 1);
    QCOMPARE(passes.fromStored, 1);
    QVERIFY(passes.requests.front().firstPass.empty());
    QCOMPARE(passes.requests.front().seed.value_or(0), std::uint64_t{7});
}

void TestSecondPasses::whatIsDoneIsNotDoneAgain()
{
    StoredTake take = takeOf(Mode::Standard, {256, 256});
    StoredRun hires = take.runs.front();
    Request& ran = hires.take.plan.request;
    ran.mode = Mode::Hires;
    ran.hires.rungs = wish().rungs;
    ran.hires.rungs.front().sampler = ran.sampling.sampler; // resolved: as the first pass
    ran.hires.rungs.front().guidance = ran.sampling.guidance;
    ran.hires.rungs.front().model = "/models/refiner";
    take.runs.push_back(hires);
    const SecondPasses passes = secondPassesOf({take}, wish());
    QCOMPARE(passes.done, 1);
    QVERIFY(passes.requests.empty());
    take.runs.back().state = TakeState::Cancelled;
    QCOMPARE(secondPassesOf({take}, wish()).fromStored, 1);
}

void TestSecondPasses::aDifferentSecondPassIsDone_data()
{
    QTest::addColumn<std::function<void(Rung&)>>("change");
    const auto row
        = [](const char* name, std::function<void(Rung&)> change) { QTest::newRow(name) << change; };
    row("strength", [](Rung& rung) { rung.strength = 0.6; });
    row("steps", [](Rung& rung) { rung.steps = 12; });
    row("size", [](Rung& rung) { rung.target = Extent{640, 640}; });
    row("upscaler", [](Rung& rung) { rung.upscaler = "nearest"; });
    row("sampler", [](Rung& rung) { rung.sampler = "dpmpp_2m"; });
    row("prompt", [](Rung& rung) { rung.prompt = "with more detail"; });
    row("meaning", [](Rung& rung) { rung.meaning = StrengthMeaning::A1111; });
}

void TestSecondPasses::aDifferentSecondPassIsDone()
{
    QFETCH(const std::function<void(Rung&)>, change);
    StoredTake take = takeOf(Mode::Hires, {256, 256});
    take.runs.front().take.plan.request.hires.rungs = wish().rungs;
    QCOMPARE(secondPassesOf({take}, wish()).done, 1);
    SecondPassWish other = wish();
    change(other.rungs.front());
    QCOMPARE(secondPassesOf({take}, other).fromStored, 1);
}

void TestSecondPasses::whatCannotBeRunSaysWhy()
{
    StoredTake running = takeOf(Mode::Standard, {256, 256});
    running.summary.state = TakeState::Running;
    StoredTake empty = takeOf(Mode::Standard, {256, 256});
    empty.runs.front().take.plan.request = {};
    const SecondPasses passes = secondPassesOf({running, empty, takeOf(Mode::Simple, {256, 256})}, wish());
    QCOMPARE(passes.refused.size(), 2);
    QCOMPARE(passes.requests.size(), std::size_t{1});
    for (const QString& sentence : passes.refused)
        QVERIFY2(sentence.contains(QStringLiteral("20260101-120000-abcdef")), qPrintable(sentence));
}

QTEST_MAIN(TestSecondPasses)
#include "tst_second_passes.moc"
