#pragma once

#include "core/base/mapped_file.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// How numbers lie in a file, little-endian. F8E4M3 is the finite variant ("fn": no infinities).
enum class StoredType : std::uint8_t { F64, F32, F16, BF16, F8E4M3, F8E5M2, I64, I32, I16, I8, U8, Bool };

/// Bytes of one value.
std::size_t byteSize(StoredType type) noexcept;

/// The format's own name: "F16", "F8_E4M3", ...
std::string_view formatName(StoredType type) noexcept;

/// The reverse of formatName.
std::optional<StoredType> typeFromFormatName(std::string_view name) noexcept;

/// What people call it: "fp16", "fp8_e4m3", "int8", ...
std::string_view shortName(StoredType type) noexcept;

/// One tensor of a mapped file: nothing is copied, nothing is read until somebody reads through `data`.
struct StoredTensor {
    StoredType dtype = StoredType::F32;
    std::vector<std::int64_t> shape; ///< as it lies in the file, row-major
    const std::byte* data = nullptr; ///< perhaps not aligned to the dtype
    std::size_t bytes = 0;           ///< product of shape * byteSize(dtype)
    bool transposed = false;         ///< two dimensions, and the network wants the transpose
    std::shared_ptr<const MappedFile> file;

    std::span<const std::byte> range() const noexcept { return {data, bytes}; }

    /// The shape the network sees.
    std::vector<std::int64_t> networkShape() const;
};

/// Key -> tensor.
using TensorMap = std::map<std::string, StoredTensor, std::less<>>;

} // namespace studio
