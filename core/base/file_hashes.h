#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace studio {

/// SHA-256 of large files, computed once: what a file's hash is, is kept with its size and time of change. May be used
/// from any thread; two that ask for one file at once may both read it.
class FileHashes {
public:
    /// Remembers in `folder` what it learns; empty: for its own life only.
    explicit FileHashes(const std::filesystem::path& folder);

    /// 64 hexadecimal digits; reads the file if it is new or has changed. `checkpoint` (may be empty) is called now and
    /// then meanwhile and may throw. Throws Error if the file cannot be read.
    std::string of(const std::filesystem::path& file, const std::function<void()>& checkpoint);

private:
    struct Entry {
        std::uintmax_t bytes = 0;
        std::int64_t changed = 0; ///< ticks of the file system's clock
        std::string hash;
    };

    void load();
    void save() const;

    std::filesystem::path m_file;
    std::map<std::string, Entry> m_entries; ///< by the file's path
    std::mutex m_lock;
};

} // namespace studio
