#include "ui/models/adapter_use.h"

#include "core/api/log.h"
#include "core/api/request_json.h"
#include "ui/convert/strings.h"
#include "ui/models/prompt_tags.h"

#include <algorithm>

namespace studio::ui {

namespace {

bool isAt(const std::vector<AdapterChoice>& list, const UsedAdapter& used)
{
    return used.index < list.size() && list[used.index].name == used.choice.name;
}

/// Whether a name in a request or a prompt stands for a file.
bool isNameOf(const AdapterChoice& choice, const QString& path)
{
    const std::filesystem::path file = toPath(path);
    const std::filesystem::path name = toPath(toQt(choice.name));
    return name == file || name == file.filename() || name == file.stem();
}

void setUnet(AdapterChoice& choice, double weight)
{
    if (choice.textEncoder == choice.unet)
        choice.textEncoder = weight;
    choice.unet = weight;
}

} // namespace

AdapterUse::AdapterUse(StudioState& state, QObject* parent)
    : QObject(parent)
    , m_state(state)
{
    connect(&state, &StudioState::requestChanged, this, &AdapterUse::refresh);
    refresh();
}

void AdapterUse::refresh()
{
    const Request& request = m_state.request();
    // One that came back with other settings acts; it does not rest at the same time.
    std::erase_if(m_resting, [&](const AdapterChoice& choice) {
        return std::ranges::find(request.adapters, choice.name, &AdapterChoice::name)
            != request.adapters.end();
    });
    std::vector<UsedAdapter> used;
    for (std::size_t i = 0; i < request.adapters.size(); ++i)
        used.push_back({UsedAdapter::Source::List, i, request.adapters[i], {}});
    for (std::size_t i = 0; i < m_resting.size(); ++i)
        used.push_back({UsedAdapter::Source::Resting, i, m_resting[i], {}});
    for (const UsedAdapter& one : used)
        if (std::ranges::find(m_order, one.choice.name) == m_order.end())
            m_order.push_back(one.choice.name);
    std::ranges::stable_sort(
        used, {}, [this](const UsedAdapter& one) { return std::ranges::find(m_order, one.choice.name); });
    const std::vector<PromptAdapter> written = adaptersIn(request);
    for (std::size_t i = 0; i < written.size(); ++i)
        used.push_back({UsedAdapter::Source::Prompt, i, written[i].choice, written[i].text});
    if (used == m_used)
        return;
    m_used = std::move(used);
    Q_EMIT changed();
}

bool AdapterUse::isUsed(const QString& path) const
{
    return std::ranges::any_of(m_used, [&](const UsedAdapter& used) { return isNameOf(used.choice, path); });
}

void AdapterUse::add(const QString& path, double weight)
{
    if (isUsed(path))
        return;
    AdapterChoice choice;
    choice.name = toStd(path);
    choice.unet = choice.textEncoder = weight;
    m_state.change([&](Request& request) { request.adapters.push_back(choice); });
}

void AdapterUse::remove(const UsedAdapter& used)
{
    switch (used.source) {
    case UsedAdapter::Source::List:
        return m_state.change([&](Request& request) {
            if (isAt(request.adapters, used))
                request.adapters.erase(request.adapters.begin() + std::ptrdiff_t(used.index));
        });
    case UsedAdapter::Source::Resting:
        if (isAt(m_resting, used))
            m_resting.erase(m_resting.begin() + std::ptrdiff_t(used.index));
        return refresh();
    case UsedAdapter::Source::Prompt:
        return m_state.change([&](Request& request) { removeAdapter(request, used.index); });
    }
}

void AdapterUse::remove(const QString& path)
{
    const auto named
        = std::ranges::find_if(m_used, [&](const UsedAdapter& used) { return isNameOf(used.choice, path); });
    if (named != m_used.end())
        remove(UsedAdapter(*named));
}

void AdapterUse::setEnabled(const UsedAdapter& used, bool enabled)
{
    if (enabled == (used.source == UsedAdapter::Source::List) || used.source == UsedAdapter::Source::Prompt)
        return;
    if (!enabled) {
        m_resting.push_back(used.choice);
        return remove(used);
    }
    if (!isAt(m_resting, used))
        return;
    const auto place = std::ranges::find_if(
        m_used, [&](const UsedAdapter& one) { return one.choice.name == used.choice.name; });
    const auto before = std::count_if(m_used.begin(), place,
        [](const UsedAdapter& one) { return one.source == UsedAdapter::Source::List; });
    const AdapterChoice choice = used.choice; // the request's change takes it out of those that rest
    m_state.change(
        [&](Request& request) { request.adapters.insert(request.adapters.begin() + before, choice); });
}

template <class Change> void AdapterUse::changeChoice(const UsedAdapter& used, Change&& change)
{
    if (used.source == UsedAdapter::Source::Resting && isAt(m_resting, used)) {
        change(m_resting[used.index]);
        return refresh();
    }
    m_state.change([&](Request& request) {
        if (used.source == UsedAdapter::Source::List && isAt(request.adapters, used))
            change(request.adapters[used.index]);
    });
}

void AdapterUse::setFirst(const UsedAdapter& used, double weight)
{
    if (used.source == UsedAdapter::Source::Prompt)
        return m_state.change([&](Request& request) { weighAdapter(request, used.index, weight); });
    changeChoice(used, [weight](AdapterChoice& choice) { setUnet(choice, weight); });
}

void AdapterUse::setSecond(const UsedAdapter& used, std::optional<double> weight)
{
    changeChoice(used, [weight](AdapterChoice& choice) {
        if (choice.secondTextEncoder == choice.secondUnet)
            choice.secondTextEncoder = weight;
        choice.secondUnet = weight;
    });
}

QString AdapterUse::resting() const
{
    if (m_resting.empty())
        return {};
    Request request;
    request.adapters = m_resting;
    return toQt(toJson(request));
}

void AdapterUse::setResting(const QString& text)
{
    m_resting.clear();
    if (!text.isEmpty()) {
        const Outcome<Request> read = requestFromJson(toStd(text));
        if (const auto* request = std::get_if<Request>(&read))
            m_resting = request->adapters;
        else if (const Failure* failure = failureOf(read))
            logWarning("The adapters that are switched off could not be read again: " + failure->detail);
    }
    refresh();
}

} // namespace studio::ui
