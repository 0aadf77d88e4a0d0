#include "ui/models/applicability.h"
#include "ui/models/size_presets.h"
#include "ui/models/studio_state.h"

#include <QSignalSpy>
#include <QSize>
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
    void presetsKeepTheShape_data();
    void presetsKeepTheShape();
    void theSizesOfTheTrainingAreMetExactly();
    void sizesThatSomebodyWroteOutHaveTheirShape();
    void aSmallModelsShapesStaySmall();
    void replacementsAreTakenBackInTheirOrder();
    void theLastTwentyReplacementsAreKept();
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
        setHiresPreset(request, sdxlDefaults(), hiresPresets()[i]);
        QCOMPARE(hiresPresetOf(request, sdxlDefaults()), static_cast<int>(i));
        QCOMPARE(request.hires.rungs.front().strength, 0.5);
    }
    Request scale;
    scale.hires.base = Extent{1024, 1024};
    scale.hires.rungs.front().scale = 1.5;
    QCOMPARE(hiresPresetOf(scale, sdxlDefaults()), 2); // the same sizes, said in another way
    Request own;
    own.hires.base = Extent{832, 648};
    QCOMPARE(hiresPresetOf(own, sdxlDefaults()), -1);
}

void TestStudioState::presetsKeepTheShape_data()
{
    aShapeKeepsTheModelsNumberOfPixels_data();
    QTest::newRow("own") << 0 << 0;
}

void TestStudioState::presetsKeepTheShape()
{
    QFETCH(const int, width);
    QFETCH(const int, height);
    const Extent own{720, 1000};
    StudioState state;
    state.change([&](Request& r) {
        r.mode = Mode::Hires;
        if (width > 0)
            setShape(r, state.defaults(), {width, height});
        else
            r.hires.base = own;
    });
    const double ratio = width > 0 ? static_cast<double>(width) / height : 0.72;
    for (int round = 0; round < 2; ++round) { // it does not drift from one to the next
        for (std::size_t i = 1; i < hiresPresets().size(); ++i) {
            const HiresPreset preset = hiresPresets()[i];
            state.change([&](Request& r) { setHiresPreset(r, state.defaults(), preset); });
            QVERIFY(check(state.request()).empty());
            // In a shape, 768 → 1536 is what the model does by itself.
            const bool isOwn = preset.base == 768 && width != height;
            const int known = hiresPresetOf(state.request(), state.defaults());
            QVERIFY2(known == (isOwn ? 0 : static_cast<int>(i)) || (width == 0 && known >= 0),
                qPrintable(QString::number(known)));
            const Extent base = *state.request().hires.base;
            const Extent target = *state.request().hires.rungs.front().target;
            const double pixels = static_cast<double>(base.width) * base.height / preset.base / preset.base;
            QVERIFY2(pixels > 0.85 && pixels < 1.15, qPrintable(QString::number(pixels)));
            QVERIFY(std::abs(std::log(static_cast<double>(base.width) / base.height / ratio)) < 0.12);
            QCOMPARE(target.width * preset.base, base.width * preset.target);
            QCOMPARE(target.height * preset.base, base.height * preset.target);
            if (width > 0)
                QVERIFY((shapeOf(state) == Shape{width, height}));
        }
    }
    state.change([&](Request& r) { setHiresPreset(r, state.defaults(), hiresPresets()[0]); });
    if (width == height && width > 0)
        QVERIFY(!state.request().hires.base);
    else if (width > 0)
        QCOMPARE(state.request().hires.base->width > state.request().hires.base->height, width > height);
}

void TestStudioState::theSizesOfTheTrainingAreMetExactly()
{
    QList<QSize> met;
    for (const Shape& shape : shapes()) {
        StudioState state;
        state.change([&](Request& r) { setShape(r, state.defaults(), shape); });
        met << QSize(state.standardSize().width, state.standardSize().height);
        state.change([&](Request& r) { setHiresPreset(r, state.defaults(), {1024, 1536}); });
        if (isTrainedSize({shape.width, shape.height}))
            QVERIFY((state.request().hires.base == Extent{shape.width, shape.height}));
    }
    for (const QSize size : {QSize(832, 1216), QSize(896, 1152), QSize(1024, 1024), QSize(1152, 896),
             QSize(1216, 832), QSize(1344, 768), QSize(768, 1344), QSize(1536, 640), QSize(640, 1536)}) {
        QVERIFY2(met.contains(size), qPrintable(QString::number(size.width())));
        QVERIFY(isTrainedSize({size.width(), size.height()}));
    }
}

