#include "core/base/error.h"
#include "core/request/foreign/comfy_passes.h"
#include "core/request/foreign/json_fields.h"
#include "core/request/foreign/readers.h"
#include "core/request/infotext_values.h"

#include <fmt/format.h>

#include <algorithm>

/// ComfyUI: "prompt", the graph that ran, or "workflow", the same as the window draws it (nodes.py, SaveImage). WebP and
/// JPEG have them in EXIF as "prompt:{...}" and "workflow:{...}". Its denoise counts as A1111's second pass does.
namespace studio {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostRungs = 8;

std::string samplerId(ImportBuilder& builder, std::string name)
{
    if (name.ends_with("_gpu"))
        name.resize(name.size() - 4);
    return name.empty() ? "euler" : builder.samplerNamed(name);
}

std::string scheduleId(ImportBuilder& builder, const std::string& name)
{
    return name.empty() ? "uniform" : builder.scheduleNamed(name);
}

/// Puts a graph's number into the request, or says why not. Null: nothing is to be put.
template <class T, class Member>
void applyNumber(ImportBuilder& builder, std::string_view name, const Json* value, const Member& member)
{
    if (!value)
        return;
    builder.apply(name, shownValue(*value), [&](Request& request) {
        const std::optional<T> number = numberOf<T>(*value);
        if (number)
            member(request) = *number;
        return number.has_value();
    });
}

class GraphReader {
public:
    explicit GraphReader(const ComfyGraph& graph)
        : m_found(comfyPasses(graph, m_builder))
    { }

    ImportedRequest read()
    {
        joinContinued();
        readFirst(m_found.passes.front());
        if (m_found.passes.size() > 1)
            readRungs();
        readAfter();
        m_builder.request().noise = NoiseSource::Torch;
        m_builder.request().prompts.emphasis = Emphasis::Comfy;
        return m_builder.finish();
    }

private:
    static int stepOf(const Json* value) { return value ? numberOf<int>(*value).value_or(0) : 0; }

