#include "core/weights/load_weights.h"

#include "core/base/error.h"
#include "core/weights/format/sentences.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

namespace studio {

namespace {

// Keys that files carry beside a network's weights.
constexpr std::array<std::string_view, 3> kIgnorable{"position_ids", "logit_scale", "text_projection.weight"};

bool isIgnorable(std::string_view key)
{
    return std::any_of(
        kIgnorable.begin(), kIgnorable.end(), [&](std::string_view ending) { return key.ends_with(ending); });
}

at::ScalarType scalarType(StoredType type)
{
    switch (type) {
    case StoredType::F64:
        return at::kDouble;
    case StoredType::F32:
        return at::kFloat;
    case StoredType::F16:
        return at::kHalf;
    case StoredType::BF16:
        return at::kBFloat16;
    case StoredType::F8E4M3:
        return at::kFloat8_e4m3fn;
    case StoredType::F8E5M2:
        return at::kFloat8_e5m2;
    case StoredType::I64:
        return at::kLong;
    case StoredType::I32:
        return at::kInt;
    case StoredType::I16:
        return at::kShort;
    case StoredType::I8:
        return at::kChar;
    case StoredType::U8:
        return at::kByte;
    case StoredType::Bool:
        break;
    }
    return at::kBool;
}

/// A 1x1 convolution and a linear layer hold the same numbers in the same order.
bool fits(const std::vector<std::int64_t>& stored, const std::vector<std::int64_t>& wanted)
{
    const auto withoutKernel = [](std::vector<std::int64_t> shape) {
        if (shape.size() == 4 && shape[2] == 1 && shape[3] == 1)
            shape.resize(2);
        return shape;
    };
    return stored == wanted || (wanted.size() >= 2 && withoutKernel(stored) == withoutKernel(wanted));
}

at::Tensor valueFor(const nn::Parameter& parameter, const StoredTensor& stored, const LoadPolicy& policy)
{
    const at::Tensor mapped = asTensor(stored).view(parameter.shape);
    const at::ScalarType wanted = policy.convertTo.value_or(mapped.scalar_type());
    if (!policy.copy && policy.device.is_cpu() && wanted == mapped.scalar_type())
        return mapped;
    stored.file->readAhead(stored.range());
    const at::Tensor copy
        = mapped.to(policy.device, wanted, /*non_blocking=*/false, /*copy=*/true).contiguous();
    stored.file->dropPages(stored.range());
    return copy;
}

} // namespace

at::Tensor asTensor(const StoredTensor& stored)
{
    const at::TensorOptions options = at::dtype(scalarType(stored.dtype));
    at::Tensor tensor;
    if (stored.bytes == 0) {
        tensor = at::empty(stored.shape, options);
    } else if (reinterpret_cast<std::uintptr_t>(stored.data) % byteSize(stored.dtype) != 0) {
        tensor = at::empty(stored.shape, options);
        std::memcpy(tensor.data_ptr(), stored.data, stored.bytes);
    } else {
        // from_blob takes a pointer to mutable data; the pages are read-only all the same.
        tensor = at::from_blob(
            const_cast<std::byte*>(stored.data), stored.shape,
            /*deleter=*/[file = stored.file](void*) {}, options);
    }
    return stored.transposed ? tensor.t() : tensor;
}

void checkFits(nn::Module& network, const TensorMap& tensors, std::string_view what)
{
    std::vector<std::string> missing;
    std::vector<std::string> misshapen;
    std::vector<std::string> unexpected;
    std::map<std::string_view, const nn::Parameter*> wanted;
    const std::vector<nn::Module::Named> parameters = network.parameters();
    for (const auto& [name, parameter] : parameters) {
        wanted.emplace(name, parameter);
        const auto found = tensors.find(name);
        if (found == tensors.end())
            missing.push_back(name);
        else if (!at::isFloatingType(scalarType(found->second.dtype)))
            misshapen.push_back(name + " (stored as " + std::string(shortName(found->second.dtype)) + ")");
        else if (!fits(found->second.networkShape(), parameter->shape))
            misshapen.push_back(name + " (" + shapeText(found->second.networkShape()) + " instead of "
                + shapeText(parameter->shape) + ")");
    }
    for (const auto& [name, tensor] : tensors)
        if (!wanted.contains(name) && !isIgnorable(name))
            unexpected.push_back(name);
    std::string faults;
    const auto report = [&](const std::string& fault, const std::vector<std::string>& names) {
        if (!names.empty())
            faults += (faults.empty() ? "" : "; ") + fault + ": " + firstFew(names);
    };
    report("missing", missing);
    report("of the wrong shape or type", misshapen);
    report("unknown", unexpected);
    if (!faults.empty())
        throw Error(ErrorKind::FileCorrupt, std::string(what) + " cannot be used; " + faults + ".");
}

void loadInto(nn::Module& network, const TensorMap& tensors, const LoadPolicy& policy, std::string_view what)
{
    checkFits(network, tensors, what);
    for (const auto& [name, parameter] : network.parameters())
        parameter->value = valueFor(*parameter, tensors.find(name)->second, policy);
}

} // namespace studio
