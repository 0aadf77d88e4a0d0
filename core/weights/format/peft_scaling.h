#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace studio {

/// How strong PEFT made an adapter's layers. Its files carry no alpha: the numbers stand in the metadata entry
/// "lora_adapter_metadata" (diffusers) or in adapter_config.json beside the file (PEFT).
class PeftScaling {
public:
    /// Empty, where the file says nothing: diffusers takes alpha as the rank then. Throws Error (FileCorrupt) if an
    /// entry is no JSON object.
    static PeftScaling of(
        const std::filesystem::path& file, const std::map<std::string, std::string, std::less<>>& metadata);

    /// alpha of a layer with this rank; with rank-stabilised scaling (Kalajdzievski 2023) such that alpha / rank is
    /// what PEFT applies. `network`: "unet", "text_encoder", "text_encoder_2"; `layer`: the diffusers name within it.
    std::optional<double> alpha(std::string_view network, std::string_view layer, double rank) const;

private:
    struct Network {
        std::optional<double> alpha;
        std::map<std::string, double> patterns; ///< alpha of layers whose name ends so
        bool rankStabilised = false;
    };

    std::map<std::string, Network, std::less<>> m_networks; ///< "" stands for all
};

} // namespace studio
