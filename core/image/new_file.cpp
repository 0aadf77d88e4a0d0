#include "core/api/picture_file.h"
#include "core/base/error.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace studio {

namespace {

namespace fs = std::filesystem;

constexpr int kMaxNumber = 99999;

[[noreturn]] void failFor(const fs::path& path, int code)
{
    const std::string name = path.string();
    switch (code) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        throw Error(ErrorKind::DiskFull,
            name + " was not saved: the disk is full. Make room, or choose another folder.");
    case EACCES:
    case EPERM:
    case EROFS:
        throw Error(
            ErrorKind::BadInput, name + " was not saved: the folder may not be written. Choose another one.");
    case ENOENT:
    case ENOTDIR:
        throw Error(
            ErrorKind::FileMissing, name + " was not saved: its folder does not exist. Choose another one.");
    case ENAMETOOLONG:
        throw Error(ErrorKind::BadInput, name + " was not saved: the name is too long.");
    default:
        throw Error(ErrorKind::BadInput, name + " was not saved: " + std::strerror(code) + ".");
    }
}

/// A file that goes away again unless it was given its name.
class TemporaryFile {
public:
    explicit TemporaryFile(const fs::path& target)
        : m_target(target)
    {
        static std::atomic<unsigned> counter{0};
        const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
        do {
            m_path = folder
                / (".hires-studio-" + std::to_string(getpid()) + "-" + std::to_string(++counter) + ".part");
            m_file = open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        } while (m_file < 0 && errno == EEXIST);
        if (m_file < 0)
            failFor(m_target, errno);
    }
    ~TemporaryFile()
    {
        if (m_file >= 0)
            close(m_file);
        if (!m_named)
            unlink(m_path.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    void write(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_file, bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR)
                failFor(m_target, errno);
            bytes.remove_prefix(static_cast<std::size_t>(written > 0 ? written : 0));
        }
        if (fsync(m_file) != 0)
            failFor(m_target, errno);
        if (close(std::exchange(m_file, -1)) != 0)
            failFor(m_target, errno);
    }

    /// False if something of that name exists.
    bool name(const fs::path& path)
    {
        if (renameat2(AT_FDCWD, m_path.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) {
            m_named = true;
            return true;
        }
        if (errno == EEXIST)
            return false;
        if (errno != EINVAL && errno != ENOSYS)
            failFor(m_target, errno);
        return nameOverPlaceholder(path);
    }

private:
    /// For file systems that cannot rename without replacing: the name is taken first by an empty file.
    bool nameOverPlaceholder(const fs::path& path)
    {
        const int placeholder = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (placeholder < 0 && errno == EEXIST)
            return false;
        if (placeholder < 0)
            failFor(m_target, errno);
        close(placeholder);
        if (rename(m_path.c_str(), path.c_str()) != 0) {
            const int code = errno;
            unlink(path.c_str());
            failFor(m_target, code);
        }
        m_named = true;
        return true;
    }

    fs::path m_target;
    fs::path m_path;
    int m_file = -1;
    bool m_named = false;
};

/// The file's new name outlives a loss of power only if its folder is flushed too. Some file systems cannot;
/// the picture is in place all the same.
void flushFolderOf(const fs::path& path)
{
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const int handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return;
    fsync(handle);
    close(handle);
}

fs::path numbered(const fs::path& path, int number)
{
    if (number == 0)
        return path;
    std::string name = path.stem().string();
    name.append(1, '-').append(std::to_string(number)).append(path.extension().string());
    return path.parent_path() / name;
}

} // namespace

Outcome<fs::path> writeNewFile(const fs::path& path, const std::string& bytes) noexcept
{
    return settle([&]() -> fs::path {
        if (!path.has_filename())
            throw Error(ErrorKind::BadInput, path.string() + ": this is no name of a file.");
        TemporaryFile file(path);
        file.write(bytes);
        for (int number = 0; number <= kMaxNumber; ++number) {
            fs::path candidate = numbered(path, number);
            if (file.name(candidate)) {
                flushFolderOf(candidate);
                return candidate;
            }
        }
        throw Error(ErrorKind::BadInput, path.string() + " was not saved: too many files bear this name.");
    });
}

} // namespace studio
