#pragma once

#include "core/api/picture.h"
#include "core/api/request.h"

#include <filesystem>
#include <string>
#include <vector>

namespace studio {

/// A first pass that ended: its latent, the size of its picture, and the request that made it with every default
/// resolved.
struct FirstPass {
    Latent latent;
    Extent size;
    Request request;

    bool operator==(const FirstPass&) const = default;
};

/// One safetensors file: the tensor "latent" [4, H/8, W/8] float32, the size and the request in its metadata. It
/// appears under its name when it is complete; what was there before is replaced. Throws Error.
void writeFirstPass(const std::filesystem::path& path, const FirstPass& firstPass);

/// Throws Error: FileMissing; FileCorrupt for a file that writeFirstPass did not write.
FirstPass readFirstPass(const std::filesystem::path& path);

/// The request that runs when `asked` begins at a stored first pass. Whatever made the latent is taken from its own
/// request; where `asked` differs in a prompt, a sampling setting or the base, the difference goes to the rungs, which
/// would have taken it over from there. So a run from a stored first pass gives the picture that the same request
/// would give from the start, without `firstPass`.
///
/// A sentence is added to `unused` for each setting that can only belong to the first pass (seed, noise, steps, size
/// conditioning, first-pass size), or to both passes at once (the sampler's tuning, the shape of guidance, how prompts
/// are read). Throws Error (BadInput) for modes that do not begin at one first pass.
Request onFirstPass(const Request& asked, const FirstPass& firstPass, std::vector<std::string>& unused);

} // namespace studio
