#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// A network of a checkpoint. TextEncoder is CLIP ViT-L; TextEncoder2 is OpenCLIP bigG, the refiner's only one.
enum class Component : std::uint8_t { Unet, TextEncoder, TextEncoder2, Vae };

/// The folder of a diffusers model: "unet", "text_encoder", "text_encoder_2", "vae".
std::string_view folderName(Component component) noexcept;

/// What must be known of a single file to read its keys; the values of base and refiner.
struct LdmLayout {
    int unetLayersPerLevel = 2;
    int vaeLevels = 4;
};

/// A parameter of a network under its diffusers name, and which part of the stored tensor it is.
struct CanonicalKey {
    Component component = Component::Unet;
    std::string key;
    bool transposed = false; ///< stored as the transpose
    int part = 0;            ///< the part-th of `parts` equal blocks of rows
    int parts = 1;

    bool operator==(const CanonicalKey&) const = default;
};

/// What a key of a single-file (LDM) SDXL checkpoint, base or refiner, or of a VAE or UNet file stands for. The same
/// keys already in diffusers form (a VAE's, say) pass through. One key for almost all; three for OpenCLIP's fused
/// attention projections; none for what belongs to no network (schedules, markers, averaged copies).
/// A key that lies in a network but has no known place there is answered as it stands, without its prefix.
std::vector<CanonicalKey> toCanonicalKeys(std::string_view key, const LdmLayout& layout = {});

/// A diffusers key of any age under its present name: the VAE's attention was once called query, key, value and
/// proj_attn. All others are answered unchanged.
std::string modernVaeKey(std::string_view key);

} // namespace studio
