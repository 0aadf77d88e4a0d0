#include "ui/models/applicability.h"
#include "ui/models/size_presets.h"
#include "ui/models/studio_state.h"

#include <QSignalSpy>
#include <QTest>

using namespace studio;
using namespace studio::ui;

class TestStudioState : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsOfAChangeOnceAndOfNoChangeNever();
    void sizesAreThoseOfTheModelUntilChosen();
    void wordsNameBothSizes();
    void aShapeKeepsTheModelsNumberOfPixels_data();
    void aShapeKeepsTheModelsNumberOfPixels();
    void squareLeavesTheSizesToTheModel();
    void presetsAreRecognisedAfterTheyWereSet();
    void morePassesClimbEvenlyToTheSameTarget();
    void whatAModeDoesNotUseHasAReason_data();
    void whatAModeDoesNotUseHasAReason();
};

void TestStudioState::tellsOfAChangeOnceAndOfNoChangeNever()
{
    StudioState state;
    QSignalSpy changed(&state, &StudioState::requestChanged);
    state.change([](Request& r) { r.prompt = "a lake"; });
    QCOMPARE(changed.count(), 1);
    state.change([](Request& r) { r.prompt = "a lake"; });
    QCOMPARE(changed.count(), 1);
    state.change([](Request& r) { r.hires.rungs.clear(); });
    QCOMPARE(state.request().hires.rungs.size(), std::size_t{1}); // there is always a second pass to show
}

void TestStudioState::sizesAreThoseOfTheModelUntilChosen()
{
    StudioState state;
    QVERIFY((state.standardSize() == Extent{1024, 1024}));
    QVERIFY((state.targetSize() == Extent{1536, 1536}));
    Request small = sdxlDefaults();
    small.hires.base = Extent{256, 256};
    small.hires.rungs.front().target = Extent{512, 512};
    state.setDefaults(small);
    QVERIFY((state.targetSize() == Extent{512, 512}));
    state.change([](Request& r) { r.hires.rungs.front().scale = 1.5; });
    QVERIFY((state.targetSize() == Extent{384, 384}));
    state.change([](Request& r) { r.hires.rungs.front().target = Extent{640, 448}; });
    QVERIFY((state.targetSize() == Extent{640, 448}));
}

void TestStudioState::wordsNameBothSizes()
{
    StudioState state;
    QCOMPARE(sizesInWords(state), QStringLiteral("1024 × 1024"));
    state.change([](Request& r) { r.mode = Mode::Hires; });
    QCOMPARE(sizesInWords(state), QStringLiteral("768 × 768 → 1536 × 1536"));
    state.change([](Request& r) { r.mode = Mode::Simple; });
    QCOMPARE(sizesInWords(state), QStringLiteral("768 × 768 → 1152 × 1152"));
}

void TestStudioState::aShapeKeepsTheModelsNumberOfPixels_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    for (const Shape& shape : shapes())
        QTest::addRow("%d:%d", shape.width, shape.height) << shape.width << shape.height;
}

void TestStudioState::aShapeKeepsTheModelsNumberOfPixels()
{
    QFETCH(const int, width);
    QFETCH(const int, height);
    StudioState state;
    state.change([&](Request& r) { setShape(r, state.defaults(), {width, height}); });
    QVERIFY(check(state.request()).empty());
    const Extent size = state.standardSize();
    const double pixels = static_cast<double>(size.width) * size.height / (1024.0 * 1024.0);
    QVERIFY2(pixels > 0.9 && pixels < 1.1, qPrintable(QString::number(pixels)));
    const double ratio = static_cast<double>(size.width) / size.height;
    QVERIFY(std::abs(std::log(ratio * height / width)) < 0.1);
    QVERIFY((shapeOf(state) == Shape{width, height}));
    const Extent base = state.request().hires.base.value_or(Extent{768, 768});
    QCOMPARE(state.targetSize().width * base.height, state.targetSize().height * base.width);
}

void TestStudioState::squareLeavesTheSizesToTheModel()
{
    StudioState state;
    const Request before = state.request();
    state.change([&](Request& r) { setShape(r, state.defaults(), {16, 9}); });
    QVERIFY(state.request() != before);
    state.change([&](Request& r) { setShape(r, state.defaults(), {1, 1}); });
    QVERIFY(state.request() == before);
}

void TestStudioState::presetsAreRecognisedAfterTheyWereSet()
{
    for (std::size_t i = 0; i < hiresPresets().size(); ++i) {
        Request request;
        request.hires.rungs.front().strength = 0.5;
        setHiresPreset(request, hiresPresets()[i]);
        QCOMPARE(hiresPresetOf(request), static_cast<int>(i));
        QCOMPARE(request.hires.rungs.front().strength, 0.5);
    }
    Request own;
    own.hires.base = Extent{832, 640};
    QCOMPARE(hiresPresetOf(own), -1);
}

void TestStudioState::morePassesClimbEvenlyToTheSameTarget()
{
    Request request;
    setPasses(request, {768, 768}, {1536, 1536}, 2);
    QCOMPARE(request.hires.rungs.size(), std::size_t{2});
    QVERIFY((request.hires.rungs[0].target == Extent{1088, 1088})); // 768 * sqrt(2), to a multiple of 8
    QVERIFY((request.hires.rungs[1].target == Extent{1536, 1536}));
    QVERIFY(check(request).empty());
    setPasses(request, {768, 768}, {1536, 1536}, 1);
    QCOMPARE(request.hires.rungs.size(), std::size_t{1});
    QVERIFY((request.hires.rungs[0].target == Extent{1536, 1536}));
}

void TestStudioState::whatAModeDoesNotUseHasAReason_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("setting");
    QTest::addColumn<bool>("used");
    const auto row = [](const char* name, Mode mode, Setting setting, bool used) {
        QTest::newRow(name) << static_cast<int>(mode) << static_cast<int>(setting) << used;
    };
    row("standard size", Mode::Standard, Setting::StandardSize, true);
    row("standard second pass", Mode::Standard, Setting::SecondPass, false);
    row("standard enlargement", Mode::Standard, Setting::Enlargement, false);
    row("standard refiner", Mode::Standard, Setting::Refiner, true);
    row("simple size", Mode::Simple, Setting::StandardSize, false);
    row("simple enlargement", Mode::Simple, Setting::Enlargement, true);
    row("simple refiner", Mode::Simple, Setting::Refiner, false);
    row("hires size", Mode::Hires, Setting::StandardSize, false);
    row("hires second pass", Mode::Hires, Setting::SecondPass, true);
    row("hires refiner", Mode::Hires, Setting::Refiner, false);
    row("compare size", Mode::Compare, Setting::StandardSize, true);
    row("compare second pass", Mode::Compare, Setting::SecondPass, true);
    row("compare enlargement", Mode::Compare, Setting::Enlargement, true);
}

void TestStudioState::whatAModeDoesNotUseHasAReason()
{
    QFETCH(const int, mode);
    QFETCH(const int, setting);
    QFETCH(const bool, used);
    Request request;
    request.mode = static_cast<Mode>(mode);
    QCOMPARE(whyUnused(request, static_cast<Setting>(setting)).isEmpty(), used);
}

QTEST_GUILESS_MAIN(TestStudioState)
#include "tst_studio_state.moc"
