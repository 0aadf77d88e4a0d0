#include "core/adapters/applied_adapters.h"

#include "core/adapters/block_weights.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <unordered_map>

namespace studio::adapters {

namespace {

/// The changes of one weight, in the order of the adapters.
class Changes : public nn::WeightChange {
public:
    void add(const Change& change, double strength) { m_parts.push_back({&change, strength}); }

    void apply(at::Tensor& weight) const override
    {
        for (const auto& [change, strength] : m_parts)
            change->apply(weight, strength);
    }

    bool isLowRank() const override
    {
        return std::ranges::all_of(
            m_parts, [](const Part& part) { return part.change->lowRank.has_value(); });
    }

    void addBeside(const at::Tensor& x, at::Tensor& y) const override
    {
        for (const auto& [change, strength] : m_parts) {
            const LowRank& factors = *change->lowRank;
            const at::Tensor narrow = at::linear(x, nn::convertedLike(factors.down, x));
            y.add_(at::linear(narrow, nn::convertedLike(factors.up, x)), strength * factors.scale);
        }
    }

    std::pair<at::Tensor, at::Tensor> factors(const at::Tensor& x) const override
    {
        std::vector<at::Tensor> down, up;
        for (const auto& [change, strength] : m_parts) {
            down.push_back(nn::convertedLike(change->lowRank->down, x));
            // Scaled in the file's own precision or better, and rounded once.
            up.push_back(
                (change->lowRank->up.to(x.device(), at::kFloat) * (strength * change->lowRank->scale))
                    .to(x.scalar_type()));
        }
        return {at::cat(down), at::cat(up, 1)};
    }

private:
    struct Part {
        const Change* change;
        double strength;
    };
    std::vector<Part> m_parts;
};

} // namespace

AppliedAdapters::AppliedAdapters(nn::Module& network, Component component,
    const std::vector<AdapterStrength>& adapters, const LdmLayout& layout)
{
    std::unordered_map<nn::Parameter*, std::shared_ptr<Changes>> changes;
    std::unordered_map<std::string, nn::Parameter*> parameters;
    if (!adapters.empty())
        for (const auto& [name, parameter] : network.parameters())
            parameters.emplace(name, parameter);
    for (const auto& [adapter, unet, textEncoder, blocks] : adapters) {
        m_adapters.push_back(adapter);
        for (const Adapter::Target& target : adapter->targets()) {
            if (target.layer.component != component)
                continue;
            const double strength = (component == Component::Unet ? unet : textEncoder)
                * blockWeight(blocks, target.layer, layout);
            if (strength == 0.0)
                continue;
            auto& ofParameter = changes[parameters.at(target.layer.name + "." + target.parameter)];
            if (!ofParameter)
                ofParameter = std::make_shared<Changes>();
            ofParameter->add(target.change, strength);
        }
    }
    for (auto& [parameter, change] : changes) {
        parameter->change = std::move(change);
        m_changed.push_back(parameter);
    }
}

AppliedAdapters::~AppliedAdapters()
{
    for (nn::Parameter* parameter : m_changed)
        parameter->change.reset();
}

} // namespace studio::adapters
