#include "core/weights/format/stored_tensor.h"

#include <array>

namespace studio {

namespace {

struct TypeRow {
    std::string_view formatName;
    std::string_view shortName;
    std::size_t bytes;
};

// In the order of StoredType.
constexpr std::array kTypes{
    TypeRow{"F64", "fp64", 8},
    TypeRow{"F32", "fp32", 4},
    TypeRow{"F16", "fp16", 2},
    TypeRow{"BF16", "bf16", 2},
    TypeRow{"F8_E4M3", "fp8_e4m3", 1},
    TypeRow{"F8_E5M2", "fp8_e5m2", 1},
    TypeRow{"I64", "int64", 8},
    TypeRow{"I32", "int32", 4},
    TypeRow{"I16", "int16", 2},
    TypeRow{"I8", "int8", 1},
    TypeRow{"U8", "uint8", 1},
    TypeRow{"BOOL", "bool", 1},
};
static_assert(kTypes.size() == static_cast<std::size_t>(StoredType::Bool) + 1);

const TypeRow& row(StoredType type) noexcept
{
    return kTypes[static_cast<std::size_t>(type)];
}

} // namespace

std::size_t byteSize(StoredType type) noexcept
{
    return row(type).bytes;
}

std::string_view formatName(StoredType type) noexcept
{
    return row(type).formatName;
}

std::string_view shortName(StoredType type) noexcept
{
    return row(type).shortName;
}

std::optional<StoredType> typeFromFormatName(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < kTypes.size(); ++i)
        if (kTypes[i].formatName == name)
            return static_cast<StoredType>(i);
    return std::nullopt;
}

std::vector<std::int64_t> StoredTensor::networkShape() const
{
    if (transposed)
        return {shape.rbegin(), shape.rend()};
    return shape;
}

} // namespace studio
