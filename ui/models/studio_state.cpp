#include "ui/models/studio_state.h"

#include "ui/convert/words.h"

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

constexpr std::size_t kReplacementsKept = 20;

Extent scaled(Extent size, double scale)
{
    return {scaledSide(size.width, scale), scaledSide(size.height, scale)};
}

} // namespace

Request sdxlDefaults()
{
    Request request;
    request.mode = Mode::Compare;
    request.standard.size = Extent{1024, 1024};
    request.simple.base = Extent{768, 768};
    request.hires.base = Extent{768, 768};
    request.hires.rungs.front().target = Extent{1536, 1536};
    return request;
}

Extent hiresTarget(const Request& request, const Request& defaults)
{
    Extent size = request.hires.base.value_or(defaults.hires.base.value_or(Extent{768, 768}));
    const auto& usual = defaults.hires.rungs;
    for (std::size_t i = 0; i < request.hires.rungs.size(); ++i) {
        const Rung& rung = request.hires.rungs[i];
        if (rung.target)
            size = *rung.target;
        else if (rung.scale)
            size = scaled(size, *rung.scale);
        else if (i == 0 && !usual.empty() && usual.front().target && !request.hires.base)
            size = *usual.front().target;
        else
            size = scaled(size, 2.0);
    }
    return size;
}

int scaledSide(int side, double scale)
{
    const auto rounded = static_cast<int>(std::lround(side * scale / 8.0)) * 8;
    return std::clamp(rounded, 64, 8192);
}

StudioState::StudioState(QObject* parent)
    : QObject(parent)
    , m_defaults(sdxlDefaults())
{ }

void StudioState::setRequest(Request request)
{
    if (request.hires.rungs.empty())
        request.hires.rungs.emplace_back();
    if (request == m_request)
        return;
    m_request = std::move(request);
    Q_EMIT requestChanged();
}

void StudioState::replaceRequest(Request request, const QString& by)
{
    const Request before = m_request;
    setRequest(std::move(request));
    if (before == m_request)
        return;
    m_replacements.push_back({before, by});
    if (m_replacements.size() > kReplacementsKept)
        m_replacements.erase(m_replacements.begin());
    m_undone.clear();
    Q_EMIT replaced(by);
    Q_EMIT replacementsChanged();
}

QString StudioState::lastReplacement() const
{
    return m_replacements.empty() ? QString() : m_replacements.back().by;
}

QString StudioState::lastUndone() const
{
    return m_undone.empty() ? QString() : m_undone.back().by;
}

void StudioState::exchange(std::vector<Replacement>& from, std::vector<Replacement>& to)
{
    if (from.empty())
        return;
    Replacement last = std::move(from.back());
    from.pop_back();
    to.push_back({m_request, last.by});
    setRequest(std::move(last.other));
    Q_EMIT replacementsChanged();
}

void StudioState::undoReplacement()
{
    exchange(m_replacements, m_undone);
}

void StudioState::redoReplacement()
{
    exchange(m_undone, m_replacements);
}

void StudioState::setDefaults(Request resolved)
{
    if (resolved == m_defaults)
        return;
    m_defaults = std::move(resolved);
    Q_EMIT defaultsChanged();
}

void StudioState::setCatalog(Catalog catalog)
{
    m_catalog = std::move(catalog);
    Q_EMIT catalogChanged();
}

void StudioState::setPlan(Plan plan)
{
    m_plan = std::move(plan);
    m_planFailure.reset();
    Q_EMIT planChanged();
}

void StudioState::setPlanFailure(Failure failure)
{
    m_plan.reset();
    m_planFailure = std::move(failure);
    Q_EMIT planChanged();
}

void StudioState::setLastSeed(std::uint64_t seed)
{
    m_lastSeed = seed;
    Q_EMIT lastSeedChanged();
}

const Request* StudioState::sizedByPicture() const
{
    const bool picture = !m_request.initPicture.empty() && m_request.mode != Mode::Compare;
    const bool asked = picture || !m_request.firstPass.empty();
    const bool answered = m_plan && m_plan->request.initPicture == m_request.initPicture
        && m_plan->request.firstPass == m_request.firstPass;
    return asked && answered ? &m_plan->request : nullptr;
}

Extent StudioState::standardSize() const
{
    if (const Request* planned = sizedByPicture(); planned && planned->standard.size)
        return *planned->standard.size;
    return m_request.standard.size.value_or(m_defaults.standard.size.value_or(Extent{1024, 1024}));
}

Extent StudioState::firstPassSize() const
{
    const bool simple = m_request.mode == Mode::Simple;
    const Request* planned = sizedByPicture();
    const Request& request = planned ? *planned : m_request;
    const auto& asked = simple ? request.simple.base : request.hires.base;
    const auto& usual = simple ? m_defaults.simple.base : m_defaults.hires.base;
    return asked.value_or(usual.value_or(Extent{768, 768}));
}

Extent StudioState::targetSize() const
{
    if (const Request* planned = sizedByPicture(); planned && planned->hires.rungs.back().target)
        return *planned->hires.rungs.back().target;
    return hiresTarget(m_request, m_defaults);
}

Extent StudioState::simpleSize() const
{
    const Request* planned = sizedByPicture();
    const Extent base = (planned ? planned->simple.base : m_request.simple.base)
                            .value_or(m_defaults.simple.base.value_or(Extent{768, 768}));
    return scaled(base, m_request.simple.scale);
}

QString sizesInWords(const StudioState& state)
{
    const auto arrow = [](Extent from, Extent to) {
        return QStringLiteral("%1 → %2").arg(sizeWords(from), sizeWords(to));
    };
    const Extent simpleBase
        = state.request().simple.base.value_or(state.defaults().simple.base.value_or(Extent{768, 768}));
    switch (state.request().mode) {
    case Mode::Standard:
        return sizeWords(state.standardSize());
    case Mode::Simple:
        return arrow(simpleBase, state.simpleSize());
    case Mode::Hires:
        return arrow(state.firstPassSize(), state.targetSize());
    case Mode::Compare:
        return StudioState::tr("Standard %1\nSimple %2\nHires %3")
            .arg(sizeWords(state.standardSize()), arrow(simpleBase, state.simpleSize()),
                arrow(state.firstPassSize(), state.targetSize()));
    }
    return {};
}

} // namespace studio::ui
