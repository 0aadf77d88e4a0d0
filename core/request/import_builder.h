#pragma once

#include "core/api/infotext.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace studio {

/// A text from a file as it may stand in a sentence: on one line, not long.
std::string shownText(std::string_view text);

/// The file's name without its folders (of either kind of slash) and without a checkpoint's ending.
std::string modelStem(std::string_view path);

/// A request in the making from another program's settings. Nothing gets in that check() refuses; what stays out is
/// said.
class ImportBuilder {
public:
    explicit ImportBuilder(std::string program);

    Request& request() { return m_imported.request; }
    const Request& request() const { return m_imported.request; }
    void setProgram(std::string program) { m_imported.program = std::move(program); }

    /// One thing that could not be taken over. Each sentence is kept once, and only so many of them.
    void say(std::string sentence);
    /// "name: value" is not applied.
    void sayNotApplied(std::string_view name, std::string_view value);

    /// Changes the request by a value; if it is then no longer in its ranges, says so and takes the change back.
    template <class Change> bool apply(std::string_view name, std::string_view shown, const Change& change)
    {
        Request changed = request();
        if (change(changed) && isNoWorse(changed)) {
            request() = std::move(changed);
            return true;
        }
        sayUnusable(name, shown);
        return false;
    }

    void setPrompts(std::string prompt, std::string negativePrompt);

    /// The first pass's size in every mode, on the grid of latents.
    void setSize(Extent size, std::string_view name = "Size");

    /// Hires mode with one rung, its strength as A1111 and ComfyUI count.
    Rung& startHires();

    /// `what` ("model", "autoencoder") is a file of another machine, which must be chosen.
    void sayModel(std::string_view what, std::string_view name);

    /// As <lora:name:textEncoder:unet> at the end of the prompt.
    void addAdapter(std::string_view file, double unet, double textEncoder);

    /// Our id of a sampler or schedule by one of its names; says so if there is none, and answers another one.
    std::string samplerNamed(std::string_view name);
    std::string scheduleNamed(std::string_view name);

    /// A refiner that goes on with an unfinished picture from this part (0..1) of the steps.
    void sayRefiner(std::string_view model, double from);

    /// The request with everything that was said. Throws Error if it cannot be planned.
    ImportedRequest finish();

private:
    bool isNoWorse(const Request& changed) const;
    void sayUnusable(std::string_view name, std::string_view shown);

    ImportedRequest m_imported;
    std::size_t m_more = 0; ///< sentences that were not kept
    std::size_t m_adapters = 0;
};

} // namespace studio
