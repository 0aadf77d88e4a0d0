// What most pictures leave as it is: how the prompt is read, how guidance acts, what may be turned on a sampler.
#include "ui/convert/strings.h"
#include "ui/jobs/studio_controller.h"
#include "ui/panels/field_form.h"
#include "ui/panels/panel_table.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace studio::ui {

namespace {

// A place answers where a value lies in a request, of a const one too.
constexpr auto kClipSkip = [](auto& r) -> auto&
{
    return r.prompts.clipSkip;
};
constexpr auto kSyntax = [](auto& r) -> auto&
{
    return r.prompts.syntax;
};
constexpr auto kEmphasis = [](auto& r) -> auto&
{
    return r.prompts.emphasis;
};
constexpr auto kRescale = [](auto& r) -> auto&
{
    return r.sampling.guidanceShape.rescale;
};
constexpr auto kGuidanceStart = [](auto& r) -> auto&
{
    return r.sampling.guidanceShape.start;
};
constexpr auto kGuidanceEnd = [](auto& r) -> auto&
{
    return r.sampling.guidanceShape.end;
};
constexpr auto kEta = [](auto& r) -> auto&
{
    return r.sampling.tuning.eta;
};
constexpr auto kNoiseScale = [](auto& r) -> auto&
{
    return r.sampling.tuning.noiseScale;
};
constexpr auto kChurn = [](auto& r) -> auto&
{
    return r.sampling.tuning.churn;
};
constexpr auto kNoiseSource = [](auto& r) -> auto&
{
    return r.noise;
};

constexpr double kOwnEta = -0.05; // one step below zero: the method's own

template <class Place> bool isChanged(const Request& request, Place place)
{
    const Request usual;
    return place(request) != place(usual);
}

template <class Place> FieldRow field(const QString& label, const QString& hint, Place place)
{
    FieldRow row;
    row.label = label;
    row.hint = hint;
    row.reset = [place](Request& r, const Request&) {
        const Request usual;
        place(r) = place(usual);
    };
    row.isChanged = [place](const StudioState& s) { return isChanged(s.request(), place); };
    return row;
}

template <class Place>
NumberRow number(const QString& label, const QString& hint, Place place, double least, double most)
{
    NumberRow row{field(label, hint, place)};
    row.least = least;
    row.most = most;
    row.step = 0.05;
    row.decimals = 2;
    row.read = [place](const StudioState& s) { return place(s.request()); };
    row.write = [place](Request& r, double value) { place(r) = value; };
    return row;
}

NumberRow clipSkipRow()
{
    NumberRow row{field(FieldForm::tr("Clip skip"),
        FieldForm::tr(
            "Which layer of the text encoders is read, from the end. SDXL was trained with the 2nd."),
        kClipSkip)};
    row.least = 1;
    row.most = 12;
    row.read = [](const StudioState& s) { return kClipSkip(s.request()); };
    row.write = [](Request& r, double value) { kClipSkip(r) = static_cast<int>(value); };
    return row;
}

/// A part of the pass, 0..1, shown in percent.
template <class Place> NumberRow partRow(const QString& label, const QString& hint, Place place)
{
    NumberRow row{field(label, hint, place)};
    row.most = 100;
    row.step = 5;
    row.suffix = FieldForm::tr(" %");
    row.read = [place](const StudioState& s) { return std::round(100 * place(s.request())); };
    row.write = [place](Request& r, double value) { place(r) = value / 100; };
    return row;
}

NumberRow etaRow()
{
    NumberRow row{field(FieldForm::tr("Eta"),
        FieldForm::tr(
            "Noise put back at each step, as a part of what the sampler takes: 0 none, 1 all of it. "
            "Read by DDIM and the samplers that draw new noise on the way."),
        kEta)};
    row.least = kOwnEta;
    row.most = 2;
    row.step = 0.05;
    row.decimals = 2;
    row.atLeast = FieldForm::tr("The sampler's own");
    row.read = [](const StudioState& s) { return kEta(s.request()).value_or(kOwnEta); };
    row.write
        = [](Request& r, double value) { kEta(r) = value < 0 ? std::nullopt : std::optional<double>(value); };
    return row;
}

/// One of the values of an enumeration, in its order.
template <class Place>
ChoiceRow choice(const QString& label, const QString& hint, Place place, std::vector<Choice> choices)
{
    ChoiceRow row{field(label, hint, place)};
    for (std::size_t i = 0; i < choices.size(); ++i)
        choices[i].id = QString::number(i);
    row.choices = [choices](const StudioState&) { return choices; };
    row.read
        = [place](const StudioState& s) { return QString::number(static_cast<int>(place(s.request()))); };
    row.write = [place](Request& r, const QString& id) {
        place(r) = static_cast<std::remove_reference_t<decltype(place(r))>>(id.toInt());
    };
    return row;
}

void addPrompt(FieldForm* form)
{
    form->add(choice(FieldForm::tr("Prompt is read"),
        FieldForm::tr("What brackets, weights and BREAK in a prompt mean"), kSyntax,
        {{{}, FieldForm::tr("As in A1111"),
             FieldForm::tr("Emphasis, changes on the way, AND, BREAK, wildcards; of any length")},
            {{}, FieldForm::tr("As plain text"),
                FieldForm::tr("Every character is text; what lies beyond 75 tokens is dropped")}}));
    form->add(choice(FieldForm::tr("Emphasis"), FieldForm::tr("What (word:1.3) does"), kEmphasis,
        {{{}, FieldForm::tr("As in A1111"), FieldForm::tr("Multiplied, and the mean brought back")},
            {{}, FieldForm::tr("Without the mean"), FieldForm::tr("Multiplied alone; A1111's “No norm”")},
            {{}, FieldForm::tr("As in ComfyUI"),
                FieldForm::tr("Moved away from what an empty prompt says")}}));
    form->add(clipSkipRow());
}

void addGuidance(FieldForm* form)
{
    form->add(number(FieldForm::tr("Rescale"),
        FieldForm::tr(
            "Brings the contrast back that high guidance adds: 0 not at all, 0.7 is common, 1 wholly"),
        kRescale, 0, 1));
    NumberRow start = partRow(FieldForm::tr("Guided from"),
        FieldForm::tr("Up to this part of a pass there is no guidance"), kGuidanceStart);
    start.write = [](Request& r, double value) {
        kGuidanceStart(r) = value / 100;
        kGuidanceEnd(r) = std::max(kGuidanceEnd(r), kGuidanceStart(r));
    };
    form->add(start);
    NumberRow end = partRow(FieldForm::tr("Guided until"),
        FieldForm::tr("From this part of a pass on there is no guidance; the rest takes half the time"),
        kGuidanceEnd);
    end.write = [](Request& r, double value) {
        kGuidanceEnd(r) = value / 100;
        kGuidanceStart(r) = std::min(kGuidanceStart(r), kGuidanceEnd(r));
    };
    form->add(end);
}

void addNoise(FieldForm* form)
{
    form->add(
        choice(FieldForm::tr("Noise"), FieldForm::tr("Where the noise of a seed comes from"), kNoiseSource,
            {{{}, FieldForm::tr("As in diffusers"), FieldForm::tr("PyTorch's generator on the processor")},
                {{}, FieldForm::tr("As in A1111"),
                    FieldForm::tr("What A1111 draws on a graphics card, here on every machine")}}));
    form->add(etaRow());
    form->add(number(FieldForm::tr("Noise factor"),
        FieldForm::tr("Of every draw on the way; A1111's “Sigma noise”. Above 1: more texture."), kNoiseScale,
        0, 2));
    NumberRow churn = number(FieldForm::tr("Churn"),
        FieldForm::tr("Noise added before each step and taken away again. Read by Euler, Heun and DPM2."),
        kChurn, 0, 100);
    churn.step = 1;
    form->add(churn);
}

} // namespace

int advancedChanges(const Request& request)
{
    const std::array changed{isChanged(request, kClipSkip), isChanged(request, kSyntax),
        isChanged(request, kEmphasis), isChanged(request, kRescale), isChanged(request, kGuidanceStart),
        isChanged(request, kGuidanceEnd), isChanged(request, kEta), isChanged(request, kNoiseScale),
        isChanged(request, kChurn), isChanged(request, kNoiseSource)};
    return static_cast<int>(std::count(changed.begin(), changed.end(), true));
}

QWidget* makeAdvancedPanel(StudioController& controller, QWidget* parent)
{
    auto* form = new FieldForm(controller.state(), parent);
    addPrompt(form);
    addGuidance(form);
    addNoise(form);
    form->refresh();
    return form;
}

} // namespace studio::ui
