#include "ui/models/second_passes.h"

#include "ui/convert/strings.h"

#include <QCoreApplication>

#include <algorithm>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::SecondPasses)
};

Extent scaledBy(Extent size, double factor)
{
    return {scaledSide(size.width, factor), scaledSide(size.height, factor)};
}

/// The wished targets for another first-pass size: the same factor, not the same pixels.
std::vector<Rung> rungsFor(const SecondPassWish& wish, Extent first)
{
    std::vector<Rung> rungs = wish.rungs;
    if (first == wish.first)
        return rungs;
    for (Rung& rung : rungs) {
        const double factor = static_cast<double>(rung.target->width) / wish.first.width;
        rung.target = scaledBy(first, factor);
    }
    return rungs;
}

/// Whether a rung that ran is what is wished; what is not set follows the first pass.
template <class T> bool follows(const std::optional<T>& ran, const std::optional<T>& wished, const T& first)
{
    return ran.value_or(first) == wished.value_or(first);
}

bool isSame(const Rung& ran, const Rung& wished, const Request& first)
{
    return ran.target == wished.target && ran.strength == wished.strength && ran.meaning == wished.meaning
        && ran.steps == wished.steps && ran.upscaler == wished.upscaler
        && follows(ran.guidance, wished.guidance, first.sampling.guidance)
        && follows(ran.sampler, wished.sampler, first.sampling.sampler)
        && follows(ran.schedule, wished.schedule, first.sampling.schedule)
        && follows(ran.prompt, wished.prompt, first.prompt)
        && follows(ran.negativePrompt, wished.negativePrompt, first.negativePrompt)
        && (wished.model.empty() || ran.model == wished.model);
}

/// Later runs of a take stand on the first one's pass.
const Request& firstRequest(const StoredTake& take)
{
    return take.runs.front().take.plan.request;
}

bool isDone(const StoredTake& take, const std::vector<Rung>& wished, const Request& first)
{
    return std::any_of(take.runs.begin(), take.runs.end(), [&](const StoredRun& run) {
        const Request& ran = run.take.plan.request;
        if (run.state != TakeState::Finished || ran.mode != Mode::Hires
            || ran.hires.rungs.size() != wished.size())
            return false;
        for (std::size_t i = 0; i < wished.size(); ++i) {
            if (!isSame(ran.hires.rungs[i], wished[i], first))
                return false;
        }
        return true;
    });
}

void addTake(SecondPasses& passes, const StoredTake& take, const SecondPassWish& wish)
{
    const QString id = toQt(take.summary.id);
    if (take.summary.state == TakeState::Running)
        return void(passes.refused << Words::tr("%1 is still being made.").arg(id));
    std::optional<Request> request = secondPassOf(take, wish);
    if (!request)
        return void(passes.refused << Words::tr("%1 was cut off before anything of it was written.").arg(id));
    if (isDone(take, request->hires.rungs, firstRequest(take)))
        return void(++passes.done);
    ++(request->firstPass.empty() ? passes.whole : passes.fromStored);
    passes.requests.push_back(std::move(*request));
}

} // namespace

Extent firstPassSizeOf(const Request& planned)
{
    switch (planned.mode) {
    case Mode::Standard:
        return planned.standard.size.value_or(Extent{});
    case Mode::Simple:
        return planned.simple.base.value_or(Extent{});
    case Mode::Hires:
    case Mode::Compare:
        break;
    }
    return planned.hires.base.value_or(Extent{});
}

std::optional<Request> secondPassOf(const StoredTake& take, const SecondPassWish& wish)
{
    Request request = firstRequest(take);
    const Extent size = firstPassSizeOf(request);
    if (!size.isSet())
        return std::nullopt;
    request.mode = Mode::Hires;
    request.hires.base = size;
    request.hires.rungs = rungsFor(wish, size);
    request.handover = wish.handover;
    request.models.refiner = wish.refiner;
    request.faceRestoration = wish.faceRestoration;
    request.standard.useRefiner = false; // it would go over a finished picture, which a first pass is not
    request.firstPass = toStd(pathToQt(take.firstPass));
    return request;
}

SecondPassWish secondPassWish(const StudioState& state)
{
    const Request& request = state.request();
    SecondPassWish wish;
    wish.first = request.hires.base.value_or(state.defaults().hires.base.value_or(Extent{768, 768}));
    wish.rungs = request.hires.rungs;
    wish.handover = request.handover;
    wish.refiner = request.models.refiner;
    wish.faceRestoration = request.faceRestoration;
    Extent below = wish.first;
    for (std::size_t i = 0; i < wish.rungs.size(); ++i) {
        Rung& rung = wish.rungs[i];
        if (i + 1 == wish.rungs.size())
            rung.target = state.targetSize();
        else if (!rung.target)
            rung.target = scaledBy(below, rung.scale.value_or(2.0));
        rung.scale.reset();
        below = *rung.target;
    }
    return wish;
}

SecondPasses secondPassesOf(const std::vector<StoredTake>& takes, const SecondPassWish& wish)
{
    SecondPasses passes;
    for (const StoredTake& take : takes)
        addTake(passes, take, wish);
    return passes;
}

} // namespace studio::ui
