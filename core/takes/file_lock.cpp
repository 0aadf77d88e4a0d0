#include "core/takes/file_lock.h"

#include "core/base/error.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace studio {

namespace {

int operation(FileLock::Kind kind)
{
    return kind == FileLock::Kind::Shared ? LOCK_SH : LOCK_EX;
}

int openFile(const std::filesystem::path& file)
{
    return ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
}

bool lock(int descriptor, int how)
{
    int result = 0;
    do {
        result = ::flock(descriptor, how);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

} // namespace

FileLock FileLock::wait(const std::filesystem::path& file, Kind kind)
{
    FileLock taken(openFile(file));
    if (taken.m_descriptor < 0 || !lock(taken.m_descriptor, operation(kind))) {
        const int code = errno;
        throw Error(code == ENOSPC || code == EDQUOT ? ErrorKind::DiskFull : ErrorKind::BadInput,
            file.string() + " cannot be locked: " + std::generic_category().message(code) + ".");
    }
    return taken;
}

std::optional<FileLock> FileLock::tryTake(const std::filesystem::path& file, Kind kind)
{
    FileLock taken(openFile(file));
    if (taken.m_descriptor < 0 || !lock(taken.m_descriptor, operation(kind) | LOCK_NB))
        return std::nullopt;
    return taken;
}

bool FileLock::isHeld(const std::filesystem::path& file)
{
    const FileLock probe(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    return probe.m_descriptor >= 0 && !lock(probe.m_descriptor, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
}

FileLock::FileLock(FileLock&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{ }

FileLock& FileLock::operator=(FileLock&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace studio
