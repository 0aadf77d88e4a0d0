#pragma once

#include "core/weights/format/stored_tensor.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace studio::testing {

/// A row of a spec; tests/oracle/README.md defines every field.
struct SpecTensor {
    std::string component;
    std::string key;
    std::vector<std::int64_t> shape;
    double offset = 0.0;
    double scale = 0.0;
    double diagonal = 0.0;
    std::string ldmKey;
    std::string ldmTransform;

    std::int64_t values() const;
};

struct SpecExtra {
    std::string name;
    std::vector<std::int64_t> shape;
    StoredType dtype = StoredType::F32;
};

struct CheckpointSpec {
    std::uint64_t seed = 0;
    std::string modelIndex;                        ///< JSON
    std::map<std::string, std::string> components; ///< folder -> its configuration, JSON
    std::vector<SpecTensor> tensors;
    std::vector<SpecExtra> extra;
};

CheckpointSpec readSpec(const std::filesystem::path& file);

} // namespace studio::testing
