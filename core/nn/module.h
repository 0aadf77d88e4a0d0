#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace studio::nn {

/// What an adapter makes of a weight, each time the weight is used; the stored value stays as it is.
class WeightChange {
public:
    virtual ~WeightChange() = default;

    /// Writes the changed weight over `weight`: a copy of the stored one, in the dtype of the arithmetic.
    virtual void apply(at::Tensor& weight) const = 0;

    /// Whether the change is a product of two narrow matrices, which addBeside may run beside the layer.
    virtual bool isLowRank() const { return false; }

    /// y += x dW^T without dW being made.   x: [..., in]   y: [..., out]. For changes of low rank.
    virtual void addBeside(const at::Tensor& /*x*/, at::Tensor& /*y*/) const { }

    /// dW = up down, in the dtype and on the device of x.   down: [r, in]   up: [out, r]. For changes of low rank.
    virtual std::pair<at::Tensor, at::Tensor> factors(const at::Tensor& /*x*/) const { return {}; }
};

/// A weight of a network: its shape is known when the network is built, its value arrives when weights are loaded.
/// The value keeps the dtype of the file (or of the device's policy); arithmetic happens in the activation's dtype.
struct Parameter {
    std::vector<std::int64_t> shape;
    at::Tensor value;                           ///< undefined until loaded
    std::shared_ptr<const WeightChange> change; ///< null: the weight is used as it is stored

    Parameter() = default;
    explicit Parameter(std::vector<std::int64_t> shape_)
        : shape(std::move(shape_))
    { }

    bool exists() const { return !shape.empty(); }

    /// The value, with its change, in the dtype and on the device of `activation`: the value itself where they agree
    /// and nothing changes it, else a copy that lives as long as the caller keeps it. Throws Error (Internal) if nothing
    /// was loaded.
    at::Tensor like(const at::Tensor& activation) const;

    /// The same without the change.
    at::Tensor storedLike(const at::Tensor& activation) const;
};

/// A tensor in the dtype and on the device of `activation`, as Parameter::storedLike has it.
at::Tensor convertedLike(const at::Tensor& value, const at::Tensor& activation);

/// Frees what this thread keeps for converting weights (Parameter::like); for the end of a network's work.
void releaseConversionRoom();

/// A named tree of parameters, without random initialisation and without autograd. Members register themselves under
/// the checkpoint's own (diffusers) names, so the list of parameters is the list of keys. Building a full-size
/// network costs no memory.
class Module {
public:
    Module() = default;
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;
    virtual ~Module() = default;

    struct Named {
        std::string name;     ///< "down_blocks.1.attentions.0.proj_in.weight"
        Parameter* parameter; ///< owned by this tree
    };

    /// All parameters, in the order of registration.
    std::vector<Named> parameters();

    /// Forgets all values (the memory goes when nobody else holds them).
    void unload();

protected:
    /// Parameters without a shape are not registered: a Linear without bias has none. A child with an empty name
    /// lends its own names to this module.
    void own(std::string name, Parameter& parameter);
    void own(std::string name, Module& child);

private:
    void collect(const std::string& prefix, std::vector<Named>& out);

    std::vector<std::pair<std::string, Parameter*>> m_parameters;
    std::vector<std::pair<std::string, Module*>> m_children;
};

} // namespace studio::nn
