#include "tests/core/pipeline/demo_painter.h"

#include <QtGlobal>

#include <algorithm>
#include <stdexcept>

namespace studio::testing {

namespace {

using Statistic = std::function<double(const Picture8&)>;

template <auto Function> Statistic of(Part part = Part::Whole)
{
    return [part](const Picture8& picture) { return Function(picture, part); };
}

template <auto Function> Statistic lessOf(Part part = Part::Whole)
{
    return [part](const Picture8& picture) { return -Function(picture, part); };
}

} // namespace

std::vector<PromptPair> attributePairs()
{
    const Statistic bright = of<brightness>();
    const Statistic warmAbove = of<warmth>(Part::Upper);
    const Statistic warmBelow = of<warmth>(Part::Lower);
    const Statistic greenBelow = of<greenness>(Part::Lower);
    const Statistic whiteBelow = of<whiteness>(Part::Lower);
    return {
        {"a lake by day", "a lake at night", bright},
        {"mountains by day", "mountains at night", bright},
        {"a forest at noon", "a forest at dusk", bright},
        {"the sea by day", "the sea at night", bright},
        {"a desert at noon", "a desert at night", bright},
        {"a beautiful sunset over mountains", "mountains at noon", warmAbove},
        {"the sea at sunset", "the sea at noon", warmAbove},
        {"hills at sunset", "hills at night", warmAbove},
        {"a meadow at dawn", "a meadow at dusk", bright},
        {"a lake at dusk", "a lake at noon", of<purpleShare>(Part::Upper)},
        {"a desert at noon", "a lake at noon", warmBelow},
        {"a desert by day", "the sea by day", warmBelow},
        {"a green meadow by day", "a desert by day", greenBelow},
        {"green hills at noon", "snowy hills at noon", greenBelow},
        {"a snowy forest by day", "a green forest by day", whiteBelow},
        {"a meadow in winter at noon", "a green meadow at noon", whiteBelow},
        {"a forest in autumn by day", "a pine forest by day", warmBelow},
        {"a meadow with red flowers by day", "a green meadow by day", of<redShare>(Part::Lower)},
        {"a meadow with yellow flowers by day", "a meadow with purple flowers by day",
            lessOf<purpleShare>(Part::Lower)},
        {"the sea in thick fog by day", "the sea with a clear sky by day", lessOf<saturation>()},
    };
}

DemoPainter::DemoPainter()
{
    EngineOptions options;
    options.demoModel = STUDIO_SOURCE_DIR "/resources/demo_model";
    const auto opened = openEngine(options, STUDIO_BINARY_DIR "/bin/libstudio_engine.so");
    if (const Failure* failure = failureOf(opened))
        throw std::runtime_error(failure->detail);
    m_engine = std::get<std::shared_ptr<Engine>>(opened);
}

Request DemoPainter::request(const std::string& prompt, std::uint64_t seed)
{
    Request request;
    request.prompt = prompt;
    request.seed = seed;
    request.sampling.steps = 20;
    request.standard.size = Extent{256, 256};
    request.execution.device = "cpu";
    return request;
}

Take DemoPainter::run(const Request& request) const
{
    Take take = m_engine->run(request, {});
    if (take.failure)
        throw std::runtime_error(take.failure->detail);
    return take;
}

Picture8 DemoPainter::paint(const Request& request) const
{
    return *run(request).mainLayer()->picture;
}

std::vector<double> DemoPainter::differences(std::uint64_t seed, double guidance) const
{
    std::vector<double> out;
    for (const PromptPair& pair : attributePairs()) {
        Request more = request(pair.more, seed);
        Request less = request(pair.less, seed);
        more.sampling.guidance = less.sampling.guidance = guidance;
        out.push_back(pair.statistic(paint(more)) - pair.statistic(paint(less)));
        if (out.back() <= 0)
            qInfo("seed %d, guidance %g: \"%s\" against \"%s\"", int(seed), guidance, pair.more, pair.less);
    }
    return out;
}

double DemoPainter::obeyed(const std::vector<double>& differences)
{
    const auto count = std::count_if(differences.begin(), differences.end(), [](double d) { return d > 0; });
    return double(count) / double(differences.size());
}

} // namespace studio::testing
