#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// What PEFT's settings say of an adapter and its tensors do not: the strength of its layers (its files carry no alpha),
/// and how rotations and scalings are meant. They stand in the metadata entry "lora_adapter_metadata" (diffusers) or in
/// adapter_config.json beside the file (PEFT).
class PeftScaling {
public:
    /// Empty, where the file says nothing: diffusers takes alpha as the rank then. Throws Error (FileCorrupt) if an
    /// entry is no JSON object.
    static PeftScaling of(
        const std::filesystem::path& file, const std::map<std::string, std::string, std::less<>>& metadata);

    /// alpha of a layer with this rank; with rank-stabilised scaling (Kalajdzievski 2023) such that alpha / rank is
    /// what PEFT applies. `network`: "unet", "text_encoder", "text_encoder_2"; `layer`: the diffusers name within it.
    std::optional<double> alpha(std::string_view network, std::string_view layer, double rank) const;

    /// Terms of the series that stands for Cayley's map in OFT, 0: the map itself. PEFT's own default if nothing is said.
    int cayleyTerms(std::string_view network) const;
    /// COFT's bound of rotations; 0: none.
    double rotationBound(std::string_view network) const;
    /// Whether IA3 scales what the layer reads.
    bool isFeedforward(std::string_view network, std::string_view layer) const;

    /// Of one network.
    struct Network {
        std::optional<double> alpha;
        std::map<std::string, double> patterns; ///< alpha of layers whose name ends so
        bool rankStabilised = false;
        bool isSeries = true; ///< of OFT
        int terms = 5;
        bool isBounded = false;
        double bound = 6e-5;
        std::vector<std::string> feedforward; ///< layers whose name ends so
    };

private:
    const Network* find(std::string_view network) const;

    std::map<std::string, Network, std::less<>> m_networks; ///< "" stands for all
};

} // namespace studio
