#pragma once

#include "core/adapters/adapter.h"

#include <memory>
#include <vector>

namespace studio::adapters {

/// An adapter and how strong it acts.
struct AdapterStrength {
    std::shared_ptr<const Adapter> adapter;
    double unet = 1.0;
    double textEncoder = 1.0;
    std::vector<double> blocks; ///< see block_weights.h; empty: 1 everywhere
};

/// Adapters on one network for as long as this lives: each changed parameter points to what changes it, no weight is
/// written. Afterwards the network is what it was. Several adapters act one after the other, as in A1111.
/// One at a time on a network, on the thread that runs it.
class AppliedAdapters {
public:
    /// `network` must outlive this.
    AppliedAdapters(nn::Module& network, Component component, const std::vector<AdapterStrength>& adapters,
        const LdmLayout& layout);
    AppliedAdapters(const AppliedAdapters&) = delete;
    AppliedAdapters& operator=(const AppliedAdapters&) = delete;
    ~AppliedAdapters();

    /// How many parameters are changed.
    std::size_t size() const { return m_changed.size(); }

private:
    std::vector<std::shared_ptr<const Adapter>> m_adapters; // hold what the changes point to
    std::vector<nn::Parameter*> m_changed;
};

} // namespace studio::adapters
