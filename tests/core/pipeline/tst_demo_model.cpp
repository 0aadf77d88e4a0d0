#include "tests/core/pipeline/demo_painter.h"

#include <QtTest>

#include <array>
#include <optional>

using namespace studio;
using namespace studio::testing;

namespace {

/// A prompt, the words of a negative prompt, and what these must raise.
std::vector<PromptPair> negatives()
{
    return {
        {"a landscape", "night", [](const Picture8& p) { return brightness(p); }},
        {"hills by day", "green hills", [](const Picture8& p) { return -greenness(p, Part::Lower); }},
        {"the sea", "sunset", [](const Picture8& p) { return -warmth(p, Part::Upper); }},
        {"mountains by day", "snow, winter", [](const Picture8& p) { return -whiteness(p, Part::Lower); }},
    };
}

/// A prompt, and by how much its ground should differ from its sky.
struct Layout {
    const char* prompt;
    double (*contrast)(const Picture8&);
};

std::vector<Layout> layouts()
{
    const auto warm = [](const Picture8& p) { return warmth(p, Part::Lower) - warmth(p, Part::Upper); };
    const auto green
        = [](const Picture8& p) { return greenness(p, Part::Lower) - greenness(p, Part::Upper); };
    return {{"sand dunes at noon", warm}, {"green hills by day", green}, {"a desert under a blue sky", warm},
        {"a green meadow at noon", green}};
}

/// What hires is measured on; none of it was used to choose anything about the refiner.
constexpr std::array kHiresPrompts{"sand dunes at noon", "green hills by day", "the sea at sunset",
    "a lake by day with pine trees", "a forest at night", "a meadow with yellow flowers at dawn",
    "a desert with a cactus at sunset", "purple twilight over a lake", "a snowy meadow by day",
    "an autumn forest at noon", "the sea at night under a bright moon", "mountains at noon"};
constexpr std::uint64_t kFirstHiresSeed = 41;

} // namespace

/// The built-in model paints what it is told, and hires is worth its name on it. Seeded, on the CPU.
class TestDemoModel : public QObject {
    Q_OBJECT

private:
    std::optional<DemoPainter> m_painter;

private Q_SLOTS:
    void initTestCase() { m_painter.emplace(); }

    /// Pictures that were all told the same must not pass for obedience.
    void theStatisticsFailWithoutTheRightWords()
    {
        std::vector<Picture8> pictures;
        for (std::uint64_t seed = 1; seed <= 6; ++seed)
            pictures.push_back(m_painter->paint(DemoPainter::request("a landscape", seed)));
        int passed = 0;
        int judged = 0;
        for (const PromptPair& pair : attributePairs())
            for (std::size_t k = 0; k < pictures.size(); k += 2, ++judged)
                passed += pair.statistic(pictures[k]) > pair.statistic(pictures[k + 1]) ? 1 : 0;
        QVERIFY2(passed < 0.7 * judged, qPrintable(QString::number(passed)));
    }

    void promptsAreObeyed()
    {
        const double obeyed = DemoPainter::obeyed(m_painter->differences(1, 7.5));
        QVERIFY2(obeyed >= 0.75, qPrintable(QString::number(obeyed)));
    }

    void negativePromptsLowerWhatTheyName()
    {
        int lowered = 0;
        for (const PromptPair& pair : negatives()) {
            const Request without = DemoPainter::request(pair.more, 2);
            Request with = without;
            with.negativePrompt = pair.less;
            lowered
                += pair.statistic(m_painter->paint(with)) > pair.statistic(m_painter->paint(without)) ? 1 : 0;
        }
        QVERIFY2(lowered >= 3, qPrintable(QString::number(lowered)));
    }

    void hiresAddsDetailAndKeepsTheComposition()
    {
        double energy = 0;
        double likeness = 0;
        for (std::size_t i = 0; i < kHiresPrompts.size(); ++i) {
            Request request = DemoPainter::request(kHiresPrompts[i], kFirstHiresSeed + i);
            request.mode = Mode::Hires;
            const Take take = m_painter->run(request);
            const Picture8& hires = *take.find(LayerKind::Hires)->picture;
            QCOMPARE(hires.size, (Extent{512, 512}));
            const double more
                = laplacianEnergy(hires) / laplacianEnergy(*take.find(LayerKind::Upscaled)->picture);
            const double like = similarity(halved(hires), *take.find(LayerKind::FirstPass)->picture);
            qInfo("%s: detail %.2f times, likeness %.3f", kHiresPrompts[i], more, like);
            energy += more / double(kHiresPrompts.size());
            likeness += like / double(kHiresPrompts.size());
        }
        qInfo("detail %.2f times, likeness %.3f", energy, likeness);
        QVERIFY(energy >= 1.3);
        QVERIFY(likeness >= 0.8);
    }

    /// What hires fix is for: grounds and skies of a large picture made at once mix.
    void hiresIsComposedBetterThanALargePictureMadeAtOnce()
    {
        double composed = 0;
        double composedDirectly = 0;
        for (const Layout& layout : layouts()) {
            Request request = DemoPainter::request(layout.prompt, 3);
            request.standard.size = Extent{512, 512};
            composedDirectly += layout.contrast(m_painter->paint(request));
            request.mode = Mode::Hires;
            composed += layout.contrast(m_painter->paint(request));
        }
        qInfo("ground against sky %.3f, directly %.3f", composed / 4, composedDirectly / 4);
        QVERIFY(composed > composedDirectly);
    }
};

QTEST_GUILESS_MAIN(TestDemoModel)
#include "tst_demo_model.moc"
