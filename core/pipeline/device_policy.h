#pragma once

#include "core/api/request.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <string>
#include <vector>

namespace studio::pipeline {

/// Where networks run and in which arithmetic: decided here and nowhere else.
struct DevicePolicy {
    at::Device device = at::kCPU;
    at::ScalarType compute = at::kFloat; ///< UNet and text encoders
    at::ScalarType vae = at::kFloat;     ///< float32 or bfloat16: SDXL's autoencoder overflows in float16

    bool isCpu() const { return device.is_cpu(); }

    /// The same device in float32 throughout: the retry after numbers that are not finite.
    DevicePolicy inFloat32() const { return {device, at::kFloat, at::kFloat}; }

    std::string deviceName() const { return device.str(); }
    std::string precisionName() const;
};

/// Throws Error (BadInput) for a device that does not exist or a name that means none.
DevicePolicy chooseDevice(const Execution& execution);

/// "cpu", then "cuda:0", ...
std::vector<std::string> availableDevices();

} // namespace studio::pipeline