void TestStudioState::sizesThatSomebodyWroteOutHaveTheirShape()
{
    StudioState state;
    state.change([](Request& r) {
        r.mode = Mode::Compare;
        r.standard.size = Extent{1024, 1024};
        r.simple.base = r.hires.base = Extent{768, 768};
        r.hires.rungs.front().target = Extent{1536, 1536};
    });
    QVERIFY((shapeOf(state) == Shape{1, 1}));
    state.change([](Request& r) {
        r.mode = Mode::Hires;
        r.standard.size = r.hires.base = Extent{832, 1216};
        r.hires.rungs.front().target = Extent{1248, 1824};
    });
    QVERIFY((shapeOf(state) == Shape{832, 1216}));
    state.change([](Request& r) { r.hires.rungs.front().target = Extent{1248, 1248}; });
    QVERIFY(shapeOf(state) == Shape{}); // the picture has another than its first pass
    state.change([](Request& r) { r.mode = Mode::Standard; });
    QVERIFY((shapeOf(state) == Shape{832, 1216}));
    state.change([](Request& r) { r.standard.size = Extent{1000, 1000}; });
    QVERIFY(shapeOf(state) == Shape{});
}

void TestStudioState::aSmallModelsShapesStaySmall()
{
    Request small = sdxlDefaults();
    small.standard.size = Extent{320, 320};
    small.simple.base = small.hires.base = Extent{256, 256};
    small.hires.rungs.front().target = Extent{512, 512};
    StudioState state;
    state.setDefaults(small);
    for (const Shape& shape : shapes()) {
        state.change([&](Request& r) { setShape(r, small, shape); });
        const Extent size = state.standardSize();
        QVERIFY(size.width <= 512 && size.height <= 512 && size.width % 8 == 0 && size.height % 8 == 0);
    }
}

void TestStudioState::replacementsAreTakenBackInTheirOrder()
{
    StudioState state;
    QSignalSpy replaced(&state, &StudioState::replaced);
    const auto asks = [&](const char* prompt) { return state.request().prompt == prompt; };
    state.change([](Request& r) { r.prompt = "one"; });
    QVERIFY(state.lastReplacement().isEmpty()); // a change of one value is none
    state.replace(QStringLiteral("b"), [](Request& r) { r.prompt = "two"; });
    state.replace(QStringLiteral("nothing"), [](Request&) {});
    state.change([](Request& r) { r.prompt = "two and more"; });
    state.replaceRequest(Request{}, QStringLiteral("c"));
    QCOMPARE(replaced.count(), 2);
    QCOMPARE(state.lastReplacement(), QStringLiteral("c"));
    state.undoReplacement();
    QVERIFY(asks("two and more"));
    QCOMPARE(state.lastReplacement(), QStringLiteral("b"));
    QCOMPARE(state.lastUndone(), QStringLiteral("c"));
    state.undoReplacement();
    QVERIFY(asks("one"));
    state.undoReplacement(); // there is none
    QVERIFY(asks("one"));
    state.redoReplacement();
    QVERIFY(asks("two and more")); // with what was changed after it
    state.replace(QStringLiteral("d"), [](Request& r) { r.prompt = "three"; });
    QVERIFY(state.lastUndone().isEmpty());
}

void TestStudioState::theLastTwentyReplacementsAreKept()
{
    StudioState state;
    for (int i = 1; i <= 30; ++i)
        state.replace(QString::number(i), [i](Request& r) { r.sampling.steps = i; });
    int undone = 0;
    for (; !state.lastReplacement().isEmpty(); ++undone)
        state.undoReplacement();
    QCOMPARE(undone, 20);
    QCOMPARE(state.request().sampling.steps, 10);
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
