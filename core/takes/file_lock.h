#pragma once

#include <filesystem>
#include <optional>

namespace studio {

/// A lock between programs on a file that is made for it (flock): let go when this object, or the process, ends.
class FileLock {
public:
    enum class Kind { Shared, Exclusive };

    /// Waits until the lock is free. Throws Error if the file cannot be opened.
    static FileLock wait(const std::filesystem::path& file, Kind kind);

    /// Nothing if somebody else has the lock, or the file cannot be opened.
    static std::optional<FileLock> tryTake(const std::filesystem::path& file, Kind kind);

    /// True if somebody, this process included, has it exclusively. A file that does not exist is not locked.
    static bool isHeld(const std::filesystem::path& file);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    ~FileLock();

private:
    explicit FileLock(int descriptor)
        : m_descriptor(descriptor)
    { }

    int m_descriptor = -1;
};

} // namespace studio
