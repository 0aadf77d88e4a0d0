#include "core/pipeline/device_policy.h"

#include "core/base/error.h"

#include <ATen/Context.h>

#include <charconv>

namespace studio::pipeline {

namespace {

int gpuCount()
{
    return at::hasCUDA() ? static_cast<int>(at::detail::getCUDAHooks().deviceCount()) : 0;
}

at::Device parseDevice(const std::string& name)
{
    if (name == "cpu")
        return at::kCPU;
    if (name == "auto")
        return gpuCount() > 0 ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
    int index = 0;
    if (name.starts_with("cuda:")) {
        const char* end = name.data() + name.size();
        const auto [rest, error] = std::from_chars(name.data() + 5, end, index);
        if (error != std::errc() || rest != end || index < 0 || index > 127)
            index = -1;
    } else if (name != "cuda") {
        index = -1;
    }
    if (index < 0)
        throw Error(ErrorKind::BadInput, "There is no device \"" + name + "\"; use auto, cpu or cuda:N.");
    if (index >= gpuCount())
        throw Error(ErrorKind::BadInput,
            "The device " + name + " is not here: this program sees " + std::to_string(gpuCount())
                + " CUDA devices. Use --device cpu, or a build with CUDA and a driver.");
    return {at::kCUDA, static_cast<at::DeviceIndex>(index)};
}

at::ScalarType parsePrecision(Precision precision, const at::Device& device)
{
    switch (precision) {
    case Precision::Float32:
        return at::kFloat;
    case Precision::BFloat16:
        return at::kBFloat16;
    case Precision::Float16:
        return at::kHalf;
    case Precision::Automatic:
        break;
    }
    return device.is_cpu() ? at::kFloat : at::kBFloat16;
}

} // namespace

std::string DevicePolicy::precisionName() const
{
    if (compute == at::kFloat)
        return "float32";
    return compute == at::kHalf ? "float16" : "bfloat16";
}

DevicePolicy chooseDevice(const Execution& execution)
{
    DevicePolicy policy;
    policy.device = parseDevice(execution.device);
    policy.compute = parsePrecision(execution.precision, policy.device);
    policy.vae = policy.compute == at::kFloat ? at::kFloat : at::kBFloat16;
    return policy;
}

std::vector<std::string> availableDevices()
{
    std::vector<std::string> names{"cpu"};
    for (int i = 0; i < gpuCount(); ++i)
        names.push_back("cuda:" + std::to_string(i));
    return names;
}

} // namespace studio::pipeline
