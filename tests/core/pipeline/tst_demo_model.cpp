#include "tests/core/pipeline/demo_painter.h"

#include <QtTest>

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
        double composed = 0;
        double composedDirectly = 0;
        const std::vector<Layout> all = layouts();
        for (const Layout& layout : all) {
            Request request = DemoPainter::request(layout.prompt, 3);
            request.standard.size = Extent{512, 512};
            composedDirectly += layout.contrast(m_painter->paint(request));
            request.mode = Mode::Hires;
            const Take take = m_painter->run(request);
            const Picture8& hires = *take.find(LayerKind::Hires)->picture;
            QCOMPARE(hires.size, (Extent{512, 512}));
            energy += laplacianEnergy(hires) / laplacianEnergy(*take.find(LayerKind::Upscaled)->picture);
            likeness += similarity(halved(hires), *take.find(LayerKind::FirstPass)->picture);
            composed += layout.contrast(hires);
        }
        const auto count = double(all.size());
        qInfo("detail %.2f times, likeness %.3f, ground against sky %.3f, directly %.3f", energy / count,
            likeness / count, composed / count, composedDirectly / count);
        QVERIFY(energy / count >= 1.3);
        QVERIFY(likeness / count >= 0.8);
        QVERIFY(composed > composedDirectly);
    }
};

QTEST_GUILESS_MAIN(TestDemoModel)
#include "tst_demo_model.moc"
