#pragma once

#include "core/models/unet.h"
#include "core/pipeline/device_policy.h"
#include "core/pipeline/text_conditioning.h"

#include <deque>
#include <vector>

namespace studio::pipeline {

/// What the UNet is told in one call of the denoiser.
struct CallConditioning {
    /// One batch, the negative prompt first; or two, where the negative prompt is of another length than the prompts.
    std::vector<models::UnetConditioning> batches;
    std::vector<double> weights; ///< of the prompts, in their order
    bool hasNegative = false;
};

/// The conditioning of one pass, call by call: keys and values of every distinct one are computed when it is first
/// asked for and kept (the latest few: a schedule goes from one to the next, an alternation between two or three).
class PassConditioning {
public:
    /// `unet` and `prompts` must outlive it. `sizes`: of the prompts, [1, n]; `negativeSizes`: of the negative prompt.
    PassConditioning(const models::Unet& unet, const EncodedPrompts& prompts, at::Tensor sizes,
        at::Tensor negativeSizes, const DevicePolicy& policy);

    /// `call` counts from 0. The answer holds until the next question.
    const CallConditioning& at(int call, bool withNegative);

private:
    struct Known {
        std::vector<std::size_t> texts;
        CallConditioning conditioning;
    };

    CallConditioning make(const std::vector<std::size_t>& texts, bool withNegative) const;
    models::UnetConditioning condition(const std::vector<std::size_t>& texts, bool negativeFirst) const;

    const models::Unet& m_unet;
    const EncodedPrompts& m_prompts;
    at::Tensor m_sizes;
    at::Tensor m_negativeSizes;
    DevicePolicy m_policy;
    std::deque<Known> m_known; // the latest at the back
};

} // namespace studio::pipeline
