#pragma once

#include "core/weights/format/stored_tensor.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The safetensors format: 8 bytes with the header's length (little-endian), the header (JSON), the data.
// Every tensor names a range of the data; the ranges cover the data once, without holes and overlaps.

namespace studio {

struct SafetensorsEntry {
    std::string name;
    StoredType dtype = StoredType::F32;
    std::vector<std::int64_t> shape; ///< at most kMaximumDimensions
    std::size_t begin = 0;           ///< offsets into the data
    std::size_t end = 0;
};

struct SafetensorsHeader {
    std::vector<SafetensorsEntry> tensors; ///< by name, in byte order
    std::map<std::string, std::string, std::less<>> metadata;
    std::size_t dataStart = 0; ///< offset of the data in the file

    /// Null if there is none.
    const SafetensorsEntry* find(std::string_view name) const noexcept;
};

/// Longest header that is read, as in the format's reference implementation.
inline constexpr std::size_t kMaximumHeaderBytes = 100'000'000;
/// More than any model has; they keep the memory for a hostile header small.
inline constexpr std::size_t kMaximumTensors = 100'000;
inline constexpr std::size_t kMaximumDimensions = 8;
inline constexpr std::size_t kMaximumMetadata = 10'000;

/// Reads and checks the header of a whole file. `name` is what sentences call the file. Needs time and memory in
/// proportion to the header, whatever the bytes say. Throws Error (FileCorrupt) with one sentence.
SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file, std::string_view name);

/// A mapped file with its header.
class SafetensorsFile {
public:
    /// Throws Error: FileMissing, BadInput, FileCorrupt.
    explicit SafetensorsFile(const std::filesystem::path& path);
    explicit SafetensorsFile(std::shared_ptr<const MappedFile> file);

    const std::filesystem::path& path() const noexcept { return m_file->path(); }
    const SafetensorsHeader& header() const noexcept { return m_header; }
    std::size_t size() const noexcept { return m_file->bytes().size(); }

    /// Everything behind the header.
    std::span<const std::byte> data() const noexcept { return m_file->bytes().subspan(m_header.dataStart); }

    StoredTensor tensor(const SafetensorsEntry& entry) const;
    TensorMap tensors() const;

private:
    std::shared_ptr<const MappedFile> m_file;
    SafetensorsHeader m_header;
};

/// Writes a file of which names, types and shapes are known beforehand; the data may come in any order and from any
/// thread. The file appears under its name when finish() returns and not before.
class SafetensorsWriter {
public:
    struct Tensor {
        std::string name;
        StoredType dtype = StoredType::F32;
        std::vector<std::int64_t> shape;
    };

    /// Tensors lie in the file in the given order. Throws Error: BadInput for a name given twice, DiskFull and others.
    SafetensorsWriter(std::filesystem::path path, const std::vector<Tensor>& tensors,
        const std::map<std::string, std::string, std::less<>>& metadata = {});
    SafetensorsWriter(const SafetensorsWriter&) = delete;
    SafetensorsWriter& operator=(const SafetensorsWriter&) = delete;
    ~SafetensorsWriter(); ///< without finish(): nothing is left behind

    /// `offset` in bytes from the tensor's start. Throws Error.
    void write(std::size_t tensor, std::size_t offset, std::span<const std::byte> bytes);

    /// Flushes to the disk and renames. Throws Error.
    void finish();

private:
    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    std::string m_front;               ///< what stands before the data
    std::vector<std::size_t> m_starts; ///< offsets in the file; one more than there are tensors
    int m_descriptor = -1;
};

} // namespace studio
