#include "core/request/import_builder.h"

#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/request/infotext_names.h"
#include "core/request/infotext_values.h"

#include <fmt/format.h>

#include <array>

namespace studio {

namespace {

constexpr std::size_t kMostShown = 80; ///< characters
constexpr std::size_t kMostAdapters = 64;
constexpr std::size_t kMostSentences = 100; ///< beyond, a graph of thousands of nodes says nothing more

} // namespace

std::string shownText(std::string_view text)
{
    std::string out;
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count) {
        if (count == kMostShown)
            return out + "...";
        const char32_t character = nextCharacter(text, i);
        appendUtf8(out, character < U' ' || character == 0x7F ? U' ' : character);
    }
    return out;
}

std::string modelStem(std::string_view path)
{
    path.remove_prefix(path.find_last_of("/\\") + 1);
    constexpr std::array<std::string_view, 5> kEndings{".safetensors", ".ckpt", ".pt", ".pth", ".gguf"};
    for (const std::string_view ending : kEndings)
        if (path.size() > ending.size() && path.ends_with(ending))
            path.remove_suffix(ending.size());
    return std::string(path);
}

ImportBuilder::ImportBuilder(std::string program)
{
    m_imported.program = std::move(program);
}

void ImportBuilder::say(std::string sentence)
{
    std::vector<std::string>& said = m_imported.notHonoured;
    if (std::find(said.begin(), said.end(), sentence) != said.end())
        return;
    if (said.size() < kMostSentences)
        said.push_back(std::move(sentence));
    else
        ++m_more;
}

void ImportBuilder::sayNotApplied(std::string_view name, std::string_view value)
{
    say(fmt::format("\"{}: {}\" is not applied.", shownText(name), shownText(value)));
}

void ImportBuilder::sayUnusable(std::string_view name, std::string_view shown)
{
    say(fmt::format("\"{}: {}\" is not a value this program can use.", shownText(name), shownText(shown)));
}

bool ImportBuilder::isNoWorse(const Request& changed) const
{
    return check(changed).size() <= check(request()).size();
}

void ImportBuilder::setPrompts(std::string prompt, std::string negativePrompt)
{
    apply("Prompt", prompt, [&](Request& changed) {
        changed.prompt = prompt;
        return true;
    });
    apply("Negative prompt", negativePrompt, [&](Request& changed) {
        changed.negativePrompt = negativePrompt;
        return true;
    });
}

void ImportBuilder::setSize(Extent size, std::string_view name)
{
    const std::string shown = fmt::format("{}x{}", size.width, size.height);
    const Extent even = onLatentGrid(size);
    const bool taken = apply(name, shown, [&](Request& changed) {
        changed.standard.size = even;
        changed.hires.base = even;
        changed.simple.base = even;
        return true;
    });
    if (taken && even != size)
        say(fmt::format("\"{}: {}\" was rounded down to multiples of 8.", name, shown));
}

Rung& ImportBuilder::startHires()
{
    request().mode = Mode::Hires;
    Rung& rung = request().hires.rungs.front();
    rung.meaning = StrengthMeaning::A1111;
    rung.steps = request().sampling.steps;
    return rung;
}

void ImportBuilder::sayModel(std::string_view what, std::string_view name)
{
    say(fmt::format(
        "The picture was made with the {} \"{}\"; choose its file yourself.", what, shownText(name)));
}

void ImportBuilder::addAdapter(std::string_view file, double unet, double textEncoder)
{
    if (++m_adapters > kMostAdapters)
        return say(fmt::format("Of its LoRAs the first {} are taken over.", kMostAdapters));
    const std::string name = modelStem(file);
    const bool fits = !name.empty() && name.find_first_of(":<>\r\n") == std::string::npos;
    const std::string weights
        = unet == textEncoder ? fmt::format("{}", unet) : fmt::format("{}:{}", textEncoder, unet);
    const std::string tag = fmt::format("<lora:{}:{}>", name, weights);
    if (!fits)
        return sayNotApplied("LoRA", fmt::format("{} {}", name, weights));
    if (request().prompt.find(tag) != std::string::npos)
        return;
    apply("LoRA", tag, [&](Request& changed) {
        changed.prompt += (changed.prompt.empty() ? "" : " ") + tag;
        return true;
    });
}

std::string ImportBuilder::samplerNamed(std::string_view name)
{
    if (const InfotextName* known = nameOf(infotextSamplers(), name))
        return std::string(known->id);
    say(fmt::format("The sampler \"{}\" is not known here; Euler takes its place.", shownText(name)));
    return "euler";
}

std::string ImportBuilder::scheduleNamed(std::string_view name)
{
    if (const InfotextName* known = nameOf(infotextSchedules(), name))
        return std::string(known->id);
    say(fmt::format("The schedule \"{}\" is not known here; Uniform takes its place.", shownText(name)));
    return "uniform";
}

void ImportBuilder::sayRefiner(std::string_view model, double from)
{
    const std::string which
        = model.empty() ? std::string() : fmt::format(" \"{}\"", shownText(modelStem(model)));
    const bool fits = from > 0.0 && from < 1.0;
    if (fits)
        request().standard.refinerStrength = 1.0 - from;
    say(fmt::format(
        "A refiner{} took over{} from the unfinished picture. Here a refiner works over the finished "
        "one: choose its file and switch it on for something close.",
        which, fits ? fmt::format(" after {:.0f} % of the steps", from * 100) : std::string()));
}

ImportedRequest ImportBuilder::finish()
{
    if (m_more > 0)
        m_imported.notHonoured.push_back(fmt::format("{} further settings are not applied.", m_more));
    m_more = 0;
    if (const std::vector<Issue> issues = check(request()); !issues.empty())
        throw Error(ErrorKind::BadInput, issues.front().field + ": " + issues.front().message);
    return std::move(m_imported);
}

} // namespace studio
