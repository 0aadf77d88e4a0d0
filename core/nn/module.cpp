#include "core/nn/module.h"

#include "core/base/error.h"

#include <algorithm>

namespace studio::nn {

namespace {

/// Smaller weights come from the allocator like any tensor.
constexpr std::int64_t kLargeBytes = std::int64_t(1) << 20;

/// Room for weights on their way to another dtype, used again by the next layer. Given back to the allocator after
/// each layer instead, such blocks are cut up by the small tensors that follow, and a pass through the network leaves
/// a heap of holes (1.3 GB for SDXL's keys and values alone).
class ConversionRoom {
public:
    at::Tensor convert(const at::Tensor& value, at::ScalarType type)
    {
        const std::int64_t bytes = value.numel() * static_cast<std::int64_t>(c10::elementSize(type));
        return room(bytes).narrow(0, 0, bytes).view(type).view(value.sizes()).copy_(value);
    }

    void clear() { m_rooms.clear(); }

private:
    /// The smallest that nobody holds and that is large enough; else the largest free one gives way to a larger.
    at::Tensor room(std::int64_t bytes)
    {
        std::sort(m_rooms.begin(), m_rooms.end(),
            [](const at::Tensor& a, const at::Tensor& b) { return a.numel() < b.numel(); });
        auto last = m_rooms.end();
        for (auto it = m_rooms.begin(); it != m_rooms.end(); ++it) {
            if (it->storage().use_count() > 1)
                continue;
            if (it->numel() >= bytes)
                return *it;
            last = it;
        }
        if (last != m_rooms.end())
            m_rooms.erase(last);
        m_rooms.push_back(at::empty({bytes}, at::kByte));
        return m_rooms.back();
    }

    std::vector<at::Tensor> m_rooms;
};

ConversionRoom& conversionRoom()
{
    thread_local ConversionRoom room;
    return room;
}

/// A copy of its own, whatever the value is.
at::Tensor copyLike(const at::Tensor& value, const at::Tensor& activation)
{
    const bool large = value.numel() * activation.element_size() >= kLargeBytes;
    if (large && value.is_cpu() && activation.is_cpu())
        return conversionRoom().convert(value, activation.scalar_type());
    return value.to(activation.options(), /*non_blocking=*/true, /*copy=*/true);
}

} // namespace

void releaseConversionRoom()
{
    conversionRoom().clear();
}

at::Tensor convertedLike(const at::Tensor& value, const at::Tensor& activation)
{
    if (value.scalar_type() == activation.scalar_type() && value.device() == activation.device())
        return value;
    return copyLike(value, activation);
}

at::Tensor Parameter::storedLike(const at::Tensor& activation) const
{
    if (!value.defined())
        throw Error(ErrorKind::Internal, "A network was run before its weights were loaded.");
    return convertedLike(value, activation);
}

at::Tensor Parameter::like(const at::Tensor& activation) const
{
    if (!change || !value.defined())
        return storedLike(activation);
    if (activation.scalar_type() == at::kFloat) {
        at::Tensor copy = copyLike(value, activation).contiguous();
        change->apply(copy);
        return copy;
    }
    // Several small changes, each rounded to a half-precision weight, would come to nothing: they are rounded once.
    at::Tensor exact
        = value.to(activation.device(), at::kFloat, /*non_blocking=*/true, /*copy=*/true).contiguous();
    change->apply(exact);
    return exact.to(activation.scalar_type());
}

std::vector<Module::Named> Module::parameters()
{
    std::vector<Named> out;
    collect({}, out);
    return out;
}

void Module::unload()
{
    for (const Named& named : parameters())
        named.parameter->value = at::Tensor();
}

void Module::own(std::string name, Parameter& parameter)
{
    if (parameter.exists())
        m_parameters.emplace_back(std::move(name), &parameter);
}

void Module::own(std::string name, Module& child)
{
    m_children.emplace_back(std::move(name), &child);
}

void Module::collect(const std::string& prefix, std::vector<Named>& out)
{
    for (auto& [name, parameter] : m_parameters)
        out.push_back({prefix + name, parameter});
    for (auto& [name, child] : m_children)
        child->collect(name.empty() ? prefix : prefix + name + ".", out);
}

} // namespace studio::nn
