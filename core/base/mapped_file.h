#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace studio {

/// A file mapped into memory, read-only. Its pages come from the disk when they are first read and count as the
/// process's memory only from then on. Shared: whoever holds a view into it holds the file too.
/// Threads: every function may be called from any thread.
/// A file that another process shortens while it is mapped ends this process (SIGBUS) when the lost part is read;
/// programs that replace files by rename, as this one does, are safe.
class MappedFile {
public:
    /// Throws Error: FileMissing; BadInput for anything that is not a regular file or may not be read.
    static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);

    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    const std::filesystem::path& path() const noexcept { return m_path; }
    std::span<const std::byte> bytes() const noexcept { return {m_data, m_size}; }

    /// Asks the system to read the range ahead, in the background. `range` lies inside bytes().
    void readAhead(std::span<const std::byte> range) const noexcept;

    /// Takes the range's whole pages out of this process's memory; reading them later brings them back unchanged.
    /// `range` lies inside bytes().
    void dropPages(std::span<const std::byte> range) const noexcept;

private:
    MappedFile(std::filesystem::path path, const std::byte* data, std::size_t size);

    std::filesystem::path m_path;
    const std::byte* m_data;
    std::size_t m_size;
};

} // namespace studio
