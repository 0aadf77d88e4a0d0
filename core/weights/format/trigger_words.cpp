#include "core/weights/format/trigger_words.h"

#include "core/base/error.h"
#include "core/weights/format/json_file.h"
#include "core/weights/format/sentences.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace studio {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kLongestPhrase = 400;
constexpr std::size_t kMostPhrases = 40;
constexpr std::size_t kMostTags = 24;
constexpr std::size_t kLongestNotes = 2000;
constexpr std::int64_t kMostPictures = std::int64_t{1} << 32;

/// On one line, without spaces and commas around it.
std::string trimmed(const std::string& text)
{
    const std::string line = oneLine(text, kLongestPhrase);
    const std::size_t begin = line.find_first_not_of(" ,");
    return begin == std::string::npos ? std::string()
                                      : line.substr(begin, line.find_last_not_of(" ,") - begin + 1);
}

void addPhrase(AdapterFile& out, const std::string& text)
{
    std::string phrase = trimmed(text);
    const bool isKnown = std::ranges::find(out.triggerWords, phrase) != out.triggerWords.end();
    if (!phrase.empty() && !isKnown && out.triggerWords.size() < kMostPhrases)
        out.triggerWords.push_back(std::move(phrase));
}

/// A text, or a list of texts.
void addPhrases(AdapterFile& out, const json& value)
{
    if (value.is_string())
        addPhrase(out, value.get<std::string>());
    if (value.is_array())
        for (const json& one : value)
            if (one.is_string())
                addPhrase(out, one.get<std::string>());
}

/// kohya-ss/sd-scripts: {"10_name of a folder of pictures": {"a tag": in how many captions}}.
void addTags(AdapterFile& out, const std::string& list)
{
    const json frequencies = json::parse(list, nullptr, false);
    if (!frequencies.is_object())
        return;
    std::map<std::string, std::int64_t> counts;
    for (const json& folder : frequencies)
        if (folder.is_object())
            for (const auto& [tag, count] : folder.items())
                if (const std::string text = trimmed(tag); count.is_number_integer() && !text.empty())
                    counts[text] += std::clamp<std::int64_t>(count.get<std::int64_t>(), 0, kMostPictures);
    for (const auto& [tag, count] : counts)
        if (count > 0)
            out.tags.push_back({tag, count});
    std::ranges::stable_sort(out.tags, std::ranges::greater(), &TrainedTag::pictures);
    out.tags.resize(std::min(out.tags.size(), kMostTags));
}

const json& member(const json& object, const char* name)
{
    static const json kNothing;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? *found : kNothing;
}

/// One place where a program keeps what an artist should type.
struct Place {
    const char* ending; ///< of the file beside the adapter
    const char* outer;  ///< the object that holds it; empty: the file itself
    const char* field;
};

constexpr std::array kPlaces{
    Place{".json", "", "activation text"},
    Place{".json", "", "trainedWords"},
    Place{".civitai.info", "", "trainedWords"},
    Place{".metadata.json", "civitai", "trainedWords"},
    Place{".cm-info.json", "", "TrainedWords"},
};

void addFromA1111(AdapterFile& out, const json& root)
{
    if (const json& weight = member(root, "preferred weight"); weight.is_number()) {
        const double value = weight.get<double>();
        if (std::isfinite(value) && value != 0.0) // A1111 writes 0 for "none"
            out.preferredWeight = std::clamp(value, -10.0, 10.0);
    }
    if (const json& notes = member(root, "notes"); notes.is_string())
        out.notes = oneLine(notes.get<std::string>(), kLongestNotes);
}

} // namespace

void addFromMetadata(AdapterFile& out, const std::map<std::string, std::string, std::less<>>& metadata)
{
    if (const auto phrase = metadata.find("modelspec.trigger_phrase"); phrase != metadata.end())
        addPhrase(out, phrase->second);
    if (const auto tags = metadata.find("ss_tag_frequency"); tags != metadata.end())
        addTags(out, tags->second);
}

void addFromFilesBeside(AdapterFile& out)
{
    std::map<std::string, json> read;
    for (const Place& place : kPlaces) {
        fs::path file = out.path;
        file.replace_extension();
        file += place.ending;
        std::error_code error;
        if (!fs::is_regular_file(file, error))
            continue;
        try {
            if (!read.contains(place.ending)) {
                read[place.ending] = JsonFile(file).root();
                if (std::string_view(place.ending) == ".json")
                    addFromA1111(out, read[place.ending]);
            }
            const json& root = read[place.ending];
            addPhrases(out, member(*place.outer == '\0' ? root : member(root, place.outer), place.field));
        } catch (const Error& fault) {
            if (std::ranges::find(out.faults, fault.what()) == out.faults.end())
                out.faults.emplace_back(fault.what());
        }
    }
}

} // namespace studio
