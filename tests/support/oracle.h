#pragma once

#include "core/weights/format/safetensors.h"

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

namespace studio::testing {

/// One file of reference vectors from tests/oracle/vectors.
class Oracle {
public:
    /// `name` without folder and extension: "tiny_base_unet".
    explicit Oracle(const std::string& name);

    /// Throws Error if there is no such vector: a test cannot pass by reading nothing.
    at::Tensor tensor(const std::string& key) const;
    bool has(const std::string& key) const;

    const nlohmann::json& settings() const { return m_settings; }

private:
    SafetensorsFile m_file;
    nlohmann::json m_settings;
};

/// |actual - expected| / |expected|, both as vectors in double. Infinite if the shapes differ.
double relativeError(const at::Tensor& actual, const at::Tensor& expected);

/// Part of the 8-bit values that differ by at most one. 0 if the sizes differ.
double withinOne(const at::Tensor& actual, const at::Tensor& expected);

/// A tiny random-weight checkpoint of tests/oracle/models, written on first use into the build folder and shared by
/// all tests. `form`: "folder" or "single".
std::filesystem::path tinyModel(const std::string& name, const std::string& form = "folder");

} // namespace studio::testing