    /// A sampler that goes on with an unfinished latent is the same pass; with another model it is a refiner.
    void joinContinued()
    {
        std::vector<ComfyPass>& passes = m_found.passes;
        for (std::size_t i = 1; i < passes.size();) {
            const ComfyPass& pass = passes[i];
            const int from = stepOf(pass.firstStep);
            if (pass.addsNoise || from == 0 || pass.before.isSet()) {
                ++i;
                continue;
            }
            const double steps = std::max(1, stepOf(pass.steps));
            if (pass.model != passes[i - 1].model)
                m_builder.sayRefiner(pass.model, std::min(1.0, from / steps));
            passes[i - 1].lastStep = nullptr;
            passes.erase(passes.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }

    void readFirst(const ComfyPass& pass)
    {
        Request& request = m_builder.request();
        m_builder.setPrompts(pass.prompt, pass.negativePrompt);
        applyNumber<std::uint64_t>(
            m_builder, "seed", pass.seed, [](Request & changed) -> auto& { return changed.seed; });
        applyNumber<int>(
            m_builder, "steps", pass.steps,
            [](Request & changed) -> auto& { return changed.sampling.steps; });
        applyNumber<double>(
            m_builder, "cfg", pass.guidance,
            [](Request & changed) -> auto& { return changed.sampling.guidance; });
        applyNumber<double>(
            m_builder, "eta", pass.eta,
            [](Request & changed) -> auto& { return changed.sampling.tuning.eta; });
        applyNumber<double>(
            m_builder, "s_noise", pass.noiseScale,
            [](Request & changed) -> auto& { return changed.sampling.tuning.noiseScale; });
        applyNumber<double>(
            m_builder, "RescaleCFG", pass.rescale,
            [](Request & changed) -> auto& { return changed.sampling.guidanceShape.rescale; });
        request.sampling.sampler = samplerId(m_builder, pass.sampler);
        request.sampling.schedule = scheduleId(m_builder, pass.schedule);
        if (const int layer = stepOf(pass.clipLayer); layer < 0)
            m_builder.apply("stop_at_clip_layer", std::to_string(layer), [&](Request& changed) {
                changed.prompts.clipSkip = layer < -100 ? 0 : -layer;
                return true;
            });
        m_builder.apply("CLIPTextEncodeSDXL", "its sizes", [&](Request& changed) {
            changed.conditioning = pass.conditioning;
            return true;
        });
        if (pass.emptyLatent)
            m_builder.setSize(*pass.emptyLatent);
        if (!pass.model.empty())
            m_builder.sayModel("model", pass.model);
        for (const ComfyAdapter& adapter : pass.adapters)
            m_builder.addAdapter(adapter.file, adapter.unet, adapter.textEncoder);
        sayStart(pass);
    }

    void sayStart(const ComfyPass& pass)
    {
        const double strength = pass.strength ? numberOf<double>(*pass.strength).value_or(1.0) : 1.0;
        if (pass.startsFromPicture)
            m_builder.say(
                "The picture was made from another picture, which is not in the file: it starts from noise "
                "here.");
        else if (strength < 1.0 || stepOf(pass.firstStep) > 0)
            m_builder.sayNotApplied("denoise of the first pass", fmt::format("{}", strength));
        if (const int last = stepOf(pass.lastStep); last > 0 && last < stepOf(pass.steps))
            m_builder.sayNotApplied("end_at_step", std::to_string(last));
    }

    void readRungs()
    {
        m_builder.startHires();
        std::vector<Rung>& rungs = m_builder.request().hires.rungs;
        const std::size_t count = std::min(m_found.passes.size() - 1, kMostRungs);
        if (count < m_found.passes.size() - 1)
            m_builder.say(
                fmt::format("Of {} passes the first {} are taken over.", m_found.passes.size(), count + 1));
        rungs.resize(count, rungs.front());
        for (std::size_t i = 0; i < count; ++i)
            readRung(i, m_found.passes[i + 1]);
    }

    void readRung(std::size_t index, const ComfyPass& pass)
    {
        const auto rung = [index](Request& request) -> Rung& { return request.hires.rungs[index]; };
        applyNumber<int>(
            m_builder, "steps", pass.steps, [&](Request & request) -> auto& { return rung(request).steps; });
        readStrength(index, pass);
        const double guidance = pass.guidance ? numberOf<double>(*pass.guidance).value_or(0.0) : 0.0;
        if (guidance != m_builder.request().sampling.guidance)
            applyNumber<double>(
                m_builder, "cfg",
                pass.guidance, [&](Request & request) -> auto& { return rung(request).guidance; });
        readSecondSampler(rung(m_builder.request()), pass);
        readSecondTexts(index, pass);
        readEnlargement(index, pass.before);
        sayDifferences(pass);
    }

    /// "denoise", or the steps that are left out at the beginning.
    void readStrength(std::size_t index, const ComfyPass& pass)
    {
        const int steps = stepOf(pass.steps);
        const int first = std::clamp(stepOf(pass.firstStep), 0, std::max(0, steps - 1));
        m_builder.request().hires.rungs[index].strength = 1.0;
        if (first > 0)
            m_builder.apply("start_at_step", std::to_string(first), [&](Request& request) {
                Rung& rung = request.hires.rungs[index];
                rung.steps = steps - first;
                rung.strength = static_cast<double>(steps - first) / steps;
                return true;
            });
        applyNumber<double>(
            m_builder, "denoise",
            pass.strength, [&](Request & request) -> auto& { return request.hires.rungs[index].strength; });
        if (!pass.addsNoise)
            m_builder.say("A second pass that adds no noise is not known here; it adds its own.");
    }

    void readSecondSampler(Rung& rung, const ComfyPass& pass)
    {
        const SamplingSettings& first = m_builder.request().sampling;
        if (const std::string sampler = samplerId(m_builder, pass.sampler); sampler != first.sampler)
            rung.sampler = sampler;
        if (const std::string schedule = scheduleId(m_builder, pass.schedule); schedule != first.schedule)
            rung.schedule = schedule;
    }

    void readSecondTexts(std::size_t index, const ComfyPass& pass)
    {
        const ComfyPass& first = m_found.passes.front();
        if (pass.prompt != first.prompt)
            m_builder.apply("Second prompt", pass.prompt, [&](Request& request) {
                request.hires.rungs[index].prompt = pass.prompt;
                return true;
            });
        if (pass.negativePrompt != first.negativePrompt)
            m_builder.apply("Second negative prompt", pass.negativePrompt, [&](Request& request) {
                request.hires.rungs[index].negativePrompt = pass.negativePrompt;
                return true;
            });
    }

    void readEnlargement(std::size_t index, const ComfyEnlargement& enlargement)
    {
        m_builder.request().hires.rungs[index].upscaler = "lanczos";
        sayFilter(enlargement);
        if (!enlargement.target)
            return void(m_builder.apply(
                "Enlarged", fmt::format("{} times", enlargement.factor), [&](Request& request) {
                    request.hires.rungs[index].scale = enlargement.factor;
                    return true;
                }));
        const Extent base = m_builder.request().hires.base.value_or(Extent{512, 512});
        m_builder.apply("Enlarged to",
            fmt::format("{}x{}", enlargement.target->width, enlargement.target->height),
            [&](Request& request) {
                const auto whole = completed(*enlargement.target, base);
                const auto times = [&](int side) { return std::min(1e6, side * enlargement.factor); };
                if (whole && enlargement.factor > 0.0)
                    request.hires.rungs[index].target = onLatentGrid(
                        {static_cast<int>(times(whole->width)), static_cast<int>(times(whole->height))});
                return whole.has_value() && enlargement.factor > 0.0;
            });
    }

    void sayFilter(const ComfyEnlargement& enlargement)
    {
        if (enlargement.isSet() && enlargement.filter != "lanczos")
            m_builder.say(fmt::format("The upscaler \"{}\" is not known here; Lanczos takes its place.",
                shownText(enlargement.filter)));
    }

    void sayDifferences(const ComfyPass& pass)
    {
        const ComfyPass& first = m_found.passes.front();
        if (!pass.model.empty() && pass.model != first.model)
            m_builder.say(
                fmt::format("The second pass was made with the model \"{}\"; choose its file yourself.",
                    shownText(pass.model)));
        if (pass.addsNoise && pass.seed && (!first.seed || *pass.seed != *first.seed))
            m_builder.say(fmt::format(
                "The second pass had the seed {}; here one seed serves both.", shownValue(*pass.seed)));
        const bool same = pass.adapters.size() == first.adapters.size()
            && std::equal(pass.adapters.begin(), pass.adapters.end(), first.adapters.begin(),
                [](const ComfyAdapter& a, const ComfyAdapter& b) {
                    return a.file == b.file && a.unet == b.unet;
                });
        if (!same)
            m_builder.say("The passes had different LoRAs; those of the first serve both.");
    }

    /// What enlarges the finished picture.
    void readAfter()
    {
        const ComfyEnlargement& after = m_found.after;
        if (!after.isSet())
            return;
        Request& request = m_builder.request();
        if (request.mode == Mode::Hires)
            return m_builder.say("The finished picture was enlarged once more; that is not applied.");
        sayFilter(after);
        const Extent base = request.simple.base.value_or(Extent{});
        const double scale = after.target && base.isSet()
            ? std::max(double(after.target->width) / base.width, double(after.target->height) / base.height)
                * after.factor
            : after.factor;
        m_builder.apply("Enlarged", fmt::format("{:.4g} times", scale), [&](Request& changed) {
            changed.mode = Mode::Simple;
            changed.simple.scale = scale;
            return true;
        });
    }

    ImportBuilder m_builder{"ComfyUI"};
    ComfyPasses m_found;
};

/// {"3": {"class_type": ..., "inputs": ...}}: the text chunk of a PNG, or EXIF's with a name before it.
std::string_view graphText(const PictureMetadata& metadata, std::string_view name)
{
    if (const std::string* text = otherText(metadata, name))
        return *text;
    const std::string prefix = std::string(name) + ":{";
    for (const auto& [key, text] : metadata.other)
        if (text.starts_with(prefix))
            return std::string_view(text).substr(prefix.size() - 1);
    return {};
}

Json apiFrom(const PictureMetadata& metadata)
{
    const std::string_view prompt = graphText(metadata, "prompt");
    if (!prompt.empty())
        return parseObject(prompt, "Its graph");
    return fromComfyWorkflow(parseObject(graphText(metadata, "workflow"), "Its workflow"));
}

} // namespace

bool isComfyUi(const PictureMetadata& metadata)
{
    return looksLikeObject(graphText(metadata, "prompt")) || looksLikeObject(graphText(metadata, "workflow"));
}

ImportedRequest readComfyUi(const PictureMetadata& metadata)
{
    const ComfyGraph graph(apiFrom(metadata));
    return GraphReader(graph).read();
}

} // namespace studio
