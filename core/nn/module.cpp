#include "core/nn/module.h"

#include "core/base/error.h"

namespace studio::nn {

at::Tensor Parameter::like(const at::Tensor& activation) const
{
    if (!value.defined())
        throw Error(ErrorKind::Internal, "A network was run before its weights were loaded.");
    if (value.scalar_type() == activation.scalar_type() && value.device() == activation.device())
        return value;
    return value.to(activation.options(), /*non_blocking=*/true);
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
